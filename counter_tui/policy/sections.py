"""Strict reading of region files: every key is asked for, every fault says file, key and reason."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BadMonth, YearMonth
from counter_tui.domain.money import read_yuan
from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence

if TYPE_CHECKING:
    from pathlib import Path

_PPM_PLACES = 6


class LawFault(CounterError):
    """参数文件 {file} 的 {key} 有误：{reason}，请管理员更正后重新启动"""


class Section:
    """One table of a file; `finish` refuses keys that nobody asked for."""

    def __init__(self, raw: dict[str, object], *, file: str, path: str = "") -> None:
        """Take the table as tomllib read it, with the place it has in the file."""
        self._rest = dict(raw)
        self._file = file
        self._path = path

    @classmethod
    def of_file(cls, path: Path) -> Section:
        """Read a whole file; a fault of TOML itself names the line."""
        try:
            return cls(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal), file=path.name)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise LawFault(file=path.name, key="格式", reason=str(fault)) from None

    def place(self, key: str) -> str:
        """Return where a key stands, such as `limits[0].values[2].floor`."""
        return f"{self._path}.{key}" if self._path else key

    def fault(self, key: str, reason: str) -> LawFault:
        """Return the refusal for a key of this table."""
        return LawFault(file=self._file, key=self.place(key) if key else self._path or "文件", reason=reason)

    def finish(self) -> None:
        """Refuse keys that were not read: a misspelt key must not pass for an absent one."""
        for key in self._rest:
            raise self.fault(key, "不认识的键")

    def has(self, key: str) -> bool:
        """Tell whether a key is there and not yet read."""
        return key in self._rest

    def rest(self) -> tuple[str, ...]:
        """Return the keys not yet read."""
        return tuple(self._rest)

    def raw(self, key: str) -> object:
        """Take a value as it is."""
        if key not in self._rest:
            raise self.fault(key, "缺少此键")
        return self._rest.pop(key)

    def text(self, key: str) -> str:
        """Take a text that is not empty."""
        raw = self.raw(key)
        if isinstance(raw, Decimal):
            raise self.fault(key, "不得使用浮点数，请写成带引号的文字")
        if not isinstance(raw, str) or not raw.strip():
            raise self.fault(key, "应为不空的文字")
        return raw

    def flag(self, key: str) -> bool:
        """Take true or false."""
        raw = self.raw(key)
        if not isinstance(raw, bool):
            raise self.fault(key, "应为 true 或 false")
        return raw

    def month(self, key: str) -> YearMonth:
        """Take a month, `2026-07`."""
        try:
            return YearMonth.parse(self.text(key))
        except BadMonth as bad:
            raise self.fault(key, bad.sentence) from None

    def optional_month(self, key: str) -> YearMonth | None:
        """Take a month, or None when the key is absent."""
        return self.month(key) if self.has(key) else None

    def day(self, key: str) -> date:
        """Take a day, `2026-08-31`."""
        try:
            return date.fromisoformat(self.text(key))
        except ValueError:
            raise self.fault(key, "应写成 2026-08-31") from None

    def optional_day(self, key: str) -> date | None:
        """Take a day, or None when the key is absent."""
        return self.day(key) if self.has(key) else None

    def fen(self, key: str) -> int:
        """Take an amount in yuan written as text, in fen."""
        try:
            return read_yuan(self.text(key))
        except LawFault:
            raise
        except CounterError as bad:
            raise self.fault(key, bad.sentence) from None

    def rate(self, key: str) -> Decimal:
        """Take a rate between 0 and 1, exact and no finer than a millionth."""
        text = self.text(key)
        whole, point, part = text.partition(".")
        if whole not in ("0", "1") or (point and not (part.isascii() and part.isdigit())):
            raise self.fault(key, "应为 0 至 1 之间的比例，例如 0.08")
        rate = Decimal(text)
        if rate > 1 or len(part) > _PPM_PLACES:
            raise self.fault(key, "比例应不大于 1，最多六位小数")
        return rate

    def optional_rate(self, key: str) -> Decimal:
        """Take a rate, or zero when the key is absent."""
        return self.rate(key) if self.has(key) else Decimal(0)

    def confidence(self) -> Confidence:
        """Take the key `confidence`."""
        text = self.text("confidence")
        if text not in set(Confidence):
            raise self.fault("confidence", "应为 high、medium 或 low")
        return Confidence(text)

    def names(self, key: str) -> tuple[str, ...]:
        """Take a list of texts, none twice."""
        raw = self.raw(key)
        if not isinstance(raw, list) or not all(isinstance(name, str) and name for name in raw):
            raise self.fault(key, "应为文字的列表")
        if len(set(raw)) != len(raw):
            raise self.fault(key, "有重复项")
        return tuple(raw)

    def section(self, key: str) -> Section:
        """Take a table; an absent one is empty."""
        return self._inner(self._rest.pop(key, {}), key)

    def sections(self, key: str) -> tuple[Section, ...]:
        """Take a list of tables; an absent one is empty."""
        raw = self._rest.pop(key, [])
        if not isinstance(raw, list):
            raise self.fault(key, "应为表的列表")
        return tuple(self._inner(item, f"{key}[{number}]") for number, item in enumerate(raw))

    def _inner(self, raw: object, key: str) -> Section:
        if not isinstance(raw, dict):
            raise self.fault(key, "应为表")
        return Section(raw, file=self._file, path=self.place(key))
