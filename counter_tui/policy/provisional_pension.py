"""Pensions paid before the year's base is published (暂定), and their settlement afterwards (pension rules, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.policy.dated import NotInForce, Value
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.pension import ESTIMATE, pension
from counter_tui.policy.pension_rules import pension_rules
from counter_tui.policy.yearly import source_line

if TYPE_CHECKING:
    from decimal import Decimal

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.pension import Pension, Transitional
    from counter_tui.policy.yearly_figures import YearlyFigures

PROVISIONAL: Final = "暂定"
"""Mark of a pension that is computed again once the year's base is published."""


class MonthsReversed(CounterError):
    """补发止月 {last} 早于起月 {first}，请核对"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedBase:
    """The base by which a pension of a year is computed."""

    value: Value[int]
    """Monthly base in fen."""
    year: int
    """Year for which it was published."""
    provisional: bool
    """Whether it is last year's, because that of the year is not published yet."""

    def line(self) -> Line:
        """The base as a step of an explanation."""
        used = f"{grouped(self.value.value)}，{self.year + 1} 年尚未公布，{PROVISIONAL}" if self.provisional else None
        return source_line(f"{self.year} 年计发基数", self.value, used or grouped(self.value.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalPension:
    """A pension computed by a region's base and rules."""

    pension: Pension
    base: UsedBase

    @property
    def provisional(self) -> bool:
        """Whether it has to be computed again."""
        return self.base.provisional

    @property
    def explanation(self) -> Explanation:
        """How the pension came about, with the base in front."""
        return self.pension.explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What is paid afterwards, or taken back, for the months paid provisionally. Money in fen."""

    per_month: int
    """Final less provisional pension; negative when too much was paid."""
    months: int
    total: int
    explanation: Explanation


def base_to_use(place: YearlyFigures, year: int) -> UsedBase:
    """Return the base for a pension that begins in a year: its own, or last year's while that is not published.

    Raises:
        NotInForce: neither is known; the sentence names the year asked for.
        FigureDamaged: what was loaded for the bases is not what was confirmed.

    """
    try:
        return UsedBase(value=place.pension_base.of(year), year=year, provisional=False)
    except NotInForce as missing:
        try:
            return UsedBase(value=place.pension_base.of(year - 1), year=year - 1, provisional=True)
        except NotInForce:
            raise missing from None


def regional_pension(
    place: YearlyFigures,
    year: int,
    *,
    index: Decimal,
    months: int,
    account_balance: int,
    payout_months: Decimal,
    transitional: Transitional | None = None,
) -> RegionalPension:
    """Compute a pension beginning in a year by the region's base, the balance in fen.

    Raises:
        NotInForce: as `base_to_use`, or the region's rules are not loaded; other errors as `pension`.

    """
    used = base_to_use(place, year)
    years = pension_rules().of(place.code).years
    found = pension(
        used.value.value,
        index,
        months,
        account_balance,
        payout_months,
        transitional,
        figures=(
            used.line(),
            Line(label="年限小数位数", value=f"{years.places}", by=years.by, confidence=years.confidence),
        ),
        decimals=years.places,
        title=f"月养老金试算（{PROVISIONAL}），{year} 年计发基数公布后重算" if used.provisional else ESTIMATE,
    )
    return RegionalPension(pension=found, base=used)


def settlement(paid: Pension, due: Pension, first: YearMonth, last: YearMonth) -> Settlement:
    """Compare what was paid provisionally from the first to the last month, both included, with what was due.

    Raises:
        MonthsReversed: the last month lies before the first.

    """
    if last < first:
        raise MonthsReversed(first=first, last=last)
    months = first.months_until(last) + 1
    per_month = due.total - paid.total
    total = per_month * months
    parts = (
        ("基础养老金", paid.basic, due.basic),
        ("个人账户养老金", paid.account, due.account),
        ("过渡性养老金", paid.transitional, due.transitional),
    )
    lines = (
        *(_difference(label, was, now) for label, was, now in parts if was or now),
        _difference("每月差额", paid.total, due.total),
        Line(
            label="应退" if total < 0 else "应补",
            formula=f"{grouped(abs(per_month))} * {months} 个月",
            value=grouped(abs(total)),
        ),
    )
    return Settlement(
        per_month=per_month,
        months=months,
        total=total,
        explanation=Explanation(title=f"{first} 至 {last} 暂定养老金重算", lines=lines),
    )


def _difference(label: str, was: int, now: int) -> Line:
    return Line(label=label, formula=f"{grouped(now)} - {grouped(was)}", value=grouped(now - was))
