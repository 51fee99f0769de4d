"""The operations that the hub has: each at its place in its device's chain, with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import Operation
from counter_tui.operations.held import Held
from counter_tui.operations.outcome import Status
from storage.hub.tables import operations
from storage.wire import Answer, outcome_builtins, outcome_of, outcome_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from counter_tui.operations.outcome import Outcome
    from storage.hub.judging import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A held operation with the outcome that holds it."""

    operation: Operation
    op_hash: str
    outcome: Outcome
    pos: int

    def shown(self) -> Held:
        """As the rules and the counters know it."""
        return Held(
            operation=self.operation,
            op_hash=self.op_hash,
            hold=self.outcome.hold,
            why=self.outcome.why,
            pos=self.pos,
        )


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


def is_before(connection: Connection, bureau: str, operation: Operation, other: str) -> bool:
    """Whether an operation stands before another one in the chain of its device; two devices have no order."""
    place = connection.execute(
        select(operations.c.device_id, operations.c.dev_seq).where(
            operations.c.bureau_id == bureau, operations.c.op_id == other
        )
    ).one_or_none()
    return place is not None and place.device_id == operation.device_id and operation.dev_seq < place.dev_seq


def any_held(connection: Connection, bureau: str) -> bool:
    """Whether anything waits for its final outcome."""
    return connection.execute(select(operations.c.op_id).where(*_held(bureau)).limit(1)).scalar() is not None


def held(connection: Connection, bureau: str, op_ids: Collection[str] | None = None) -> list[Waiting]:
    """Whatever waits for its final outcome, or these of it, oldest first."""
    these = () if op_ids is None else (operations.c.op_id.in_(list(op_ids)),)
    return _waiting(connection, bureau, *these)


def held_of_transaction(connection: Connection, bureau: str, operation: Operation) -> list[Waiting]:
    """What is held of the local transaction that kept an operation, in the order of the chain."""
    first = operation.dev_seq - operation.group.index
    places = operations.c.dev_seq.between(first, first + operation.group.count - 1)
    found = _waiting(connection, bureau, operations.c.device_id == operation.device_id, places)
    return sorted(found, key=lambda each: each.operation.dev_seq)


def _waiting(connection: Connection, bureau: str, *which: ColumnElement[bool]) -> list[Waiting]:
    question = select(operations.c.envelope, operations.c.op_hash, operations.c.outcome, operations.c.pos)
    found = connection.execute(question.where(*_held(bureau), *which).order_by(operations.c.pos))
    return [
        Waiting(
            operation=unpack(Operation, row.envelope),
            op_hash=row.op_hash,
            outcome=outcome_of(row.outcome),
            pos=row.pos,
        )
        for row in found
    ]


def _held(bureau: str) -> tuple[ColumnElement[bool], ...]:
    return operations.c.bureau_id == bureau, operations.c.status == Status.HELD.value


def settle(connection: Connection, bureau: str, entry: Judged, pos: int) -> None:
    """Give a held operation its final outcome, or another cause, and the position at which the feed tells it."""
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
