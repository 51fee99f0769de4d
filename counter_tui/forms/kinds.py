"""Kinds of fields: each knows how to read what a clerk types and how to show what is kept."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counter_tui.domain.calendar import YearMonth, read_day, read_month
from counter_tui.domain.money import grouped, read_yuan
from counter_tui.domain.names import clean_name
from counter_tui.domain.numbers import phone, tidy
from counter_tui.domain.text import clean_text, plain
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.forms.facts import Facts
    from counter_tui.policy.regions import Policy


class TooLong(CounterError):
    """最多 {limit} 个字，现为 {length} 个，请缩短"""


class NotANumber(CounterError):
    """只能输入数字，请关闭输入法后重新输入"""


class OutOfRange(CounterError):
    """应在 {low} 至 {high} 之间"""


class NotYesNo(CounterError):
    """请输入 1（是）或 0（否）"""


class BadPostcode(CounterError):
    """邮政编码为 6 位数字，首位 0 至 8"""


class BadEmail(CounterError):
    """电子邮件格式不正确，例如 name@example.com"""


class WrongParts(CounterError):
    """应依次输入 {expected} 项金额，现有 {given} 项，没有的项输 0"""


class Kind(ABC):
    """How one field is read and shown. `read` raises a CounterError whose sentence says what is wrong."""

    __slots__ = ()

    @property
    @abstractmethod
    def cells(self) -> int:
        """Width of the field on the screen, in cells."""

    @property
    @abstractmethod
    def hint(self) -> str:
        """Format, length, example: the hint row."""

    @abstractmethod
    def read(self, text: str, facts: Facts) -> Any:
        """The value of a text that is not empty."""

    @abstractmethod
    def show(self, value: Any) -> str:
        """The full form of a value, as the field shows it after leaving; typed again it gives the value."""

    def fitted(self, policy: Policy) -> Kind:  # noqa: ARG002  # codes look
        """The same kind with the region's code lists."""
        return self

    def notes(self, text: str) -> tuple[str, ...]:  # noqa: ARG002  # identity numbers look
        """Messages about what reading the text changed."""
        return ()


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """Words of a limited length, kept as typed."""

    limit: int
    name: bool = False

    @property
    def cells(self) -> int:
        """Two cells for each Chinese character, half a line at most."""
        return min(self.limit * 2, 40)

    @property
    def hint(self) -> str:
        """Length."""
        return f"最多 {self.limit} 个字"

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # not counted from anything
        """NFC text without controls. Raises Unclean, TooLong, or what `clean_name` says of a name."""
        return self._short(clean_name(text, resident=False) if self.name else clean_text(text).strip())

    def show(self, value: str) -> str:
        """The text itself."""
        return value

    def _short(self, kept: str) -> str:
        if len(kept) > self.limit:
            raise TooLong(limit=self.limit, length=len(kept))
        return kept


@dataclass(frozen=True, slots=True)
class Number(Text):
    """An identifier typed as text: letters upper-case, half-width."""

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """Folded and upper-cased. Raises Unclean, TooLong."""
        return self._short(clean_text(tidy(text)))

    @property
    def cells(self) -> int:
        """One cell for each character."""
        return self.limit + 2

    @property
    def hint(self) -> str:
        """Length."""
        return f"最多 {self.limit} 位"


@dataclass(frozen=True, slots=True)
class DocumentNumber(Number):
    """A number of a person's document; `*` on the numeric pad stands for the last X."""

    limit: int = 20

    @property
    def hint(self) -> str:
        """The usual document and its last character."""
        return "居民身份证 18 位，末位 X 可输 *"

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """Folded, upper-cased, the star written X. Raises Unclean, TooLong."""
        return self._short(clean_text(re.sub(r"(?<=[0-9])\*$", "X", tidy(text))))

    def notes(self, text: str) -> tuple[str, ...]:
        """M02 when a small x became X."""
        return ("M02",) if plain(text).endswith("x") else ()


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A date, with the shorthand of the counter."""

    cells: int = 10
    hint: str = "8 位日期，如 20260726；可输 3（本月 3 日）、502（5 月 2 日）、+5、-10、.（今天）"

    def read(self, text: str, facts: Facts) -> date:
        """Counted from the business date. Raises BadDay."""
        return read_day(plain(text), facts.today)

    def show(self, value: date) -> str:
        """yyyy-mm-dd."""
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Month(Kind):
    """A month, counted from the settlement month."""

    cells: int = 7
    hint: str = "6 位年月，如 202607；可输 7（今年 7 月）、-1（上月）"

    def read(self, text: str, facts: Facts) -> YearMonth:
        """Counted from the settlement month. Raises BadMonth."""
        return read_month(plain(text), facts.month)

    def show(self, value: YearMonth) -> str:
        """yyyy-mm."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Yuan(Kind):
    """An amount typed in yuan and kept in fen."""

    cells: int = 14
    hint: str = "单位元，最多两位小数，如 8432.50"

    def read(self, text: str, facts: Facts) -> int:  # noqa: ARG002  # as above
        """Fen. Raises BadAmount and its like."""
        return read_yuan(plain(text))

    def show(self, value: int) -> str:
        """With thousands separators."""
        return grouped(value)


@dataclass(frozen=True, slots=True)
class YuanParts(Kind):
    """Amounts typed one after the other, `2100 800 0`, kept in fen in the order of the names."""

    names: tuple[str, ...]
    cells: int = 40

    @property
    def hint(self) -> str:
        """The names in their order."""
        return f"依次输入，空格分开，没有的输 0：{'、'.join(self.names)}"

    def read(self, text: str, facts: Facts) -> tuple[int, ...]:  # noqa: ARG002  # as above
        """One amount for each name. Raises WrongParts, BadAmount and its like."""
        parts = re.split(r"[\s+]+", plain(text).strip("+"))
        if len(parts) != len(self.names):
            raise WrongParts(expected=len(self.names), given=len(parts))
        return tuple(map(read_yuan, parts))

    def show(self, value: tuple[int, ...]) -> str:
        """With thousands separators, a space between."""
        return " ".join(map(grouped, value))


@dataclass(frozen=True, slots=True)
class Count(Kind):
    """A small whole number."""

    low: int = 0
    high: int = 999
    cells: int = 4

    @property
    def hint(self) -> str:
        """Range."""
        return f"{self.low} 至 {self.high} 的整数"

    def read(self, text: str, facts: Facts) -> int:  # noqa: ARG002  # as above
        """Raises NotANumber, OutOfRange."""
        folded = plain(text)
        if not re.fullmatch(r"[0-9]{1,6}", folded):
            raise NotANumber
        if not self.low <= int(folded) <= self.high:
            raise OutOfRange(low=self.low, high=self.high)
        return int(folded)

    def show(self, value: int) -> str:
        """Digits."""
        return str(value)


@dataclass(frozen=True, slots=True)
class YesNo(Kind):
    """One of two words, typed 1 or 0."""

    yes: str = "是"
    no: str = "否"
    cells: int = 4

    @property
    def hint(self) -> str:
        """Both answers."""
        return f"1 {self.yes}，0 {self.no}"

    def read(self, text: str, facts: Facts) -> bool:  # noqa: ARG002  # as above
        """Raises NotYesNo."""
        answer = {"1": True, self.yes: True, "0": False, self.no: False}.get(plain(text))
        if answer is None:
            raise NotYesNo
        return answer

    def show(self, value: bool) -> str:  # noqa: FBT001  # it is the value
        """One of the two words."""
        return self.yes if value else self.no


@dataclass(frozen=True, slots=True)
class Phone(Text):
    """A mobile or landline number."""

    limit: int = 20

    @property
    def cells(self) -> int:
        """Digits and hyphen."""
        return self.limit

    @property
    def hint(self) -> str:
        """Two forms."""
        return "11 位手机号，或区号-座机，如 0310-3112345"

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """Raises WrongShape, Unclean."""
        return phone(clean_text(text))


@dataclass(frozen=True, slots=True)
class Postcode(Text):
    """Six digits."""

    limit: int = 6

    @property
    def cells(self) -> int:
        """Six."""
        return 8

    @property
    def hint(self) -> str:
        """Length."""
        return "6 位数字"

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """Raises BadPostcode."""
        folded = plain(text)
        if not re.fullmatch(r"[0-8][0-9]{5}", folded):
            raise BadPostcode
        return folded


@dataclass(frozen=True, slots=True)
class Email(Text):
    """An address of electronic mail, format only."""

    limit: int = 50

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """Raises BadEmail, TooLong."""
        folded = self._short(clean_text(plain(text)))
        if not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", folded):
            raise BadEmail
        return folded
