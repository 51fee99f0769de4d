"""The fields of one line sent to `counter-tui calc`: read strictly, refused by name in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from counter_tui.domain.calendar import EARLIEST_YEAR, LATEST_YEAR, YearMonth
from counter_tui.domain.money import MOST_FEN, read_signed_yuan, read_yuan
from counter_tui.domain.text import safe
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

MOST_TEXT: Final = 200
"""Characters of a text field; no amount, number or code is longer."""
_MOST_ITEMS: Final = 64
_ECHOED: Final = 40
"""Characters of what was sent that a sentence repeats."""
_DAY: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")
_DECIMAL: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")


class BadField(CounterError):
    """字段 {name} {why}"""


@dataclass(frozen=True, slots=True)
class OversizedNumber:
    """A JSON number of more digits than any figure has."""


@dataclass(slots=True)
class Fields:
    """One JSON object: every field is asked for once, `finish` refuses those that nobody asked for.

    Every reading raises BadField when the field is missing or of another type, and the refusal of its value.
    """

    values: Mapping[str, object]
    inside: str = ""
    """Name of the object around, with a dot; empty for the line itself."""
    _asked: set[str] = field(default_factory=set)

    def text(self, name: str, expected: str, most: int = MOST_TEXT) -> str:
        """Return a text; `expected` says in Chinese what stands in it."""
        value = self._value(name, expected)
        if not isinstance(value, str):
            raise self._wrong(name, f"应为加引号的{expected}，收到的是{_kind(value)}")
        if len(value) > most:
            raise self._wrong(name, f"过长，最多 {most} 个字符")
        return value

    def yuan(self, name: str) -> int:
        """Return an amount without sign, in fen."""
        text = self.text(name, _AMOUNT).strip()
        return self._read(name, lambda: read_yuan(text))

    def signed_yuan(self, name: str, most: int = MOST_FEN) -> int:
        """Return an amount in fen; one minus in front makes it negative."""
        text = self.text(name, _AMOUNT).strip()
        return self._read(name, lambda: read_signed_yuan(text, most))

    def decimal(self, name: str, expected: str) -> Decimal:
        """Return an exact number without sign, never in exponents or words."""
        text = self.text(name, expected).strip()
        if not _DECIMAL.fullmatch(text):
            raise self._wrong(name, f"应为{expected}，收到的是「{echo(text)}」")
        return Decimal(text)

    def month(self, name: str) -> YearMonth:
        """Return a month written `2026-03` or `202603`."""
        text = self.text(name, '年月，如 "2026-03"').strip()
        return self._read(name, lambda: YearMonth.parse(text))

    def day(self, name: str) -> date:
        """Return a day written `2026-03-25` or `20260325`."""
        text = self.text(name, '日期，如 "2026-03-25"').strip()
        day = _existing_day(text)
        if day is None:
            raise self._wrong(name, f'不是存在的日期，应写成 "2026-03-25"，收到的是「{echo(text)}」')
        return day

    def whole(self, name: str, expected: str, least: int, most: int) -> int:
        """Return a whole number, as a JSON number or as its digits in quotes."""
        value = self._value(name, expected)
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, f"应为{expected}，收到的是{_kind(value)}")
        if not least <= value <= most:
            raise self._wrong(name, f"应在 {least} 至 {most} 之间")
        return value

    def texts(self, name: str, expected: str) -> list[str]:
        """Return a list of texts."""
        return [item.text(place, expected) for item, place in self._items(name, expected)]

    def yuans(self, name: str) -> list[int]:
        """Return a list of amounts without sign, in fen."""
        return [item.yuan(place) for item, place in self._items(name, _AMOUNT)]

    def has(self, name: str) -> bool:
        """Whether a field that may be left out was sent; null counts as left out."""
        self._asked.add(name)
        return self.values.get(name) is not None

    def inner(self, name: str, expected: str) -> Fields:
        """Return an object inside; it has to be finished for itself."""
        value = self._value(name, expected)
        if not isinstance(value, dict):
            raise self._wrong(name, f"应为{expected}，收到的是{_kind(value)}")
        return Fields(value, f"{self.inside}{name}.")

    def finish(self) -> None:
        """Refuse a field that nothing asked for."""
        for name in self.values:
            if name not in self._asked:
                raise self._wrong(name, f"不认识，可用的有：{'、'.join(sorted(self._asked))}")

    def _items(self, name: str, expected: str) -> list[tuple[Fields, str]]:
        value = self._value(name, expected)
        if not isinstance(value, list):
            raise self._wrong(name, f"应为数组，每项是加引号的{expected}，收到的是{_kind(value)}")
        if len(value) > _MOST_ITEMS:
            raise self._wrong(name, f"最多 {_MOST_ITEMS} 项")
        places = [f"{name}[{place}]" for place in range(len(value))]
        items = Fields(dict(zip(places, value, strict=True)), self.inside)
        return [(items, place) for place in places]

    def _read(self, name: str, read: Callable[[], T]) -> T:
        try:
            return read()
        except CounterError as refusal:
            raise self._wrong(name, f"不能读取：{refusal.sentence}") from None

    def _value(self, name: str, expected: str) -> object:
        self._asked.add(name)
        if name not in self.values:
            raise self._wrong(name, f"缺少，应为{expected}")
        return self.values[name]

    def _wrong(self, name: str, why: str) -> BadField:
        return BadField(name=f"{self.inside}{echo(name)}", why=why)


_AMOUNT: Final = '金额（元），如 "1409.50"'


def _existing_day(text: str) -> date | None:
    parts = _DAY.fullmatch(text)
    if parts is None or not EARLIEST_YEAR <= int(parts[1]) <= LATEST_YEAR:
        return None
    try:
        return date(int(parts[1]), int(parts[3]), int(parts[4]))
    except ValueError:
        return None


def echo(text: str) -> str:
    """What a sentence repeats of a text that was sent."""
    return safe(text if len(text) <= _ECHOED else f"{text[:_ECHOED]}…")


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"文字「{echo(value)}」"
    return _KINDS[type(value)]


_KINDS: Final[Mapping[type, str]] = {
    type(None): " null",
    bool: " true 或 false",
    int: "没有引号的整数",
    float: "没有引号的小数",
    OversizedNumber: "位数过多的数字",
    list: "数组",
    dict: "对象",
}
