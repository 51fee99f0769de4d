"""Three years of assessed months: what persons paid on and what their employers were billed."""

from __future__ import annotations

from datetime import datetime, time
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from counter_tui.domain.bills import Bill, BillLine, BillState, MonthState, UnitMonth
from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.contributions import ContributionSpan
from counter_tui.policy.late_fees import due_date
from counter_tui.training.lives import employer_schemes, settled_until
from counter_tui.training.numbers import bill_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.policy.monthly_rules import Amounts
    from counter_tui.training.law import Stretch
    from counter_tui.training.life import Life, Stay
    from counter_tui.training.plan import CityPlan

NORMAL: Final = "10"
"""CL-FEETYPE."""
MAKER: Final = "history"
"""Operator and operation of what was assessed before the city opens."""
_ASSESSMENT: Final = "P29"
_WITHOUT_CHANGES: Final = "P31"
_SUMS: Final = 7
"""Heads, wages, bases, employers' and persons' money, and of both what goes to accounts."""


class Ledger:
    """What an employer owes month by month, summed from stretches of equal months."""

    def __init__(self, schemes: tuple[str, ...], months: int) -> None:
        self._months = months
        self._changes = {scheme: [[0] * _SUMS for _ in range(months + 1)] for scheme in schemes}

    def add(self, scheme: str, first: int, last: int, wage: int, amounts: Amounts) -> None:
        """One person more from the first month to the last."""
        values = (1, wage, *amounts[:-1])
        changes = self._changes[scheme]
        begin, end = changes[first], changes[last + 1]
        for place, value in enumerate(values):
            begin[place] += value
            end[place] -= value

    def lines(self) -> Iterator[tuple[BillLine, ...]]:
        """The lines of each month, oldest month first."""
        running = [
            list(accumulate(changes, lambda sums, change: [a + b for a, b in zip(sums, change, strict=True)]))
            for changes in self._changes.values()
        ]
        for month in range(self._months):
            yield tuple(
                _line(scheme, sums[month])
                for scheme, sums in zip(self._changes, running, strict=True)
                if sums[month][0]
            )


def _line(scheme: str, sums: list[int]) -> BillLine:
    heads, wages, base, employer, person, account_employer, account_person = sums
    return BillLine(
        scheme=scheme,
        heads=heads,
        wages=wages,
        employer_base=base,
        person_base=base if person else 0,
        employer=employer,
        person=person,
        account_employer=account_employer,
        account_person=account_person,
    )


def paid_stretches(
    plan: CityPlan, life: Life, stay: Stay, scheme: str, injury_class: int
) -> Iterator[tuple[int, int, int, Stretch]]:
    """First and last month, wage and stretch of the law for what a person paid during a stay, oldest first."""
    until = settled_until(plan, stay.employer)
    last = until if stay.last is None else min(stay.last, until)
    first = max(stay.first, 0)
    for stretch in plan.law.stretches(scheme, injury_class):
        since, to = max(first, stretch.first), min(last, stretch.last)
        if since <= to:
            yield since, to, life.pay.wage(plan.law.bands[stretch.year]), stretch


def book(plan: CityPlan, ledger: Ledger, life: Life, stay: Stay, injury_class: int) -> None:
    """Add a stay to the ledger of its employer."""
    for scheme in life.schemes:
        for since, to, wage, stretch in paid_stretches(plan, life, stay, scheme, injury_class):
            ledger.add(scheme, since, to, wage, stretch.rule.amounts(wage))


def spans(plan: CityPlan, life: Life) -> Iterator[ContributionSpan]:
    """What a person paid on, by scheme and month; the base of a wage is the same at every employer."""
    calendar, person = plan.law.calendar, plan.person_number(life.person)
    for scheme in life.schemes:
        for stay in life.stays:
            for since, to, wage, stretch in paid_stretches(plan, life, stay, scheme, 1):
                yield ContributionSpan(
                    person=person,
                    scheme=scheme,
                    employer=plan.employer_number(stay.employer),
                    since=calendar[since],
                    until=calendar[to],
                    wage=wage,
                    base=stretch.rule.amounts(wage).base,
                )


def bills(plan: CityPlan, index: int, injury_class: int, ledger: Ledger, unpaid: int) -> Iterator[Bill | UnitMonth]:
    """Bill and month of each assessed month; the last so many are unpaid. Months without figures have none."""
    schemes = employer_schemes(plan, index)
    stretches = {scheme: plan.law.stretches(scheme, injury_class) for scheme in schemes}
    until = settled_until(plan, index)
    function = _function(plan)
    for count, lines in enumerate(ledger.lines()):
        ruling = [
            next((each for each in stretches[scheme] if each.first <= count <= each.last), None) for scheme in schemes
        ]
        known = [stretch for stretch in ruling if stretch is not None]
        if not lines or count > until or len(known) < len(schemes):
            continue
        month, paid = plan.law.calendar[count], count <= until - unpaid
        due_on = due_date(plan.policy, month)
        overdue = BillState.OVERDUE if due_on < plan.today else BillState.ASSESSED
        at = datetime.combine(month.first_day.replace(day=8 + index % 12), time(9 + index % 8, index % 60), BEIJING)
        number = bill_number(month, index)
        employer = plan.employer_number(index)
        yield Bill(
            number=number,
            employer=employer,
            month=month,
            fee_type=NORMAL,
            state=BillState.PAID if paid else overdue,
            lines=lines,
            assessed_at=at,
            due_on=due_on,
            operation=MAKER,
            maker=MAKER,
            function=function,
            policy_version=plan.policy.version,
            marks=tuple(dict.fromkeys(mark for stretch in known for mark in stretch.rule.marks)),
        )
        yield UnitMonth(
            employer=employer,
            month=month,
            state=MonthState.PAID if paid else MonthState.ASSESSED,
            bill=number,
            function=function,
            settled_at=at,
        )


def _function(plan: CityPlan) -> str:
    """How this region assesses: P29, or the settlement without changes where it has none."""
    return _ASSESSMENT if any(entry.function == _ASSESSMENT for entry in plan.policy.menu) else _WITHOUT_CHANGES
