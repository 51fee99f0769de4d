"""From the form to the branch centre: save, edit, delete, submit, cancel, reverse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counter_tui.operations.canonical import builtins
from counter_tui.operations.envelope import Proposal
from counter_tui.operations.facts import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Declaration
    from counter_tui.services.overrides import Override
    from counter_tui.services.ports import Clock, LocalStore
    from counter_tui.services.recording import Recorded, RecordOperations
    from counter_tui.services.seats import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """What a clerk does with declaration items. Every call raises Rejected when a rule stops it."""

    record: RecordOperations
    store: LocalStore
    clock: Clock

    async def facts(self, *, seat: Seat, id_number: str = "", editing: str = "", named: Iterable[str] = ()) -> Facts:
        """The register around a form, as the form's checks see it; `named` are other numbers it mentions."""
        numbers = tuple(named)
        training = self.record.policy.training
        return await self.store.read(
            lambda r: gather(
                r.register,
                employer=seat.employer,
                id_number=id_number,
                today=self.clock.today(),
                editing=editing,
                training=training,
                named=numbers,
            )
        )

    async def save(self, declaration: Declaration, *, seat: Seat, override: Override | None = None) -> Recorded:
        """Keep a declaration as a new item D1 (P11: it takes effect) and drop its draft (T1)."""
        return await self._kept("save", declaration, seat, {}, override)

    async def edit(
        self, item: Item, declaration: Declaration, *, seat: Seat, override: Override | None = None
    ) -> Recorded:
        """Replace the body of an item in D1 or D5; it is D1 afterwards (T2, T11)."""
        return await self._kept("edit", declaration, seat, {"item": item.id}, override)

    async def _kept(
        self, how: str, declaration: Declaration, seat: Seat, extra: dict[str, Any], override: Override | None
    ) -> Recorded:
        asked = declaration.form
        body = {"form": builtins(declaration), "override": builtins(override) if override else None, **extra}
        proposal = Proposal(
            kind=f"{asked.code}.{how}",
            unit_id=f"E:{seat.employer}",
            body=body,
            reception_id=seat.reception_id,
            form_ver=asked.version,
        )
        operator = seat.session.operator.number
        return await self.record([proposal], seat=seat, alongside=lambda work, _: work.drop_draft(operator, asked.code))

    async def delete(self, item: Item, *, seat: Seat) -> Recorded:
        """D1 or D5 → D9 (T3, T12)."""
        return await self.record([self._about(item, "item.delete", seat, {"item": item.id})], seat=seat)

    async def submit(self, items: Sequence[Item], *, seat: Seat, pin: bytearray | None = None) -> Recorded:
        """D1 → D2 for every item that can; a batch is signed by the operator's own key (T4, T5)."""
        body = {"items": [item.id for item in items]}
        return await self.record([self._about(items[0], "item.submit", seat, body)], seat=seat, pin=pin)

    async def cancel(self, items: Sequence[Item], *, reason: str, seat: Seat) -> Recorded:
        """D2 or D5 → D1, unless a reviewer has opened it (T6, T11)."""
        body = {"items": [item.id for item in items], "reason": reason}
        return await self.record([self._about(items[0], "item.cancel", seat, body)], seat=seat)

    async def reverse(self, item: Item, *, reason: str, seat: Seat, pin: bytearray) -> Recorded:
        """D4 → D9 by a supervisor; the opposite effect is booked (T15). Needs the hub."""
        body = {"item": item.id, "reason": reason}
        return await self.record([self._about(item, "item.reverse", seat, body)], seat=seat, pin=pin)

    def _about(self, item: Item, kind: str, seat: Seat, body: dict[str, Any]) -> Proposal:
        return Proposal(
            kind=kind, unit_id=f"E:{item.employer}", body=body, refs=(item.id,), reception_id=seat.reception_id
        )
