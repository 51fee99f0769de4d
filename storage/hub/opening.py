"""Opening a hub's database: a file of its own beside the counter's."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from counter_tui.operations.canonical import unpack
from counter_tui.operations.envelope import Operation
from counter_tui.operations.suites import INTERNATIONAL, Suite, check_suite
from storage.engine import Gate, create_private, reading_engine, writing_engine
from storage.hub.ingest import Hub
from storage.hub.tables import operations
from storage.local.backup import copy_to
from storage.migrations.upgrade import HUB, Occupancy, bring_up_to_date
from storage.trouble import DamagedStore, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from storage.hub.ingest import Transaction
    from storage.hub.judging import Judge


def open_hub(path: Path, *, bureau: str, training: bool, judge: Judge, suite: Suite = INTERNATIONAL) -> Hub:
    """Open a hub in a SQLite file, made or upgraded first when needed; blocks.

    Several programs of one host may have it open: the counter that holds the sync lock talks to it.

    Raises:
        DamagedStore, StoreReadOnly, DiskFull, NewerStore, OtherVersionRunning.
        OtherSuite: it took operations of another suite so far.
    """
    create_private(path)
    occupancy = Occupancy(path.with_name(f"{path.name}.open"))
    engine, looking = writing_engine(path), reading_engine(path)
    gate = Gate(path.with_name(f"{path.name}.gate"))

    def close() -> None:
        engine.dispose()
        looking.dispose()
        gate.close()
        occupancy.release()

    try:
        with spoken(path):
            bring_up_to_date(engine, HUB, path, occupancy, back_up=copy_to)
        with spoken(path), looking.connect() as connection:
            _check_suite(connection, path, suite)
    except BaseException:
        close()
        raise
    return Hub(
        bureau=bureau,
        training=training,
        judge=judge,
        writing=_one_at_a_time(engine, path, gate),
        reading=_one_at_a_time(looking, path, None),
        suite=suite,
        close=close,
    )


def _one_at_a_time(engine: Engine, path: Path, gate: Gate | None) -> Transaction:
    """Transactions over the engine's one connection, whichever thread asks."""
    turn = Lock()

    @contextmanager
    def transaction() -> Iterator[Connection]:
        with turn, spoken(path):
            if gate is None:
                with engine.begin() as connection:
                    yield connection
                return
            with gate.held(), engine.begin() as connection:
                yield connection

    return transaction


def _check_suite(connection: Connection, path: Path, suite: Suite) -> None:
    first = connection.execute(select(operations.c.envelope).limit(1)).scalar()
    if first is None:
        return
    try:
        named = unpack(Operation, first).suite
    except msgspec.DecodeError:
        raise DamagedStore(file=path.name) from None
    check_suite(named, suite, f"数据文件 {path.name} ")
