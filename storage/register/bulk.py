"""Filling an empty register at once: a generated city, a snapshot, a take-over from an older system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from storage.register.records import KEPT
from storage.register.tables import register
from storage.register.writing import add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection, Index

    from counter_tui.domain.contributions import ContributionSpan
    from counter_tui.operations.outcome import Record

BATCH = 5_000
"""Rows for each insertion: more gains nothing, fewer costs a tenth."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    rows: int


def load(
    connection: Connection,
    bureau: str,
    records: Iterable[Record | ContributionSpan],
    *,
    progress: Callable[[int], None] | None = None,
) -> Loaded:
    """Insert records that are not in the register yet, inside the caller's transaction.

    Args:
        connection: in a write transaction.
        bureau: bureau to which all records belong.
        records: in any order; rows of one kind in the order of their key load fastest.
        progress: told the number of records so far after each batch.

    Raises:
        sqlalchemy.exc.IntegrityError: a key is there already.
    """
    dropped = _drop_indexes(connection) if _is_empty(connection) else []
    waiting: dict[type, list[Any]] = {}
    count = 0
    for record in records:
        batch = waiting.setdefault(type(record), [])
        batch.append(record)
        if len(batch) == BATCH:
            count += _flush(connection, bureau, batch)
            if progress:
                progress(count)
    for batch in waiting.values():
        if batch:
            count += _flush(connection, bureau, batch)
    if progress:
        progress(count)
    for index in dropped:
        index.create(connection)
    return Loaded(count)


def _flush(connection: Connection, bureau: str, batch: list[Any]) -> int:
    count = len(batch)
    add(connection, bureau, KEPT[type(batch[0])], batch)
    batch.clear()
    return count


def _is_empty(connection: Connection) -> bool:
    return not any(connection.execute(select(exists().select_from(kept.table))).scalar_one() for kept in KEPT.values())


def _drop_indexes(connection: Connection) -> list[Index]:
    # An index built at the end is sorted once; kept up row by row it costs more than the rows themselves.
    indexes = sorted(
        (index for table in register.tables.values() for index in table.indexes), key=lambda i: str(i.name)
    )
    for index in indexes:
        index.drop(connection)
    return indexes
