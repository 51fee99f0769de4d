"""A bureau of the national suite: chain, audit and feed by SM3, and nothing of the other suite gets in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import operation_hash
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, OtherSuite, Suite
from storage.hub import Hub, open_hub
from storage.local import journal, open_local
from storage.local.inspection import verify_file
from storage.register import log
from storage.sync.hub_client import InProcessHub
from storage.sync.pull import HubWentBack, Puller
from storage.trouble import DamagedStore
from storage.wire import Fed, Push, Pushed
from tests.storage.bureau import BUREAU, Clerk, StillClock, filing, judge

if TYPE_CHECKING:
    from pathlib import Path


def hub_of(folder: Path, suite: Suite) -> Hub:
    hub = open_hub(folder / "hub.db", bureau=BUREAU, training=False, judge=judge(), suite=suite)
    hub.enrol_device("host-1", ["003"])
    return hub


def pushed(hub: Hub, operations: Any) -> Pushed:
    return unpack(Pushed, hub.ingest(pack(Push(device="host-1", from_seq=1, operations=tuple(operations)))))


async def test_a_chain_by_sm3_is_kept_verified_delivered_and_fed(tmp_path: Path) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1", suite=NATIONAL)
    hub = hub_of(tmp_path, NATIONAL)
    made = await store.write(Clerk(suite=NATIONAL).saves(filing("0001"), filing("0002")))
    reply = pushed(hub, made)

    assert [answer.outcome["status"] for answer in reply.results] == ["applied", "applied"]
    page = unpack(Fed, hub.feed(0, 10))
    leaves = [log.leaf(row, NATIONAL) for row in page.rows]
    assert page.head.root == NATIONAL.digest(b"\x01", *map(bytes.fromhex, leaves))
    client = InProcessHub(hub)
    assert await Puller(store=store, client=client, clock=StillClock()).pull() == 2
    assert await store.look(journal.unbroken)
    client.close()
    store.close()
    hub.close()
    assert verify_file(tmp_path / "counter.db").sound


@pytest.mark.parametrize(("bureau", "made"), [(NATIONAL, INTERNATIONAL), (INTERNATIONAL, NATIONAL)])
async def test_a_hub_takes_no_operation_of_the_other_suite(tmp_path: Path, bureau: Suite, made: Suite) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1", suite=made)
    hub = hub_of(tmp_path, bureau)

    refusal = pushed(hub, await store.write(Clerk(suite=made).saves(filing("0001")))).refusal

    assert refusal is not None
    assert (refusal.code, refusal.retry) == ("suite", "never")
    assert refusal.message_zh.startswith(f"本机构使用{bureau.title}")
    assert unpack(Fed, hub.feed(0, 10)).rows == ()
    store.close()
    hub.close()


async def test_a_suite_nobody_knows_is_refused_as_another_suite(tmp_path: Path) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    hub = hub_of(tmp_path, INTERNATIONAL)
    (made,) = await store.write(Clerk().saves(filing("0001")))

    refusal = pushed(hub, [replace(made, suite="P256-MD5")]).refusal

    assert refusal is not None
    assert refusal.code == "suite"
    store.close()
    hub.close()


async def test_files_of_one_suite_are_not_opened_in_the_other(tmp_path: Path) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    hub = hub_of(tmp_path, INTERNATIONAL)
    pushed(hub, await store.write(Clerk().saves(filing("0001"))))
    store.close()
    hub.close()

    with pytest.raises(OtherSuite, match=r"数据文件 counter\.db 用的是国际算法套件"):
        open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1", suite=NATIONAL)
    with pytest.raises(OtherSuite, match=r"数据文件 hub\.db 用的是国际算法套件"):
        hub_of(tmp_path, NATIONAL)
    open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1").close()
    hub_of(tmp_path, INTERNATIONAL).close()


async def test_a_feed_hashed_by_the_other_suite_is_not_followed(tmp_path: Path) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    hub = hub_of(tmp_path, INTERNATIONAL)
    pushed(hub, await store.write(Clerk().saves(filing("0001"))))
    mirror = open_local(tmp_path / "mirror.db", bureau=BUREAU, device="host-2", suite=NATIONAL)
    client = InProcessHub(hub)

    with pytest.raises(HubWentBack):
        await Puller(store=mirror, client=client, clock=StillClock()).pull()
    client.close()
    for opened in (store, mirror, hub):
        opened.close()


async def test_a_chain_that_changes_its_suite_is_not_whole(tmp_path: Path) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    (first,) = await store.write(Clerk().saves(filing("0001")))
    (second,) = await store.write(Clerk(suite=NATIONAL).saves(filing("0002")))

    assert second.prev_hash == operation_hash(first)
    assert not await store.look(journal.unbroken)
    store.close()


async def test_a_first_operation_that_cannot_be_read_is_a_damaged_file(tmp_path: Path) -> None:
    store = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    hub = hub_of(tmp_path, INTERNATIONAL)
    pushed(hub, await store.write(Clerk().saves(filing("0001"))))
    store.close()
    hub.close()
    for name, table in (("counter.db", "journal"), ("hub.db", "operations")):
        with closing(sqlite3.connect(tmp_path / name)) as file, file:
            file.execute(f"UPDATE {table} SET envelope = x'ff00'")  # noqa: S608  names of ours

    assert not verify_file(tmp_path / "counter.db").sound
    with pytest.raises(DamagedStore, match=r"counter\.db"):
        open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    with pytest.raises(DamagedStore, match=r"hub\.db"):
        hub_of(tmp_path, INTERNATIONAL)
