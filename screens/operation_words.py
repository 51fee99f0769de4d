"""Operations in the clerk's words: what was done, how far it has come, how long it waits, which key helps."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.masking import mask_id
from counter_tui.forms.spec import forms
from counter_tui.operations.witnessing import CHANGE_PIN, UNBLOCK_PIN
from counter_tui.services.pin_care import DONE
from counter_tui.services.ports import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.operations.envelope import Operation
    from counter_tui.services.ports import OutboxEntry

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "item.submit": "数据提交",
        "item.cancel": "取消申报",
        "item.delete": "删除申报",
        "item.open": "打开审核",
        "item.put_back": "退回待审",
        "item.decide": "审核",
        "item.reverse": "冲销",
        "month.settle": "当期缴费核定",
        "bill.notify": "通知单已交付",
        "rollback.ask": "申请核定回退",
        "rollback.confirm": "确认核定回退",
        "figures.propose": "申请载入数值",
        "figures.confirm": "同意载入数值",
        "figures.refuse": "不同意载入数值",
        "held.release": "放行暂缓业务",
        "held.refuse": "不同意暂缓业务",
        "held.again": "再判暂缓业务",
        "reception.open": "接待",
        "reception.suspend": "挂起接待",
        "reception.resume": "恢复接待",
        "reception.close": "结束接待",
        "signon.open": "登录",
        "signon.close": "签退",
        "signon.lock": "锁定",
        "signon.refused": "核验未通过",
        CHANGE_PIN: "修改介质 PIN",
        UNBLOCK_PIN: "解锁介质",
        "access.print": "打印记录",
        "access.reveal": "查看记录",
    }
)
_ACTS: Final[Mapping[str, str]] = MappingProxyType({"save": "保存", "edit": "修改"})

RUNGS: Final[Mapping[Delivery, str]] = MappingProxyType(
    {
        Delivery.SAVED: "未送",
        Delivery.DELIVERED: "未决",
        Delivery.IN_REGISTER: "已入库",
        Delivery.CONFLICT: "冲突",
        Delivery.REJECTED: "拒收",
        Delivery.HELD: "暂缓",
    }
)
"""As the status row counts them."""


def function_of(kind: str) -> str:
    """The function that an operation kind belongs to, P05 of `P05.save`; empty for the others."""
    function, _, act = kind.partition(".")
    return function if act in _ACTS else ""


def named(kind: str) -> str:
    """An operation kind in words; the kind itself where this version has none."""
    function = function_of(kind)
    if not function:
        return _KINDS.get(kind, kind)
    name = next((form.name for form in forms() if form.code == function), function)
    return f"{name}{_ACTS[kind.rpartition('.')[2]]}"


def whom(unit_id: str) -> str:
    """Whom an operation is about: the employer's number, the person's masked one, or the bureau."""
    kind, _, number = unit_id.partition(":")
    if not number:
        return "本机构"
    return mask_id(number) if kind == "P" else number


def key_told(operation: Operation) -> str:
    """Of a new PIN: for which key, when and where, and that nobody knows how it ended; empty for others."""
    body = operation.body
    if operation.kind not in (CHANGE_PIN, UNBLOCK_PIN) or not body:
        return ""
    at = datetime.fromisoformat(body["at"]).astimezone(BEIJING)
    where = f"  {int(body['window'])}号窗" if body["window"] else ""
    unclear = "" if body["result"] == DONE else "  结果不明"
    return f"证书尾号 {body['certificate'][-4:]}  {at:%Y-%m-%d %H:%M}{where}{unclear}"


def age(since: datetime, now: datetime) -> str:
    """How long something waits, in its largest unit."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} 分钟"
    if minutes < 60 * 24:
        return f"{minutes // 60} 小时"
    return f"{minutes // (60 * 24)} 天"


def cause(entry: OutboxEntry) -> str:
    """Why it is where it is."""
    if entry.outcome is not None and (said := entry.outcome.sentence):
        return said
    if entry.trouble:
        return entry.trouble
    return {
        Delivery.SAVED: "已存本机，等待发送",
        Delivery.DELIVERED: "已送达上级，等待结果",
    }.get(entry.delivery, "")


def next_key(entry: OutboxEntry) -> str:
    """What the clerk can do about it."""
    match entry.delivery:
        case Delivery.SAVED:
            return "按 F8 立即发送"
        case Delivery.DELIVERED:
            return "等待上级结果，按 F8 立即查询"
        case Delivery.HELD:
            return "由主管在 05 今日待办 的上级暂缓中核实，经办无须操作；按 F8 立即查询结果"
        case Delivery.CONFLICT:
            return "核对双方内容后按 F2 重新办理，不再需要时按 F6 消除提醒"
        case _:
            return "改正后按 F2 重新办理，不再需要时按 F6 消除提醒"
