"""What takes effect when an item is approved."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from counter_tui.domain.coverage import Coverage, CoverageChange, CoverageState, Entitlement
from counter_tui.domain.people import Person, PersonChange, PersonState
from counter_tui.domain.problems import Rejected
from counter_tui.forms.catalog.suspension import DEATH, RETIREMENT
from counter_tui.forms.spec import form
from counter_tui.operations.canonical import builtins, read
from counter_tui.operations.facts import gather
from counter_tui.operations.outcome import Outcome, applied, conflict
from counter_tui.operations.stamps import step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from counter_tui.domain.declarations import Item, ItemState
    from counter_tui.forms.catalog.enrolment import Enrol
    from counter_tui.forms.catalog.information import Correction
    from counter_tui.forms.catalog.suspension import Suspend
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Declaration
    from counter_tui.operations.decide import Case
    from counter_tui.operations.outcome import Record

Effect: TypeAlias = "Callable[[Case, Item, Any, Facts], tuple[Record, ...]]"

_EFFECTS: dict[str, Effect] = {}

CHANGE_OF_VERDICT = {"参保登记": "11", "续保": "12", "单位间转移": "14", "险种新增": "11"}
"""CL-CHANGE of an enrolment."""
REASON_OF_VERDICT = {"参保登记": "111", "续保": "121", "单位间转移": "141", "险种新增": "111"}
"""CL-REASON of an enrolment."""
CHANGE_OF_REASON = {"231": "23", "241": "24", "251": "25"}
"""CL-CHANGE of a stop where it is not 22 停保 or 21 退保."""
IDENTITY = frozenset({"name", "id_type", "id_number", "sex", "born"})
"""What an enrolment of somebody on file leaves as it is: only P10 corrects it."""
LIFE_AFTER = {DEATH: PersonState.ENDED, RETIREMENT: PersonState.RETIRED}
"""State of a person's file after a stop that ends more than the coverage."""


def takes_effect(function: str) -> Callable[[Effect], Effect]:
    """Name what the approval of a function's item writes."""

    def named(effect: Effect) -> Effect:
        _EFFECTS[function] = effect
        return effect

    return named


def facts_around(case: Case, employer: str, declaration: Declaration, id_number: str, editing: str) -> Facts:
    """The register around a declaration that is judged again."""
    return gather(
        case.register,
        employer=employer,
        id_number=id_number,
        today=case.today,
        editing=editing,
        training=case.operation.training,
        named=declaration.named,
    )


def approve(case: Case, item: Item, before: ItemState | None) -> Outcome:
    """The effects of an item that passes: the item itself, the register's rows, the change log, its step.

    The declaration is judged once more against the register as it is now: a person who was
    enrolled elsewhere meanwhile is a conflict (L12), never a silent overwrite.

    Args:
        case: the decision, or the save of a kind that takes effect at once.
        item: as it is once approved.
        before: the state it comes from; None when it is saved only now.
    """
    asked = form(item.function).in_region(case.policy)
    declaration = read(asked.declaration, item.body)
    facts = facts_around(case, item.employer, declaration, item.id_number, item.id)
    reading = asked.read_overridden if item.override else asked.read
    try:
        reading(asked.texts(declaration), facts, case.policy)
    except Rejected as refusal:
        return conflict(f"受理号 {item.shown_number}：{refusal.sentence}")
    now = declaration.verdict_word(facts)
    if now != item.verdict:
        return conflict(
            f"受理号 {item.shown_number}：登记情况已变化（原为{item.verdict}，现为{now}），请退回后重新申报"
        )
    written = _EFFECTS[item.function](case, item, declaration, facts)
    person = next((row for row in written if isinstance(row, Person)), facts.person)
    passed = replace(
        item,
        person=person.number if person else item.person,
        month=facts.month,
        undo=_undo(facts, written),
    )
    return applied(passed, *written, step(case, passed, before))


def _undo(facts: Facts, written: Sequence[Record]) -> dict[str, Any]:
    """What stood there before an approval and what it wrote, so that a reversal finds both."""
    person = next((row for row in written if isinstance(row, Person)), None)
    coverages = [row for row in written if isinstance(row, Coverage)]
    schemes = {row.scheme for row in coverages}
    return {
        "person": builtins(facts.person),
        "coverages": [builtins(entry) for entry in facts.coverages if entry.scheme in schemes],
        "written": {"person": builtins(person), "coverages": builtins(coverages)},
    }


@takes_effect("P01")
def enrol(case: Case, item: Item, declaration: Enrol, facts: Facts) -> tuple[Record, ...]:
    """The person's file, one paying coverage for each scheme, the log, the months to collect."""
    number = facts.person.number if facts.person else case.register.next_person_number()
    person = _filed(declaration, facts, number)
    reason = REASON_OF_VERDICT[item.verdict]
    coverages = tuple(
        Coverage(
            person=number,
            scheme=scheme,
            employer=item.employer,
            state=CoverageState.PAYING,
            since=declaration.since,
            first_month=facts.month,
            wage=declaration.wage,
            changed_on=declaration.since,
            reason=reason,
            scope=declaration.scope,
            rate_class=declaration.rate_class or "1",
        )
        for scheme in declaration.schemes
    )
    change = logged(
        case,
        item,
        person,
        kind=CHANGE_OF_VERDICT[item.verdict],
        on=declaration.since,
        schemes=declaration.schemes,
        reason=reason,
        wage=declaration.wage,
    )
    return (person, *coverages, change, *_to_collect(item, number, declaration, facts))


def _to_collect(item: Item, person: str, declaration: Enrol, facts: Facts) -> tuple[Entitlement, ...]:
    back = declaration.back_months(facts)
    if not back:
        return ()
    owed = Entitlement(
        item=item.id,
        employer=item.employer,
        person=person,
        schemes=declaration.schemes,
        since=back[0],
        until=back[-1],
        wage=declaration.wage,
    )
    return (owed,)


def _filed(declaration: Enrol, facts: Facts, number: str) -> Person:
    """The person's file after an enrolment: what the form asks replaces what was there."""
    asked = {each.name for each in fields(Person)} & {each.name for each in fields(declaration)}
    asked -= {"number", "employer", "remark", "first_enrolled"}
    typed = {name: value for name in asked if (value := getattr(declaration, name)) not in {"", None}}
    known = facts.person
    first = declaration.first_enrolled or (known.first_enrolled if known else None) or declaration.since
    if known is None:
        return Person(number=number, employer=facts.here, first_enrolled=first, **typed)
    typed = {name: value for name, value in typed.items() if name not in IDENTITY}
    # Work injury alone, beside another employer, does not move the person.
    moved = known.employer if facts.paying_elsewhere and not facts.paying_here else facts.here
    return replace(known, **typed, employer=moved, first_enrolled=first, state=PersonState.WORKING)


@takes_effect("P05")
def suspend(case: Case, item: Item, declaration: Suspend, facts: Facts) -> tuple[Record, ...]:
    """The coverages stop; death, emigration and retirement end them, every other reason suspends (SM-XY rule)."""
    person = _on_file(item, facts)
    stopped = tuple(
        replace(
            entry,
            state=declaration.state_after,
            stopped_on=declaration.on,
            first_unpaid=declaration.first_unpaid(case.policy),
            changed_on=declaration.on,
            reason=declaration.reason,
        )
        for entry in facts.paying_here
        if entry.scheme in declaration.schemes
    )
    change = logged(
        case,
        item,
        person,
        kind=CHANGE_OF_REASON.get(declaration.reason, "21" if declaration.ends else "22"),
        on=declaration.on,
        schemes=declaration.schemes,
        reason=declaration.reason,
        wage=stopped[0].wage,
    )
    life = LIFE_AFTER.get(declaration.reason)
    return (*((replace(person, state=life),) if life else ()), *stopped, change)


@takes_effect("P10")
@takes_effect("P11")
def correct(case: Case, item: Item, declaration: Correction, facts: Facts) -> tuple[Record, ...]:
    """The file is updated, the old values stay in its history, open items follow a new identity number."""
    before = _on_file(item, facts)
    changed = declaration.changes(facts)
    person = replace(before, **changed)
    if person.id_number != before.id_number:
        person = replace(person, former_numbers=(*before.former_numbers, before.id_number))
    history = tuple(
        PersonChange(
            operation=case.operation.op_id,
            person=person.number,
            field=name,
            before=_written(getattr(before, name)),
            after=_written(value),
            on=case.today,
        )
        for name, value in changed.items()
    )
    following = tuple(
        replace(each, id_number=person.id_number, person_name=person.name)
        for each in facts.open_items
        if each.id != item.id and (each.id_number, each.person_name) != (person.id_number, person.name)
    )
    change = logged(case, item, person, kind="31" if item.function == "P10" else "98", on=case.today)
    return (person, *history, *following, change)


def _on_file(item: Item, facts: Facts) -> Person:
    if facts.person is None:
        raise KeyError(item.id_number)
    return facts.person


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def logged(
    case: Case,
    item: Item,
    person: Person,
    *,
    kind: str,
    on: date,
    schemes: tuple[str, ...] = (),
    reason: str = "",
    wage: int = 0,
) -> CoverageChange:
    """One line of the change log; `kind` is CL-CHANGE, `wage` in fen."""
    return CoverageChange(
        operation=case.operation.op_id,
        item=item.id,
        employer=item.employer,
        person=person.number,
        id_number=person.id_number,
        name=person.name,
        kind=kind,
        schemes=schemes,
        reason=reason,
        on=on,
        month=item.month,
        wage=wage,
    )
