"""Branch review (P27) at the counter: the queue, opening, putting back, deciding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.domain.declarations import ItemState
from counter_tui.operations.envelope import Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.services.ports import LocalStore
    from counter_tui.services.recording import Recorded, RecordOperations
    from counter_tui.services.seats import Seat

QUEUE = frozenset({ItemState.SUBMITTED, ItemState.IN_REVIEW})
PASSED, NOT_PASSED = "1", "2"
"""CL-REVIEW."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What a reviewer does. All of it needs the hub: HubAway without a line, Rejected by a rule."""

    record: RecordOperations
    store: LocalStore

    async def queue(self) -> tuple[Item, ...]:
        """Items that wait for a review, oldest first."""
        return await self.store.read(lambda r: tuple(r.register.items_in(QUEUE)))

    async def open(self, item: Item, *, seat: Seat) -> Item:
        """D2 → D3: the clerk can no longer cancel it (T7)."""
        await self.record([self._proposal("item.open", [item], {"item": item.id})], seat=seat)
        return await self._again(item)

    async def put_back(self, item: Item, *, seat: Seat) -> Item:
        """D3 → D2 (T8)."""
        await self.record([self._proposal("item.put_back", [item], {"item": item.id})], seat=seat)
        return await self._again(item)

    async def decide(
        self, items: Sequence[Item], *, result: str, reason: str, pages: int, seat: Seat, pin: bytearray
    ) -> Recorded:
        """Approve or reject every item named, with one PIN for the set (T9, T10).

        The hash of each body as the reviewer read it is part of what his key signs.
        """
        body = {
            "targets": [{"item": item.id, "body_hash": item.body_hash} for item in items],
            "result": result,
            "reason": reason,
            "pages": pages,
        }
        return await self.record([self._proposal("item.decide", items, body)], seat=seat, pin=pin)

    def _proposal(self, kind: str, items: Sequence[Item], body: dict[str, object]) -> Proposal:
        employers = {item.employer for item in items}
        unit = f"E:{employers.pop()}" if len(employers) == 1 else "B"
        return Proposal(kind=kind, unit_id=unit, body=body, refs=tuple(item.id for item in items))

    async def _again(self, item: Item) -> Item:
        return await self.store.read(lambda r: r.register.item(item.id)) or item
