"""The ends: of a reception (04), which warns of what nobody submitted, and of a shift (01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.errors import CounterError
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.receptions import Reception
    from screens.seated import Seated


class NobodyReceived(CounterError):
    """本窗口没有进行中的接待，请先按 02 接待单位或 03 接待个人"""


async def end_reception(on: Seated) -> None:
    """Close the open reception; items nobody submitted are asked about first. Raises NobodyReceived."""
    reception = on.seat.reception
    if reception is None:
        raise NobodyReceived

    def counted(items: tuple[Item, ...]) -> None:
        if items:
            on.ask(f"本次接待还有 {len(items)} 笔未提交，仍要结束接待", "enter", lambda: _close(on, reception))
        else:
            _close(on, reception)

    on.work_held(on.counter.receptions.unsubmitted(reception), counted)


def _close(on: Seated, reception: Reception) -> None:
    async def close() -> None:
        counter = on.counter
        seat = await counter.receptions.move(reception, "close", seat=on.seat)
        counter.previous.clear()
        await counter.receive(seat)

    def closed(_: None) -> None:
        on.retitle()
        on.refresh_status()
        on.say("接待已结束", Grade.DONE)

    on.book(close(), closed)


async def end_shift(on: Seated) -> None:
    """Sign off after a question; an open reception is suspended, so that the next operator does not inherit it."""
    reception = on.seat.reception
    suspended = "，进行中的接待将挂起" if reception else ""

    async def sign_off() -> None:
        counter = on.counter
        if reception is not None:
            await counter.receive(await counter.receptions.move(reception, "suspend", seat=on.seat))
        await counter.leave_seat()

    def signed_off(_: None) -> None:
        if on.app.screen is on:
            on.app.pop_screen()

    on.ask(f"签退换班{suspended}", "enter", lambda: on.book(sign_off(), signed_off))
