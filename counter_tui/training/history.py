"""Three years of assessed months: what persons paid on and what their employers were billed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from counter_tui.domain.bills import Bill, BillLine, BillState, MonthState, UnitMonth
from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.contributions import ContributionSpan
from counter_tui.training.lives import employer_schemes, settled_until
from counter_tui.training.numbers import bill_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counter_tui.policy.monthly_rules import Amounts
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


class Books:
    """What an employer owes month by month, summed from stretches of equal months, and what its people paid on."""

    def __init__(self, plan: CityPlan, index: int, injury_class: int) -> None:
        """Open the books of an employer, by its class of risk."""
        self._plan = plan
        self._index = index
        self._injury_class = injury_class
        self._schemes = employer_schemes(plan, index)
        self._until = settled_until(plan, index)
        self._changes = {scheme: [[0] * _SUMS for _ in range(self._until + 2)] for scheme in self._schemes}

    def enter(self, life: Life) -> Iterator[ContributionSpan]:
        """Enter a person's stay here; yield what the person paid on at every employer, by scheme and month."""
        calendar, person = self._plan.law.calendar, self._plan.person_number(life.person)
        wages = _wages(self._plan, life)
        for scheme in life.schemes:
            for stay in life.stays:
                employer = self._plan.employer_number(stay.employer)
                for first, last, wage, base in self._paid(stay, scheme, wages):
                    yield ContributionSpan(
                        person=person,
                        scheme=scheme,
                        employer=employer,
                        since=calendar[first],
                        until=calendar[last],
                        wage=wage,
                        base=base,
                    )

    def arrive(self, life: Life) -> None:
        """Enter the stay here of a person who is filed under the employer left."""
        wages = _wages(self._plan, life)
        for scheme in life.schemes:
            self._paid(life.stays[-1], scheme, wages)

    def _paid(self, stay: Stay, scheme: str, wages: Mapping[int, int]) -> list[tuple[int, int, int, int]]:
        """First and last month, wage and base of a stay, oldest first; entered when the stay is here."""
        here = stay.employer == self._index
        until = self._until if here else settled_until(self._plan, stay.employer)
        last = until if stay.last is None or stay.last > until else stay.last
        first = max(0, stay.first)
        changes = self._changes[scheme] if here else None
        paid = []
        # The base of a wage does not hang on the class of risk: one class serves for every employer.
        for stretch in self._plan.law.stretches(scheme, self._injury_class):
            if stretch.last < first or stretch.first > last:
                continue
            since = max(first, stretch.first)
            to = min(last, stretch.last)
            wage = wages[stretch.year]
            amounts = stretch.amounts(wage)
            if changes is not None:
                _add(changes, since, to, wage, amounts)
            paid.append((since, to, wage, amounts.base))
        return paid

    def bills(self, unpaid: int) -> Iterator[Bill | UnitMonth]:
        """Bill and month of each assessed month, the last so many unpaid; months without figures have none."""
        plan, index = self._plan, self._index
        law, employer, function = plan.law, plan.employer_number(index), _function(plan)
        at = time(9 + index % 8, index % 60)
        marks = law.marks(self._schemes, self._injury_class)
        for count, lines in enumerate(self._lines()):
            resting_on = marks[count]
            if not lines or resting_on is None:
                continue
            month, paid = law.calendar[count], count <= self._until - unpaid
            assessed_at = datetime.combine(date(month.year, month.month, 8 + index % 12), at, BEIJING)
            number = bill_number(month, index)
            overdue = BillState.OVERDUE if law.due_dates[count] < plan.today else BillState.ASSESSED
            yield Bill(
                number=number,
                employer=employer,
                month=month,
                fee_type=NORMAL,
                state=BillState.PAID if paid else overdue,
                lines=lines,
                assessed_at=assessed_at,
                due_on=law.due_dates[count],
                operation=MAKER,
                maker=MAKER,
                function=function,
                policy_version=plan.policy.version,
                marks=resting_on,
            )
            yield UnitMonth(
                employer=employer,
                month=month,
                state=MonthState.PAID if paid else MonthState.ASSESSED,
                bill=number,
                function=function,
                settled_at=assessed_at,
            )

    def _lines(self) -> Iterator[tuple[BillLine, ...]]:
        """The lines of each month, oldest month first."""
        running = {scheme: [0] * _SUMS for scheme in self._schemes}
        for month in range(self._until + 1):
            lines = []
            for scheme, sums in running.items():
                change = self._changes[scheme][month]
                if any(change):
                    for place, value in enumerate(change):
                        sums[place] += value
                if sums[0]:
                    lines.append(_line(scheme, sums))
            yield tuple(lines)


def _wages(plan: CityPlan, life: Life) -> Mapping[int, int]:
    return {year: life.pay.wage(band) for year, band in plan.law.bands.items()}


def _add(changes: list[list[int]], first: int, last: int, wage: int, amounts: Amounts) -> None:
    """One person more from the first month to the last."""
    base, employer, person, account_employer, account_person, _ = amounts
    values = (1, wage, base, employer, person, account_employer, account_person)
    begin, end = changes[first], changes[last + 1]
    for place, value in enumerate(values):
        begin[place] += value
        end[place] -= value


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


def _function(plan: CityPlan) -> str:
    """How this region assesses: P29, or the settlement without changes where it has none."""
    return _ASSESSMENT if any(entry.function == _ASSESSMENT for entry in plan.policy.menu) else _WITHOUT_CHANGES
