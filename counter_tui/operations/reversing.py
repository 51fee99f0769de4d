"""Booking back what an approved item wrote (T15): a supervisor, before the month is assessed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from counter_tui.domain.coverage import Coverage, CoverageState
from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.people import Person
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import stop, stop_text
from counter_tui.operations.approvals import logged
from counter_tui.operations.canonical import read
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import employer_of
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected
from counter_tui.operations.rights import in_groups, must_hold, not_own_work
from counter_tui.operations.settling import CHANGES, DONE
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from counter_tui.domain.problems import Problem
    from counter_tui.operations.outcome import Record

OPPOSITE = {"P01": "21", "P05": "12", "P10": "31", "P11": "98"}
"""CL-CHANGE of the line that books an item of a function back."""


class _MovedOn(Exception):  # not an error: the reversal becomes a conflict
    """The register changed again since the item was approved."""


@decides("item.reverse", at_hub=True)
def reverse_item(case: Case) -> Outcome:
    """D4 → D9: a supervisor takes back what was approved; the opposite effect is booked.

    What changed again since the approval is a conflict: nothing later is overwritten.
    """
    item = case.register.item(case.operation.body["item"])
    if item is None or item.employer != employer_of(case):
        return rejected(stop_text(None, "申报记录不存在，请按 F5 刷新"))
    if refusal := must_hold(case, Right.REVERSE) or in_groups(case, item.function) or not_own_work(case, item):
        return rejected(refusal)
    if refusal := _unfit(case, item):
        return rejected(refusal)
    reason = case.operation.body["reason"].strip()
    void = replace(item, state=ItemState.VOID, reason=reason, decided=stamp(case.operation))
    try:
        booked = (*_person_back(case, item), *_coverages_back(case, item), *_claims_back(case, item))
    except _MovedOn:
        return conflict(f"受理号 {item.shown_number}：登记情况在审核后又有变化，不能冲销，请办理相反的业务")
    return applied(void, *booked, *_log(case, item), step(case, void, item.state, reason))


def _unfit(case: Case, item: Item) -> Problem | None:
    if item.state is not ItemState.APPROVED:
        return stop_text(None, "只有审核通过且未结算的申报可以冲销")
    if not case.operation.body["reason"].strip():
        return stop_text("reason", "冲销必须填写原因")
    month = case.register.unit_month(item.employer, item.month)
    if item.function in CHANGES and month is not None and month.state in DONE:
        return stop(None, "M27", str(item.month))
    return None


def _person_back(case: Case, item: Item) -> tuple[Record, ...]:
    written = item.undo["written"]["person"]
    now = case.register.person(item.person)
    if written is None or now is None:
        return ()
    after = read(Person, written)
    if item.undo["person"] is None:
        # The file was made by this item; the person stays known, with no employer.
        return (replace(now, employer=""),)
    before = read(Person, item.undo["person"])
    back: dict[str, Any] = {}
    for each in fields(Person):
        was, became = getattr(before, each.name), getattr(after, each.name)
        if was != became:
            if getattr(now, each.name) != became:
                raise _MovedOn
            back[each.name] = was
    person = replace(now, **back)
    following = tuple(
        replace(each, id_number=person.id_number, person_name=person.name)
        for each in case.register.open_items(now.id_number)
        if back.keys() & {"id_number", "name"}
    )
    return (person, *following)


def _coverages_back(case: Case, item: Item) -> tuple[Coverage, ...]:
    now = {entry.scheme: entry for entry in case.register.coverages(item.person)}
    before = {entry.scheme: entry for entry in read(tuple[Coverage, ...], item.undo["coverages"])}
    after = read(tuple[Coverage, ...], item.undo["written"]["coverages"])
    if any(now.get(entry.scheme) != entry for entry in after):
        raise _MovedOn
    return tuple(
        before.get(entry.scheme) or replace(entry, state=CoverageState.NOT_INSURED, changed_on=case.today)
        for entry in after
    )


def _claims_back(case: Case, item: Item) -> tuple[Record, ...]:
    mine = [entry for entry in case.register.entitlements(item.employer) if entry.item == item.id]
    if any(entry.state != "open" for entry in mine):
        raise _MovedOn
    return tuple(replace(entry, state="reversed") for entry in mine)


def _log(case: Case, item: Item) -> tuple[Record, ...]:
    person = case.register.person(item.person)
    if person is None:
        return ()
    schemes = tuple(item.body.get("schemes", ()))
    return (logged(case, item, person, kind=OPPOSITE[item.function], on=case.today, schemes=schemes),)
