"""The operations that the hub has: each at its place in its device's chain, with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import Operation
from counter_tui.operations.outcome import Status
from storage.hub.tables import operations
from storage.wire import Answer, outcome_builtins, outcome_of, outcome_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from storage.hub.judging import Judged


class AnotherThere(Exception):  # not an error: it tells that the device contradicts itself
    """Another operation stands at the place of this one."""


def answer(connection: Connection, bureau: str, operation: Operation, op_hash: str) -> Answer:
    """What became of an operation that came before. Raises AnotherThere."""
    row = connection.execute(
        select(
            operations.c.op_id, operations.c.op_hash, operations.c.outcome, operations.c.unit_ver, operations.c.pos
        ).where(
            operations.c.bureau_id == bureau,
            operations.c.device_id == operation.device_id,
            operations.c.dev_seq == operation.dev_seq,
        )
    ).one_or_none()
    if row is None or row.op_hash != op_hash or row.op_id != operation.op_id:
        raise AnotherThere
    outcome = outcome_builtins(outcome_of(row.outcome))
    return Answer(op_id=row.op_id, outcome=outcome, unit_ver=row.unit_ver, pos=row.pos)


def known(connection: Connection, bureau: str, ids: Iterable[str]) -> str:
    """One of these operations that the hub has already; empty when it has none."""
    found = connection.execute(
        select(operations.c.op_id).where(operations.c.bureau_id == bureau, operations.c.op_id.in_(list(ids))).limit(1)
    ).scalar()
    return found or ""


def keep(connection: Connection, bureau: str, placed: Sequence[tuple[Judged, int]], now: str) -> None:
    """Keep operations with their outcomes and their positions in the feed."""
    connection.execute(operations.insert(), [_row(bureau, entry, pos, now) for entry, pos in placed])


def held(connection: Connection, bureau: str) -> list[tuple[Operation, str]]:
    """Whatever waits for its final outcome, oldest first, each with its hash."""
    found = connection.execute(
        select(operations.c.envelope, operations.c.op_hash)
        .where(operations.c.bureau_id == bureau, operations.c.status == Status.HELD.value)
        .order_by(operations.c.pos)
    )
    return [(unpack(Operation, envelope), op_hash) for envelope, op_hash in found]


def settle(connection: Connection, bureau: str, entry: Judged, pos: int) -> None:
    """Give a held operation its final outcome and the position at which the feed tells it."""
    connection.execute(
        operations.update()
        .where(operations.c.bureau_id == bureau, operations.c.op_id == entry.operation.op_id)
        .values(**_outcome(entry, pos))
    )


def _row(bureau: str, entry: Judged, pos: int, now: str) -> dict[str, Any]:
    operation = entry.operation
    return {
        "bureau_id": bureau,
        "op_id": operation.op_id,
        "device_id": operation.device_id,
        "dev_seq": operation.dev_seq,
        "op_hash": entry.op_hash,
        "acceptance_number": operation.acceptance_number,
        "item_no": operation.item_no,
        "envelope": pack(operation),
        "received_at": now,
        **_outcome(entry, pos),
    }


def _outcome(entry: Judged, pos: int) -> dict[str, Any]:
    return {
        "status": entry.outcome.status.value,
        "outcome": outcome_text(entry.outcome),
        "unit_ver": entry.unit_ver,
        "pos": pos,
    }
