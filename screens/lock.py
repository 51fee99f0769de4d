"""The locked screen: nothing to read, no sign-on key in memory, the same operator's PIN brings everything back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from screens.base import CounterScreen
from screens.seated import AtCounter
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.screen import Screen

BY_KEY: Final = "终端已锁定"
IDLE: Final = "长时间无操作，终端已锁定"
PULLED: Final = "证书介质已拔出，终端已锁定"


@dataclass(slots=True)
class Bolt:
    """Whether the terminal is locked; one for each sign-on, shared by whoever may lock."""

    drawn: bool = False
    why: str = BY_KEY


class Lock(AtCounter):
    """Lies over every other screen until the PIN of the same operator is typed."""

    def __init__(self, bolt: Bolt, below: Screen[object]) -> None:
        """Cover `below`, whose draft is kept first."""
        super().__init__()
        self._bolt = bolt
        self._below = below
        self._pin = PinField(hint="由原柜员插入本人证书介质，输入 PIN 后按回车")

    def heading(self) -> str:
        """Nothing but that it is locked."""
        return "社保柜台终端  已锁定"

    def status_text(self) -> str:
        """Nothing: figures are work."""
        return ""

    def offers(self, action: str) -> bool:
        """No key but Enter does anything here."""
        return action == "help"

    def compose_work(self) -> ComposeResult:
        """Who may come back, and where he types his PIN."""
        operator = self.counter.seat.session.operator
        yield Line("")
        yield Words("\n".join(folded([self._bolt.why], self.app.size.width)), classes="heading")
        yield Line(f"柜员 {operator.number} {operator.name}")
        yield Line("")
        yield FieldRow("PIN", self._pin, required=True, label_cells=6)

    def on_mount(self) -> None:
        """Keep what was typed, record the lock, forget the sign-on key."""
        self.book(self._let_go(), lambda _: None)

    def on_screen_resume(self) -> None:
        """A lock that was covered is not needed once another one was opened."""
        if self.is_mounted and not self._bolt.drawn:
            self.call_later(self._give_way)

    async def _let_go(self) -> None:
        seat = self.counter.seat
        try:
            if isinstance(self._below, CounterScreen):
                await self._below.keep_draft()
            await self.counter.leave_seat(how="lock")
        finally:
            self.counter.signing.forget(seat.session)

    async def act_enter(self) -> None:
        """Unlock with what was typed."""
        if not len(self._pin):
            self.say("请输入 PIN 后按回车", Grade.PROBLEM)
            return
        self.say("正在核对证书，请稍候")
        self.book(self._unlock(self._pin.take()), self._unlocked)

    async def act_back(self) -> None:
        """Nothing: there is no way out but the PIN."""
        self.say("终端已锁定，请输入 PIN 后按回车")

    async def _unlock(self, pin: bytearray) -> None:
        session = await self.counter.signing.unlock(self.counter.seat.session, pin)
        try:
            await self.counter.resume_seat(session)
        except BaseException:
            self.counter.signing.forget(session)
            raise

    def _unlocked(self, _: None) -> None:
        self._bolt.drawn = False
        self._give_way()

    def _give_way(self) -> None:
        if self.app.screen is self:
            self.app.pop_screen()


async def lock(on: CounterScreen, bolt: Bolt, why: str) -> None:
    """Lock the terminal now, whatever screen is on top; keys typed ahead are forgotten."""
    bolt.drawn, bolt.why = True, why
    on.desk.drop_keys()
    await cover(on, bolt)


async def cover(on: CounterScreen, bolt: Bolt) -> None:
    """Put the lock on top if something else is there."""
    top = on.app.screen
    if bolt.drawn and not isinstance(top, Lock):
        await on.app.push_screen(Lock(bolt, top))
