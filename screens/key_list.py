"""The keys that are plugged in, as rows, and the one that is chosen by its number."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.text import fit, pad, plain, width
from counter_tui.errors import CounterError
from screens.seated import AtCounter
from screens.tries import MindsTries
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_tui.services.keys import PresentKey
    from counter_tui.services.signing import SigningOn

LOOK_SECONDS: Final = 1.0
"""How often the keys are looked for."""
SOON_DAYS: Final = 30
"""Days before the end of a certificate from which on its holder is told."""
_BRIEF: Final = 29
"""Cells of a key where two stand in a row."""


class NoSuchKey(CounterError):
    """没有第 {number} 个证书，请输入列表中的序号后按回车"""

    number: str


class NoKeyThere(CounterError):
    """未检测到证书介质，请插入 USB Key"""


class KeyList(AtCounter, MindsTries):
    """A screen on which one of the keys is chosen."""

    OTHER_ROWS = 9
    """Rows of the screen that are no keys: the title, the fields, and what stands at the foot."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[PresentKey, ...] = ()
        self._chosen = ""
        """Fingerprint of the key that was chosen."""
        self._lost = ""
        """Fingerprint of a chosen key that was pulled: put in again it is the chosen one again."""
        self._looking = False
        self._list = Words("正在查找证书介质，请稍候")
        self._key = FieldInput(
            "key", cells=2, kind=FieldKind.DIGITS, hint="输入证书序号后按回车；只有一个证书时直接按回车"
        )
        self._key_row = FieldRow("证书序号", self._key, required=True, label_cells=10)

    @property
    def keys_port(self) -> SigningOn:
        """The counter's."""
        return self.counter.signing

    def on_mount(self) -> None:
        """Look for keys from now on."""
        self.set_interval(LOOK_SECONDS, self._look)
        self._look()

    # Looking

    def _look(self) -> None:
        if self._looking or self.app.screen is not self:
            return
        self._looking = True
        self.run_worker(self._look_once(), group="keys", exit_on_error=False)

    async def _look_once(self) -> None:
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
        columns, rows = self.app.size
        now = self.counter.clock.now()
        self._list.show("\n".join(listed(keys, now, room=rows - self.OTHER_ROWS, cells=columns)) or otherwise)
        if keys == self._keys:
            return
        meant = self._typed_key()
        self._keys = keys
        numbers = {key.fingerprint: number for number, key in enumerate(keys, 1)}
        if self._chosen:
            self._key.load(str(numbers.get(self._chosen, "")))
            if self._chosen not in numbers:
                self._lose()
        elif self._lost in numbers and not self._key.value:
            self._key.load(str(numbers[self._lost]))
            self._choose(self._lost)
            self.say("所选证书已重新插入，按回车继续")
        elif not self._key.touched:
            self._key.load("1" if len(keys) == 1 else "")
        elif meant is not None and self._typed_key() != meant:
            self._key.load("")
            self.say("证书列表有变化，请重新输入序号", Grade.PROBLEM)

    def _lose(self) -> None:
        """The chosen key was pulled: a PIN typed for it goes to no other."""
        self._lost = self._chosen
        self._choose("")
        for field in self.query(PinField):
            field.wipe()
        self.go_to(self._key)
        self.say("所选证书已拔出，请重新选择", Grade.PROBLEM)

    # Choosing

    def _typed_key(self) -> PresentKey | None:
        """The key at the number that stands in the field."""
        number = plain(self._key.value)
        return self._keys[int(number) - 1] if number.isdigit() and 1 <= int(number) <= len(self._keys) else None

    def _choose(self, fingerprint: str) -> None:
        self._chosen = fingerprint
        if fingerprint:
            self._lost = ""
        key = next((key for key in self._keys if key.fingerprint == fingerprint), None)
        self._key_row.note(f"{key.name} {key.post} {_tail(key)}" if key else "")

    def _key_meant(self) -> PresentKey:
        number = plain(self._key.value)
        if not self._keys:
            raise NoKeyThere
        if not number and len(self._keys) == 1:
            return self._keys[0]
        if (key := self._typed_key()) is None:
            raise NoSuchKey(number=number or "0")
        return key

    def _settle_key(self) -> PresentKey:
        """The key whose number stands in the field is the chosen one from now on. Raises NoKeyThere, NoSuchKey."""
        key = self._key_meant()
        self._key.load(str(self._keys.index(key) + 1))
        self._choose(key.fingerprint)
        return key


def listed(keys: Sequence[PresentKey], now: datetime, *, room: int, cells: int) -> list[str]:
    """A row for each key, with as much of it as fits; where there is no room for that, two to a row and in few words.

    Args:
        keys: as they are plugged in.
        now: the counter's time; a certificate out of date says so.
        room: rows there are.
        cells: width of a row.
    """
    if len(keys) <= room:
        return [_whole(number, key, now, cells) for number, key in enumerate(keys, 1)]
    brief = [f" {number} {key.name} {key.post} {_tail(key)}{_mark(key, now)}" for number, key in enumerate(keys, 1)]
    half = (len(brief) + 1) // 2
    return [
        f"{pad(fit(left, _BRIEF), _BRIEF)}{right}"
        for left, right in zip_longest(brief[:half], brief[half:], fillvalue="")
    ]


def validity(key: PresentKey, now: datetime) -> str:
    """Until when a certificate holds, or that it does not."""
    if now < key.since:
        return f"{_day(key.since)} 起生效"
    if now >= key.until:
        return "已过期"
    days = (key.until - now).days
    return f"还有 {days} 天到期" if days < SOON_DAYS else f"至 {_day(key.until)}"


def _whole(number: int, key: PresentKey, now: datetime, cells: int) -> str:
    said = f" {number}  {key.name}  {key.post}  证书尾号 {_tail(key)}"
    more = (validity(key, now), key.algorithm, "软证书" if key.backend == "soft" else key.reader)
    for part in more:
        if width(said) + width(part) + 2 <= cells:
            said += f"  {part}"
    return said


def _mark(key: PresentKey, now: datetime) -> str:
    return " 过期" if now >= key.until else " 未生效" if now < key.since else ""


def _tail(key: PresentKey) -> str:
    return key.certificate_number[-4:]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d}"
