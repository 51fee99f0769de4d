"""What the hub holds in the bureau, as the feed tells it: put down with its row, gone with its final one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from counter_tui.operations.canonical import pack, read, unpack
from counter_tui.operations.envelope import Operation
from counter_tui.operations.held import Held
from counter_tui.operations.outcome import Status
from storage.local.tables import held_operations
from storage.prepared import hot
from storage.wire import outcome_of, outcome_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from counter_tui.operations.outcome import Outcome
    from storage.wire import FeedRow


def told(connection: Connection, row: FeedRow, outcome: Outcome) -> None:
    """Note what a feed row says. Access records come without their envelope: nobody here may read them."""
    hot(connection, "DELETE FROM held_operations WHERE op_id = ?", (row.op_id,))
    if outcome.status is not Status.HELD or row.operation is None:
        return
    operation = read(Operation, row.operation)
    hot(
        connection,
        "INSERT INTO held_operations (op_id, pos, op_hash, envelope, outcome) VALUES (?, ?, ?, ?, ?)",
        (row.op_id, row.pos, row.op_hash, pack(operation), outcome_text(outcome)),
    )


def all_held(connection: Connection) -> Sequence[Held]:
    """Everything that is held in the bureau, oldest first."""
    return [_read(row) for row in connection.execute(select(held_operations).order_by(held_operations.c.pos))]


def count(connection: Connection) -> int:
    """How many are held in the bureau."""
    return int(connection.execute(select(func.count()).select_from(held_operations)).scalar_one())


def one_held(connection: Connection, op_id: str) -> Held | None:
    """One held operation; None when it is not, or no longer, held."""
    row = connection.execute(select(held_operations).where(held_operations.c.op_id == op_id)).one_or_none()
    return _read(row) if row else None


def _read(row: Row[Any]) -> Held:
    outcome = outcome_of(row.outcome)
    return Held(
        operation=unpack(Operation, row.envelope),
        op_hash=row.op_hash,
        hold=outcome.hold,
        why=outcome.why,
        pos=row.pos,
    )
