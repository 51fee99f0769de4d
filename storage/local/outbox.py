"""Operations on their way to the hub: how far each has come, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, null, select

from counter_tui.domain.declarations import ItemState
from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import Operation
from counter_tui.operations.outcome import Status
from counter_tui.services.ports import Counts, Delivery, OutboxEntry
from storage.local.tables import drafts, host, journal, outbox
from storage.prepared import Prepared, hot
from storage.register.tables import items
from storage.wire import outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

    from counter_tui.operations.outcome import Outcome

_DELIVERIES = {
    Status.APPLIED: Delivery.DELIVERED,
    Status.CONFLICT: Delivery.CONFLICT,
    Status.REJECTED: Delivery.REJECTED,
    Status.HELD: Delivery.HELD,
}
"""The rung that an outcome reaches; an applied one is in the register once its feed row is down."""

_ATTENTION = (Delivery.SAVED, Delivery.DELIVERED, Delivery.CONFLICT, Delivery.REJECTED, Delivery.HELD)


_TOLD = (
    outbox.update()
    .where(outbox.c.op_id == bindparam("of"))
    .values(delivery=bindparam("rung"), outcome=bindparam("told"), trouble="", next_try=null())
)
_ANSWERED = Prepared(_TOLD.where(outbox.c.fed == 0))
_FED = Prepared(_TOLD.values(fed=1, seen=0))


def queue(connection: Connection, operation: Operation) -> None:
    """Put an operation last in the queue."""
    hot(
        connection,
        "INSERT INTO outbox (dev_seq, op_id, delivery, fed, tries, trouble, seen, made_at)"
        " VALUES (?, ?, ?, 0, 0, '', 0, ?)",
        (operation.dev_seq, operation.op_id, Delivery.SAVED.value, operation.made_at.isoformat()),
    )


def waiting_from(connection: Connection) -> int | None:
    """The first place of the chain to which the hub has not answered, None when it has answered all."""
    return connection.execute(
        select(func.min(outbox.c.dev_seq)).where(outbox.c.delivery == Delivery.SAVED.value)
    ).scalar()


def answered(connection: Connection, op_id: str, outcome: dict[str, Any]) -> None:
    """Note the hub's answer as it travelled; one to a repeat changes nothing once the feed row is down."""
    delivery = _DELIVERIES[Status(outcome["status"])]
    _ANSWERED.run(connection, of=op_id, rung=delivery.value, told=pack(outcome).decode())


def fed(connection: Connection, op_id: str, outcome: dict[str, Any]) -> None:
    """Note that the operation's feed row has come down; of two (held, then final) the later counts."""
    status = Status(outcome["status"])
    delivery = Delivery.IN_REGISTER if status is Status.APPLIED else _DELIVERIES[status]
    _FED.run(connection, of=op_id, rung=delivery.value, told=pack(outcome).decode())


def failed(connection: Connection, trouble: str, next_try: datetime | None) -> None:
    """Note why nothing could be delivered just now, and when it is tried again."""
    connection.execute(
        outbox.update()
        .where(outbox.c.delivery == Delivery.SAVED.value)
        .values(tries=outbox.c.tries + 1, trouble=trouble, next_try=next_try.isoformat() if next_try else None)
    )


def see(connection: Connection, op_id: str) -> None:
    """Mark a conflict or refusal as seen."""
    connection.execute(outbox.update().where(outbox.c.op_id == op_id).values(seen=1))


def _entries() -> Select[Any]:
    return select(
        journal.c.envelope,
        outbox.c.delivery,
        outbox.c.outcome,
        outbox.c.tries,
        outbox.c.trouble,
        outbox.c.next_try,
        outbox.c.seen,
    ).join_from(outbox, journal, outbox.c.dev_seq == journal.c.dev_seq)


def _entry(row: Any) -> OutboxEntry:
    return OutboxEntry(
        operation=unpack(Operation, row.envelope),
        delivery=Delivery(row.delivery),
        outcome=outcome_of(row.outcome) if row.outcome else None,
        tries=row.tries,
        trouble=row.trouble,
        next_try=datetime.fromisoformat(row.next_try) if row.next_try else None,
        seen=bool(row.seen),
    )


def under_way(connection: Connection, limit: int) -> Sequence[OutboxEntry]:
    """Operations still under way or refused, oldest first."""
    rungs = [rung.value for rung in _ATTENTION]
    question = _entries().where(outbox.c.delivery.in_(rungs)).order_by(outbox.c.dev_seq).limit(limit)
    return [_entry(row) for row in connection.execute(question)]


def entry(connection: Connection, op_id: str) -> OutboxEntry | None:
    """One operation of this host."""
    row = connection.execute(_entries().where(outbox.c.op_id == op_id)).one_or_none()
    return _entry(row) if row else None


def known_outcomes(connection: Connection, op_ids: Sequence[str]) -> dict[str, Outcome]:
    """Outcomes whose feed rows are down, by operation."""
    found = connection.execute(
        select(outbox.c.op_id, outbox.c.outcome).where(outbox.c.op_id.in_(op_ids), outbox.c.fed == 1)
    )
    return {op_id: outcome_of(outcome) for op_id, outcome in found}


def counts(connection: Connection, bureau: str, operator: str) -> Counts:
    """Figures of the status bar for an operator."""
    rungs = {
        (delivery, seen): count
        for delivery, seen, count in connection.execute(
            select(outbox.c.delivery, outbox.c.seen, func.count())
            .where(outbox.c.delivery.in_([rung.value for rung in _ATTENTION]))
            .group_by(outbox.c.delivery, outbox.c.seen)
        )
    }

    def on(rung: Delivery, *seen: int) -> int:
        return sum(rungs.get((rung.value, state), 0) for state in seen)

    oldest = connection.execute(
        select(func.min(outbox.c.made_at)).where(outbox.c.delivery == Delivery.SAVED.value)
    ).scalar()
    synced = connection.execute(select(host.c.synced_at)).scalar_one()
    return Counts(
        drafts=_count(connection, select(func.count()).where(drafts.c.operator == operator)),
        unsent=on(Delivery.SAVED, 0, 1),
        oldest_unsent=datetime.fromisoformat(oldest) if oldest else None,
        undecided=on(Delivery.DELIVERED, 0, 1) + on(Delivery.HELD, 0, 1),
        conflicts=on(Delivery.CONFLICT, 0),
        refused=on(Delivery.REJECTED, 0),
        to_review=_count(
            connection,
            select(func.count()).where(items.c.bureau_id == bureau, items.c.state == ItemState.SUBMITTED.value),
        ),
        synced_at=datetime.fromisoformat(synced) if synced else None,
    )


def _count(connection: Connection, question: Select[Any]) -> int:
    return int(connection.execute(question).scalar_one())
