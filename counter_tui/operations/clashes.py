"""What the hub makes of a declaration that the register overtook on its way up (conflict policy by function)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.declarations import ItemState
from counter_tui.forms.catalog.information import NOTHING_CHANGED
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.coverage import Coverage
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.problems import Rejected
    from counter_tui.operations.decide import Case

CLASHES = frozenset({"M08", "M09", "M10", "M11", "M27"})
"""Refusals that say: somebody else was here first."""
_STOPPED = frozenset({CoverageState.SUSPENDED, CoverageState.ENDED})


def month_settled(case: Case, employer: str) -> Outcome | None:
    """Conflict for a declaration made before its month was settled from elsewhere.

    The maker's clock is asked only when another device did change the employer since he saw it.
    """
    operation = case.operation
    if case.register.last_change_by_others(operation.unit_id, operation.device_id) <= operation.base_ver:
        return None
    known = case.register.employer(employer)
    last = known and case.register.unit_month(employer, known.settlement_month - 1)
    if not last or last.settled_at <= operation.made_at:
        return None
    return conflict(f"{last.month} 在本机送达前已结算，请改在下月办理、办理补收，或由两人核定回退后重办")


def overtaken(case: Case, function: str, employer: str, refusal: Rejected) -> Outcome:
    """The hub's answer to a declaration that fails the checks its counter passed.

    Equal content twice takes no effect and is linked; a stop of the month in which the person is stopped already
    likewise. Somebody else's open item or coverage is a conflict, everything else a rejection. At the counter
    all of it is a rejection: the clerk reads the message and corrects.
    """
    if not case.at_hub:
        return rejected(*refusal.problems)
    body = case.operation.body["form"]
    if twin := next(_twins(case, function, employer, body), None):
        return applied(link=twin.id)
    if function == "P05" and (stopped := _already_stopped(case, employer, body)):
        return stopped
    if function == "P11" and any(NOTHING_CHANGED in problem.facts for problem in refusal.problems):
        return applied()
    if any(problem.message in CLASHES for problem in refusal.problems):
        return conflict(refusal.sentence)
    return rejected(*refusal.problems)


def _twins(case: Case, function: str, employer: str, body: dict[str, Any]) -> Iterator[Item]:
    """Items with the same content that stand, whoever saved them."""
    known = case.register.employer(employer)
    this_month = case.register.items_of_month(employer, known.settlement_month) if known else ()
    for item in (*case.register.open_items(body["id_number"]), *this_month):
        stands = item.state not in {ItemState.VOID, ItemState.REJECTED}
        if stands and (item.function, item.employer, item.body) == (function, employer, body):
            yield item


def _already_stopped(case: Case, employer: str, body: dict[str, Any]) -> Outcome | None:
    person = case.register.person_by_id(body["id_number"])
    held: list[Coverage] = [
        entry
        for entry in (case.register.coverages(person.number) if person else ())
        if entry.scheme in body["schemes"] and entry.employer == employer
    ]
    days = [entry.stopped_on for entry in held if entry.stopped_on and entry.state in _STOPPED]
    if not days or len(days) < len(held):
        return None
    wanted = YearMonth.of(date.fromisoformat(body["on"]))
    if {YearMonth.of(day) for day in days} == {wanted}:
        return applied(link=_stop_of(case, employer, held[0]))
    return conflict(f"该人员已于 {max(days).isoformat()} 停保，请核对停保年月")


def _stop_of(case: Case, employer: str, stopped: Coverage) -> str:
    """The operation that stopped a coverage; empty when that was before this register's log."""
    known = case.register.employer(employer)
    months = (known.settlement_month - 1, known.settlement_month) if known else ()
    lines = [
        line
        for month in months
        for line in case.register.changes(employer, month)
        if line.person == stopped.person and line.reason == stopped.reason
    ]
    return lines[-1].operation if lines else ""
