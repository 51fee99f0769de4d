"""The locked screen: nothing to read, no sign-on key in memory, the same operator's PIN brings everything back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError
from screens.base import CounterScreen
from screens.seated import AtCounter
from screens.tries import MindsTries
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.screen import Screen

    from counter_tui.services.keys import PresentKey
    from counter_tui.services.signing import SigningOn

BY_KEY: Final = "终端已锁定"
IDLE: Final = "长时间无操作，终端已锁定"
PULLED: Final = "证书介质已拔出或读卡服务中断，终端已锁定"
LOOK_SECONDS: Final = 1.0

PUT_IN: Final = "请重新插入证书介质"
IS_IN: Final = "证书介质已插入，请输入 PIN 后按回车"
OTHERS_IN: Final = "插入的不是本柜员的证书介质，请由原柜员插入本人证书介质"
READERS_FAIL: Final = "读卡服务没有回答，请联系管理员"


@dataclass(slots=True)
class Bolt:
    """Whether the terminal is locked; one for each sign-on, shared by whoever may lock."""

    drawn: bool = False
    why: str = BY_KEY


class Lock(AtCounter, MindsTries):
    """Lies over every other screen until the PIN of the same operator is typed."""

    def __init__(self, bolt: Bolt, below: Screen[object]) -> None:
        """Cover `below`, whose draft is kept first."""
        super().__init__()
        self._bolt = bolt
        self._below = below
        self._looking = False
        self.waiting = []
        self._key = Words("")
        self._known = ""
        """What was last said of the key."""
        self._pin = PinField(hint="由原柜员插入本人证书介质，输入 PIN 后按回车")

    @property
    def keys_port(self) -> SigningOn:
        """The counter's."""
        return self.counter.signing

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
        yield self._key
        yield Line("")
        yield FieldRow("PIN", self._pin, required=True, label_cells=6)

    def on_mount(self) -> None:
        """Keep what was typed, record the lock, forget the sign-on key; look for a key from now on."""
        self.book(self._let_go(), lambda _: None)
        self.set_interval(LOOK_SECONDS, self._look)
        self._look()

    def on_screen_resume(self) -> None:
        """A lock that was covered is not needed once another one was opened."""
        if self.is_mounted and not self._bolt.drawn:
            self.call_later(self.give_way)

    async def _let_go(self) -> None:
        seat = self.counter.seat
        try:
            if isinstance(self._below, CounterScreen):
                await self._below.keep_draft()
            if seat.session.alive:  # nothing is signed any more by a key that is gone; the next sign-on ends this one
                await self.counter.leave_seat(how="lock")
        finally:
            self.counter.signing.forget(seat.session)

    # The key

    def _look(self) -> None:
        if not self._looking and self.app.screen is self:
            self._looking = True
            self.run_worker(self._look_once(), group="keys", exit_on_error=False)

    async def _look_once(self) -> None:
        try:
            keys = await self.counter.signing.keys()
        except CounterError as trouble:
            words = trouble.sentence
        except Exception:  # noqa: BLE001 - a reader that fails is a reader without keys; the PIN will tell more
            words = READERS_FAIL
        else:
            words = self._told(keys)
        finally:
            self._looking = False
        self._tell(words)

    def _tell(self, words: str) -> None:
        """Say how the key stands; once it is in again, what was answered while it was missing holds no more."""
        if words == IS_IN and self._known not in ("", IS_IN):
            self.say("")
        self._known = words
        self._key.show("\n".join(folded([words], self.app.size.width)))

    def _told(self, keys: Sequence[PresentKey]) -> str:
        session = self.counter.seat.session
        if not keys:
            return PUT_IN
        own = any(key.fingerprint == session.key_serial or key.name == session.operator.name for key in keys)
        return IS_IN if own else OTHERS_IN

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
        self.give_way()


async def lock(on: CounterScreen, bolt: Bolt, why: str) -> None:
    """Lock the terminal now, whatever screen is on top; keys typed ahead are forgotten."""
    draw(on, bolt, why)
    await cover(on, bolt)


def draw(on: CounterScreen, bolt: Bolt, why: str) -> None:
    """Decide on the lock, without waiting for its screen."""
    bolt.drawn, bolt.why = True, why
    on.desk.drop_keys()


async def cover(on: CounterScreen, bolt: Bolt) -> None:
    """Put the lock on top if something else is there."""
    if bolt.drawn and not isinstance(on.app.screen, Lock):
        await on.app.push_screen(Lock(bolt, _work(on)))


def _work(on: CounterScreen) -> Screen[Any]:
    """The screen on top, that which a cover hides."""
    stack = on.app.screen_stack
    return next(
        (screen for screen in reversed(stack) if isinstance(screen, CounterScreen) and screen.waiting is None),
        stack[-1],
    )
