"""Engines for the product's own SQLite files: pragmas, explicit transactions, one thread for each."""

from __future__ import annotations

import asyncio
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import StaticPool, create_engine, event

from counter_tui.own_files import make_folder, open_file
from storage.trouble import StoreReadOnly, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

T = TypeVar("T")

BUSY_MS = 10_000
"""How long SQLite waits for another program that holds the file without our gate (a backup, a checkpoint)."""

_WRITER = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "cache_size=-16000")
_READER = ("query_only=ON", f"busy_timeout={BUSY_MS}", "cache_size=-16000")


def create_private(path: Path) -> None:
    """Make the file, for the counter alone, unless it is there."""
    try:
        make_folder(path.parent)
        os.close(open_file(path))
    except OSError as error:
        raise StoreReadOnly(file=path.name) from error


def _engine(path: Path, pragmas: tuple[str, ...], begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "cached_statements": 512},
        hide_parameters=True,  # they are personal data, and the text of an error goes to the log
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def writing_engine(path: Path) -> Engine:
    """Engine whose transactions take SQLite's write lock at once and are flushed to disk."""
    return _engine(path, _WRITER, "BEGIN IMMEDIATE")


def reading_engine(path: Path) -> Engine:
    """Engine that cannot write; each transaction sees one state of the file."""
    return _engine(path, _READER, "BEGIN")


class Gate:
    """The queue in front of a file's write transactions: SQLite's own waiting is not fair among programs.

    A `flock`, not a POSIX record lock: it also excludes a second opening within one program, and closing another
    descriptor of the same file does not drop it.
    """

    def __init__(self, path: Path) -> None:
        """Open the lock file beside the database."""
        try:
            self._descriptor = open_file(path)
        except OSError as error:
            raise StoreReadOnly(file=path.name) from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn; blocks the thread."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock file back."""
        os.close(self._descriptor)


class Lane:
    """One thread with one connection: a unit of work is one hop to it."""

    def __init__(self, engine: Engine, path: Path, name: str, gate: Gate | None = None) -> None:
        """Connect at the first unit of work. With a gate, each unit is one write transaction."""
        self._engine = engine
        self._path = path
        self._gate = gate
        self._connection: Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of work in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, work)

    def run_now(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of work in the thread and block until it is done; for callers without a loop."""
        return self._thread.submit(self._transaction, work).result()

    def _transaction(self, work: Callable[[Connection], T]) -> T:
        with spoken(self._path):
            if self._gate is None:
                return self._unit(work)
            with self._gate.held():
                return self._unit(work)

    def _unit(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return work(self._connection)

    def close(self) -> None:
        """Let the unit under way finish, then close the connection in its own thread."""
        self._thread.submit(self._disconnect).result()
        self._thread.shutdown()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()
