"""报表打印 (P60, P63, P64): the months whose changes, notices or assessment forms are listed for print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.problems import stop
from counter_tui.forms import dictionary as asked
from counter_tui.forms.catalog.submission import ID_NUMBER, NAME, criterion
from counter_tui.forms.codes import OneOf
from counter_tui.forms.fields import Ask
from counter_tui.forms.filling import settlement_month
from counter_tui.forms.spec import Declaration, Style, business, form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counter_tui.domain.declarations import Item
    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values


def in_order(value: YearMonth, values: Values, _: Facts) -> Iterator[Problem]:
    """M35: the last month lies before the first."""
    since = values.get("since")
    if isinstance(since, YearMonth) and value < since:
        yield stop("until", "M35")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A kind of change on the staff-change sheet (D05)."""

    code: str
    word: str
    initials: str
    corrects: str = ""
    """The function whose items correct a file; empty where persons join or leave."""

    def corrected(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of what a correction changes."""
        fields = form(self.corrects).fields if self.corrects else ()
        return tuple(each.ask.label for each in fields if each.ask.before and body.get(each.name))


JOINS: Final = Change(code="1", word="增", initials="z")
LEAVES: Final = Change(code="2", word="减", initials="j")
RESUMES: Final = Change(code="3", word="续", initials="x")
MOVES: Final = Change(code="4", word="转", initials="z")
ADDS: Final = Change(code="5", word="险种新增", initials="xzxz")
KEY_DATA: Final = Change(code="6", word="信息", initials="xx", corrects="P10")
GENERAL_DATA: Final = Change(code="6", word="信息", initials="xx", corrects="P11")
_BY_FUNCTION: Final = {"P01": JOINS, "P05": LEAVES, "P10": KEY_DATA, "P11": GENERAL_DATA}
_BY_VERDICT: Final = {"续保": RESUMES, "单位间转移": MOVES, "险种新增": ADDS}


def change_of(item: Item) -> Change | None:
    """What an item is on the staff-change sheet; None for what changes neither staff nor files."""
    return _BY_VERDICT.get(item.verdict) or _BY_FUNCTION.get(item.function)


KIND_OF_CHANGE: Final = OneOf(
    "变更类型",
    words=tuple((each.code, each.word, each.initials) for each in (JOINS, LEAVES, RESUMES, MOVES, ADDS, KEY_DATA)),
)
WAITING, APPROVED, EVERY_STATE = "1", "2", "3"
STATE_OF_CHANGE: Final = OneOf(
    "审核状态",
    words=((WAITING, "待审核", "dsh"), (APPROVED, "审核通过", "shtg"), (EVERY_STATE, "全部", "qb")),
)
"""Approved includes what is settled."""


@business("P60", "人员变更表打印", style=Style.ENQUIRY, prints=("D05",), rules=("M57",))
@dataclass(frozen=True, slots=True, kw_only=True)
class PrintChanges(Declaration):
    """Months and kinds of the changes on the staff-change sheet (D05)."""

    since: Annotated[YearMonth, asked.I09.but(label="结算期起", source="I12", default=settlement_month)]
    until: Annotated[
        YearMonth, asked.I10.but(label="结算期止", source="I12", default=settlement_month, verify=in_order)
    ]
    change: Annotated[str, criterion("变更类型", KIND_OF_CHANGE, section="", hint="空为全部；F4 看各类型")] = ""
    state: Annotated[str, Ask(label="审核状态", kind=STATE_OF_CHANGE, default=lambda *_: APPROVED)] = APPROVED
    name: Annotated[str, NAME.but(section="")] = ""
    id_number: Annotated[str, ID_NUMBER.but(section="")] = ""


@business("P63", "单位缴费通知单打印", style=Style.ENQUIRY, prints=("D01",), rules=("M57",))
@dataclass(frozen=True, slots=True, kw_only=True)
class PrintNotices(Declaration):
    """Months of the payment notices (D01)."""

    since: Annotated[YearMonth, asked.I09]
    until: Annotated[YearMonth, asked.I10.but(verify=in_order)]


@business("P64", "单位征集核定单打印", style=Style.ENQUIRY, prints=("D02",), rules=("M57",))
@dataclass(frozen=True, slots=True, kw_only=True)
class PrintAssessments(Declaration):
    """Months of the collection assessment forms (D02)."""

    since: Annotated[YearMonth, asked.I09]
    until: Annotated[YearMonth, asked.I10.but(verify=in_order)]
