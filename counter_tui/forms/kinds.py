"""Kinds of fields: each knows how to read what a clerk types and how to show what is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from counter_tui.domain.calendar import YearMonth, read_day, read_month
from counter_tui.domain.codes import CodeList, codelist
from counter_tui.domain.identity import check_phone, clean_name
from counter_tui.domain.money import grouped, read_yuan
from counter_tui.domain.text import clean_text, plain
from counter_tui.errors import CounterError

if TYPE_CHECKING:
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


class Kind(Protocol):
    """How one field is read and shown. `read` raises a CounterError whose sentence says what is wrong."""

    @property
    def cells(self) -> int:
        """Width of the field on the screen, in cells."""

    @property
    def hint(self) -> str:
        """Format, length, example: the hint row."""

    def read(self, text: str, facts: Facts) -> Any:
        """The value of a text that is not empty."""

    def show(self, value: Any) -> str:
        """The full form of a value, as the field shows it after leaving; typed again it gives the value."""

    def fitted(self, policy: Policy) -> Kind:
        """The same kind with the region's code lists."""


@dataclass(frozen=True, slots=True)
class Text:
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

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # the port's signature
        """NFC text without controls. Raises Unclean, TooLong."""
        kept = clean_name(text) if self.name else clean_text(text).strip()
        if len(kept) > self.limit:
            raise TooLong(limit=self.limit, length=len(kept))
        return kept

    def show(self, value: str) -> str:
        """The text itself."""
        return value

    def fitted(self, policy: Policy) -> Text:  # noqa: ARG002  # as above
        """No code list here."""
        return self


@dataclass(frozen=True, slots=True)
class Number(Text):
    """An identifier typed as text: letters upper-case, half-width."""

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """Folded and upper-cased. Raises Unclean, TooLong."""
        kept = clean_text(plain(text)).upper()
        if len(kept) > self.limit:
            raise TooLong(limit=self.limit, length=len(kept))
        return kept

    @property
    def cells(self) -> int:
        """One cell for each character."""
        return self.limit + 2

    @property
    def hint(self) -> str:
        """Length."""
        return f"最多 {self.limit} 位"


@dataclass(frozen=True, slots=True)
class Day:
    """A date, with the shorthand of the counter."""

    cells: int = 10
    hint: str = "8 位日期，如 20260726；可输 3（本月 3 日）、502（5 月 2 日）、+5、-10、.（今天）"

    def read(self, text: str, facts: Facts) -> date:
        """Counted from the business date. Raises BadDay."""
        return read_day(plain(text), facts.today)

    def show(self, value: date) -> str:
        """yyyy-mm-dd."""
        return value.isoformat()

    def fitted(self, policy: Policy) -> Day:  # noqa: ARG002  # as above
        """No code list here."""
        return self


@dataclass(frozen=True, slots=True)
class Month:
    """A month, counted from the settlement month."""

    cells: int = 7
    hint: str = "6 位年月，如 202607；可输 7（今年 7 月）、-1（上月）"

    def read(self, text: str, facts: Facts) -> YearMonth:
        """Counted from the settlement month. Raises BadMonth."""
        return read_month(plain(text), facts.month)

    def show(self, value: YearMonth) -> str:
        """yyyy-mm."""
        return str(value)

    def fitted(self, policy: Policy) -> Month:  # noqa: ARG002  # as above
        """No code list here."""
        return self


@dataclass(frozen=True, slots=True)
class Yuan:
    """An amount typed in yuan and kept in fen."""

    cells: int = 14
    hint: str = "单位元，最多两位小数，如 8432.50"

    def read(self, text: str, facts: Facts) -> int:  # noqa: ARG002  # as above
        """Fen. Raises BadAmount and its like."""
        return read_yuan(plain(text))

    def show(self, value: int) -> str:
        """With thousands separators."""
        return grouped(value)

    def fitted(self, policy: Policy) -> Yuan:  # noqa: ARG002  # as above
        """No code list here."""
        return self


@dataclass(frozen=True, slots=True)
class Count:
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
        if not re.fullmatch(r"\d{1,6}", folded):
            raise NotANumber
        if not self.low <= int(folded) <= self.high:
            raise OutOfRange(low=self.low, high=self.high)
        return int(folded)

    def show(self, value: int) -> str:
        """Digits."""
        return str(value)

    def fitted(self, policy: Policy) -> Count:  # noqa: ARG002  # as above
        """No code list here."""
        return self


@dataclass(frozen=True, slots=True)
class YesNo:
    """是 or 否, typed 1 or 0."""

    cells: int = 4
    hint: str = "1 是，0 否"

    def read(self, text: str, facts: Facts) -> bool:  # noqa: ARG002  # as above
        """Raises NotYesNo."""
        answer = {"1": True, "是": True, "0": False, "否": False}.get(plain(text))
        if answer is None:
            raise NotYesNo
        return answer

    def show(self, value: bool) -> str:  # noqa: FBT001  # it is the value
        """是 or 否."""
        return "是" if value else "否"

    def fitted(self, policy: Policy) -> YesNo:  # noqa: ARG002  # as above
        """No code list here."""
        return self


@dataclass(frozen=True, slots=True)
class CodeOf:
    """One code of a list; shown as code and name."""

    list_id: str
    function: str = ""
    """Offer only codes that this function may choose, as the list says."""
    overrides: Any = None
    cells: int = 24

    @property
    def codes(self) -> CodeList:
        """The list, with the region's names and choices."""
        codes = codelist(self.list_id)
        if self.function:
            codes = codes.offered(self.function)
        return codes.overridden(self.overrides) if self.overrides else codes

    @property
    def hint(self) -> str:
        """How a code may be typed."""
        return "输代码、拼音首字母或名称中的字；F4 看全部"

    def read(self, text: str, facts: Facts) -> str:  # noqa: ARG002  # as above
        """The code. Raises NoSuchCode, SeveralCodes."""
        folded = plain(text)
        return self.codes.read(folded.split(" ", 1)[0] if folded[:1].isdigit() else folded).code

    def show(self, value: str) -> str:
        """Code and name."""
        return f"{value} {codelist(self.list_id).overridden(self.overrides or {}).name(value)}"

    def fitted(self, policy: Policy) -> CodeOf:
        """Take the region's names and choices over."""
        return replace(self, overrides=policy.codes(self.list_id))


@dataclass(frozen=True, slots=True)
class CodesOf(CodeOf):
    """Several codes of a list, typed `1 3 4` by place, or `0` for all."""

    @property
    def hint(self) -> str:
        """How ticks are typed."""
        return "输序号，如 1 3 4；0 为全部；回车取默认"

    def read(self, text: str, facts: Facts) -> tuple[str, ...]:  # noqa: ARG002  # as above
        """Codes in the order of the list; a part is a code or a place. Raises NoSuchCode."""
        parts = re.split(r"[\s,，]+", plain(text))
        offered = [code.code for code in self.codes.choices()]
        if parts == ["0"]:
            return tuple(offered)
        places = {str(place): code for place, code in enumerate(offered, 1)}
        chosen = {part if part in offered else places.get(part) or self.codes.read(part).code for part in parts if part}
        return tuple(code for code in offered if code in chosen)

    def show(self, value: tuple[str, ...]) -> str:
        """Codes, which typed again give the same ticks."""
        return " ".join(value)

    def fitted(self, policy: Policy) -> CodesOf:
        """Take the region's names and choices over."""
        return replace(self, overrides=policy.codes(self.list_id))


@dataclass(frozen=True, slots=True)
class Phone(Text):
    """A mobile or landline number (validation.md §10)."""

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
        """Raises the refusal of `check_phone`."""
        return check_phone(plain(text))


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
        folded = clean_text(plain(text))
        if len(folded) > self.limit:
            raise TooLong(limit=self.limit, length=len(folded))
        if not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", folded):
            raise BadEmail
        return folded
