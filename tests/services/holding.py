"""A clerk whose certificate is revoked while his work is on its way, and the supervisor who finds it held."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from counter_tui.security.revocations import RevocationList
from storage.local import journal
from tests.services.bureau import EMPLOYER, MONTH, PAYING, PIN, FixedClock, counter_of, sign_on
from tests.services.test_figures import connected
from tests.services.test_one_employer_from_key_to_bill import declares, receive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from counter_tui.domain.declarations import ItemState
    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.held import Held
    from counter_tui.services.counter import Counter
    from counter_tui.services.ports import OutboxEntry
    from counter_tui.services.recording import Recorded
    from storage.hub import Hub
    from storage.local import SqliteLocalStore

CLERK, SUPERVISOR = "0007", "0021"
MINUTE = timedelta(minutes=1)


def revoking(issuer: str, number: str, since: datetime) -> RevocationList:
    return RevocationList(issuer=issuer, made_at=since, next_at=None, revoked={number: since})


@dataclass
class Bureau:
    """A counter, what the hub believes to be revoked, and what waits there."""

    counter: Counter
    clock: FixedClock
    lists: list[RevocationList] = field(default_factory=list)

    @property
    def hub(self) -> Hub:
        hub: Hub = self.counter.line._pusher.client._hub  # type: ignore[attr-defined]
        return hub

    @property
    def store(self) -> SqliteLocalStore:
        return cast("SqliteLocalStore", self.counter.store)

    def revokes_the_clerk(self) -> None:
        """His certificate counts no longer from a minute after now."""
        operator = self.counter.seat.session.operator
        self.lists.append(revoking(operator.issuer, operator.certificate_number, self.clock.now() + MINUTE))

    async def made(self) -> list[Operation]:
        return list(await self.store.look(lambda connection: journal.since(connection, 1, 1000)))

    async def answered(self) -> None:
        """The hub has answered everything so far, and its rows are down."""
        await self.counter.line.answer([each.op_id for each in await self.made()])

    async def sits(self, operator: str, window: str = "004") -> None:
        if self.counter.taken is not None:
            await self.counter.leave_seat()
        await sign_on(self.counter, operator, window=window)
        await connected(self.counter)

    async def held(self) -> list[Held]:
        return list(await self.counter.held.everything())

    async def kinds(self) -> list[str]:
        return [each.operation.kind for each in await self.held()]

    async def release(self, *held: Held) -> Recorded:
        return await self.counter.held.release(held or await self.held(), seat=self.counter.seat, pin=bytearray(PIN))

    async def refuse(self, *held: Held, reason: str = "当日未在场") -> Recorded:
        wanted = held or await self.held()
        return await self.counter.held.refuse(wanted, reason=reason, seat=self.counter.seat, pin=bytearray(PIN))

    async def entry(self, op_id: str) -> OutboxEntry:
        found = await self.counter.store.read(lambda reading: reading.entry(op_id))
        assert found is not None
        return found

    async def states(self) -> list[ItemState]:
        """States of the employer's items as the mirror has them."""
        return [item.state for item in await self.counter.enquiries.items(EMPLOYER, MONTH)]


@asynccontextmanager
async def held_at_the_hub(folder: Path, *, sits: bool = True) -> AsyncIterator[Bureau]:
    """A reception, a suspension and its submission, made by clerk 0007 without a line; the supervisor sits down."""
    clock, lists = FixedClock(), list[RevocationList]()
    async with counter_of(folder, clock=clock, revocations=lists) as counter:
        bureau = Bureau(counter, clock, lists)
        seat = await sign_on(counter, CLERK)
        await counter.line.answer([seat.signon])
        await counter.line.stop()  # type: ignore[attr-defined]
        bureau.revokes_the_clerk()
        await receive(counter)
        await declares(counter, "P05", PAYING)
        await counter.declarations.submit(
            list(await counter.enquiries.items(EMPLOYER, MONTH)), seat=counter.seat, pin=None
        )
        counter.line.start()  # type: ignore[attr-defined]
        await bureau.answered()
        if sits:
            await bureau.sits(SUPERVISOR)
        yield bureau
