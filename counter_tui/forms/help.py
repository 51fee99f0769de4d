"""Help pages (F1): a field, a function and the keys, as plain Chinese lines made from the declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.messages import WrongFacts, message
from counter_tui.forms.codes import CodeOf, CodesOf
from counter_tui.forms.documents import document_name
from counter_tui.forms.spec import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from counter_tui.domain.messages import Message
    from counter_tui.forms.fields import Field
    from counter_tui.forms.spec import Form

MANY: Final = 12
"""Choices that are listed on the page; of longer lists the page names only the count."""
DECLARED: Final = frozenset({Style.ENTRY, Style.COMPARE})
"""Styles of functions whose form becomes a declaration item."""
SUBJECTS: Final = {"employer": "须先接待单位", "person": "须先接待个人", "either": "须先接待单位或个人"}


def page(form: Form, name: str = "", keys: Iterable[tuple[str, str, str]] = ()) -> list[str]:
    """The whole page: the field under the cursor first, then the function, then the key table.

    Args:
        form: the function, in the region's dress.
        name: the field under the cursor, empty for none.
        keys: key, label and help sentence of each action of the screen, as the key map declares them.
    """
    lines = [*field_lines(form.field(name)), ""] if name else []
    lines += function_lines(form)
    table = list(key_lines(keys))
    return [*lines, "", *table] if table else lines


def field_lines(field: Field) -> list[str]:
    """One field: what it is called, whether it may stay empty, how it is typed, which rules look at it."""
    ask = field.ask
    lines = [
        f"【{ask.label}】",
        f"  {'必填' if ask.required else '可不填'}{_ways(field)}",
        f"  输入方法：{ask.hint_line}",
    ]
    if isinstance(ask.kind, CodeOf):
        lines.extend(f"  {line}" for line in _choices(ask.kind))
    lines.extend(f"  规则 {rule}" for rule in _rules((*ask.rules, ask.missing, ask.unreadable)))
    return lines


def function_lines(form: Form) -> list[str]:
    """The function: names, review, papers, printouts, every field in a line, every rule."""
    local = f"（本地名称：{form.title}）" if form.title and form.title != form.name else ""
    lines = [f"【{form.code} {form.name}】{local}"]
    if form.style in DECLARED:
        lines.append(f"  {'提交后由分中心审核' if form.review else '不经分中心审核，保存即生效'}")
    if form.subject:
        lines.append(f"  {SUBJECTS[form.subject]}")
    if form.prints:
        lines.append(f"  打印：{'、'.join(f'{each} {document_name(each)}' for each in form.prints)}")
    section = None
    for field in form.fields:
        if field.ask.section != section:
            section = field.ask.section
            lines.append(f"  {section or '录入项目'}：")
        lines.append(f"    {'*' if field.ask.required else ' '}{field.ask.label}{_ways(field)}")
    own = tuple(rule for field in form.fields for rule in (*field.ask.rules, field.ask.missing, field.ask.unreadable))
    lines.extend(f"  规则 {rule}" for rule in _rules((*form.rules, *own)))
    return lines


def key_lines(keys: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """The key table: one line for each action."""
    table = tuple(keys)
    if table:
        yield "【按键】"
    for key, label, sentence in table:
        yield f"  {key} {label}：{sentence}"


def _ways(field: Field) -> str:
    ask = field.ask
    ways = {
        "自动带出时不需输入": bool(ask.derive) and not field.fixed,
        "本地区固定，不能修改": field.fixed,
        "不输时自动填写": bool(ask.suggest),
        "有默认值": bool(ask.default) and not field.fixed,
        "回车查询": bool(ask.lookup),
        "* 重复上一笔": ask.dup,
        "视情况出现": ask.when is not None,
        "离开后遮蔽显示": bool(ask.mask),
        "材料页数": ask.paper,
        "平时收起": ask.collapsed,
    }
    return "".join(f"；{way}" for way, holds in ways.items() if holds)


def _choices(kind: CodeOf) -> Iterator[str]:
    entries = kind.choices()
    listed = f"代码表 {kind.list_id}" if kind.list_id.startswith("CL-") else "选项"
    if len(entries) > MANY:
        yield f"{listed}：共 {len(entries)} 项，按 F4 查看"
        return
    shown = (f"{place}={entry.code} {entry.name}" for place, entry in enumerate(entries, 1))
    plain = (f"{entry.code} {entry.name}" for entry in entries)
    yield f"{listed}：{'；'.join(shown if isinstance(kind, CodesOf) and kind.within is None else plain)}"


def _rules(ids: Iterable[str]) -> Iterator[str]:
    for rule in sorted({rule for rule in ids if rule}):
        yield f"{rule} {_told(rule).text}"


def _told(rule: str) -> Message:
    """A message with dots in the place of each fact."""
    try:
        return message(rule)
    except WrongFacts as fault:
        return message(rule, *[".."] * fault.expected)
