"""What takes effect when an item is approved, and what is booked back when it is reversed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from counter_tui.domain.codes import codelist
from counter_tui.domain.coverage import Coverage, CoverageChange, CoverageState, Entitlement
from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.people import Person, PersonChange, PersonState
from counter_tui.domain.problems import Rejected
from counter_tui.forms.spec import form
from counter_tui.operations.canonical import builtins, read
from counter_tui.operations.facts import gather
from counter_tui.operations.outcome import Outcome, applied, conflict
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.forms.catalog.enrolment import Enrol
    from counter_tui.forms.catalog.suspension import Suspend
    from counter_tui.forms.facts import Facts
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


def takes_effect(function: str) -> Callable[[Effect], Effect]:
    """Name what the approval of a function's item writes."""

    def named(effect: Effect) -> Effect:
        _EFFECTS[function] = effect
        return effect

    return named


def approve(case: Case, item: Item) -> Outcome:
    """The effects of an item that passes: the item itself, the register's rows, the change log.

    The declaration is judged once more against the register as it is now: a person who was
    enrolled elsewhere meanwhile is a conflict (L12), never a silent overwrite.
    """
    asked = form(item.function).in_region(case.policy)
    declaration = read(asked.declaration, item.body)
    facts = gather(
        case.register,
        employer=item.employer,
        id_number=item.id_number,
        today=case.today,
        editing=item.id,
        training=case.operation.training,
    )
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
    person = next((row.number for row in written if isinstance(row, Person)), item.person)
    undo = {
        "person": builtins(facts.person) if facts.person else None,
        "coverages": [builtins(entry) for entry in facts.coverages],
    }
    return applied(replace(item, person=person, undo=undo), *written)


@takes_effect("P01")
def enrol(case: Case, item: Item, declaration: Enrol, facts: Facts) -> tuple[Record, ...]:
    """The person's file, one paying coverage for each scheme, the log, the months to collect (states.md §9)."""
    known = facts.person
    number = known.number if known else case.register.next_person_number()
    person = _filed(declaration, facts, number)
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
            reason=REASON_OF_VERDICT[item.verdict],
            scope=declaration.scope,
            rate_class=declaration.rate_class or "1",
        )
        for scheme in declaration.schemes
    )
    change = _logged(
        case, item, person, declaration.schemes, kind=CHANGE_OF_VERDICT[item.verdict], on=declaration.since
    )
    change = replace(change, reason=REASON_OF_VERDICT[item.verdict], wage=declaration.wage)
    back = declaration.back_months(facts)
    if not declaration.back_collect or not back:
        return (person, *coverages, change)
    owed = Entitlement(
        item=item.id,
        employer=item.employer,
        person=number,
        schemes=declaration.schemes,
        since=back[0],
        until=back[-1],
        wage=declaration.wage,
    )
    return (person, *coverages, change, owed)


def _filed(declaration: Enrol, facts: Facts, number: str) -> Person:
    """The person's file after an enrolment: what the form asks replaces what was there."""
    asked = {each.name for each in fields(Person)} & {each.name for each in fields(declaration)}
    asked -= {"number", "employer", "remark"}
    typed = {name: getattr(declaration, name) for name in asked if getattr(declaration, name) not in {"", None}}
    first = declaration.first_enrolled or (facts.person.first_enrolled if facts.person else None) or declaration.since
    typed["first_enrolled"] = first
    if facts.person is not None:
        return replace(facts.person, **typed, employer=facts.here, state=PersonState.WORKING)
    return Person(number=number, employer=facts.here, **typed)


@takes_effect("P05")
def suspend(case: Case, item: Item, declaration: Suspend, facts: Facts) -> tuple[Record, ...]:
    """The coverages stop; death and retirement end them, every other reason suspends (SM-XY rule)."""
    if facts.person is None:
        raise KeyError(item.id_number)
    ends = codelist("CL-REASON").group(declaration.reason) == "T"
    state = CoverageState.ENDED if ends else CoverageState.SUSPENDED
    first_unpaid = declaration.first_unpaid(case.policy)
    stopped = tuple(
        replace(
            entry,
            state=state,
            stopped_on=declaration.on,
            first_unpaid=first_unpaid,
            changed_on=declaration.on,
            reason=declaration.reason,
        )
        for entry in facts.paying_here
        if entry.scheme in declaration.schemes
    )
    kind = CHANGE_OF_REASON.get(declaration.reason, "21" if ends else "22")
    change = _logged(case, item, facts.person, declaration.schemes, kind=kind, on=declaration.on)
    change = replace(change, reason=declaration.reason, wage=stopped[0].wage if stopped else 0)
    life = {"211": PersonState.ENDED, "251": PersonState.RETIRED}.get(declaration.reason)
    person = (replace(facts.person, state=life),) if life else ()
    return (*person, *stopped, change)


@takes_effect("P10")
@takes_effect("P11")
def correct(case: Case, item: Item, declaration: Any, facts: Facts) -> tuple[Record, ...]:
    """The file is updated, the old values stay in its history, open items follow a new identity number."""
    if facts.person is None:
        raise KeyError(item.id_number)
    changed: dict[str, Any] = declaration.changes(facts)
    person = replace(facts.person, **changed)
    if person.id_number != facts.person.id_number:
        person = replace(person, former_numbers=(*facts.person.former_numbers, facts.person.id_number))
    history = tuple(
        PersonChange(
            operation=case.operation.op_id,
            person=person.number,
            field=name,
            before=_written(getattr(facts.person, name)),
            after=_written(value),
            on=case.today,
        )
        for name, value in changed.items()
    )
    following = tuple(
        replace(each, id_number=person.id_number, person_name=person.name)
        for each in facts.open_items
        if each.id != item.id
    )
    change = _logged(case, item, person, (), kind="31" if item.function == "P10" else "98", on=case.today)
    return (person, *history, *following, change)


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def _logged(case: Case, item: Item, person: Person, schemes: tuple[str, ...], *, kind: str, on: Any) -> CoverageChange:
    return CoverageChange(
        operation=case.operation.op_id,
        item=item.id,
        employer=item.employer,
        person=person.number,
        id_number=person.id_number,
        name=person.name,
        kind=kind,
        schemes=schemes,
        reason="",
        on=on,
        month=item.month,
        wage=0,
    )


def reverse(case: Case, item: Item) -> Outcome:
    """Book back what an approved item wrote (T15): the rows return to what they were before it.

    A coverage that an approval created becomes *not insured*; one that moved on since is a conflict.
    """
    now = {entry.scheme: entry for entry in case.register.coverages(item.person)}
    before = {entry.scheme: entry for entry in (read(Coverage, row) for row in item.undo["coverages"])}
    mine = tuple(item.body.get("schemes", ()))
    for scheme in mine:
        if scheme not in now or now[scheme].employer != item.employer:
            return conflict("参保关系在审核后又有变化，不能冲销")
    restored = tuple(
        before.get(scheme) or replace(now[scheme], state=CoverageState.NOT_INSURED, changed_on=case.today)
        for scheme in mine
    )
    void = replace(item, state=ItemState.VOID, reason=case.operation.body["reason"], decided=stamp(case.operation))
    person = (read(Person, item.undo["person"]),) if item.undo["person"] else ()
    dropped = tuple(
        replace(entry, state="reversed") for entry in case.register.entitlements(item.employer) if entry.item == item.id
    )
    return applied(void, *person, *restored, *dropped, step(case, void, item.state, case.operation.body["reason"]))
