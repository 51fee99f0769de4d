"""Gathering what a form may know from the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.bills import MonthState
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.citizens import upgrade_citizen_id
from counter_tui.errors import CounterError
from counter_tui.forms.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from counter_tui.domain.people import Person
    from counter_tui.operations.register import Register

_DONE = frozenset({MonthState.ASSESSED, MonthState.PAID})


def gather(
    register: Register,
    *,
    employer: str,
    id_number: str,
    today: date,
    editing: str = "",
    training: bool,
    named: Iterable[str] = (),
) -> Facts:
    """The register around one declaration, as its checks see it.

    Args:
        register: one consistent look.
        employer: number of the employer in reception, empty without one.
        id_number: identity number or 个人编号 of the person, empty without one.
        today: business date in Beijing time.
        editing: id of the item that is being corrected.
        training: whether this is practice.
        named: other identity numbers of the declaration, whose holders must be known.
    """
    unit = register.employer(employer) if employer else None
    month = unit.settlement_month if unit else YearMonth.of(today)
    person = _person(register, id_number, today) if id_number else None
    coverages = tuple(register.coverages(person.number)) if person else ()
    numbers = {person.id_number, *person.former_numbers} if person else {id_number} if id_number else set()
    kept = register.unit_month(employer, month) if unit else None
    others = {entry.employer for entry in coverages}
    held = ((number, register.person_by_id(number)) for number in named)
    return Facts(
        today=today,
        month=month,
        employer=unit,
        person=person,
        coverages=coverages,
        open_items=tuple(item for number in sorted(numbers) for item in register.open_items(number)),
        settled=kept is not None and kept.state in _DONE,
        editing=register.item(editing) if editing else None,
        employer_names={number: found.name for number in others if (found := register.employer(number))},
        holders={number: holder.number for number, holder in held if holder},
        training=training,
    )


def _person(register: Register, id_number: str, today: date) -> Person | None:
    """By identity number, present or former, of 18 or 15 digits; else by 个人编号."""
    found = register.person_by_id(id_number) or register.person(id_number)
    if found is not None:
        return found
    try:
        return register.person_by_id(upgrade_citizen_id(id_number, today).number)
    except CounterError:
        return None
