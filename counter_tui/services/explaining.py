"""What a clerk asks of an amount: how it came about, as it was worked out, down to the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.problems import Rejected, stop_text
from counter_tui.operations.explaining import Dues
from counter_tui.policy.loaded import with_loaded
from counter_tui.policy.provisional import provisional_policy

if TYPE_CHECKING:
    from counter_tui.domain.bills import Bill
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import LocalStore, Reading
    from counter_tui.services.settlement import Order, Trial


def trial_dues(trial: Trial, order: Order, policy: Policy, today: date) -> Dues | None:
    """What a trial worked out; None when a problem stopped it."""
    found = trial.assessment
    if found is None:
        return None
    law = provisional_policy(policy, today)
    return Dues(
        title=f"试算 {order.month}",
        employer=trial.employer,
        month=order.month,
        due_on=found.due_on,
        lines=found.lines,
        rows=found.roster,
        collected=found.collected,
        names=trial.names,
        marks=found.marks,
        worked_out=today,
        late_fee_until=order.late_fee_until,
        then=law,
        now=law,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainBill:
    """Read a bill with its roster, its back-collections and the names behind it."""

    store: LocalStore
    policy: Policy
    """The law of today."""
    shipped: Policy
    """The law before anything was loaded."""

    async def __call__(self, number: str) -> Dues:
        """What the bill of that number says. Raises Rejected when this counter does not have it."""
        return await self.store.read(lambda reading: self._dues(reading, number))

    def _dues(self, reading: Reading, number: str) -> Dues:
        register = reading.register
        bill = register.bill(number)
        employer = register.employer(bill.employer) if bill else None
        roster = register.roster(number)
        if bill is None or employer is None or roster is None:
            raise Rejected([stop_text(None, "本机没有这张核定单的明细，联网后按 F5 重新查询")])
        worked_out = bill.assessed_at.astimezone(BEIJING).date()
        collected = tuple(each for each in register.entitlements(bill.employer) if each.state == number)
        persons = {row.person for row in roster.rows} | {each.person for each in collected}
        return Dues(
            title=f"核定单 {number}",
            employer=employer,
            month=bill.month,
            due_on=bill.due_on,
            lines=bill.lines,
            rows=roster.rows,
            collected=collected,
            names={each: found.name for each in persons if (found := register.person(each)) is not None},
            marks=bill.marks,
            worked_out=worked_out,
            late_fee_until=_late_fee_until(reading, bill),
            then=provisional_policy(with_loaded(self.shipped, register.figures_files(), worked_out), worked_out),
            now=provisional_policy(self.policy, date.max),
        )


def _late_fee_until(reading: Reading, bill: Bill) -> date | None:
    """The day that was asked for, where the settlement was made at this counter."""
    entry = reading.entry(bill.operation)
    asked = entry.operation.body.get("late_fee_until") if entry is not None else None
    return date.fromisoformat(asked) if asked else None
