"""The hub decides each operation once, in order, and says so for ever."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import PostsExclude, Role
from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.outcome import Status
from storage.hub import Hub, open_hub
from storage.local import SqliteLocalStore, journal, open_local
from storage.wire import Push, Pushed
from tests.storage.bureau import BUREAU, POISON_FIXED, Clerk, act, filing, judge
from tests.sync.checks import decided, feed_rows, hub_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.operations.envelope import Operation


async def sent(
    store: SqliteLocalStore, hub: Hub, start: int = 1, count: int = 200, *, device: str = "host-1"
) -> Pushed:
    operations = await store.look(lambda connection: journal.since(connection, start, count))
    return push(hub, operations, device=device)


def push(hub: Hub, operations: Any, *, device: str = "host-1") -> Pushed:
    request = Push(device=device, from_seq=operations[0].dev_seq, operations=tuple(operations))
    return unpack(Pushed, hub.ingest(pack(request)))


def statuses(reply: Pushed) -> list[str]:
    return [answer.outcome["status"] for answer in reply.results]


async def test_a_push_sent_twice_has_one_effect_and_one_answer(store: SqliteLocalStore, hub: Hub, clerk: Clerk) -> None:
    await store.write(clerk.saves(filing("0001"), filing("0002")))
    await store.write(clerk.saves(filing("0003")))
    first = await sent(store, hub)
    before = hub_fingerprint(hub)
    again = await sent(store, hub)
    assert statuses(first) == ["applied"] * 3
    assert again.results == first.results
    assert (first.expected, again.expected) == (4, 4)
    assert len(feed_rows(hub)) == 3
    assert hub_fingerprint(hub) == before


async def test_a_gap_is_refused_and_the_hub_says_where_to_go_on(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk
) -> None:
    for number in range(1, 5):
        await store.write(clerk.saves(filing(f"{number:04}")))
    await sent(store, hub, 1, 2)
    reply = await sent(store, hub, 4)
    assert reply.refusal is not None
    assert (reply.refusal.code, reply.refusal.retry, reply.expected) == ("gap", "now", 3)
    assert len(decided(hub)) == 2


async def test_a_part_of_a_group_is_not_taken(store: SqliteLocalStore, hub: Hub, clerk: Clerk) -> None:
    await store.write(clerk.saves(filing("0001"), filing("0002"), filing("0003")))
    reply = await sent(store, hub, 1, 2)
    assert reply.refusal is not None
    assert reply.expected == 1
    assert decided(hub) == []


async def test_a_copied_file_is_quarantined_and_changes_nothing(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk, tmp_path: Path
) -> None:
    await store.write(clerk.saves(filing("0001")))
    await store.back_up(tmp_path / "copy.db")
    await store.write(clerk.saves(filing("0002")))
    await sent(store, hub)
    copy = open_local(tmp_path / "copy.db", bureau=BUREAU, device="host-1")
    await copy.write(clerk.saves(filing("0009")))
    before = hub_fingerprint(hub)
    reply = await sent(copy, hub)
    copy.close()
    assert reply.refusal is not None
    assert (reply.refusal.code, reply.refusal.retry) == ("quarantined", "never")
    assert "复制或恢复" in reply.refusal.message_zh
    assert hub_fingerprint(hub) == before
    after = await sent(store, hub)
    assert after.refusal is not None
    hub.release_device("host-1")
    assert (await sent(store, hub)).refusal is None


async def test_a_chain_that_does_not_follow_is_quarantined(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk, tmp_path: Path
) -> None:
    await store.write(clerk.saves(filing("0001")))
    await sent(store, hub)
    other = open_local(tmp_path / "other.db", bureau=BUREAU, device="host-1")
    await other.write(clerk.saves(filing("0005")))
    await other.write(clerk.saves(filing("0006")))
    reply = await sent(other, hub, 2)
    other.close()
    assert reply.refusal is not None
    assert reply.refusal.code == "quarantined"


async def test_poison_is_held_and_blocks_nobody(store: SqliteLocalStore, hub: Hub, clerk: Clerk) -> None:
    await store.write(clerk.saves(filing("0001")))
    await store.write(clerk.saves(act("test.poison")))
    await store.write(clerk.saves(filing("0002")))
    reply = await sent(store, hub)
    assert statuses(reply) == ["applied", "held", "applied"]
    assert "编号" in reply.results[1].outcome["why"]
    assert [row.pos for row in feed_rows(hub)] == [1, 2, 3]


async def test_a_held_operation_gets_its_final_outcome_in_a_second_row(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk
) -> None:
    (operation,) = await store.write(clerk.saves(act("test.curable")))
    assert statuses(await sent(store, hub)) == ["held"]
    assert hub.judge_held_again() == 0
    POISON_FIXED.add(operation.op_id)
    assert hub.judge_held_again() == 1
    assert [row.outcome["status"] for row in feed_rows(hub)] == ["held", "applied"]
    assert statuses(await sent(store, hub)) == ["applied"]


async def test_an_unknown_kind_waits_for_a_newer_hub(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counter_tui.operations import decide

    await store.write(clerk.saves(filing("0001")))
    monkeypatch.delitem(decide._RULES, "test.file")
    reply = await sent(store, hub)
    assert statuses(reply) == ["held"]
    assert "升级" in reply.results[0].outcome["why"]


async def test_what_depends_on_a_refused_operation_falls_with_it(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk
) -> None:
    from dataclasses import replace

    await store.write(clerk.saves(act("test.refused")))
    (first,) = await store.look(lambda connection: journal.since(connection, 1, 1))
    fresh = open_local(store.path.with_name("group.db"), bureau=BUREAU, device="host-2")
    second = Clerk(device="host-2", window="005")

    def group(work: Any) -> tuple[Operation, ...]:
        from counter_tui.operations.chain import head_after, placed
        from counter_tui.operations.envelope import Group

        drafts = second.keep(work, (act("test.refused"), filing("0001"), filing("0002")))
        relinked, head = [], None
        for index, draft in enumerate(drafts):
            refs = (drafts[0].op_id,) if index == 1 else ()
            place = head or replace(work.head(), seq=0, hash=first.prev_hash)
            operation = placed(
                replace(draft, refs=refs),
                place,
                group=Group(index=index, count=3),
                acceptance_number=draft.acceptance_number,
            )
            head = head_after(operation)
            relinked.append(operation)
        return tuple(relinked)

    operations = await fresh.write(group)
    fresh.close()
    reply = push(hub, operations, device="host-2")
    assert statuses(reply) == ["rejected", "rejected", "applied"]
    assert reply.results[1].outcome["problems"] == reply.results[0].outcome["problems"]


async def test_a_bad_signature_refuses_the_whole_group(store: SqliteLocalStore, tmp_path: Path, clerk: Clerk) -> None:
    hub = open_hub(tmp_path / "strict.db", bureau=BUREAU, training=False, judge=judge(refuse="签名无效"))
    hub.enrol_device("host-1", ["003"])
    await store.write(clerk.saves(filing("0001"), filing("0002")))
    reply = await sent(store, hub)
    hub.close()
    assert statuses(reply) == ["rejected", "rejected"]
    assert reply.results[0].outcome["problems"][0]["facts"] == ["签名无效"]
    assert reply.expected == 3


@pytest.mark.parametrize("wrong", [{"training": True}, {"bureau": "120000"}])
async def test_training_and_other_bureaus_stay_outside(hub: Hub, tmp_path: Path, wrong: dict[str, Any]) -> None:
    store = open_local(tmp_path / "other.db", bureau=BUREAU, device="host-1")
    await store.write(Clerk(**wrong).saves(filing("0001")))
    reply = await sent(store, hub)
    store.close()
    assert reply.refusal is not None
    assert (reply.refusal.code, reply.refusal.retry) == ("foreign", "never")
    assert decided(hub) == []


async def test_a_window_of_another_host_is_refused(store: SqliteLocalStore, hub: Hub) -> None:
    await store.write(Clerk(window="005").saves(filing("0001")))
    reply = await sent(store, hub)
    assert statuses(reply) == ["rejected"]
    assert "005 号窗口" in reply.results[0].outcome["problems"][0]["facts"][0]


async def test_an_acceptance_number_serves_once(store: SqliteLocalStore, hub: Hub, clerk: Clerk) -> None:
    await store.write(clerk.saves(filing("0001")))
    await store.change(lambda connection: connection.exec_driver_sql("DELETE FROM acceptance_sequences"))
    await store.write(clerk.saves(filing("0002")))
    assert statuses(await sent(store, hub)) == ["applied", "rejected"]


async def test_a_strict_kind_is_refused_when_another_counter_was_faster(tmp_path: Path) -> None:
    hub = open_hub(tmp_path / "hub.db", bureau=BUREAU, training=False, judge=judge(strict=frozenset({"test.file"})))
    hub.enrol_device("host-1", ["003"])
    hub.enrol_device("host-2", ["005"])
    stores = [open_local(tmp_path / f"{host}.db", bureau=BUREAU, device=host) for host in ("host-1", "host-2")]
    clerks = [Clerk(), Clerk(device="host-2", window="005")]
    for store, clerk in zip(stores, clerks, strict=True):
        await store.write(clerk.saves(filing("0001", again=True)))
        await store.write(clerk.saves(filing("0001", again=True)))
    assert statuses(await sent(stores[0], hub)) == ["applied", "applied"]
    assert statuses(await sent(stores[1], hub, device="host-2")) == ["conflict", "conflict"]
    for store in stores:
        store.close()
    hub.close()


async def test_only_the_hub_gives_numbers_out(store: SqliteLocalStore, hub: Hub, clerk: Clerk) -> None:
    await store.write(clerk.saves(act("test.numbered", name="甲"), act("test.numbered", name="乙")))
    assert await store.read(lambda look: look.find_persons("甲")) == []
    reply = await sent(store, hub)
    numbers = [answer.outcome["effects"][0]["row"]["number"] for answer in reply.results]
    assert numbers == ["13040000000001", "13040000000002"]


def test_nonsense_is_refused_politely(hub: Hub) -> None:
    for nonsense in (b"", b"{", b"[]", b'{"device": 1}', bytes(100)):
        reply = unpack(Pushed, hub.ingest(nonsense))
        assert reply.refusal is not None
        assert (reply.refusal.code, reply.refusal.retry) == ("malformed", "never")


async def test_an_unknown_device_is_told_to_enrol(store: SqliteLocalStore, hub: Hub, clerk: Clerk) -> None:
    await store.write(clerk.saves(filing("0001")))
    reply = await sent(store, hub, device="nobody")
    assert reply.refusal is not None
    assert reply.refusal.code == "unknown-device"


async def test_a_hub_killed_between_requests_goes_on_where_it_was(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk, tmp_path: Path
) -> None:
    await store.write(clerk.saves(filing("0001")))
    await sent(store, hub)
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(tmp_path / f"hub.db{suffix}", tmp_path / f"image.db{suffix}")
    image = open_hub(tmp_path / "image.db", bureau=BUREAU, training=False, judge=judge())
    await store.write(clerk.saves(filing("0002")))
    assert statuses(await sent(store, image)) == ["applied", "applied"]
    assert [row.pos for row in feed_rows(image)] == [1, 2]
    image.close()


def test_every_outcome_has_its_word_on_the_wire() -> None:
    assert {status.value for status in Status} == {"applied", "conflict", "rejected", "held"}


async def test_what_could_steer_a_terminal_is_refused_though_another_counter_kept_it(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk
) -> None:
    await store.write(clerk.saves(filing("0001", "张\x1b[2J三")))
    await store.write(clerk.saves(filing("0002", "买买提·吐尔逊", notes=[{"remark": "\u202e倒"}])))
    await store.write(clerk.saves(filing("0003", "买买提·吐尔逊")))
    reply = await sent(store, hub)
    assert statuses(reply) == ["rejected", "rejected", "applied"]
    assert "控制字符" in str(reply.results[0].outcome["problems"])


async def test_a_body_that_was_changed_after_it_was_signed_takes_no_effect(
    store: SqliteLocalStore, hub: Hub, clerk: Clerk
) -> None:
    (operation,) = await store.write(clerk.saves(filing("0001", "张三丰")))
    reply = push(hub, [replace(operation, body={**operation.body, "name": "李四"})])
    assert statuses(reply) == ["rejected"]
    assert "改动" in str(reply.results[0].outcome["problems"])


def test_the_hub_registers_nobody_under_two_numbers_whose_posts_exclude_each_other(hub: Hub) -> None:
    def account(number: str, role: Role) -> Operator:
        return Operator(
            number=number,
            name="张三",
            human="h1",
            roles=frozenset({role}),
            post_class=role.post_class,
            issuer="CN=CA",
            certificate_number=number,
            key_hash=number,
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            valid_until=datetime(2027, 1, 1, tzinfo=UTC),
        )

    hub.register_operators([account("0001", Role.CLERK)])
    with pytest.raises(PostsExclude):
        hub.register_operators([account("0002", Role.ADMINISTRATOR)])
    assert [each.number for each in hub.operators()] == ["0001"]
    assert len(feed_rows(hub)) == 1
