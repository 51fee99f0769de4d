"""The device's chain: journal, acceptance numbers and audit leaves."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from counter_tui.domain.acceptance import LAST_SEQUENCE
from counter_tui.errors import CounterError
from counter_tui.operations.canonical import canonical, pack, unpack
from counter_tui.operations.chain import Head
from counter_tui.operations.envelope import Operation, is_untouched, operation_hash
from counter_tui.operations.suites import suite_of
from counter_tui.services.ports import NumbersExhausted
from storage.local.tables import acceptance_sequences, audit_leaves, journal
from storage.prepared import hot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


BODY_LIMIT = 64 << 10
"""Bytes of an operation's body that the hub takes."""


class TooLarge(CounterError):
    """内容过长（{kilobytes} KB，最多 64 KB），无法保存，请分次录入"""


class ChainMoved(CounterError):
    """本机业务链已变化，本次没有保存，请重新按 F2"""


def head(connection: Connection) -> Head:
    """Where the chain ends."""
    seq, hashed = hot(connection, "SELECT head_seq, head_hash FROM host").fetchone()
    return Head(seq=seq, hash=hashed)


def append(connection: Connection, operation: Operation) -> None:
    """Write an operation and its audit leaf behind the head, and move the head.

    Raises:
        ChainMoved: the operation was not made for this place of the chain.
        TooLarge: the hub would not take the body.
    """
    if (size := len(pack(operation.body))) > BODY_LIMIT:
        raise TooLarge(kilobytes=-(-size // 1024))
    end, before, audit = hot(connection, "SELECT head_seq, head_hash, audit_chain FROM host").fetchone()
    if operation.dev_seq != end + 1 or operation.prev_hash != before:
        raise ChainMoved
    hashed = operation_hash(operation)
    leaf = audit_leaf(operation, hashed)
    chained = suite_of(operation.suite).digest(audit, leaf)
    hot(
        connection,
        'INSERT INTO journal (dev_seq, op_id, "window", acceptance_number, envelope) VALUES (?, ?, ?, ?, ?)',
        (
            operation.dev_seq,
            operation.op_id,
            operation.maker.window,
            operation.acceptance_number,
            pack(operation),
        ),
    )
    hot(
        connection,
        "INSERT INTO audit_leaves (dev_seq, leaf, chain) VALUES (?, ?, ?)",
        (operation.dev_seq, leaf, chained),
    )
    hot(
        connection, "UPDATE host SET head_seq = ?, head_hash = ?, audit_chain = ?", (operation.dev_seq, hashed, chained)
    )


def audit_leaf(operation: Operation, hashed: str) -> str:
    """Hash over who did what, where and when, and the operation's own hash."""
    return suite_of(operation.suite).digest(
        canonical(
            {
                "operation": operation.op_id,
                "hash": hashed,
                "kind": operation.kind,
                "unit": operation.unit_id,
                "operator": operation.maker.operator,
                "window": operation.maker.window,
                "at": operation.made_at,
            }
        )
    )


def next_sequence(connection: Connection, window: str, today: date) -> tuple[date, int]:
    """Raise a window's counter; see `ports.Work.next_sequence`."""
    here = acceptance_sequences.c.window == window
    row = connection.execute(select(acceptance_sequences.c.date, acceptance_sequences.c.last).where(here)).one_or_none()
    if row is None:
        connection.execute(acceptance_sequences.insert().values(window=window, date=today.isoformat(), last=1))
        return today, 1
    used = date.fromisoformat(row.date)
    day, number = (today, 1) if today > used else (used, row.last + 1)
    if number > LAST_SEQUENCE:
        raise NumbersExhausted(window=window)
    connection.execute(acceptance_sequences.update().where(here).values(date=day.isoformat(), last=number))
    return day, number


def operation(connection: Connection, op_id: str) -> Operation | None:
    """An operation of this device."""
    envelope = connection.execute(select(journal.c.envelope).where(journal.c.op_id == op_id)).scalar()
    return unpack(Operation, envelope) if envelope else None


def since(connection: Connection, dev_seq: int, limit: int) -> Sequence[Operation]:
    """Operations from a place of the chain on, in order."""
    found = connection.execute(
        select(journal.c.envelope).where(journal.c.dev_seq >= dev_seq).order_by(journal.c.dev_seq).limit(limit)
    )
    return [unpack(Operation, envelope) for (envelope,) in found]


def last_acceptance(connection: Connection, window: str) -> Sequence[Operation]:
    """Operations under the last acceptance number of a window."""
    number = connection.execute(
        select(journal.c.acceptance_number)
        .where(journal.c.window == window, journal.c.acceptance_number != "")
        .order_by(journal.c.dev_seq.desc())
        .limit(1)
    ).scalar()
    return acceptance(connection, number) if number else []


def acceptance(connection: Connection, number: str) -> Sequence[Operation]:
    """Operations of this host under an acceptance number, in order."""
    if not number:
        return []
    found = connection.execute(
        select(journal.c.envelope).where(journal.c.acceptance_number == number).order_by(journal.c.dev_seq)
    )
    return [unpack(Operation, envelope) for (envelope,) in found]


def suite(connection: Connection) -> str:
    """The suite of the chain as its first operation names it; empty as long as there is none.

    Raises msgspec.DecodeError when that operation cannot be read.
    """
    first = connection.execute(select(journal.c.envelope).order_by(journal.c.dev_seq).limit(1)).scalar()
    return unpack(Operation, first).suite if first else ""


def unbroken(connection: Connection) -> bool:
    """Whether bodies, chain and audit leaves hold from the first operation to the head, none missing, in one suite."""
    try:
        return _unbroken(connection)
    except msgspec.DecodeError:  # an envelope that is none any more
        return False


def _unbroken(connection: Connection) -> bool:
    expected, audit, named = Head(), "", suite(connection)
    leaves = connection.execute(select(audit_leaves.c.leaf, audit_leaves.c.chain).order_by(audit_leaves.c.dev_seq))
    rows = connection.execute(select(journal.c.envelope).order_by(journal.c.dev_seq))
    for row, audited in zip_longest(rows, leaves):
        if row is None or audited is None:
            return False
        entry, (leaf, chained) = unpack(Operation, row.envelope), audited
        if entry.suite != named or not is_untouched(entry):
            return False
        if entry.dev_seq != expected.seq + 1 or entry.prev_hash != expected.hash:
            return False
        expected = Head(seq=entry.dev_seq, hash=operation_hash(entry))
        known = audit_leaf(entry, expected.hash)
        audit = suite_of(named).digest(audit, known)
        if leaf != known or chained != audit:
            return False
    return expected == head(connection)
