"""An employer of ten thousand: its coverages read, its month assessed, its roster kept, against raw sqlite3."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.domain.bills import Roster
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.coverage import Coverage, CoverageState
from counter_tui.domain.employers import Employer, EmployerScheme, EmployerState, SchemeState
from counter_tui.operations.assessment import assess
from counter_tui.operations.canonical import pack
from storage.local.store import open_local
from tests.bench.measures import Comparison, in_turns, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.operations.assessment import Assessment
    from counter_tui.policy.regions import Policy
    from counter_tui.services.ports import Reading
    from storage.local.store import SqliteLocalStore

PERSONS = 10_000
SCHEMES = ("110", "210", "310", "410")
NUMBER, BUREAU, DEVICE = "130400100001", "130400", "d1"
MONTH, JOINED = YearMonth(2026, 7), YearMonth(2020, 1)
ROWS = "SELECT * FROM coverages WHERE bureau_id = ? AND employer = ? ORDER BY person, scheme"


def records() -> Iterator[Employer | Coverage]:
    """The employer and what its people are insured for, wages from below the floor to above the ceiling."""
    yield Employer(
        number=NUMBER,
        name="演练单位",
        credit_code="91130400MA0000015Y",
        state=EmployerState.ON_REGISTER,
        settlement_month=MONTH,
        joined=JOINED,
        schemes=tuple(
            EmployerScheme(scheme=scheme, state=SchemeState.PAYING, since=JOINED, injury_class=3) for scheme in SCHEMES
        ),
    )
    for place in range(PERSONS):
        for scheme in SCHEMES:
            yield Coverage(
                person=f"1304{place:08d}",
                scheme=scheme,
                employer=NUMBER,
                state=CoverageState.PAYING,
                since=date(2020, 3, 1),
                first_month=YearMonth(2020, 3),
                wage=300_000 + place * 251,
                changed_on=date(2020, 3, 1),
            )


def settled(runner: asyncio.Runner, store: SqliteLocalStore, policy: Policy, bill: str) -> Assessment:
    """Read the employer, compute its month and keep the roster under a bill's number."""

    def computed(reading: Reading) -> Assessment:
        employer = reading.register.employer(NUMBER)
        if employer is None:
            raise KeyError(NUMBER)
        return assess(reading.register, policy, employer, MONTH)

    found = runner.run(store.read(computed))
    store.load([Roster(bill=bill, rows=found.roster)])
    return found


def raw(connection: sqlite3.Connection, roster: bytes) -> None:
    """Read the same rows and keep a roster as it is, as durable, without a thought."""
    connection.execute(ROWS, (BUREAU, NUMBER)).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO kept (content) VALUES (?)", (roster,))
    connection.execute("COMMIT")


def employer_of_ten_thousand(policy: Policy) -> Comparison:
    """The seconds a clerk waits for the hub's work on the largest employer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counter.sqlite"
        store = open_local(path, bureau=BUREAU, device=DEVICE)
        with closing(store), closing(sqlite3.connect(Path(folder) / "raw.sqlite", isolation_level=None)) as connection:
            store.load(records())
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, content)")
            with asyncio.Runner() as runner:
                bills = (f"B{number}" for number in count(1))
                packed = pack(settled(runner, store, policy, next(bills)).roster)
                copied(path, connection)
                samples = in_turns(
                    {
                        "raw sqlite3": lambda: seconds_of(lambda: raw(connection, packed)),
                        "counter": lambda: seconds_of(lambda: settled(runner, store, policy, next(bills))),
                    }
                )
    title = f"an employer of {PERSONS:,} persons × {len(SCHEMES)} schemes read, assessed and kept"
    return Comparison(title=title, unit="s", reference="raw sqlite3", samples=samples)


def copied(path: Path, connection: sqlite3.Connection) -> None:
    """Give the raw file the same coverages."""
    connection.execute("ATTACH ? AS counter", (str(path),))
    connection.execute("CREATE TABLE coverages AS SELECT * FROM counter.coverages")
    connection.execute("DETACH counter")
    connection.execute("CREATE INDEX by_employer ON coverages (bureau_id, employer)")
