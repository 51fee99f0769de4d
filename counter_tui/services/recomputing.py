"""A bill of this counter computed again with today's figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.operations.recomputing import BillNotHere, recompute
from counter_tui.policy.loaded import with_loaded
from counter_tui.policy.provisional import provisional_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.operations.recomputing import Recomputation
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import LocalStore, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class BillAgain:
    """A bill computed again, with the names of the persons by number."""

    found: Recomputation
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputeBill:
    """Read a bill with its roster and compute it by the law of its day and by today's."""

    store: LocalStore
    policy: Policy
    """The law of today."""
    shipped: Policy
    """The law before anything was loaded."""

    async def __call__(self, number: str) -> BillAgain:
        """Compute the bill of that number. Raises as `recompute`; BillNotHere when this counter does not have it."""
        return await self.store.read(lambda reading: self._again(reading, number))

    def _again(self, reading: Reading, number: str) -> BillAgain:
        register = reading.register
        bill = register.bill(number)
        if bill is None:
            raise BillNotHere(number=number)
        day = bill.assessed_at.astimezone(BEIJING).date()
        then = provisional_policy(with_loaded(self.shipped, register.figures_files(), day), day)
        now = provisional_policy(self.policy, date.max)
        found = recompute(register, then, now, bill, register.roster(number))
        persons = {row.row.person for row in found.rows}
        names = {each: person.name for each in persons if (person := register.person(each)) is not None}
        return BillAgain(found=found, names=names)
