"""Late fees (滞纳金): an estimate by day; the tax authority collects them (rules 3.1–3.9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import Rounding, grouped, round_fen
from counter_tui.errors import CounterError
from counter_tui.policy.authority import period_authority, setting_authority, setting_text
from counter_tui.policy.collection_terms import collection_terms
from counter_tui.policy.dated import NotShipped, weaker
from counter_tui.policy.explanation import Explanation, Line, percent
from counter_tui.policy.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from counter_tui.policy.regions import LateFeePeriod, Policy


class NegativePrincipal(CounterError):
    """欠费本金不能为负数，退费不计滞纳金"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFee:
    """A late fee in fen, with the days counted at each daily rate."""

    principal: int
    amount: int
    days_old: int
    """Days up to 2011-06-30 (of work injury not insured up to 2010-12-31), at 0.2 %."""
    days_new: int
    """Days after that, at 0.05 %."""
    explanation: Explanation

    @property
    def days(self) -> int:
        """All days overdue."""
        return self.days_old + self.days_new

    @property
    def exceeds_principal(self) -> bool:
        """Whether the fee has passed the principal, which the clerk is warned of."""
        return self.amount > self.principal

    @property
    def warning(self) -> str | None:
        """The warning for the clerk, or None."""
        if not self.exceeds_principal:
            return None
        return f"滞纳金 {grouped(self.amount)} 已超过本金 {grouped(self.principal)}，请核对后再办"


def late_fee(policy: Policy, principal: int, due: date, paid: date, *, injury_uninsured: bool = False) -> LateFee:
    """Estimate the late fee on a principal in fen, from the day after the due date to the day of payment, both counted.

    With `injury_uninsured` the principal is work-injury money of an employer that should have been insured and was not:
    its rate fell half a year earlier (rules 3.3).

    Raises:
        NotShipped: the span begins before the first daily rate.
        NegativePrincipal: a refund bears no late fee.

    """
    if principal < 0:
        raise NegativePrincipal
    periods = policy.late_fee_periods
    if injury_uninsured:
        periods = collection_terms().uninsured_injury_periods(periods)
    first = due.toordinal() + 1
    counted = [(period, _days(period, first, paid.toordinal())) for period in periods]
    overdue = max(paid.toordinal() - due.toordinal(), 0)
    if sum(days for _, days in counted) != overdue:
        raise NotShipped(figure="滞纳金日费率", month=YearMonth.of(due))
    rounding = Rounding(str(policy.parameter("late_fee_rounding", YearMonth.of(paid))))
    exact = sum((principal * days * period.per_day for period, days in counted), Decimal(0))
    amount = round_fen(exact, rounding)
    exceeding = amount > principal
    capped = exceeding and policy.parameter("late_fee_cap", YearMonth.of(paid)) is True
    *old, (_, days_new) = counted
    return LateFee(
        principal=principal,
        amount=principal if capped else amount,
        days_old=sum(days for _, days in old),
        days_new=days_new,
        explanation=Explanation(
            title=f"滞纳金试算 {due} 截止，{paid} 缴费",
            lines=tuple(_lines(policy, principal, due, paid, counted, amount, exceeding=exceeding)),
        ),
    )


def due_date(policy: Policy, fee_month: YearMonth) -> date:
    """Return the last day on which a fee month is paid in time, before any extension for holidays."""
    day = policy.parameter("late_fee_due_day", fee_month)
    last = fee_month.last_day
    return last.replace(day=min(int(str(day)), last.day))


def _days(period: LateFeePeriod, first: int, last: int) -> int:
    since = max(first, period.since.toordinal())
    until = last if period.until is None else min(last, period.until.toordinal())
    return max(until - since + 1, 0)


def _lines(  # what a late fee is made of
    policy: Policy,
    principal: int,
    due: date,
    paid: date,
    counted: list[tuple[LateFeePeriod, int]],
    amount: int,
    *,
    exceeding: bool,
) -> Iterator[Line]:
    yield Line(label="本金", value=grouped(principal))
    yield Line(label="计算天数", value=f"自 {due} 次日起至缴费当日止，首尾两日均计")
    used = [(period, days) for period, days in counted if days]
    for period, days in used:
        yield Line(
            label=f"每日 {percent(period.per_day)}",
            value=f"{days} 天",
            by=period.by,
            confidence=period.confidence,
            below=partial(period_authority, policy, period),
        )
    rounding = _setting_line(policy, "late_fee_rounding", YearMonth.of(paid))
    rates = " + ".join(f"{days} * {percent(period.per_day)}" for period, days in used) or "0"
    yield rounding
    sure = rounding.confidence
    if exceeding:
        cap = _setting_line(policy, "late_fee_cap", YearMonth.of(paid))
        sure = weaker(sure, cap.confidence)
        yield cap
    for period, _ in used:
        sure = weaker(sure, period.confidence)
    yield Line(
        label="滞纳金",
        formula=f"{grouped(principal)} *（{rates}），{rounding.value}",
        value=grouped(amount),
        confidence=sure,
        training=rounding.training,
    )
    if exceeding and policy.parameter("late_fee_cap", YearMonth.of(paid)) is True:
        yield replace(cap, label="封顶", value=f"以本金为限，按 {grouped(principal)}", by="", below=None)


def due_day_line(policy: Policy, fee_month: YearMonth) -> Line:
    """Say up to which day of a fee month payment is in time, and who set that day."""
    line = _setting_line(policy, "late_fee_due_day", fee_month)
    return replace(line, value=f"{due_date(policy, fee_month)}，每月 {line.value} 日，当月没有该日的为月末")


def _setting_line(policy: Policy, name: str, month: YearMonth) -> Line:
    value = policy.setting(name, month)
    return Line.resting_on(
        value,
        label=PARAMETERS[name].label,
        value=setting_text(name, value.value),
        below=partial(setting_authority, policy, name, month),
    )
