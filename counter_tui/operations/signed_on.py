"""One sign-on for each key, and for each operator at a window: the next one ends it.

Nothing is decided under one that has ended.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.problems import stop_text
from counter_tui.domain.sign_ons import SignOnRecord
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from counter_tui.domain.problems import Problem
    from counter_tui.operations.decide import Case
    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Record
    from counter_tui.operations.register import Register

USED_AGAIN = "登录证明已经用过，不能再次使用，请重新登录"
OVER = "登录已结束，请重新登录后办理"


class Superseded(CounterError):
    """本柜员已于 {at} 在 {window} 号窗口登录，这里的登录已结束；如非本人操作请报告管理员"""

    at: str
    """Beijing time, HH:MM."""
    window: str


def opened(case: Case) -> Iterable[Record]:
    """What a sign-on leaves in the register: itself, and the end of those that its key or its window still had.

    A key that was pulled could sign no lock any more; the operator who comes back with another one ends its sign-on.
    One that was held ends nothing that began behind it at its device: it is over itself.
    """
    operation, register = case.operation, case.register
    maker = operation.maker
    still_open = (*register.open_sign_ons(maker.key_serial), *register.open_sign_ons_at(maker.window, maker.operator))
    others = [each for each in dict.fromkeys(still_open) if each.operation != operation.op_id]
    later = next((each for each in others if case.came_before(each.operation)), None)
    yield SignOnRecord(
        operation=operation.op_id,
        session=_session(operation),
        key=maker.key_serial,
        operator=maker.operator,
        window=maker.window,
        device=operation.device_id,
        at=operation.made_at,
        ended_by=later.operation if later else "",
    )
    for earlier in others:
        if not case.came_before(earlier.operation):
            yield replace(earlier, ended_by=operation.op_id)


def used_again(operation: Operation, register: Register) -> Problem | None:
    """Refuse a second sign-on with one statement: an ended sign-on would come back without the key."""
    earlier = register.sign_on_of_session(_session(operation))
    return stop_text(None, USED_AGAIN) if earlier and earlier.operation != operation.op_id else None


def closed(operation: Operation, register: Register) -> Iterable[Record]:
    """What a lock or a sign-off leaves in the register."""
    own = register.sign_on(operation.maker.signon)
    if own is not None and not own.ended_by:
        yield replace(own, ended_by=operation.op_id)


def superseded(register: Register, signon: str) -> Superseded | None:
    """Where and when the key of a sign-on (by its opening operation) was used next; None while it was not."""
    later = _next(register, signon)
    return None if later is None else Superseded(at=_time(later.at), window=str(int(later.window or "0")))


def decided_too_late(case: Case) -> Problem | None:
    """Refuse a decision under a sign-on that had ended when it was made.

    At one device the chain tells what came first; between two devices only their clocks do, and what was made before
    the other sign-on and came later is in order.
    """
    operation, register = case.operation, case.register
    own = register.sign_on(operation.maker.signon)
    if own is None or not own.ended_by or case.came_before(own.ended_by):
        return None
    later = _next(register, own.operation)
    if later is None:
        return stop_text(None, OVER)
    if later.device != operation.device_id and operation.made_at < later.at:
        return None
    refusal = Superseded(at=_time(later.at), window=str(int(later.window or "0")))
    return stop_text(None, refusal.sentence)


def _next(register: Register, signon: str) -> SignOnRecord | None:
    own = register.sign_on(signon)
    return register.sign_on(own.ended_by) if own is not None and own.ended_by else None


def _session(operation: Operation) -> str:
    return str(operation.body.get("session", operation.op_id))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%H:%M}"
