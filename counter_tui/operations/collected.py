"""Back-collections of a bill, person by person and month by month (K6, K7)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import months
from counter_tui.domain.money import grouped
from counter_tui.policy.charges import Merged
from counter_tui.policy.contributions import contribution, monthly_rules
from counter_tui.policy.explanation import Explanation, Line, united

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.bills import BillLine
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import Entitlement
    from counter_tui.operations.explaining import Dues
    from counter_tui.policy.monthly_rules import MonthlyRule


def collected_lines(dues: Dues, line: BillLine) -> tuple[Line, ...]:
    """Return a line for each person of a back-collection; they add up to what the bill has.

    Raises:
        NotInForce: a figure of those months is no longer there.
    """
    rules = dict(_rules(dues, line))
    return tuple(_person(dues, line, entry, rules) for entry in dues.collected if _is_in(dues, line, entry))


def _is_in(dues: Dues, line: BillLine, entry: Entitlement) -> bool:
    own = dues.employer.scheme(line.scheme)
    if own is None or line.scheme not in entry.schemes:
        return False
    return (max(entry.since, own.since), entry.until) == (line.since, line.until)


def _rules(dues: Dues, line: BillLine) -> Iterator[tuple[YearMonth, MonthlyRule]]:
    """The rule of every month in which the scheme charged by itself."""
    if line.since is None or line.until is None:
        return
    for month in months(line.since, line.until):
        if not isinstance(dues.then.charge(line.scheme, month).value, Merged):
            yield month, monthly_rules(dues.then, line.scheme, month, dues.rank(line.scheme))


def _person(dues: Dues, line: BillLine, entry: Entitlement, rules: dict[YearMonth, MonthlyRule]) -> Line:
    owed = [rule.amounts(entry.wage) for rule in rules.values()]
    employer, person = sum(each.employer for each in owed), sum(each.person for each in owed)
    return Line.bearing(
        united(rule.marks for rule in rules.values()),
        label=dues.named(entry.person),
        formula=f"{len(rules)} 个月，单位 {grouped(employer)} + 个人 {grouped(person)}",
        value=grouped(employer + person),
        below=partial(_months, dues, line, entry, rules),
    )


def _months(dues: Dues, line: BillLine, entry: Entitlement, rules: dict[YearMonth, MonthlyRule]) -> Explanation:
    def month_line(month: YearMonth, rule: MonthlyRule) -> Line:
        owed = rule.amounts(entry.wage)
        return Line.bearing(
            rule.marks,
            label=str(month),
            formula=f"单位 {grouped(owed.employer)} + 个人 {grouped(owed.person)}",
            value=grouped(owed.employer + owed.person),
            below=partial(_month, dues, line, entry, month),
        )

    return Explanation(
        title=f"{dues.named(entry.person)} {dues.then.scheme_name(line.scheme)} 补收",
        lines=tuple(month_line(month, rule) for month, rule in rules.items()),
    )


def _month(dues: Dues, line: BillLine, entry: Entitlement, month: YearMonth) -> Explanation:
    owed = contribution(dues.then, line.scheme, month, entry.wage, injury_class=dues.rank(line.scheme))
    return Explanation(title=f"{dues.named(entry.person)} {owed.explanation.title}", lines=owed.explanation.lines)
