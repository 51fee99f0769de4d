"""报表打印 (P63, P64): the months whose notices or assessment forms are listed for print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.problems import stop
from counter_tui.forms import dictionary as asked
from counter_tui.forms.spec import Declaration, Style, business

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Values


def in_order(value: YearMonth, values: Values, _: Facts) -> Iterator[Problem]:
    """M35: the last month lies before the first."""
    since = values.get("since")
    if isinstance(since, YearMonth) and value < since:
        yield stop("until", "M35")


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
