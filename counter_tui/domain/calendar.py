"""Months, days and the shorthand in which a clerk types them."""

from __future__ import annotations

import calendar as _gregorian
import re
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time without summer time since 1991; business dates are counted in it."""

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
_CENTURY = 2000
_SHORT_YEAR = 2
_MONTHS = 12

_SHIFT = re.compile(r"[+-][0-9]{1,4}")
_DIGITS = re.compile(r"[0-9]+")
_PARTED_DAY = re.compile(r"(?:(?P<year>[0-9]{4}|[0-9]{2})(?P<sep>[-./]))?(?P<month>[0-9]{1,2})[-./](?P<day>[0-9]{1,2})")
_PARTED_MONTH = re.compile(r"(?P<year>[0-9]{4}|[0-9]{2})[-./](?P<month>[0-9]{1,2})")


class BadDay(CounterError):
    """日期「{text}」不正确：{reason}"""


class BadMonth(CounterError):
    """年月「{text}」不正确：{reason}"""


@dataclass(frozen=True, order=True, slots=True)
class YearMonth:
    """A calendar month between 1900 and 2199; anything else raises BadMonth."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= _MONTHS:
            raise BadMonth(text=f"{self.year}-{self.month}", reason="月份应在 1 至 12 之间")
        if not EARLIEST_YEAR <= self.year <= LATEST_YEAR:
            raise BadMonth(text=f"{self.year}-{self.month}", reason=f"年份应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间")

    @classmethod
    def parse(cls, text: str) -> YearMonth:
        """Read the two full forms, `202607` and `2026-07`; raise BadMonth for any other."""
        if not re.fullmatch(r"[0-9]{4}-?[0-9]{2}", text):
            raise BadMonth(text=text, reason="应写成 202607 或 2026-07")
        return cls(int(text[:4]), int(text[-2:]))

    @classmethod
    def of(cls, day: date) -> YearMonth:
        """Return the month in which a day lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, count: int) -> YearMonth:
        year, month = divmod(self._number + count, _MONTHS)
        return YearMonth(year, month + 1)

    def __sub__(self, count: int) -> YearMonth:
        return self + -count

    def months_until(self, other: YearMonth) -> int:
        """Count the months from this one to the other; negative when the other lies before."""
        return other._number - self._number

    @property
    def compact(self) -> str:
        """Six digits, as files and prints write a month: `202607`."""
        return f"{self.year:04d}{self.month:02d}"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, _gregorian.monthrange(self.year, self.month)[1])

    @property
    def _number(self) -> int:
        return self.year * _MONTHS + self.month - 1


def months(since: YearMonth, until: YearMonth) -> Iterator[YearMonth]:
    """Yield every month from the first to the last, both included (K6); nothing when they are reversed."""
    for step in range(since.months_until(until) + 1):
        yield since + step


def read_day(text: str, today: date) -> date:
    """Read a typed day, already folded to half-width, counting from the business date.

    Nothing rolls over and no other year is guessed: two digits of a year are 20xx, none are this year.

    Raises:
        BadDay: the text is no shorthand for a day, or the day does not exist.

    """
    if text == ".":
        return today
    if _SHIFT.fullmatch(text):
        return _shifted(text, today)
    if parted := _PARTED_DAY.fullmatch(text):
        year = _full_year(parted["year"]) if parted["year"] else today.year
        return _existing(text, year, int(parted["month"]), int(parted["day"]))
    if not _DIGITS.fullmatch(text):
        raise BadDay(text=text, reason="请只键入数字，例如 20260502、502 或 +5（请检查输入法）")
    match len(text):
        case 1 | 2:
            return _existing(text, today.year, today.month, int(text))
        case 3 | 4:
            return _existing(text, today.year, int(text[:-2]), int(text[-2:]))
        case 6 | 8:
            return _existing(text, _full_year(text[:-4]), int(text[-4:-2]), int(text[-2:]))
        case _:
            raise BadDay(text=text, reason="位数不对，例如 20260502、260502、502 或 3")


def read_month(text: str, base: YearMonth) -> YearMonth:
    """Read a typed month, already folded to half-width, counting from the settlement month.

    Raises:
        BadMonth: the text is no shorthand for a month, or the month does not exist.

    """
    if text == ".":
        return base
    if _SHIFT.fullmatch(text):
        return base + int(text)
    if parted := _PARTED_MONTH.fullmatch(text):
        return _existing_month(text, _full_year(parted["year"]), int(parted["month"]))
    if not _DIGITS.fullmatch(text):
        raise BadMonth(text=text, reason="请只键入数字，例如 202607、2607、7 或 -1（请检查输入法）")
    match len(text):
        case 1 | 2:
            return _existing_month(text, base.year, int(text))
        case 4 | 6:
            return _existing_month(text, _full_year(text[:-2]), int(text[-2:]))
        case _:
            raise BadMonth(text=text, reason="位数不对，例如 202607、2607 或 7")


def _full_year(digits: str) -> int:
    return int(digits) + (_CENTURY if len(digits) == _SHORT_YEAR else 0)


def _shifted(text: str, today: date) -> date:
    day = today + timedelta(days=int(text))
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise BadDay(text=text, reason=f"年份应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间")
    return day


def _existing(text: str, year: int, month: int, day: int) -> date:
    try:
        last = YearMonth(year, month).last_day
    except BadMonth as fault:
        raise BadDay(text=text, reason=fault.facts["reason"]) from None
    if not 1 <= day <= last.day:
        raise BadDay(text=text, reason=f"{year} 年 {month} 月只有 1 至 {last.day} 日")
    return date(year, month, day)


def _existing_month(text: str, year: int, month: int) -> YearMonth:
    try:
        return YearMonth(year, month)
    except BadMonth as fault:
        raise BadMonth(text=text, reason=fault.facts["reason"]) from None
