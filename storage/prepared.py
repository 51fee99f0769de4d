"""Statements compiled once and sent past SQLAlchemy's execution layer, which costs more than SQLite needs to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.expression import ClauseElement


class Rows(Protocol):
    """What a statement gave: the part that the driver's cursor and SQLAlchemy's result have in common."""

    @property
    def rowcount(self) -> int:
        """Rows that were changed."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> Any:
        """All rows left."""


def hot(connection: Connection, text: str, values: tuple[Any, ...] = ()) -> Rows:
    """Execute SQL text with question marks on a SQLite connection, inside the transaction that is open."""
    rows: Rows = _driver(connection).execute(text, values)
    return rows


def hot_many(connection: Connection, text: str, rows: list[tuple[Any, ...]]) -> None:
    """Execute SQL text once for each row of values on a SQLite connection."""
    _driver(connection).executemany(text, rows).close()


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return driver


class Prepared:
    """A statement of the expression language, kept as the text that each database is sent.

    Values are sent as they are: text, integers, bytes and None only.
    """

    def __init__(self, statement: ClauseElement) -> None:
        """Prepare a statement whose values are `bindparam`s."""
        self._statement = statement
        self._texts: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {}

    def run(self, connection: Connection, **values: Any) -> Rows:
        """Execute it with values by name, inside the transaction that is open."""
        text, order, constants = self._text(connection.dialect)
        given = {**constants, **values}
        if connection.dialect.name == "sqlite":
            return hot(connection, text, tuple(given[name] for name in order))
        return connection.exec_driver_sql(text, tuple(given[name] for name in order) if order else given)

    def run_many(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        """Execute it once for each row of values."""
        for row in rows:
            self.run(connection, **row)

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.run(connection, **values).fetchone()
        return row[0] if row else None

    def _text(self, dialect: Dialect) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        known = self._texts.get(dialect.name)
        if known is None:
            compiled: Any = self._statement.compile(dialect=dialect)
            order = tuple(compiled.positiontup or ()) if compiled.positional else ()
            constants = {name: value for name, value in compiled.params.items() if value is not None}
            known = self._texts[dialect.name] = (str(compiled), order, constants)
        return known
