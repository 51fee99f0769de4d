"""Strict reading of region files: every key is asked for, every fault says file, line, key and reason."""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BadMonth, YearMonth
from counter_tui.domain.money import read_yuan
from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence
from counter_tui.policy.places import line_of

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.policy.places import Trail

_PPM_PLACES = 6


class LawFault(CounterError):
    """参数文件 {file} 的 {key} 有误（第 {line} 行）：{reason}，请管理员更正后重新启动"""

    file: str
    key: str
    line: int
    reason: str


class DamagedLaw(LawFault):
    """参数文件 {file} 的 {key} 有误（第 {line} 行）：{reason}，请管理员更正或从备份恢复后重新启动"""


class UnreadableLaw(LawFault):
    """参数文件 {file} 无法读取：{reason}，请管理员检查后重新启动"""


@dataclass(frozen=True, slots=True)
class _Source:
    """The text that a section came from."""

    file: str
    text: str


class Section:
    """One table of a file; `finish` refuses keys that nobody asked for."""

    def __init__(self, raw: dict[str, object], *, source: _Source, trail: Trail = ()) -> None:
        """Take the table as tomllib read it, with the place it has in the file."""
        self._rest = dict(raw)
        self._source = source
        self._trail = trail

    @classmethod
    def of_file(cls, path: Path) -> Section:
        """Read a whole file.

        Raises:
            UnreadableLaw: the file is not there, or cannot be read.
            DamagedLaw: it is no TOML; the sentence names the line.

        """
        try:
            content = path.read_bytes()
        except OSError as trouble:
            reason = "文件不存在" if isinstance(trouble, FileNotFoundError) else trouble.strerror or "磁盘或权限有问题"
            raise UnreadableLaw(file=path.name, key="文件", line=0, reason=reason) from None
        return cls.of_bytes(content, file=path.name)

    @classmethod
    def of_bytes(cls, content: bytes, *, file: str) -> Section:
        """Read the content of a file of that name; DamagedLaw as `of_file`."""
        text = _decoded(content, file)
        try:
            raw = tomllib.loads(text, parse_float=_Float)
        except RecursionError:
            raise DamagedLaw(file=file, key="格式", line=1, reason="括号嵌套过深") from None
        except ValueError as mistake:
            line, reason = _mistake(str(mistake), text)
            raise DamagedLaw(file=file, key="格式", line=line, reason=reason) from None
        return cls(raw, source=_Source(file, text))

    def place(self, key: str) -> str:
        """Return where a key stands, such as `limits[0].values[2].floor`."""
        place = ""
        for step in (*self._trail, key):
            place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
        return place

    def fault(self, key: str, reason: str) -> LawFault:
        """Return the refusal for a key of this table, or of the table itself when the key is empty."""
        where = self._trail if not key else (*self._trail, key)
        return LawFault(
            file=self._source.file,
            key=(self.place(key) if key else self.place("").removesuffix(".")) or "文件",
            line=line_of(self._source.text, where),
            reason=reason,
        )

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
        if isinstance(raw, _Float):
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
        return tuple(self._inner(item, key, number) for number, item in enumerate(raw))

    def _inner(self, raw: object, *steps: str | int) -> Section:
        inner = Section(raw if isinstance(raw, dict) else {}, source=self._source, trail=(*self._trail, *steps))
        if not isinstance(raw, dict):
            raise inner.fault("", "应为表")
        return inner


@dataclass(frozen=True, slots=True)
class _Float:
    """A number with a point as it was written: no figure of the law may be one."""

    written: str


def _decoded(content: bytes, file: str) -> str:
    if content.startswith(codecs.BOM_UTF8):
        raise DamagedLaw(file=file, key="格式", line=1, reason="开头有字节顺序标记，请另存为不带 BOM 的 UTF-8")
    try:
        return content.decode()
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise DamagedLaw(file=file, key="格式", line=line, reason="不是 UTF-8 编码的文字") from None


def _mistake(said: str, text: str) -> tuple[int, str]:
    """Line and reason of what the parser says in English."""
    twice = "同一个键或表写了两次" if re.search("overwrite|twice|Duplicate|mutate|redefine", said) else ""
    if place := re.search(r"at line (\d+), column (\d+)", said):
        return int(place[1]), twice or f"第 {place[2]} 列起不是正确的 TOML 写法"
    if "end of document" in said:
        return text.rstrip().count("\n") + 1, twice or "内容不完整"
    digits = re.search(r"[0-9_]{1000}", text)
    return text.count("\n", 0, digits.start() if digits else 0) + 1, "数字过长"
