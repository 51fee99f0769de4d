"""Putting records under their keys, with everything by which they are searched."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert

from storage.prepared import Prepared, hot_many
from storage.register.records import EMPLOYERS, KEPT, PERSONS, Kept, Row
from storage.register.tables import BUREAU, employer_name_tails, person_aliases, person_name_tails

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Table

    from counter_tui.domain.people import Person


def tails(name: str) -> Iterator[str]:
    """Every ending of a name shorter than the name."""
    return (name[start:] for start in range(1, len(name)))


def tail_rows(bureau: str, records: Iterable[Any]) -> list[Row]:
    """Rows of the ending tables for persons or employers."""
    return sorted({(bureau, tail, record.number) for record in records for tail in tails(record.name)})


def alias_rows(bureau: str, persons: Iterable[Person]) -> list[Row]:
    """Rows of former identity numbers."""
    return [(bureau, former, person.number) for person in persons for former in dict.fromkeys(person.former_numbers)]


@lru_cache(maxsize=64)
def _insertion(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(table.columns))})'  # noqa: S608  # names of our own tables


@lru_cache(maxsize=64)
def _deletion(table: Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(delete(table).where(*(table.columns[name] == bindparam(f"key_{name}") for name in columns)))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        # Rows as they are: for an import or a snapshot even naming the values would double the time.
        hot_many(connection, _insertion(table), list(rows))
        return
    names = [column.name for column in table.columns]
    connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


def delete_rows(connection: Connection, table: Table, columns: tuple[str, ...], keys: Sequence[Row]) -> None:
    """Delete the rows with these values in these columns."""
    names = [f"key_{name}" for name in columns]
    _deletion(table, columns).run_many(connection, [dict(zip(names, key, strict=True)) for key in keys])


def put(connection: Connection, bureau: str, records: Iterable[Any]) -> None:
    """Put records under their keys, replacing what stood there; of two with one key the later stays."""
    by_kind: dict[type, dict[tuple[str, ...], Any]] = {}
    for record in records:
        by_kind.setdefault(type(record), {})[KEPT[type(record)].key_of(record)] = record
    for kind, latest in by_kind.items():
        kept = KEPT[kind]
        remove(connection, bureau, kept, list(latest))
        add(connection, bureau, kept, list(latest.values()))


def add(connection: Connection, bureau: str, kept: Kept[Any], records: Sequence[Any]) -> None:
    """Insert records that are not there yet."""
    insert_rows(connection, kept.table, [kept.row(bureau, record) for record in records])
    if kept is PERSONS:
        insert_rows(connection, person_name_tails, tail_rows(bureau, records))
        insert_rows(connection, person_aliases, alias_rows(bureau, records))
    elif kept is EMPLOYERS:
        insert_rows(connection, employer_name_tails, tail_rows(bureau, records))


def remove(connection: Connection, bureau: str, kept: Kept[Any], keys: Sequence[tuple[str, ...]]) -> None:
    """Take rows away by their keys, with everything by which they were found."""
    rows = [(bureau, *key) for key in keys]
    delete_rows(connection, kept.table, (BUREAU, *kept.key), rows)
    if kept is PERSONS:
        delete_rows(connection, person_name_tails, (BUREAU, "person"), rows)
        delete_rows(connection, person_aliases, (BUREAU, "person"), rows)
    elif kept is EMPLOYERS:
        delete_rows(connection, employer_name_tails, (BUREAU, "employer"), rows)
