"""Makes a training city straight into a counter's file; `scripts/make_city` prepares what it needs and runs it."""

from __future__ import annotations

import marshal
import os
import time
from collections import defaultdict, deque
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counter_tui.domain.calendar import BEIJING
from counter_tui.errors import CounterError
from counter_tui.policy.regions import load_policy
from counter_tui.training.city import build_employer, business_date, plan_city
from storage.engine import writing_engine
from storage.local.store import open_local
from storage.register.records import EMPLOYERS, KEPT, PERSONS
from storage.register.tables import employer_name_tails, person_name_tails, register
from storage.register.writing import insert_rows, tail_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sqlalchemy import Connection

    from counter_tui.training.plan import CityPlan

PERSONS_AT_ONCE = 4_000
"""Persons of one piece of work: enough to hide the way between the processes, little enough to keep memory flat."""
AHEAD = 2
"""Pieces that each process may be ahead of the writer."""
_AS_REAL = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--region", required=True, help="地区方案，如 handan、tianjin")
@click.option("--employers", type=int, default=60, show_default=True, help="单位数")
@click.option("--persons", type=int, default=5_000, show_default=True, help="人数")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子，相同则城市相同")
@click.option("--today", type=_AS_REAL, default=None, help="业务日期，默认今天")
@click.option("--device", default="training-1", show_default=True, help="数据文件所属设备")
@click.option("--processes", type=int, default=os.cpu_count() or 1, show_default=True, help="并行进程数")
@click.option("--into", type=click.Path(path_type=Path), required=True, help="写入的文件，不得已存在")
def main(
    region: str,
    employers: int,
    persons: int,
    seed: int,
    today: datetime | None,
    device: str,
    processes: int,
    into: Path,
) -> None:
    """生成演练城市，直接写入柜台数据文件。"""
    if into.exists():
        raise click.ClickException(f"文件 {into} 已存在，请换一个文件名")
    try:
        asked = (today or datetime.now(BEIJING)).date()
        plan = _plan(region, employers, persons, seed, asked)
        begun = time.perf_counter()
        rows = _make(plan, (region, employers, persons, seed, asked), into, device, processes)
    except CounterError as refused:
        raise click.ClickException(refused.sentence) from refused
    seconds = time.perf_counter() - begun
    print(f"{plan.employers:,} 个单位 {plan.persons:,} 人 {rows:,} 行，{seconds:.1f} 秒，每秒 {rows / seconds:,.0f} 行")


@cache
def _plan(region: str, employers: int, persons: int, seed: int, asked: date) -> CityPlan:
    policy = load_policy(region, training=True)
    today = business_date(policy, asked)
    return plan_city(policy, employers=employers, persons=persons, seed=seed, today=today)


def _make(plan: CityPlan, order: tuple[Any, ...], into: Path, device: str, processes: int) -> int:
    """Write a new file under another name and give it its own when it is whole; returns the rows written."""
    part = into.with_name(f"{into.name}.part")
    for left in into.parent.glob(f"{part.name}*"):
        left.unlink()
    open_local(part, bureau=plan.policy.region.bureau, device=device).close()
    engine = writing_engine(part)
    # A file that is thrown away when the work breaks off need not survive a power cut on the way.
    with engine.connect() as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-256000"):
            connection.connection.execute(f"PRAGMA {pragma}")
        with connection.begin():
            rows = _fill(connection, _pieces(plan, order, processes))
    engine.dispose()
    part.rename(into)
    for left in into.parent.glob(f"{part.name}*"):
        left.unlink()
    return rows


def _fill(connection: Connection, pieces: Iterable[bytes]) -> int:
    # An index built at the end is sorted once; kept up row by row it costs more than the rows themselves.
    indexes = [index for table in register.tables.values() for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    rows = 0
    for piece in pieces:
        for table, written in marshal.loads(piece).items():  # noqa: S302  # from our own processes
            insert_rows(connection, register.tables[table], written)
            rows += len(written)
    for index in indexes:
        index.create(connection)
    return rows


def _pieces(plan: CityPlan, order: tuple[Any, ...], processes: int) -> Iterator[bytes]:
    """The rows of the city in order, made by several processes that never run far ahead of the writer."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Any] = deque()
        for first, last in _ranges(plan):
            waiting.append(pool.submit(_piece, order, first, last))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _ranges(plan: CityPlan) -> Iterator[tuple[int, int]]:
    first, persons = 1, 0
    for index, size in enumerate(plan.sizes, start=1):
        persons += size
        if persons >= PERSONS_AT_ONCE or index == plan.employers:
            yield first, index
            first, persons = index + 1, 0


def _piece(order: tuple[Any, ...], first: int, last: int) -> bytes:
    """Rows of some employers by table, ready for the writer."""
    plan = _plan(*order)
    bureau = plan.policy.region.bureau
    records: dict[type, list[Any]] = defaultdict(list)
    for index in range(first, last + 1):
        for record in build_employer(plan, index):
            records[type(record)].append(record)
    # SQLAlchemy's names are a kind of text of its own, which marshal does not take.
    rows: dict[str, list[Any]] = {}
    for kind, made in records.items():
        kept = KEPT[kind]
        rows[str(kept.table.name)] = [kept.row(bureau, record) for record in made]
    rows[str(person_name_tails.name)] = tail_rows(bureau, records[PERSONS.record])
    rows[str(employer_name_tails.name)] = tail_rows(bureau, records[EMPLOYERS.record])
    return marshal.dumps(rows)


if __name__ == "__main__":
    main()
