"""Late fee and interest of a bill's line, with the way down to the law."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.operations.assessment import INTEREST, LATE_FEE
from counter_tui.policy.arrears_interest import arrears_interest
from counter_tui.policy.explanation import Explanation, Line, united
from counter_tui.policy.late_fees import due_day_line, late_fee

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from counter_tui.domain.bills import BillLine
    from counter_tui.operations.explaining import Dues
    from counter_tui.policy.regions import Policy


def late_fee_explanation(policy: Policy, month: YearMonth, principal: int, due: date, until: date) -> Explanation:
    """Say how a late fee came about, the due day with its authority first. Raises NotInForce."""
    fee = late_fee(policy, principal, due, until).explanation
    return Explanation(title=fee.title, lines=(due_day_line(policy, month), *fee.lines))


def surcharge_lines(dues: Dues, line: BillLine) -> Iterator[Line]:
    """Late fee and interest of a line, where there is any."""
    if line.late_fee:
        yield _late_fee(dues, line)
    if line.interest:
        yield _interest(dues, line)


def _interest(dues: Dues, line: BillLine) -> Line:
    """With the way down only where it comes to the same interest."""
    paid = YearMonth.of(dues.worked_out)
    principal = line.employer + line.person
    try:
        interest = arrears_interest(dues.then, principal, dues.month, paid)
    except CounterError as silent:
        return Line(label=INTEREST, formula=silent.sentence, value=grouped(line.interest))
    if interest.amount != line.interest:
        return Line(label=INTEREST, formula="与现行算法不同，以核定时为准", value=grouped(line.interest))
    return Line.bearing(
        interest.explanation.marks,
        label=INTEREST,
        formula=f"{grouped(principal)} 逾期 {interest.months} 个月",
        value=grouped(line.interest),
        below=lambda: interest.explanation,
    )


def _late_fee(dues: Dues, line: BillLine) -> Line:
    """With the way down only where the day is known and comes to the same fee."""
    principal = line.employer + line.person
    days = (dues.late_fee_until, dues.worked_out) if dues.late_fee_until else (dues.worked_out,)
    for until in days:
        try:
            same = late_fee(dues.then, principal, dues.due_on, until).amount == line.late_fee
        except CounterError:
            continue
        if same:
            explained = partial(late_fee_explanation, dues.then, dues.month, principal, dues.due_on, until)
            marks = united([explained().marks])
            return Line.bearing(
                marks,
                label=LATE_FEE,
                formula=f"{grouped(principal)} 自 {dues.due_on} 次日起至 {until}",
                value=grouped(line.late_fee),
                below=explained,
            )
    return Line(label=LATE_FEE, formula="计算截止日未随核定单保存", value=grouped(line.late_fee))
