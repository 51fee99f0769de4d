"""The counter's own file (`ports.LocalStore`): one writer's lane behind the gate, one reader's lane."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, TypeVar

import msgspec
from sqlalchemy import select

from counter_tui.errors import CounterError
from counter_tui.operations.envelope import FIRST
from counter_tui.operations.suites import INTERNATIONAL, Suite, check_suite
from storage.engine import Gate, Lane, create_private, reading_engine, writing_engine
from storage.local import drafts, held, journal, mirror, outbox, prints
from storage.local.backup import copy_to
from storage.local.register import MirrorRegister, keep_operators
from storage.local.tables import host
from storage.migrations.upgrade import LOCAL, Occupancy, bring_up_to_date
from storage.register import search
from storage.register.bulk import load
from storage.trouble import DamagedStore, StoreClosed, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection

    from counter_tui.domain.contributions import ContributionSpan
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.people import Person
    from counter_tui.operations.chain import Head
    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Record
    from counter_tui.operations.register import Register
    from counter_tui.services.ports import Counts, Draft, OutboxEntry, Print, Reading, Work

T = TypeVar("T")

VITAL = ("host", "journal", "outbox", "audit_leaves", "acceptance_sequences")
"""Tables that are looked over at every start, however large the mirror is."""


class OtherDevice(CounterError):
    """数据文件 {file} 属于另一台设备（{found}），不能在本机使用；请联系管理员重新登记本机"""


class SqlReading:
    """One consistent look at the counter's file (`ports.Reading`)."""

    def __init__(self, connection: Connection, bureau: str) -> None:
        """Look through this connection."""
        self._connection = connection
        self._bureau = bureau
        self._register = MirrorRegister(connection, bureau)

    @property
    def register(self) -> Register:
        """Mirror plus the effects of own pending operations."""
        return self._register

    def contributions(self, person: str) -> Sequence[ContributionSpan]:
        """A person's history from before the first assessment made here, by scheme and month."""
        return self._register.contributions(person)

    def find_persons(self, text: str, *, employer: str = "", limit: int = 21) -> Sequence[Person]:
        """By full number, last four (with initial or surname behind), prefix, or name; best first."""
        return search.find_persons(self._connection, self._bureau, text, employer=employer, limit=limit)

    def find_employers(self, text: str, *, limit: int = 21) -> Sequence[Employer]:
        """By number, credit code, or part of the name; best first."""
        return search.find_employers(self._connection, self._bureau, text, limit=limit)

    def counts(self, operator: str) -> Counts:
        """Figures of the status bar for an operator."""
        return outbox.counts(self._connection, self._bureau, operator)

    def draft(self, operator: str, function: str) -> Draft | None:
        """The operator's unfinished form of a function."""
        return drafts.one(self._connection, operator, function)

    def drafts(self, operator: str) -> Sequence[Draft]:
        """All unfinished forms of an operator, newest first."""
        return drafts.of_operator(self._connection, operator)

    def outbox(self, limit: int = 200) -> Sequence[OutboxEntry]:
        """Operations still under way or refused, oldest first."""
        return outbox.under_way(self._connection, limit)

    def entry(self, op_id: str) -> OutboxEntry | None:
        """One operation of this host."""
        return outbox.entry(self._connection, op_id)

    def held(self) -> int:
        """How many operations of the bureau the hub holds."""
        return held.count(self._connection)

    def prints(self, document: str, serial: str) -> Sequence[Print]:
        """Prints of a document so far, oldest first."""
        return prints.of_document(self._connection, document, serial)

    def acceptance(self, number: str) -> Sequence[Operation]:
        """Operations of this host under an acceptance number, in order; empty for a foreign one."""
        return journal.acceptance(self._connection, number)

    def last_acceptance(self, window: str) -> Sequence[Operation]:
        """Operations of the last acceptance number given at a window."""
        return journal.last_acceptance(self._connection, window)

    def operators(self) -> Sequence[Operator]:
        """Operators registered at the hub, as known here."""
        return self._register.operators()

    def setting(self, name: str) -> str:
        """A remembered choice of this host, empty when there is none."""
        return drafts.setting(self._connection, name)


class SqlWork(SqlReading):
    """One write transaction on the counter's file (`ports.Work`)."""

    def head(self) -> Head:
        """Where this device's chain ends."""
        return journal.head(self._connection)

    def next_sequence(self, window: str, today: date) -> tuple[date, int]:
        """Raise and return the window's acceptance counter. Raises NumbersExhausted past 9 999."""
        return journal.next_sequence(self._connection, window, today)

    def append(self, operation: Operation, effects: Sequence[Record]) -> None:
        """Journal, outbox row, audit leaf and overlay of one operation."""
        journal.append(self._connection, operation)
        outbox.queue(self._connection, operation)
        mirror.lay_over(self._connection, self._bureau, operation.dev_seq, effects)

    def keep_draft(self, draft: Draft) -> None:
        """Keep or replace an unfinished form."""
        drafts.keep(self._connection, draft)

    def drop_draft(self, operator: str, function: str) -> None:
        """Forget an unfinished form."""
        drafts.drop(self._connection, operator, function)

    def keep_print(self, entry: Print) -> None:
        """Record a print, or its new state."""
        prints.keep(self._connection, entry)

    def see(self, op_id: str) -> None:
        """Mark a conflict or refusal as seen."""
        outbox.see(self._connection, op_id)

    def remember(self, name: str, value: str) -> None:
        """Keep a choice of this host."""
        drafts.remember(self._connection, name, value)


class SqliteLocalStore:
    """The counter's file, open. Made by `open_local`."""

    def __init__(self, path: Path, *, bureau: str, device: str, suite: Suite, occupancy: Occupancy) -> None:
        """Take the lanes of an examined file."""
        self.path = path
        self.bureau = bureau
        self.device = device
        self.suite = suite
        self._occupancy = occupancy
        self._gate = Gate(path.with_name(f"{path.name}.gate"))
        self._writer = Lane(writing_engine(path), path, "counter-write", self._gate)
        self._reader = Lane(reading_engine(path), path, "counter-read")
        self._turn = asyncio.Lock()
        self._closed = False

    async def read(self, work: Callable[[Reading], T]) -> T:
        """Run `work` on one consistent snapshot."""
        return await self.look(lambda connection: work(SqlReading(connection, self.bureau)))

    async def write(self, work: Callable[[Work], T]) -> T:
        """Run `work` in one durable transaction; any exception undoes it whole."""
        return await self.change(lambda connection: work(SqlWork(connection, self.bureau)))

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of reading on the connection itself; for the parts of storage."""
        self._refuse_when_closed()
        return await self._reader.run(work)

    async def change(self, work: Callable[[Connection], T]) -> T:
        """Run a unit of writing on the connection itself; for the parts of storage."""
        self._refuse_when_closed()
        async with self._turn:
            return await self._writer.run(work)

    def load(self, records: Iterable[Record | ContributionSpan]) -> int:
        """Fill the mirror of a new file in one transaction; blocks. Returns the number of rows."""
        return self._writer.run_now(lambda connection: load(connection, self.bureau, records).rows)

    def register_operators(self, known: Iterable[Operator]) -> None:
        """Lay operators into the mirror of a new file, as the feed will tell them; blocks."""
        self._writer.run_now(lambda connection: keep_operators(connection, known))

    async def back_up(self, target: Path) -> None:
        """Write a compact, consistent copy while clerks go on working."""
        await asyncio.to_thread(self.back_up_now, target)

    def back_up_now(self, target: Path) -> None:
        """As `back_up`, blocking."""
        engine = writing_engine(self.path)  # SQLite takes even the reading side of a copy for a write
        try:
            with engine.connect() as connection:
                copy_to(connection, target)
        finally:
            engine.dispose()

    def close(self) -> None:
        """Finish what is under way and give the file back; blocks."""
        if self._closed:
            return
        self._closed = True
        self._writer.close()
        self._reader.close()
        self._gate.close()
        self._occupancy.release()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise StoreClosed


def open_local(path: Path, *, bureau: str, device: str, suite: Suite = INTERNATIONAL) -> SqliteLocalStore:
    """Open the counter's file, made or upgraded first when needed; blocks.

    Raises:
        DamagedStore: the file does not hold together.
        OtherDevice: the file belongs to another device or bureau.
        OtherSuite: its chain is of another suite.
        StoreReadOnly, DiskFull: it cannot be written.
        NewerStore, OtherVersionRunning: another version of the program has it.
    """
    create_private(path)
    occupancy = Occupancy(path.with_name(f"{path.name}.open"))
    engine = writing_engine(path)
    try:
        with spoken(path):
            bring_up_to_date(engine, LOCAL, path, occupancy, back_up=copy_to)
            with engine.connect() as connection:
                _examine(connection, path, suite)
            with engine.begin() as connection:
                _claim(connection, path, bureau, device)
    except BaseException:
        occupancy.release()
        raise
    finally:
        engine.dispose()
    return SqliteLocalStore(path, bureau=bureau, device=device, suite=suite, occupancy=occupancy)


def _examine(connection: Connection, path: Path, suite: Suite) -> None:
    for table in VITAL:
        if connection.exec_driver_sql(f"PRAGMA quick_check({table})").scalar() != "ok":
            raise DamagedStore(file=path.name)
    try:
        named = journal.suite(connection)
    except msgspec.DecodeError:
        raise DamagedStore(file=path.name) from None
    if named:
        check_suite(named, suite, f"数据文件 {path.name} ")


def _claim(connection: Connection, path: Path, bureau: str, device: str) -> None:
    owner = connection.execute(select(host.c.bureau_id, host.c.device_id)).one_or_none()
    if owner is None:
        connection.execute(
            host.insert().values(
                one=1,
                bureau_id=bureau,
                device_id=device,
                head_seq=0,
                head_hash=FIRST,
                audit_chain="",
                cursor=0,
                epoch=0,
                frontier=json.dumps([]),
                synced_at="",
            )
        )
    elif tuple(owner) != (bureau, device):
        raise OtherDevice(file=path.name, found="-".join(owner))
