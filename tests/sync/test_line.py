"""From a save at the window to the mirror and back, over lines that fail."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import PostClass, Role
from counter_tui.operations.outcome import Status
from counter_tui.services.ports import Delivery
from counter_tui.services.recording import HubAway
from storage.hub import Hub, open_hub
from storage.local import SqliteLocalStore, journal, open_local
from storage.register.fingerprint import fingerprint
from storage.sync import HubClient, InProcessHub, Line
from storage.sync.push import Pusher, cut
from storage.trouble import StoreBusy
from tests.storage.bureau import BUREAU, POISON_FIXED, Clerk, StillClock, WallClock, act, filing, judge
from tests.sync.checks import decided, faults, hub_fingerprint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from counter_tui.operations.envelope import Operation


class LineDownError(Exception):
    """The network is away."""


class FrailHub:
    """A hub behind a network: `loses` replies after the hub has committed, `down` lets nothing through."""

    def __init__(self, hub: Hub) -> None:
        self.inner = InProcessHub(hub)
        self.down = False
        self.loses = 0
        self.pushes = 0

    async def ingest(self, data: bytes) -> bytes:
        if self.down:
            raise LineDownError
        self.pushes += 1
        reply = await self.inner.ingest(data)
        if self.loses:
            self.loses -= 1
            raise LineDownError
        return reply

    async def feed(self, after: int, limit: int) -> bytes:
        if self.down:
            raise LineDownError
        return await self.inner.feed(after, limit)

    def close(self) -> None:
        self.inner.close()


@pytest.fixture
def frail(hub: Hub) -> FrailHub:
    return FrailHub(hub)


@asynccontextmanager
async def connected(store: SqliteLocalStore, client: HubClient) -> AsyncIterator[Line]:
    async with Line(store, client, WallClock(), chance=random.Random(1)) as line:
        yield line
    if isinstance(client, FrailHub | InProcessHub):
        client.close()


async def delivery(store: SqliteLocalStore, op_id: str) -> Delivery:
    entry = await store.read(lambda look: look.entry(op_id))
    assert entry is not None
    return entry.delivery


async def test_an_answer_is_in_the_mirror_when_it_is_told(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    async with connected(store, frail) as line:
        (operation,) = await store.write(clerk.saves(act("test.numbered", name="赵一")))
        outcomes = await line.answer([operation.op_id])
        assert outcomes[operation.op_id].status is Status.APPLIED
        (found,) = await store.read(lambda look: look.find_persons("赵一"))
        assert found.number == "13040000000001"
        assert await delivery(store, operation.op_id) is Delivery.IN_REGISTER
        assert line.connected
        assert await store.read(lambda look: look.register.version("B")) == 1
    assert await faults(store, hub, [(operation.acceptance_number, operation.op_id)]) == []


async def test_a_refused_save_leaves_the_mirror_and_keeps_its_problems(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    async with connected(store, frail) as line:
        (operation,) = await store.write(clerk.saves(act("test.refused")))
        assert await store.read(lambda look: look.register.person("9999")) is not None
        await line.answer([operation.op_id])
    entry = await store.read(lambda look: look.entry(operation.op_id))
    assert entry is not None
    assert entry.delivery is Delivery.REJECTED
    assert entry.outcome is not None
    assert entry.outcome.sentence == "不能办理"
    assert await store.read(lambda look: look.register.person("9999")) is None
    assert (await store.read(lambda look: look.counts("0001"))).refused == 1
    await store.write(lambda work: work.see(operation.op_id))
    assert (await store.read(lambda look: look.counts("0001"))).refused == 0
    assert await faults(store, hub, []) == []


async def test_replies_lost_after_the_commit_double_nothing(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    frail.loses = 3
    kept: list[Operation] = []
    async with connected(store, frail) as line:
        for number in range(12):
            kept += await store.write(clerk.saves(filing(f"{number:04}"), filing(f"1{number:03}")))
            line.wake()
        await line.answer([operation.op_id for operation in kept])
    assert frail.loses < 3
    assert len(decided(hub)) == len(kept)
    assert await faults(store, hub, [(one.acceptance_number, one.op_id) for one in kept]) == []


async def test_work_goes_on_while_the_line_is_down_and_catches_up(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    frail.down = True
    async with connected(store, frail) as line:
        (operation,) = await store.write(clerk.saves(filing("0001")))
        with pytest.raises(HubAway):
            await line.answer([operation.op_id], seconds=1)
        assert not line.connected
        counts = await store.read(lambda look: look.counts("0001"))
        assert (counts.unsent, counts.oldest_unsent) == (1, operation.made_at)
        entry = await store.read(lambda look: look.entry(operation.op_id))
        assert entry is not None
        assert entry.tries >= 1
        assert "未连通" in entry.trouble
        frail.down = False
        await line.answer([operation.op_id])
        assert line.connected
    assert (await store.read(lambda look: look.counts("0001"))).unsent == 0
    assert await faults(store, hub, []) == []


async def test_an_error_of_the_program_is_told_once_and_the_line_goes_on(
    store: SqliteLocalStore, frail: FrailHub, clerk: Clerk
) -> None:
    told: list[BaseException] = []
    frail.loses = 3
    async with Line(store, frail, WallClock(), chance=random.Random(1), report=told.append) as line:
        (operation,) = await store.write(clerk.saves(filing("0001")))
        await line.answer([operation.op_id])
        assert line.connected
    frail.close()
    assert [type(error) for error in told] == [LineDownError]


class Stumbling:
    """A store whose first questions fail."""

    def __init__(self, store: SqliteLocalStore) -> None:
        self.inner = store
        self.path = store.path
        self.asked = 0

    async def look(self, question: Any) -> Any:
        self.asked += 1
        if self.asked == 1:
            raise StoreBusy
        return await self.inner.look(question)


async def test_a_program_that_waits_for_the_line_outlives_an_error_of_the_file(
    store: SqliteLocalStore, frail: FrailHub, clerk: Clerk
) -> None:
    second = Stumbling(store)
    async with connected(store, frail) as line:
        (operation,) = await store.write(clerk.saves(filing("0001")))
        await line.answer([operation.op_id])
        async with Line(cast("SqliteLocalStore", second), frail, WallClock()) as waiting, asyncio.timeout(10):
            while not waiting.connected:  # noqa: ASYNC110  # the line tells nobody
                await asyncio.sleep(0.05)
    assert second.asked >= 2


async def test_a_hub_set_up_anew_gets_everything_again(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk, tmp_path: Path
) -> None:
    for number in range(5):
        await store.write(clerk.saves(filing(f"{number:04}")))
    client = InProcessHub(hub)
    await Pusher(store=store, client=client, clock=StillClock()).push()
    client.close()
    empty = open_hub(tmp_path / "new.db", bureau=BUREAU, training=False, judge=judge())
    empty.enrol_device("host-1", ["003"])
    await store.write(clerk.saves(filing("0009")))
    client = InProcessHub(empty)
    pusher = Pusher(store=store, client=client, clock=StillClock())
    while await pusher.push() is not None:
        pass
    client.close()
    assert len(decided(empty)) == 6
    assert hub_fingerprint(empty) != hub_fingerprint(hub)
    empty.close()


async def test_a_hub_restored_from_an_old_copy_is_noticed(
    store: SqliteLocalStore, frail: FrailHub, clerk: Clerk, tmp_path: Path
) -> None:
    async with connected(store, frail) as line:
        (operation,) = await store.write(clerk.saves(filing("0001")))
        await line.answer([operation.op_id])
    old = open_hub(tmp_path / "old.db", bureau=BUREAU, training=False, judge=judge())
    old.enrol_device("host-1", ["003"])
    async with connected(store, InProcessHub(old)) as line:
        for _ in range(50):
            if line.trouble:
                break
            await asyncio.sleep(0.1)
        assert "M66" in line.trouble
        assert await store.read(lambda look: look.register.person("0001")) is not None
    old.close()


async def test_two_counters_see_each_others_work(
    hub: Hub, store: SqliteLocalStore, clerk: Clerk, tmp_path: Path
) -> None:
    other = open_local(tmp_path / "second.db", bureau=BUREAU, device="host-2")
    second = Clerk(device="host-2", window="005")
    async with connected(store, InProcessHub(hub)) as here, connected(other, InProcessHub(hub)) as there:
        (mine,) = await store.write(clerk.saves(filing("0001", "甲")))
        await here.answer([mine.op_id])
        (theirs,) = await other.write(second.saves(filing("0001", "乙")))
        outcomes = await there.answer([theirs.op_id])
        assert outcomes[theirs.op_id].status is Status.CONFLICT
        assert await delivery(other, theirs.op_id) is Delivery.CONFLICT
        found = await other.read(lambda look: look.register.person("0001"))
        assert found is not None
        assert found.name == "甲"
        (last,) = await other.write(second.saves(filing("0002", "丙")))
        await there.answer([last.op_id])
        for _ in range(100):
            here.wake()
            if await store.read(lambda look: look.register.person("0002")):
                break
            await asyncio.sleep(0.05)
    prints = [await one.look(lambda connection: fingerprint(connection, BUREAU)) for one in (store, other)]
    assert prints == [hub_fingerprint(hub)] * 2
    other.close()


async def test_a_second_program_of_the_host_gets_its_answer_through_the_file(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    second = open_local(store.path, bureau=BUREAU, device="host-1")
    other = FrailHub(hub)
    async with connected(store, frail) as first, connected(second, other) as line:
        (operation,) = await second.write(clerk.saves(filing("0001")))
        await line.answer([operation.op_id])
        await asyncio.sleep(1.1)
        assert first.connected
        assert line.connected
    assert sorted((frail.pushes, other.pushes)) == [0, 1]
    second.close()


async def test_when_the_program_with_the_lock_ends_the_next_one_takes_over(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    second = open_local(store.path, bureau=BUREAU, device="host-1")
    async with connected(second, FrailHub(hub)) as line:
        async with connected(store, frail):
            pass
        (operation,) = await second.write(clerk.saves(filing("0001")))
        await line.answer([operation.op_id])
    second.close()


async def test_operators_registered_at_the_hub_are_known_at_the_counter(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub
) -> None:
    operator = Operator(
        number="0001",
        name="王丽",
        human="h1",
        roles=frozenset({Role.CLERK}),
        post_class=PostClass.BUSINESS,
        issuer="CN=CA",
        certificate_number="01",
        key_hash="00",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=datetime(2027, 1, 1, tzinfo=UTC),
    )
    hub.register_operators([operator])
    async with connected(store, frail) as line:
        for _ in range(100):
            if await store.read(lambda look: look.operators()):
                break
            line.wake()
            await asyncio.sleep(0.05)
    assert await store.read(lambda look: look.operators()) == hub.operators() == [operator]


async def test_a_held_operation_becomes_final_when_the_hub_judges_again(
    store: SqliteLocalStore, hub: Hub, frail: FrailHub, clerk: Clerk
) -> None:
    async with connected(store, frail) as line:
        (operation,) = await store.write(clerk.saves(act("test.curable")))
        await line.answer([operation.op_id])
        assert await delivery(store, operation.op_id) is Delivery.HELD
        assert await store.read(lambda look: look.register.person("0777")) is None
        POISON_FIXED.add(operation.op_id)
        await asyncio.to_thread(hub.judge_held_again)
        for _ in range(100):
            line.wake()
            if await delivery(store, operation.op_id) is Delivery.IN_REGISTER:
                break
            await asyncio.sleep(0.05)
        assert await store.read(lambda look: look.register.person("0777")) is not None


async def test_a_group_is_never_split_by_the_pusher(store: SqliteLocalStore, clerk: Clerk) -> None:
    await store.write(clerk.saves(*(filing(f"{number:04}") for number in range(5))))
    await store.write(clerk.saves(*(filing(f"1{number:03}") for number in range(3))))
    operations = await store.look(lambda connection: journal.since(connection, 1, 100))
    assert [len(cut(operations, window)) for window in (1, 5, 7, 8, 200)] == [5, 5, 5, 8, 8]
