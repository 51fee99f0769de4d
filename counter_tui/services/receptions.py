"""Receptions (P85): open, suspend, resume, close, and what is still open at a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from counter_tui.domain.declarations import ItemState
from counter_tui.operations.envelope import Proposal

if TYPE_CHECKING:
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.receptions import Reception
    from counter_tui.forms.catalog.reception import Receive
    from counter_tui.services.ports import LocalStore
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.seats import Seat

Move: TypeAlias = Literal["suspend", "resume", "close"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receptions:
    """What a window does with its receptions."""

    record: RecordOperations
    store: LocalStore

    async def open(self, declaration: Receive, *, seat: Seat) -> Seat:
        """Open a reception; an open one at the window is suspended. Raises Rejected."""
        employer = await self._number(declaration.employer)
        unit = f"E:{employer}" if employer else f"P:{declaration.id_number}"
        body = {
            "subject": declaration.subject,
            "employer": employer,
            "person": declaration.id_number,
            "visitor": declaration.visitor,
            "visitor_id": declaration.visitor_id,
            "letter": declaration.letter,
            "in_person": declaration.in_person,
        }
        kept = await self.record([Proposal(kind="reception.open", unit_id=unit, body=body)], seat=seat)
        opened = kept.operations[-1].op_id
        return seat.receiving(await self.store.read(lambda r: r.register.reception(opened)))

    async def _number(self, typed: str) -> str:
        """An employer's number, given itself or as its credit code."""
        known = await self.store.read(lambda r: r.register.employer_by_credit_code(typed))
        return known.number if known else typed

    async def move(self, reception: Reception, how: Move, *, seat: Seat) -> Seat:
        """Suspend, resume or close a reception. Raises Rejected."""
        unit = f"E:{reception.employer}" if reception.employer else f"P:{reception.person}"
        body = {"reception": reception.id}
        await self.record([Proposal(kind=f"reception.{how}", unit_id=unit, body=body)], seat=seat)
        if how == "resume":
            return seat.receiving(await self.store.read(lambda r: r.register.reception(reception.id)))
        left = None if seat.reception_id == reception.id else seat.reception
        return seat.receiving(left)

    async def at(self, window: str) -> tuple[Reception, ...]:
        """Receptions that are open or suspended at a window."""
        return await self.store.read(lambda r: tuple(r.register.receptions_at(window)))

    async def unsubmitted(self, reception: Reception) -> tuple[Item, ...]:
        """Items of a reception that nobody has submitted: closing asks about them."""
        waiting = frozenset({ItemState.TO_SUBMIT})
        items = await self.store.read(lambda r: r.register.items_in(waiting, reception.employer))
        return tuple(item for item in items if item.reception == reception.id)
