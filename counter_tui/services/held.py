"""What the hub holds in the bureau (暂缓), and the supervisor's word that ends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.domain.held import HeldAct
from counter_tui.operations.envelope import Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.operations.held import Held
    from counter_tui.services.ports import LocalStore
    from counter_tui.services.recording import Recorded, RecordOperations
    from counter_tui.services.seats import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWork:
    """Reads are the mirror's; answers need the hub: HubAway without a line, Rejected by a rule, Conflicted when late.

    What was answered and did not take effect stands in `Recorded.problems`, each with the operation as its field.
    """

    record: RecordOperations
    store: LocalStore

    async def everything(self) -> tuple[Held, ...]:
        """All that is held in the bureau, oldest first."""
        return await self.store.read(lambda reading: tuple(reading.register.held_operations()))

    async def made_by(self, human: str) -> tuple[Held, ...]:
        """What one human made, under any account."""
        return tuple(each for each in await self.everything() if each.operation.maker.human == human)

    async def release(self, held: Sequence[Held], *, seat: Seat, pin: bytearray) -> Recorded:
        """Vouch for the makers: the hub judges at once, as if their certificates still stood."""
        return await self.record([_proposal(HeldAct.RELEASE, held)], seat=seat, pin=pin)

    async def refuse(self, held: Sequence[Held], *, reason: str, seat: Seat, pin: bytearray) -> Recorded:
        """Reject them for good."""
        return await self.record([_proposal(HeldAct.REFUSE, held, reason=reason)], seat=seat, pin=pin)

    async def again(self, held: Sequence[Held], *, seat: Seat) -> Recorded:
        """Have the hub judge them as always, now; nobody vouches for anything."""
        return await self.record([_proposal(HeldAct.AGAIN, held)], seat=seat)


def _proposal(act: HeldAct, held: Sequence[Held], **more: str) -> Proposal:
    """Each target with the hash of the operation that was read: it is part of what the supervisor's key signs."""
    targets = [{"operation": each.operation.op_id, "hash": each.op_hash} for each in held]
    refs = tuple(each.operation.op_id for each in held)
    return Proposal(kind=act.kind, unit_id="B", body={"targets": targets, **more}, refs=refs)
