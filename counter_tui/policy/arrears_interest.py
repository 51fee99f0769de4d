"""Interest on arrears (补缴利息): book interest of every overdue month, simple or compound (K9, rules 4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import months
from counter_tui.domain.money import Rounding, grouped, round_ratio
from counter_tui.errors import CounterError
from counter_tui.policy.authority import setting_authority, setting_text
from counter_tui.policy.explanation import Explanation, Line, percent, united
from counter_tui.policy.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Value
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.regions import Policy

FORM, RATE, ROUNDING = "arrears_interest_form", "arrears_interest_ppm", "late_fee_rounding"
SIMPLE = "simple"

_PPM = 1_000_000
_MONTHS = 12


class NegativeArrears(CounterError):
    """欠费本金不能为负数，退费不计利息"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrearsInterest:
    """Interest in fen on a principal in fen."""

    principal: int
    amount: int
    months: int
    """Months overdue."""
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class _Year:
    """Overdue months of one calendar year under one yearly rate."""

    first: YearMonth
    last: YearMonth
    rate: Value[Setting]

    @property
    def months(self) -> int:
        return self.first.months_until(self.last) + 1

    @property
    def share(self) -> Fraction:
        """What a principal of one earns."""
        return Fraction(int(str(self.rate.value)) * self.months, _PPM * _MONTHS)


def arrears_interest(policy: Policy, principal: int, fee_month: YearMonth, now: YearMonth) -> ArrearsInterest:
    """Compute the interest from the month after the fee month up to the month of payment, both counted.

    Simple: the principal at a twelfth of the yearly rate of each month. Compound: interest joins the principal at the
    end of each calendar year, as it does in the personal account. Rounded once, at the end.

    Raises:
        NotInForce: rate or form of an overdue month is missing.
        NegativeArrears: a refund bears no interest.

    """
    if principal < 0:
        raise NegativeArrears
    stretches = tuple(_stretches(policy, fee_month, now))
    form, rounding = policy.setting(FORM, now), policy.setting(ROUNDING, now)
    exact = Fraction(principal)
    year_start, steps = exact, []
    for place, each in enumerate(stretches):
        turned = place > 0 and stretches[place - 1].last.year != each.first.year
        if form.value != SIMPLE and turned:
            year_start = exact
        steps.append((each, year_start))
        exact += year_start * each.share
    owed = exact - principal
    amount = round_ratio(owed.numerator, owed.denominator, Rounding(str(rounding.value)))
    lines = (
        Line(label="本金", value=grouped(principal)),
        _setting_line(policy, FORM, now, form),
        *(_stretch_line(policy, each, start) for each, start in steps),
        _setting_line(policy, ROUNDING, now, rounding),
    )
    marks = united(line.marks for line in lines)
    count = sum(each.months for each in stretches)
    total = Line.bearing(marks, label="补缴利息", formula=f"逾期 {count} 个月", value=grouped(amount))
    title = f"补缴利息试算 {fee_month} 欠费，{now} 缴费"
    return ArrearsInterest(
        principal=principal,
        amount=amount,
        months=count,
        explanation=Explanation(title=title, lines=(*lines, total)),
    )


def _stretches(policy: Policy, fee_month: YearMonth, now: YearMonth) -> Iterator[_Year]:
    """Overdue months, cut where the year or the rate turns. Even without overdue months a rate is asked for."""
    run: _Year | None = None
    if now <= fee_month:
        policy.setting(RATE, now)
    for month in months(fee_month + 1, now):
        rate = policy.setting(RATE, month)
        if run is not None and run.first.year == month.year and run.rate is rate:
            run = _Year(run.first, month, rate)
            continue
        if run is not None:
            yield run
        run = _Year(month, month, rate)
    if run is not None:
        yield run


def _stretch_line(policy: Policy, each: _Year, start: Fraction) -> Line:
    yearly = percent(Decimal(str(each.rate.value)).scaleb(-6))
    return Line.resting_on(
        each.rate,
        label=f"{each.first} 至 {each.last}",
        formula=f"{_money(start)} * 年利率 {yearly} ÷ 12 * {each.months} 个月",
        value=_money(start * each.share),
        below=partial(setting_authority, policy, RATE, each.first),
    )


def _money(exact: Fraction) -> str:
    """Steps are shown to the fen; only the sum is rounded in earnest."""
    return grouped(round_ratio(exact.numerator, exact.denominator, Rounding.HALF_UP_FEN))


def _setting_line(policy: Policy, name: str, month: YearMonth, value: Value[Setting]) -> Line:
    return Line.resting_on(
        value,
        label=PARAMETERS[name].label,
        value=setting_text(name, value.value),
        below=partial(setting_authority, policy, name, month),
    )
