"""A training city held in memory, and as much of the register as gathering facts asks for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from counter_tui.domain.bills import Bill, UnitMonth
from counter_tui.domain.contributions import ContributionSpan
from counter_tui.domain.coverage import Coverage
from counter_tui.domain.employers import Employer
from counter_tui.domain.people import Person
from counter_tui.policy.regions import load_policy
from counter_tui.training.city import build_city

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.declarations import Item
    from counter_tui.operations.outcome import Record

TODAY = date(2026, 11, 23)
REGIONS = {name: load_policy(name, training=True) for name in ("handan", "tianjin", "dalian", "yuanbo", "generic")}


@dataclass
class City:
    """What was built, by its keys; answers what `gather` asks."""

    employers: dict[str, Employer] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    held: dict[str, list[Coverage]] = field(default_factory=lambda: defaultdict(list))
    spans: list[ContributionSpan] = field(default_factory=list)
    issued: dict[str, Bill] = field(default_factory=dict)
    months: dict[tuple[str, YearMonth], UnitMonth] = field(default_factory=dict)

    def employer(self, number: str) -> Employer | None:
        return self.employers.get(number)

    def person(self, number: str) -> Person | None:
        return self.persons.get(number)

    def person_by_id(self, id_number: str) -> Person | None:
        return next((person for person in self.persons.values() if person.id_number == id_number), None)

    def coverages(self, person: str) -> Sequence[Coverage]:
        return self.held.get(person, [])

    def coverages_of_employer(self, employer: str) -> Iterable[Coverage]:
        return [entry for held in self.held.values() for entry in held if entry.employer == employer]

    def unit_month(self, employer: str, month: YearMonth) -> UnitMonth | None:
        return self.months.get((employer, month))

    def open_items(self, id_number: str) -> Sequence[Item]:
        del id_number
        return ()

    def items_of_month(self, employer: str, month: YearMonth) -> Sequence[Item]:
        del employer, month
        return ()

    def item(self, item: str) -> Item | None:
        del item
        return None

    def bills_of(self, employer: str) -> list[Bill]:
        return [bill for bill in self.issued.values() if bill.employer == employer]


def collected(records: Iterable[Record | ContributionSpan]) -> City:
    city = City()
    for record in records:
        match record:
            case Employer():
                assert record.number not in city.employers
                city.employers[record.number] = record
            case Person():
                assert record.number not in city.persons
                city.persons[record.number] = record
            case Coverage():
                city.held[record.person].append(record)
            case ContributionSpan():
                city.spans.append(record)
            case Bill():
                assert record.number not in city.issued
                city.issued[record.number] = record
            case UnitMonth():
                assert (record.employer, record.month) not in city.months
                city.months[record.employer, record.month] = record
            case _:
                raise AssertionError(record)
    return city


@cache
def city_of(region: str) -> City:
    return collected(build_city(REGIONS[region], employers=50, persons=1_800, seed=7, today=TODAY))
