"""Sending operations up in the order of the chain, never a part of a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError
from counter_tui.operations.canonical import pack, unpack
from storage.local import journal, outbox
from storage.local.tables import host
from storage.wire import BYTES_LIMIT, UNIT_LIMIT, Push, Pushed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from counter_tui.operations.envelope import Operation
    from counter_tui.services.ports import Clock
    from storage.local.store import SqliteLocalStore
    from storage.sync.hub_client import HubClient

GROWTH = 20
"""Operations by which the window grows after a success."""


class PushRefused(CounterError):
    """{message}"""

    message: str
    retry: str


@dataclass(slots=True, kw_only=True)
class Pusher:
    """Pushes one request after another; one is under way at a time."""

    store: SqliteLocalStore
    client: HubClient
    clock: Clock
    window: int = UNIT_LIMIT
    """Operations in one request: 1 to 200, smaller after failures."""
    resend: int | None = None
    """Place of the chain from which the hub asked to be sent again."""

    async def push(self) -> int | None:
        """Send the next operations and keep what the hub said; return how many it answered, None if none wait.

        Raises:
            PushRefused: the hub does not take anything from this device now.
            Exception: whatever the client raises when the line is down.
        """
        operations = await self.store.look(self._next)
        if not operations:
            self.resend = None
            return None
        request = Push(device=self.store.device, from_seq=operations[0].dev_seq, operations=tuple(operations))
        try:
            reply = unpack(Pushed, await self.client.ingest(pack(request)))
        except Exception:
            self.window = max(1, self.window // 2)
            raise
        now = self.clock.now()
        await self.store.change(lambda connection: _keep(connection, reply, now))
        self.window = min(UNIT_LIMIT, self.window + GROWTH)
        self._follow(reply, operations)
        return len(reply.results)

    def _next(self, connection: Connection) -> Sequence[Operation]:
        start = self.resend or outbox.waiting_from(connection)
        if start is None:
            return []
        return cut(journal.since(connection, start, 2 * UNIT_LIMIT), self.window)

    def _follow(self, reply: Pushed, sent: Sequence[Operation]) -> None:
        if reply.refusal is None:
            past = sent[-1].dev_seq + 1
            self.resend = past if self.resend is not None and past < reply.expected else None
            return
        if reply.refusal.code == "gap" and reply.expected != sent[0].dev_seq:
            self.resend = reply.expected
            return
        raise PushRefused(message=reply.refusal.message_zh, retry=reply.refusal.retry)


def cut(operations: Sequence[Operation], window: int) -> Sequence[Operation]:
    """The longest beginning of whole groups within the window and the size limit, at least one group."""
    end = size = 0
    for place, operation in enumerate(operations, 1):
        size += len(pack(operation))
        last_of_group = operation.group.index == operation.group.count - 1
        if end and (place > window or size > BYTES_LIMIT):
            break
        if last_of_group:
            end = place
    return operations[:end]


def _keep(connection: Connection, reply: Pushed, now: datetime) -> None:
    for answer in reply.results:
        outbox.answered(connection, answer.op_id, answer.outcome)
    connection.execute(host.update().values(synced_at=now.isoformat()))
