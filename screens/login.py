"""窗口登录: which key, which window, and the PIN that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.services.seats import Seat
from screens.home import Home
from screens.key_list import KeyList, validity
from screens.pin_care import PinCare
from screens.trouble import Trouble
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from counter_tui.services.keys import PresentKey

WINDOWS: Final = range(1, 1000)


class KeyExpired(CounterError):
    """{name} 的证书已于 {until} 到期，不能登录，请联系证书管理员换发"""

    name: str
    until: str


class KeyNotYetValid(CounterError):
    """{name} 的证书{since}，请核对本机日期或联系证书管理员"""

    name: str
    since: str


class BadWindow(CounterError):
    """窗口号是 1 至 999 的数字，请输入后按回车"""


class PinMissing(CounterError):
    """请输入 PIN 后按回车"""


class Login(KeyList):
    """The keys that are plugged in, the window, the PIN."""

    LABELS = {"switch": "改PIN"}  # noqa: RUF012 - as the base declares it

    def __init__(self) -> None:
        super().__init__()
        self._trouble = Trouble()
        self._window = FieldInput("window", cells=3, kind=FieldKind.DIGITS, hint="窗口号，1 至 999，回车确认")
        self._pin = PinField(hint="输入证书介质的 PIN，屏幕只显示 *，回车登录")
        self._pin_row = FieldRow("PIN", self._pin, required=True, label_cells=10)

    def heading(self) -> str:
        """The program and its region."""
        return f"社保柜台终端  {self.counter.policy.region.title}"

    def compose_work(self) -> ComposeResult:
        """Keys, window, PIN."""
        yield Line("证书介质", classes="heading")
        yield self._list
        yield self._trouble
        yield self._key_row
        yield FieldRow("窗口号", self._window, required=True, label_cells=10)
        yield self._pin_row

    def on_mount(self) -> None:
        """Remember the window; in training the PIN is told."""
        if self.counter.pin_note:
            self._pin_row.note(f"演练 PIN：{self.counter.pin_note}")
        self.work(self.counter.store.read(lambda reading: reading.setting("window")), self._remembered)

    def on_screen_resume(self) -> None:
        """Somebody signed off: nothing of him stays here."""
        if not self.is_mounted:
            return
        self._pin.wipe()
        self._choose("")
        self._key.load("1" if len(self._keys) == 1 else "")
        self.go_to(self._key)

    def _remembered(self, window: str) -> None:
        if not self._window.touched:
            self._window.load(window or self.counter.first_window)

    async def _look_once(self) -> None:
        self._trouble.tell(self.counter.trust)
        await super()._look_once()

    def _window_meant(self) -> str:
        window = plain(self._window.value)
        if not window.isdigit() or int(window) not in WINDOWS:
            raise BadWindow
        return f"{int(window):03}"

    # Keys of the keyboard

    async def entered(self, field: FieldInput) -> bool:
        """A key or a window was chosen."""
        self.say("")
        try:
            self._settle_field(field)
        except CounterError as refusal:
            self.desk.bell()
            self.say(refusal.sentence, Grade.PROBLEM)
            field.select_all()
            return False
        return True

    def _settle_field(self, field: FieldInput) -> None:
        if field is self._key:
            self._fit_to_sign_on(self._settle_key())
        else:
            self._window.load(self._window_meant())

    def _fit_to_sign_on(self, key: PresentKey) -> None:
        """Before any PIN is typed: a certificate out of date is refused, one that soon will be is told."""
        now = self.counter.clock.now()
        said = validity(key, now)
        if now >= key.until:
            raise KeyExpired(name=key.name, until=f"{key.until.astimezone(BEIJING):%Y-%m-%d}")
        if now < key.since:
            raise KeyNotYetValid(name=key.name, since=said)
        if not said.startswith("至"):
            self.say(f"{key.name} 的证书{said}，请尽早联系证书管理员换发", Grade.QUESTION)

    async def act_enter(self) -> None:
        """On the PIN: sign on."""
        if self.focused is self._pin:
            self._sign_on()
        else:
            await super().act_enter()

    async def act_switch(self) -> None:
        """Another PIN for a key, or a blocked key opened: nobody need be signed on."""
        self._pin.wipe()
        await self.app.push_screen(PinCare(window=self._window.value))

    async def act_back(self) -> None:
        """Leave the program."""
        self.ask("退出程序", "back", lambda: self.app.exit(0))

    # Signing on

    def _sign_on(self) -> None:
        for field in (self._key, self._window):
            try:
                self._settle_field(field)
            except CounterError:
                self._pin.wipe()
                self.go_to(field)
                raise
        if not len(self._pin):
            raise PinMissing
        self.say("正在核对证书，请稍候")
        self.book(self._seat(self._chosen, self._pin.take(), self._window.value), self._seated)

    async def _seat(self, fingerprint: str, pin: bytearray, window: str) -> None:
        session = await self.counter.signing.sign_on(fingerprint, pin, window=window)
        try:
            await self.counter.take_seat(Seat(session=session, window=window))
        except BaseException:
            self.counter.signing.forget(session)
            self.counter.taken = None
            raise

    async def _seated(self, _: None) -> None:
        self.say("")
        await self.app.push_screen(Home())
