"""Held work in a supervisor's words: what was made, by whom and when, why it is held, and which key helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.masking import mask_id, mask_name
from counter_tui.domain.posts import same_hand
from counter_tui.forms.spec import form
from counter_tui.operations.canonical import read
from screens.business import masked
from screens.differences import shown
from screens.operation_words import age, function_of, named, whom
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from counter_tui.domain.declarations import Item
    from counter_tui.operations.envelope import Maker, Operation
    from counter_tui.operations.held import Held
    from counter_tui.policy.regions import Policy

COLUMNS: Final = (
    Column(label="原因", cells=4),
    Column(label="业务", cells=16),
    Column(label="对象", cells=18),
    Column(label="经办", cells=12),
    Column(label="等待", cells=7, right=True),
    Column(label="说明", cells=60),
)
OWN: Final = "本人经办，须由其他主管核实"
BY_SUPERVISOR: Final = "由主管在「上级暂缓」中核实，经办无须操作"
RELEASABLE: Final = "核实确为证书失效前由该柜员办理的，按 F8 放行；不是的，填写原因后按 F6 不同意"
ONLY_AGAIN: Final = "原因消除后上级自动再判，按 F8 立即再判；不再办理的，填写原因后按 F6 不同意"

HELP: Final = (
    "【上级暂缓】",
    "  业务送达上级时不能裁定的，在这里等待，最早的在前。主管看到全机构的，其他岗位看到本人办理的。",
    "  原因：证书，经办的柜员证书在送达前被吊销、更换或到期；数值，缺少数值；",
    "  版本，上级版本较旧；出错，上级处理出错。",
    "  原因消除后上级自动再判，如吊销列表更新、柜员登记变更、载入数值、次日，不用重新启动。",
    "  放行（F8）：主管核实业务确由该柜员在证书失效前办理，输入 PIN。",
    "  上级随即裁定，其余规则照常，仍可能冲突或拒收。",
    "  只有「证书」原因的可以放行；其他原因的只能再判（F8）或不同意。",
    "  不同意（F6）：填写原因，输入 PIN。该业务拒收，不再生效，须由经办重新办理。",
    "  只有主管可以处理，且不能是经办本人（M59），也不能是授权人或业务所涉及的人。须与上级连通（M63）。",
    "  接待、保存、提交前后相连，后面的须与前面的一并勾选。空格勾选，* 全选本页可放行的，一次最多 200 笔。",
    "",
)


def held_row(held: Held, viewer: Maker, now: datetime, *, answers: bool) -> Row:
    """One held operation; what the viewer may release takes a tick."""
    operation, own = held.operation, same_hand(held.operation.maker, viewer) is not None
    window = int(operation.maker.window or "0")
    texts = (
        held.hold.label,
        named(operation.kind),
        whom(operation.unit_id),
        "本人经办" if own and answers else f"{operation.maker.operator} {window}号窗",
        age(operation.made_at, now),
        held.why,
    )
    return Row(key=operation.op_id, texts=texts, tickable=answers and held.hold.releasable and not own)


def held_lines(held: Held, items: Mapping[str, Item], policy: Policy, now: datetime) -> list[str]:
    """One held operation in full, personal data masked."""
    operation, maker = held.operation, held.operation.maker
    made = operation.made_at.astimezone(BEIJING)
    number = grouped_number(operation.acceptance_number) if operation.acceptance_number else "无"
    waits = age(operation.made_at, now)
    return [
        f"业务：{named(operation.kind)}",
        f"受理号：{number}",
        f"单位或个人：{whom(operation.unit_id)}",
        f"经办：{maker.operator}  {int(maker.window or '0')}号窗  {made:%Y-%m-%d %H:%M}，已 {waits}",
        f"介质证书：{maker.certificate}",
        f"暂缓原因：{held.hold.label}。{held.why}",
        *content_lines(operation, items, policy),
    ]


def content_lines(operation: Operation, items: Mapping[str, Item], policy: Policy) -> Iterator[str]:
    """What was made: the fields of a form, or the items and the person that it names."""
    body = operation.body
    if function := function_of(operation.kind):
        yield from _form_lines(function, body, policy)
    for item in items.values():
        yield f"申报：{mask_name(item.person_name)} {mask_id(item.id_number)} {item.verdict} {item.shown_number}"
    if operation.kind == "reception.open":
        who = f"单位 {body['employer']}" if body["employer"] else f"个人 {mask_id(body['person'])}"
        visitor = f"  来访 {mask_name(body['visitor'])} {mask_id(body['visitor_id'])}" if body["visitor"] else ""
        yield f"接待：{who}{visitor}"
    if reason := body.get("reason"):
        yield f"事由：{reason}"


def _form_lines(function: str, body: Mapping[str, object], policy: Policy) -> Iterator[str]:
    asked = form(function).in_region(policy)
    try:
        declaration = read(asked.declaration, body["form"])
    except (KeyError, msgspec.ValidationError):
        yield "内容：本机版本不能显示"
        return
    for field in asked.fields:
        text = shown(field, getattr(declaration, field.name))
        if text:
            hidden = mask_name(text) if field.name == "name" else masked(field.ask.mask, text)
            yield f"{field.ask.label}：{hidden}"


def way_out(held: Held, viewer: Maker, *, answers: bool) -> str:
    """What this viewer can do about it."""
    if not answers:
        return BY_SUPERVISOR
    if held.hold.releasable:
        return OWN if same_hand(held.operation.maker, viewer) else RELEASABLE
    return ONLY_AGAIN
