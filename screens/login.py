"""窗口登录: which key, which window, and the PIN that proves it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import pad, plain
from counter_tui.errors import CounterError
from counter_tui.services.seats import Seat
from screens.home import Home
from screens.seated import AtCounter
from screens.trouble import Trouble
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from counter_tui.services.keys import PresentKey

LOOK_SECONDS: Final = 1.0
"""How often the keys are looked for while nobody has signed on."""
WINDOWS: Final = range(1, 1000)
_OTHER_ROWS: Final = 9
"""Rows of the screen that are no keys: the title, the fields, and what stands at the foot."""
_BRIEF: Final = 29
"""Cells of a key where two stand in a row."""


class NoSuchKey(CounterError):
    """没有第 {number} 个证书，请输入列表中的序号后按回车"""

    number: str


class NoKeyThere(CounterError):
    """未检测到证书介质，请插入 USB Key"""


class BadWindow(CounterError):
    """窗口号是 1 至 999 的数字，请输入后按回车"""


class PinMissing(CounterError):
    """请输入 PIN 后按回车"""


class Login(AtCounter):
    """The keys that are plugged in, the window, the PIN."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[PresentKey, ...] = ()
        self._chosen = ""
        """Fingerprint of the key that was chosen."""
        self._looking = False
        self._list = Words("正在查找证书介质，请稍候")
        self._trouble = Trouble()
        self._key = FieldInput(
            "key", cells=2, kind=FieldKind.DIGITS, hint="输入证书序号后按回车；只有一个证书时直接按回车"
        )
        self._window = FieldInput("window", cells=3, kind=FieldKind.DIGITS, hint="窗口号，1 至 999，回车确认")
        self._pin = PinField(hint="输入证书介质的 PIN，屏幕只显示 *，回车登录")
        self._key_row = FieldRow("证书序号", self._key, required=True, label_cells=10)
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
        """Remember the window, look for keys from now on; in training the PIN is told."""
        if self.counter.pin_note:
            self._pin_row.note(f"演练 PIN：{self.counter.pin_note}")
        self.work(self.counter.store.read(lambda reading: reading.setting("window")), self._remembered)
        self.set_interval(LOOK_SECONDS, self._look)
        self._look()

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

    # Keys

    def _look(self) -> None:
        if self._looking or self.app.screen is not self:
            return
        self._looking = True
        self.run_worker(self._look_once(), group="keys", exit_on_error=False)

    async def _look_once(self) -> None:
        self._trouble.tell(self.counter.trust)
        try:
            keys = tuple(await self.counter.signing.keys())
        except CounterError as trouble:
            self._list_keys((), trouble.sentence)
        except Exception as error:  # noqa: BLE001 - a reader that fails is a reader without keys; the log has the rest
            if self._keys or not self._list.text.startswith("读卡"):
                self.desk.note_fault(error)
            self._list_keys((), "读卡服务没有回答，请联系管理员")
        else:
            self._list_keys(keys, NoKeyThere().sentence)
        finally:
            self._looking = False

    def _list_keys(self, keys: tuple[PresentKey, ...], otherwise: str) -> None:
        """Show what is there; nothing is painted while nothing changes."""
        self._list.show("\n".join(_rows(keys, self.app.size.height - _OTHER_ROWS)) or otherwise)
        if keys == self._keys:
            return
        self._keys = keys
        numbers = {key.fingerprint: number for number, key in enumerate(keys, 1)}
        if self._chosen:
            self._key.load(str(numbers.get(self._chosen, "")))
            if self._chosen not in numbers:
                self._choose("")
                self.say("所选证书已拔出，请重新选择", Grade.PROBLEM)
        elif not self._key.touched:
            self._key.load("1" if len(keys) == 1 else "")

    def _choose(self, fingerprint: str) -> None:
        self._chosen = fingerprint
        key = next((key for key in self._keys if key.fingerprint == fingerprint), None)
        self._key_row.note(f"{key.name} {key.post}" if key else "")

    def _key_meant(self) -> PresentKey:
        number = plain(self._key.value)
        if not self._keys:
            raise NoKeyThere
        if not number and len(self._keys) == 1:
            return self._keys[0]
        if not number.isdigit() or not 1 <= int(number) <= len(self._keys):
            raise NoSuchKey(number=number or "0")
        return self._keys[int(number) - 1]

    def _window_meant(self) -> str:
        window = plain(self._window.value)
        if not window.isdigit() or int(window) not in WINDOWS:
            raise BadWindow
        return f"{int(window):03}"

    # Keys of the keyboard

    async def entered(self, field: FieldInput) -> bool:
        """A key or a window was chosen."""
        try:
            self._settle_field(field)
        except CounterError as refusal:
            self.desk.bell()
            self.say(refusal.sentence, Grade.PROBLEM)
            field.select_all()
            return False
        self.say("")
        return True

    def _settle_field(self, field: FieldInput) -> None:
        if field is self._key:
            key = self._key_meant()
            self._key.load(str(self._keys.index(key) + 1))
            self._choose(key.fingerprint)
        else:
            self._window.load(self._window_meant())

    async def act_enter(self) -> None:
        """On the PIN: sign on."""
        if self.focused is self._pin:
            self._sign_on()
        else:
            await super().act_enter()

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


def _rows(keys: Sequence[PresentKey], room: int) -> list[str]:
    """A row for each key; where there is no room for that, two to a row and in fewer words."""
    if len(keys) <= room:
        return [_shown(number, key) for number, key in enumerate(keys, 1)]
    brief = [f" {number} {key.name} {key.post} {key.certificate_number[-4:]}" for number, key in enumerate(keys, 1)]
    half = (len(brief) + 1) // 2
    return [f"{pad(left, _BRIEF)}{right}" for left, right in zip_longest(brief[:half], brief[half:], fillvalue="")]


def _shown(number: int, key: PresentKey) -> str:
    return f" {number}  {key.name}  {key.post}  证书尾号 {key.certificate_number[-4:]}"
