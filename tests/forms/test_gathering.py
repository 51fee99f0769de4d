"""What a form learns from the register."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from counter_tui.domain.bills import MonthState, UnitMonth
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.declarations import ItemState
from counter_tui.operations.facts import gather
from tests.forms.cases import EMPLOYER, MONTH, OTHER, PERSON, TODAY, ZHANG, coverage, employer, id_number, item

if TYPE_CHECKING:
    from counter_tui.domain.coverage import Coverage
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.people import Person
    from counter_tui.forms.facts import Facts
    from counter_tui.operations.register import Register


@dataclass
class FakeRegister:
    """As much of a register as a form asks."""

    employers: tuple[Employer, ...] = (EMPLOYER, employer(number=OTHER, name="邯郸演练商贸有限公司"))
    persons: tuple[Person, ...] = (PERSON,)
    held: tuple[Coverage, ...] = (coverage("110"), coverage("310", employer=OTHER))
    items: tuple[Item, ...] = ()
    months: dict[YearMonth, MonthState] = field(default_factory=dict)

    def employer(self, number: str) -> Employer | None:
        return next((each for each in self.employers if each.number == number), None)

    def person(self, number: str) -> Person | None:
        return next((each for each in self.persons if each.number == number), None)

    def person_by_id(self, number: str) -> Person | None:
        return next((each for each in self.persons if number in (each.id_number, *each.former_numbers)), None)

    def coverages(self, person: str) -> tuple[Coverage, ...]:
        return tuple(each for each in self.held if each.person == person)

    def open_items(self, number: str) -> tuple[Item, ...]:
        return tuple(each for each in self.items if each.id_number == number)

    def item(self, wanted: str) -> Item | None:
        return next((each for each in self.items if each.id == wanted), None)

    def unit_month(self, number: str, month: YearMonth) -> UnitMonth | None:
        state = self.months.get(month)
        at = datetime(2026, 7, 26, tzinfo=UTC)
        if state is None:
            return None
        return UnitMonth(employer=number, month=month, state=state, bill="b", function="P29", settled_at=at)


def around(register: FakeRegister, number: str = ZHANG, editing: str = "", named: tuple[str, ...] = ()) -> Facts:
    return gather(
        cast("Register", register),
        employer=EMPLOYER.number,
        id_number=number,
        today=TODAY,
        editing=editing,
        training=True,
        named=named,
    )


def test_a_person_comes_with_coverages_everywhere_and_the_names_of_the_employers() -> None:
    facts = around(FakeRegister())
    assert (facts.person, facts.month, facts.here) == (PERSON, MONTH, EMPLOYER.number)
    assert [entry.scheme for entry in facts.paying_here] == ["110"]
    assert [entry.scheme for entry in facts.paying_elsewhere] == ["310"]
    assert facts.employer_names[OTHER] == "邯郸演练商贸有限公司"


def test_a_person_is_found_by_every_number_he_ever_had() -> None:
    old = id_number("19900102")
    register = FakeRegister(persons=(replace(PERSON, former_numbers=(old,)),))
    fifteen = ZHANG[:6] + ZHANG[8:17]
    for number in (ZHANG, old, PERSON.number, fifteen):
        assert around(register, number).person is not None
    assert around(register, id_number("19900103")).person is None


def test_items_under_a_former_number_are_still_open() -> None:
    old = id_number("19900102")
    waiting = replace(item("P10", ItemState.SUBMITTED), id_number=old)
    register = FakeRegister(persons=(replace(PERSON, former_numbers=(old,)),), items=(waiting,))
    assert around(register).open_items == (waiting,)


def test_a_newcomer_may_have_open_items_too() -> None:
    waiting = replace(item("P01", ItemState.TO_SUBMIT), id_number=id_number("19900103"))
    facts = around(FakeRegister(items=(waiting,)), waiting.id_number, editing=waiting.id)
    assert (facts.person, facts.open_items, facts.editing) == (None, (waiting,), waiting)


def test_a_month_is_settled_once_it_is_assessed_and_open_again_once_rolled_back() -> None:
    assert around(FakeRegister(months={MONTH: MonthState.ASSESSED})).settled
    assert not around(FakeRegister(months={MONTH: MonthState.ROLLED_BACK})).settled
    assert not around(FakeRegister()).settled


def test_the_holder_of_another_number_is_named() -> None:
    other = replace(PERSON, number="1304000000999", id_number=id_number("19910203"))
    register = FakeRegister(persons=(PERSON, other))
    free = id_number("19910204")
    assert around(register, named=(other.id_number, free)).holders == {other.id_number: other.number}


def test_without_an_employer_the_month_is_that_of_the_day() -> None:
    facts = gather(cast("Register", FakeRegister()), employer="", id_number="", today=TODAY, training=True)
    assert (facts.month, facts.here, facts.person, facts.open_items) == (YearMonth(2026, 7), "", None, ())
