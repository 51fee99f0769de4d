"""Late fees of back months: each month from its own due day, months that bear none left out (rules 3.5, 3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from counter_tui.domain.money import grouped
from counter_tui.policy.explanation import Explanation, Line, united
from counter_tui.policy.late_fees import LateFee, due_date, due_day_line, late_fee

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.regions import Policy


class FreeOfFee(Enum):
    """Why a month bears no late fee; the value says it to the clerk."""

    VOLUNTARY = "自愿缴费（灵活就业），不加收滞纳金"
    DEFERRED = "经批准缓缴的月份，不加收滞纳金"
    PUBLISHED_LATE = "上下限公布晚形成的补差，在规定期限内缴纳，不加收滞纳金"
    NOT_AT_FAULT = "经办机构或银行差错，不加收滞纳金"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFee:
    """One back month: its principal in fen and its late fee, or why it bears none."""

    month: YearMonth
    principal: int
    fee: LateFee | None
    free: FreeOfFee | None

    @property
    def amount(self) -> int:
        """The late fee in fen."""
        return self.fee.amount if self.fee is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackMonthFees:
    """Late fees of back months up to a day of payment."""

    months: tuple[MonthFee, ...]
    explanation: Explanation

    @property
    def amount(self) -> int:
        """Sum of the months' late fees, each rounded by itself, in fen."""
        return sum(each.amount for each in self.months)


def back_month_fees(
    policy: Policy,
    owed: Iterable[tuple[YearMonth, int]],
    paid: date,
    *,
    free: Mapping[YearMonth, FreeOfFee] | None = None,
    injury_uninsured: bool = False,
) -> BackMonthFees:
    """Estimate the late fee of every back month from its own due day to the day of payment.

    Args:
        policy: the law.
        owed: months with their overdue principal in fen, employer's and person's money together.
        paid: day of payment.
        free: months that bear none, and why.
        injury_uninsured: as for `late_fee`.

    Raises:
        NotInForce, NegativePrincipal: as `late_fee`, and where a month has no due day.

    """
    relieved = free or {}
    found = tuple(
        MonthFee(
            month=month,
            principal=principal,
            fee=None
            if month in relieved
            else late_fee(policy, principal, due_date(policy, month), paid, injury_uninsured=injury_uninsured),
            free=relieved.get(month),
        )
        for month, principal in owed
    )
    lines = tuple(_line(policy, each) for each in found)
    total = Line.bearing(
        united(line.marks for line in lines),
        label="滞纳金合计",
        formula="各月分别取舍后相加",
        value=grouped(sum(each.amount for each in found)),
    )
    return BackMonthFees(
        months=found, explanation=Explanation(title=f"逐月滞纳金试算，{paid} 缴费", lines=(*lines, total))
    )


def _line(policy: Policy, each: MonthFee) -> Line:
    principal = f"本金 {grouped(each.principal)}"
    fee = each.fee
    if fee is None:
        return Line(label=str(each.month), formula=principal, value=each.free.value if each.free else "0.00")
    explained = Explanation(title=fee.explanation.title, lines=tuple(_month_lines(policy, each.month, fee)))
    return Line.bearing(
        explained.marks,
        label=str(each.month),
        formula=f"{principal}，逾期 {fee.days} 天",
        value=grouped(fee.amount),
        below=lambda: explained,
    )


def _month_lines(policy: Policy, month: YearMonth, fee: LateFee) -> Iterator[Line]:
    yield due_day_line(policy, month)
    yield from fee.explanation.lines
