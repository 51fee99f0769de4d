"""The counter's own file: what is kept stays kept, and what cannot be kept is said."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from counter_tui.services.ports import Delivery, Draft, NumbersExhausted, Print, Work
from storage.local import SqliteLocalStore, journal, open_local
from storage.local.journal import ChainMoved, TooLarge
from storage.local.store import OtherDevice
from storage.trouble import DamagedStore, DiskFull, StoreClosed, StoreReadOnly
from tests.storage.bureau import BUREAU, TODAY, Clerk, StillClock, act, filing


class PowerCutError(Exception):
    """Something fails in the middle of a save."""


async def test_a_save_is_kept_and_queued_and_found(store: SqliteLocalStore, clerk: Clerk) -> None:
    (operation,) = await store.write(clerk.saves(filing("0001")))
    entry = await store.read(lambda look: look.entry(operation.op_id))
    assert entry is not None
    assert entry.operation == operation
    assert entry.delivery is Delivery.SAVED
    assert [found.number for found in await store.read(lambda look: look.find_persons("三丰"))] == ["0001"]
    assert await store.read(lambda look: look.acceptance(operation.acceptance_number)) == [operation]


async def test_an_operation_is_kept_and_queued_or_neither(store: SqliteLocalStore, clerk: Clerk) -> None:
    def save_and_fail(work: Work) -> None:
        clerk.keep(work, (filing("0001"), filing("0002")))
        work.keep_draft(a_draft())
        raise PowerCutError

    with pytest.raises(PowerCutError):
        await store.write(save_and_fail)
    counts = await store.read(lambda look: look.counts("0001"))
    assert (counts.unsent, counts.drafts) == (0, 0)
    assert await store.read(lambda look: look.find_persons("三丰")) == []
    (operation,) = await store.write(clerk.saves(filing("0003")))
    assert (operation.dev_seq, operation.acceptance_number[-5:-1]) == (1, "0001")


async def test_the_chain_holds_over_many_saves(store: SqliteLocalStore, clerk: Clerk) -> None:
    for number in range(1, 30):
        await store.write(clerk.saves(filing(f"{number:04}"), filing(f"1{number:03}")))
    assert await store.look(journal.unbroken)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET envelope = replace(envelope, 'P:0003', 'P:0009') WHERE dev_seq = 3",
        "UPDATE journal SET envelope = replace(envelope, '张三丰', '张三') WHERE dev_seq = 3",
        "DELETE FROM journal WHERE dev_seq = 5",
        "DELETE FROM audit_leaves WHERE dev_seq = 5",
    ],
)
async def test_a_changed_journal_is_noticed(store: SqliteLocalStore, clerk: Clerk, file: Path, change: str) -> None:
    for number in range(1, 6):
        await store.write(clerk.saves(filing(f"{number:04}")))
    store.close()
    with sqlite3.connect(file) as raw:
        assert raw.execute(change).rowcount == 1
    raw.close()
    again = open_local(file, bureau=BUREAU, device="host-1")
    assert not await again.look(journal.unbroken)
    again.close()


async def test_an_operation_made_for_another_place_of_the_chain_is_refused(
    store: SqliteLocalStore, clerk: Clerk
) -> None:
    (operation,) = await store.write(clerk.saves(filing("0001")))
    with pytest.raises(ChainMoved):
        await store.write(lambda work: work.append(operation, ()))


async def test_a_body_the_hub_would_not_take_is_refused_before_saving(store: SqliteLocalStore, clerk: Clerk) -> None:
    with pytest.raises(TooLarge, match="最多 64 KB"):
        await store.write(clerk.saves(filing("0001", "张" * 30_000)))


async def test_a_clock_set_back_repeats_no_number(store: SqliteLocalStore) -> None:
    clock = StillClock()
    clerk = Clerk(clock=clock)
    (first,) = await store.write(clerk.saves(filing("0001")))
    clock.day = date(2026, 11, 20)
    (second,) = await store.write(clerk.saves(filing("0002")))
    clock.day = date(2026, 11, 24)
    (third,) = await store.write(clerk.saves(filing("0003")))
    assert [operation.acceptance_number[9:19] for operation in (first, second, third)] == [
        "2611230001",
        "2611230002",
        "2611240001",
    ]


async def test_the_ten_thousandth_acceptance_of_a_day_is_refused(store: SqliteLocalStore) -> None:
    def exhaust(work: Work) -> None:
        for _ in range(9_999):
            work.next_sequence("003", TODAY)

    await store.write(exhaust)
    with pytest.raises(NumbersExhausted, match="003 号窗口"):
        await store.write(lambda work: work.next_sequence("003", TODAY))
    assert await store.write(lambda work: work.next_sequence("004", TODAY)) == (TODAY, 1)


async def test_clerks_of_one_program_never_share_an_acceptance_number(store: SqliteLocalStore, clerk: Clerk) -> None:
    kept = await asyncio.gather(*(store.write(clerk.saves(filing(f"{number:04}"))) for number in range(40)))
    numbers = [operation.acceptance_number for (operation,) in kept]
    assert len(set(numbers)) == 40


SAVING = """
import asyncio, sys, time
from pathlib import Path
from storage.local import open_local
from tests.storage.bureau import BUREAU, Clerk, WallClock, filing

async def main(path, who, count):
    store = open_local(Path(path), bureau=BUREAU, device="host-1")
    clerk = Clerk(clock=WallClock())
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(count)):
        begun = time.perf_counter()
        (operation,) = await store.write(clerk.saves(filing(f"{who}{number:03}")))
        waited = time.perf_counter() - begun
        print(operation.acceptance_number, int(waited * 1000), flush=True)
    store.close()

asyncio.run(main(*sys.argv[1:]))
"""


def together(file: Path, programs: int, saves: int) -> list[tuple[str, int]]:
    """Acceptance numbers and waiting times in ms of several programs that save at the same time."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SAVING, str(file), str(who), str(saves)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for who in range(1, programs + 1)
    ]
    for program in running:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    lines = []
    for program in running:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in running:
        text, _ = program.communicate(timeout=60)
        assert program.returncode == 0
        lines += text.splitlines()
    return [(number, int(waited)) for number, waited in map(str.split, lines)]


async def test_two_clerks_never_share_an_acceptance_number(file: Path) -> None:
    open_local(file, bureau=BUREAU, device="host-1").close()
    kept = together(file, programs=2, saves=60)
    assert len({number for number, _ in kept}) == 120
    store = open_local(file, bureau=BUREAU, device="host-1")
    assert await store.look(journal.unbroken)
    store.close()


@pytest.mark.serial
async def test_no_writer_waits_long_while_eight_programs_save(file: Path) -> None:
    open_local(file, bureau=BUREAU, device="host-1").close()
    kept = together(file, programs=8, saves=25)
    assert len({number for number, _ in kept}) == 200
    # The budget is 1,000 ms on a machine of its own. Measured on two processors shared with much other work:
    # 550 to 1,050 ms with the gate, 2,570 to 3,200 ms without it, so this limit still notices a missing gate.
    assert max(waited for _, waited in kept) < 2_000


def a_draft(function: str = "P05", text: str = "张") -> Draft:
    return Draft(
        operator="0001",
        function=function,
        subject="E:1",
        texts={"name": text},
        cursor="name",
        saved_at=StillClock().now(),
    )


async def test_a_draft_is_there_after_the_program_ended(store: SqliteLocalStore, file: Path) -> None:
    await store.write(lambda work: work.keep_draft(a_draft()))
    await store.write(lambda work: work.keep_draft(a_draft(text="张三")))
    await store.write(lambda work: work.remember("window", "003"))
    store.close()
    again = open_local(file, bureau=BUREAU, device="host-1")
    draft = await again.read(lambda look: look.draft("0001", "P05"))
    assert draft == a_draft(text="张三")
    assert await again.read(lambda look: look.setting("window")) == "003"
    await again.write(lambda work: work.drop_draft("0001", "P05"))
    assert await again.read(lambda look: look.drafts("0001")) == []
    again.close()


async def test_a_reprint_is_counted(store: SqliteLocalStore) -> None:
    def sheet(nth: int, state: str) -> Print:
        return Print(
            id=f"p{nth}",
            document="D17",
            serial="1304",
            nth=nth,
            operation="",
            subject="E:1",
            month=None,
            operator="0001",
            window="003",
            at=StillClock().now(),
            file="",
            pdf_hash="",
            content_hash="",
            content={"a": "b"},
            pages=1,
            state=state,
        )

    for nth, state in ((1, "recorded"), (1, "printed"), (2, "recorded")):
        await store.write(lambda work, nth=nth, state=state: work.keep_print(sheet(nth, state)))  # type: ignore[misc]
    found = await store.read(lambda look: look.prints("D17", "1304"))
    assert [(entry.nth, entry.state) for entry in found] == [(1, "printed"), (2, "recorded")]


async def test_the_last_acceptance_of_a_window_is_all_its_operations(store: SqliteLocalStore, clerk: Clerk) -> None:
    await store.write(clerk.saves(filing("0001")))
    group = await store.write(clerk.saves(filing("0002"), filing("0003")))
    await store.write(clerk.saves(act("test.numbered", name="某"), numbered=False))
    await store.write(Clerk(window="004").saves(filing("0004")))
    assert tuple(await store.read(lambda look: look.last_acceptance("003"))) == group


def filled(file: Path) -> None:
    store = open_local(file, bureau=BUREAU, device="host-1")
    clerk = Clerk()

    async def fill() -> None:
        for number in range(60):
            await store.write(clerk.saves(*(filing(f"{number:02}{place:02}") for place in range(4))))

    asyncio.run(fill())
    store.close()


def test_a_file_with_a_broken_head_is_refused_with_the_way_to_restore(file: Path) -> None:
    filled(file)
    with file.open("r+b") as raw:
        raw.write(os.urandom(100))
    with pytest.raises(DamagedStore, match="backup restore"):
        open_local(file, bureau=BUREAU, device="host-1")


def test_a_torn_journal_is_refused_with_the_way_to_restore(file: Path) -> None:
    filled(file)
    raw = sqlite3.connect(file)
    page_size = raw.execute("PRAGMA page_size").fetchone()[0]
    root = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'journal'").fetchone()[0]
    raw.close()
    with file.open("r+b") as torn:
        torn.seek((root - 1) * page_size)
        torn.write(bytes(page_size // 2))
    with pytest.raises(DamagedStore, match="已损坏"):
        open_local(file, bureau=BUREAU, device="host-1")


async def test_a_full_disk_is_said_and_nothing_half_is_kept(store: SqliteLocalStore, clerk: Clerk) -> None:
    await store.change(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1"))  # the size it has now
    kept = []

    async def save_for_ever() -> None:
        while True:
            kept.append(await store.write(clerk.saves(*(filing("0001", "张" * 500) for _ in range(3)))))

    with pytest.raises(DiskFull, match="磁盘空间已满"):
        await save_for_ever()
    counts = await store.read(lambda look: look.counts("0001"))
    assert counts.unsent == 3 * len(kept)
    await store.change(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1000000"))
    await store.write(clerk.saves(filing("9999")))
    assert await store.look(journal.unbroken)


async def test_a_file_that_cannot_be_written_is_said(store: SqliteLocalStore, clerk: Clerk) -> None:
    await store.change(lambda c: c.exec_driver_sql("PRAGMA query_only = ON"))
    with pytest.raises(StoreReadOnly, match="不可写"):
        await store.write(clerk.saves(filing("0001")))


def test_a_folder_that_cannot_be_written_is_said() -> None:
    with pytest.raises(StoreReadOnly, match="不可写"):
        open_local(Path("/proc/counter.db"), bureau=BUREAU, device="host-1")


def test_a_file_of_another_device_is_refused(file: Path) -> None:
    open_local(file, bureau=BUREAU, device="host-1").close()
    with pytest.raises(OtherDevice, match="另一台设备"):
        open_local(file, bureau=BUREAU, device="host-2")


async def test_a_closed_store_refuses_with_a_sentence(store: SqliteLocalStore, clerk: Clerk) -> None:
    store.close()
    with pytest.raises(StoreClosed, match="没有保存"):
        await store.write(clerk.saves(filing("0001")))


async def test_a_backup_opens_and_holds_everything(store: SqliteLocalStore, clerk: Clerk, tmp_path: Path) -> None:
    (operation,) = await store.write(clerk.saves(filing("0001")))
    copy = tmp_path / "copy.db"
    await store.back_up(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    await store.write(clerk.saves(filing("0002")))
    restored = open_local(copy, bureau=BUREAU, device="host-1")
    assert await restored.look(journal.unbroken)
    assert (await restored.read(lambda look: look.counts("0001"))).unsent == 1
    assert await restored.look(lambda connection: journal.operation(connection, operation.op_id)) == operation
    restored.close()


async def test_reading_goes_on_while_somebody_saves(store: SqliteLocalStore, clerk: Clerk) -> None:
    def slow(work: Work) -> None:
        clerk.keep(work, (filing("0001"),))
        time.sleep(0.3)

    saving = asyncio.create_task(store.write(slow))
    await asyncio.sleep(0.05)
    assert await asyncio.wait_for(store.read(lambda look: look.register.person("0001")), 0.2) is None
    await saving
    assert await store.read(lambda look: look.register.person("0001")) is not None
