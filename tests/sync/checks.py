"""What must hold after everything, read from the two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from counter_tui.operations.canonical import unpack
from storage.hub import tables as at_hub
from storage.local import journal
from storage.local import tables as here
from storage.register.fingerprint import fingerprint
from storage.wire import FeedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from storage.hub import Hub
    from storage.local import SqliteLocalStore


def feed_rows(hub: Hub) -> list[FeedRow]:
    with hub._reading() as connection:
        found = connection.execute(select(at_hub.feed.c.row).order_by(at_hub.feed.c.pos))
        return [unpack(FeedRow, row) for (row,) in found]


def decided(hub: Hub) -> list[tuple[str, str, str, int]]:
    """Operation, acceptance number, status and place in the chain, of everything the hub has."""
    table = at_hub.operations.c
    with hub._reading() as connection:
        found = connection.execute(
            select(table.op_id, table.acceptance_number, table.status, table.dev_seq).order_by(table.pos)
        )
        return [(op_id, number, status, dev_seq) for op_id, number, status, dev_seq in found]


def hub_fingerprint(hub: Hub) -> str:
    with hub._reading() as connection:
        return fingerprint(connection, hub.bureau)


async def faults(store: SqliteLocalStore, hub: Hub, receipts: Iterable[tuple[str, str]]) -> list[str]:
    """Everything that is wrong once the line is quiet; `receipts` are printed (acceptance number, operation)."""
    return [*_lost(hub, receipts), *_disordered(hub), *await _diverged(store, hub)]


def _lost(hub: Hub, receipts: Iterable[tuple[str, str]]) -> Iterator[str]:
    known = {op_id: number for op_id, number, _, _ in decided(hub)}
    for number, op_id in receipts:
        if known.get(op_id) != number:
            yield f"I1: receipt {number} of {op_id} has no outcome"


def _disordered(hub: Hub) -> Iterator[str]:
    rows = feed_rows(hub)
    told = [row for row in rows if row.op_id]
    final = {row.op_id: row for row in told}
    if len(told) != len(final) + sum(row.outcome["status"] == "held" and final[row.op_id] is not row for row in told):
        yield "I2: an operation was decided twice"
    if [row.pos for row in rows] != list(range(1, len(rows) + 1)):
        yield "I3: the feed has gaps"
    versions: dict[str, int] = {}
    for row in told:
        if row.outcome["status"] == "applied" and row.outcome["effects"]:
            versions[row.unit_id] = versions.get(row.unit_id, 0) + 1
            if row.unit_ver != versions[row.unit_id]:
                yield f"I3: unit {row.unit_id} jumps to version {row.unit_ver}"
    if [row.dev_seq for row in final.values()] != list(range(1, len(final) + 1)):
        yield "I3: effects do not follow the chain"


async def _diverged(store: SqliteLocalStore, hub: Hub) -> list[str]:
    numbers = await store.look(_groups_by_number)
    mirror = await store.look(lambda connection: fingerprint(connection, store.bureau))
    checks = {
        "I5: the chain is broken": await store.look(journal.unbroken),
        "I6: the mirror is not the register": mirror == hub_fingerprint(hub),
        "I6: an overlay is left": await store.look(_left) == 0,
        "I8: two acceptances share a number": len(numbers) == len(set(numbers)),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _left(connection: Connection) -> int:
    return len(connection.execute(select(here.covered_rows.c.key)).all())


def _groups_by_number(connection: Connection) -> list[str]:
    """The acceptance number of every group, once for each."""
    return [
        operation.acceptance_number
        for operation in journal.since(connection, 1, 1_000_000)
        if operation.group.index == 0 and operation.acceptance_number
    ]
