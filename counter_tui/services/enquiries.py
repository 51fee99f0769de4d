"""What a clerk looks up: persons, employers, items, the work that waits, masked values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.domain.declarations import ItemState
from counter_tui.operations.envelope import Proposal
from counter_tui.services.ports import Delivery

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import Coverage
    from counter_tui.domain.declarations import Item, Transition
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.people import Person
    from counter_tui.services.ports import Counts, LocalStore, OutboxEntry, Reading
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.seats import Seat

SETTLED = frozenset({Delivery.CONFLICT, Delivery.REJECTED})
"""What waits for a clerk and for nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Which items a list shows; empty fields do not narrow."""

    function: str = ""
    state: str = ""
    text: str = ""
    """Part of a name, or an identity number."""
    since: date | None = None
    until: date | None = None

    def takes(self, item: Item) -> bool:
        """Tell whether an item belongs to the list."""
        made = item.made.at.date()
        return (
            self.function in {"", item.function}
            and self.state in {"", str(item.state)}
            and (not self.text or self.text in item.person_name or item.id_number.endswith(self.text.upper()))
            and (self.since is None or made >= self.since)
            and (self.until is None or made <= self.until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """05 今日待办: what waits for this operator."""

    returned: tuple[Item, ...]
    to_submit: tuple[Item, ...]
    to_review: tuple[Item, ...]
    """Of the whole bureau; `reviewed_by` leaves those of the operator's groups."""
    roll_backs: int
    held: int
    """How many operations of the whole bureau the hub holds."""
    held_here: tuple[OutboxEntry, ...]
    """Those of this host."""
    troubled: tuple[OutboxEntry, ...]
    """In conflict or refused, and not yet seen."""

    def reviewed_by(self, operator: Operator) -> tuple[Item, ...]:
        """What waits for a review and is of a group in which the operator acts."""
        return tuple(item for item in self.to_review if not operator.lacks(item.function))


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiries:
    """Reads of the mirror. None of them changes anything but the access record."""

    record: RecordOperations
    store: LocalStore

    async def persons(self, text: str, *, employer: str = "") -> tuple[Person, ...]:
        """Up to 21 persons by number, last four, or name; 21 means there are more."""
        return await self.store.read(lambda r: tuple(r.find_persons(text, employer=employer)))

    async def employers(self, text: str) -> tuple[Employer, ...]:
        """Up to 21 employers by number, credit code, or name."""
        return await self.store.read(lambda r: tuple(r.find_employers(text)))

    async def employer(self, number: str) -> Employer | None:
        """An employer as the register knows it now."""
        return await self.store.read(lambda r: r.register.employer(number))

    async def coverages(self, person: str) -> tuple[Coverage, ...]:
        """A person's coverages."""
        return await self.store.read(lambda r: tuple(r.register.coverages(person)))

    async def items(self, employer: str, month: YearMonth, criteria: Criteria | None = None) -> tuple[Item, ...]:
        """An employer's items of a month that meet the criteria, oldest first, void ones left out."""
        wanted = criteria or Criteria()
        items = await self.store.read(lambda r: tuple(r.register.items_of_month(employer, month)))
        return tuple(item for item in items if item.state is not ItemState.VOID and wanted.takes(item))

    async def life(self, item: Item) -> tuple[Transition, ...]:
        """Every step of an item, oldest first."""
        return await self.store.read(lambda r: tuple(r.register.transitions(item.id)))

    async def delivery(self, item: Item) -> OutboxEntry | None:
        """How far the save of an item has come, when this host made it."""
        return await self.store.read(lambda r: r.entry(item.id))

    async def counts(self, operator: str) -> Counts:
        """Figures of the status bar."""
        return await self.store.read(lambda r: r.counts(operator))

    async def worklist(self, operator: str) -> Worklist:
        """What waits: returned and unsubmitted items of this operator, items to review, refused operations."""
        return await self.store.read(lambda r: self._worklist(r, operator))

    def _worklist(self, reading: Reading, operator: str) -> Worklist:
        def mine(state: ItemState) -> tuple[Item, ...]:
            return tuple(i for i in reading.register.items_in(frozenset({state})) if i.made.operator == operator)

        waiting = frozenset({ItemState.SUBMITTED, ItemState.IN_REVIEW})
        under_way = reading.outbox()
        return Worklist(
            returned=mine(ItemState.REJECTED),
            to_submit=mine(ItemState.TO_SUBMIT),
            to_review=tuple(reading.register.items_in(waiting)),
            roll_backs=len(reading.register.roll_backs()),
            held=reading.held(),
            held_here=tuple(entry for entry in under_way if entry.delivery is Delivery.HELD),
            troubled=tuple(entry for entry in under_way if entry.delivery in SETTLED and not entry.seen),
        )

    async def reveal(self, what: str, subject: str, *, purpose: str, note: str, seat: Seat) -> None:
        """Record that a masked value is about to be shown: no record, no value.

        Args:
            what: name of the field.
            subject: the item, person or employer it belongs to.
            purpose: CL-PURPOSE.
            note: words for purpose 9.
            seat: who looks.
        """
        body = {"field": what, "subject": subject, "purpose": purpose, "note": note}
        unit = f"E:{seat.employer}" if seat.employer else "B"
        await self.record(
            [Proposal(kind="access.reveal", unit_id=unit, body=body, reception_id=seat.reception_id)], seat=seat
        )
