"""A durable save: operation, outbox row, audit leaf and overlay in one transaction, against raw sqlite3."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.domain.acceptance import acceptance_number
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.declarations import Item, ItemState, Stamp, Transition
from counter_tui.operations.canonical import pack
from counter_tui.operations.chain import Pen, drafted, placed
from counter_tui.operations.envelope import Group, Maker, Operation, Proposal, signed
from counter_tui.services.numbers import salt, uuid7
from storage.local.store import open_local
from tests.bench.measures import Comparison, Growth, in_turns, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.services.ports import Work
    from storage.local.store import SqliteLocalStore

SIZES = (10, 100, 1_000)
"""Saves one after the other on one file."""
BUREAU, DEVICE, WINDOW = "999999", "d1", "003"
TODAY, NOW = date(2026, 7, 26), datetime(2026, 7, 26, 1, 12, tzinfo=UTC)
SIGNATURE = bytes(64)
"""Signing is the key's time, not the store's."""
RAW_ROWS = (
    "journal", "outbox", "audit_leaves", "pending_item", "pending_step", "covered_item", "covered_step", "items",
    "transitions",
)  # fmt: skip
"""The rows that one save leaves, beside the ends of the chain and of the window's numbers."""
PEN = Pen(
    bureau=BUREAU,
    device=DEVICE,
    maker=Maker(
        operator="0007", human="h" * 32, post="1", roles=("maker",), window=WINDOW, key_serial="soft-0007",
        certificate="c" * 64, signon="s" * 32,
    ),
    made_at=NOW,
    mono=0,
    policy_version="p" * 64,
    training=True,
    new_id=lambda: uuid7(datetime.now(UTC)),
    new_salt=salt,
)  # fmt: skip
PROPOSAL = Proposal(
    kind="P05.save",
    unit_id="E:1304000001",
    body={
        "person": "130400199001010011", "schemes": ["110", "210", "310", "410"], "reason": "229", "on": "2026-07-26"
    },
    reception_id="r" * 32,
    form_ver="f" * 16,
)  # fmt: skip


def effects(operation: Operation) -> tuple[Item, Transition]:
    """What a saved suspension leaves in the register."""
    maker = operation.maker
    stamp = Stamp(
        operator=maker.operator, human=maker.human, certificate=maker.certificate, key_serial=maker.key_serial,
        signon=maker.signon, window=maker.window, at=operation.made_at,
    )  # fmt: skip
    item = Item(
        id=operation.op_id, acceptance_number=operation.acceptance_number, item_no=0, function="P05",
        employer="1304000001", id_number="130400199001010011", person_name="张三", person="1300000001",
        verdict="停保", month=YearMonth(2026, 7), body=operation.body, body_hash=operation.body_hash,
        state=ItemState.TO_SUBMIT, reception=operation.reception_id, made=stamp,
    )  # fmt: skip
    step = Transition(
        operation=operation.op_id, item=item.id, before=None, after=ItemState.TO_SUBMIT, by=stamp,
        reception=operation.reception_id,
    )  # fmt: skip
    return item, step


def keep(work: Work) -> Operation:
    """One save, as the use case does it inside its transaction."""
    day, number = work.next_sequence(WINDOW, TODAY)
    operation = placed(
        drafted(PROPOSAL, PEN, base_version=0),
        work.head(),
        group=Group(index=0, count=1),
        acceptance_number=acceptance_number(BUREAU, WINDOW, day, number),
    )
    operation = signed(operation, SIGNATURE)
    work.append(operation, effects(operation))
    return operation


async def saves(store: SqliteLocalStore, count: int) -> Operation:
    """So many saves, each durable before the next begins; the last operation."""
    for _ in range(count - 1):
        await store.write(keep)
    return await store.write(keep)


def raw_file(path: Path) -> sqlite3.Connection:
    """A file with one table for each row that a save leaves, and nothing else."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    for table in RAW_ROWS:
        connection.execute(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, content)")
    connection.execute("CREATE TABLE ends (name TEXT PRIMARY KEY, number INTEGER)")
    connection.execute("INSERT INTO ends VALUES ('chain', 0), ('window', 0)")
    return connection


def raw_saves(connection: sqlite3.Connection, content: dict[str, bytes], count: int) -> None:
    """The same number of rows with contents of the same size, as durable, without a thought."""
    for _ in range(count):
        connection.execute("BEGIN IMMEDIATE")
        for name in ("chain", "window"):
            connection.execute("UPDATE ends SET number = number + 1 WHERE name = ?", (name,))
        for table in RAW_ROWS:
            connection.execute(f"INSERT INTO {table} (content) VALUES (?)", (content[table],))  # noqa: S608  # our names
        connection.execute("COMMIT")


def contents(operation: Operation) -> dict[str, bytes]:
    """What stands in the rows of one save."""
    item, step = (pack(effect) for effect in effects(operation))
    return {
        "journal": pack(operation), "outbox": operation.op_id.encode(), "audit_leaves": b"h" * 128,
        "pending_item": item, "pending_step": step, "covered_item": b"k" * 48, "covered_step": b"k" * 48,
        "items": item, "transitions": step,
    }  # fmt: skip


def run(folder: Path, count: int) -> dict[str, list[float]]:
    """Seconds for so many saves, both ways, on fresh files in one folder."""
    store = open_local(folder / "counter.sqlite", bureau=BUREAU, device=DEVICE)
    with closing(store), closing(raw_file(folder / "raw.sqlite")) as raw, asyncio.Runner() as runner:
        content = contents(runner.run(saves(store, 1)))
        return in_turns(
            {
                "raw sqlite3": lambda: seconds_of(lambda: raw_saves(raw, content, count)),
                "counter": lambda: seconds_of(lambda: runner.run(saves(store, count))),
            }
        )


def suite() -> Iterator[Comparison | Growth]:
    """Saves at three sizes; the figure is milliseconds for one save."""
    medians = {}
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            samples = run(Path(folder), count)
        medians[count] = statistics.median(samples["counter"])
        yield Comparison(
            title=f"durable save, {count:,} in a row",
            unit="ms a save",
            reference="raw sqlite3",
            samples={program: [1000 * each / count for each in of] for program, of in samples.items()},
        )
    yield Growth(program="counter", seconds=medians)
