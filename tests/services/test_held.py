"""Held work is ended by a supervisor at real files, with a real hub and real soft keys."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from counter_tui.domain.declarations import ItemState
from counter_tui.domain.functions import FunctionGroup
from counter_tui.domain.held import HeldAct, Hold
from counter_tui.domain.operators import OperatorState
from counter_tui.domain.posts import Role
from counter_tui.domain.problems import Rejected
from counter_tui.domain.receptions import ReceptionState
from counter_tui.errors import CounterError
from counter_tui.operations import decide
from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.chain import head_after, placed
from counter_tui.operations.envelope import Group
from counter_tui.operations.outcome import Status
from counter_tui.services.held import _proposal
from counter_tui.services.numbers import uuid7
from counter_tui.services.ports import Delivery
from counter_tui.services.recording import Conflicted, HubAway
from storage.hub.tables import operations
from storage.local import open_local
from storage.local.tables import held_operations as held_here
from storage.sync import InProcessHub
from storage.sync.pull import Puller
from storage.wire import Push, Pushed
from tests.services.bureau import PIN
from tests.services.holding import CLERK, SUPERVISOR, Bureau, held_at_the_hub
from tests.services.test_one_employer_from_key_to_bill import receive
from tests.sync.checks import decided, faults, feed_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

at_hub = operations.c
THREE = ["reception.open", "P05.save", "item.submit"]


async def test_every_counter_knows_what_is_held_by_whom_and_why(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        assert await bureau.kinds() == THREE
        other = open_local(tmp_path / "other.sqlite", bureau=bureau.store.bureau, device="training-2")
        client = InProcessHub(bureau.hub)
        await Puller(store=other, client=client, clock=bureau.clock).pull()
        there = await other.read(lambda reading: list(reading.register.held_operations()))
        assert there == await bureau.held()
        assert {each.operation.maker.operator for each in there} == {CLERK}
        assert {each.hold for each in there} == {Hold.STANDING}
        assert "请主管核实" in there[0].why
        await bureau.release()
        await Puller(store=other, client=client, clock=bureau.clock).pull()
        assert await other.read(lambda reading: reading.register.held_operations()) == []
        client.close()
        other.close()


async def test_released_work_takes_effect_once_and_the_books_agree(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        assert await bureau.states() == []
        held = await bureau.held()
        kept = await bureau.release()
        assert kept.problems == ()
        assert await bureau.states() == [ItemState.SUBMITTED]
        assert await bureau.kinds() == []
        for each in held:
            entry = await bureau.entry(each.operation.op_id)
            assert entry.delivery is Delivery.IN_REGISTER
            assert entry.outcome is not None
            assert entry.outcome.word == kept.operations[-1].op_id
        told = [row.outcome["status"] for row in feed_rows(bureau.hub) if row.op_id == held[1].operation.op_id]
        assert told == ["held", "applied"]
        await bureau.answered()
        assert [each for each in await faults(bureau.store, bureau.hub, []) if not each.startswith("I8")] == []


async def test_work_that_is_released_twice_takes_effect_once(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        held = await bureau.held()
        await bureau.release()
        with pytest.raises(Conflicted, match="不再暂缓，请按 F5 刷新"):
            await bureau.release(*held)
        assert len([row for row in feed_rows(bureau.hub) if row.op_id == held[1].operation.op_id]) == 2


async def test_refused_work_is_over_for_good_with_the_reason(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        held = await bureau.held()
        await bureau.refuse()
        assert await bureau.kinds() == []
        entry = await bureau.entry(held[1].operation.op_id)
        assert entry.delivery is Delivery.REJECTED
        assert entry.outcome is not None
        assert entry.outcome.sentence == "主管（工号 0021）核实后不同意：当日未在场"
        bureau.lists.clear()
        assert bureau.hub.judge_held_again() == 0
        with pytest.raises(Conflicted):
            await bureau.release(*held)
        assert await bureau.states() == []


async def test_an_operation_that_changes_the_registry_has_held_work_judged_again(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        with unknown_kind("reception.open"):
            await bureau.release((await bureau.held())[0])
        other = await bureau.counter.posts.operator("0008")
        await bureau.counter.posts.suspend(other, reason="离岗", seat=bureau.counter.seat, pin=bytearray(PIN))
        assert await bureau.kinds() == ["P05.save", "item.submit"]


async def test_what_an_earlier_version_held_is_told_again_with_its_cause(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        bureau.hub.change(forgets_causes)
        await bureau.store.change(lambda connection: connection.execute(held_here.delete()))
        assert await bureau.kinds() == []
        assert bureau.hub.judge_held_again() == 0
        async with asyncio.timeout(10):
            while len(await bureau.kinds()) < len(THREE):
                bureau.counter.line.wake()
                await asyncio.sleep(0.01)
        assert {each.hold for each in await bureau.held()} == {Hold.STANDING}
        rows = len(feed_rows(bureau.hub))
        assert bureau.hub.judge_held_again() == 0
        assert len(feed_rows(bureau.hub)) == rows


def forgets_causes(connection: Connection) -> None:
    """Outcomes as they were written before causes were kept."""
    for row in connection.execute(select(at_hub.op_id, at_hub.outcome).where(at_hub.status == "held")).all():
        written = json.loads(row.outcome)
        del written["hold"]
        changed = operations.update().where(at_hub.op_id == row.op_id).values(outcome=json.dumps(written))
        connection.execute(changed)


async def test_what_leans_on_a_held_reception_is_not_released_before_it(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        reception, save, _ = await bureau.held()
        with pytest.raises(Conflicted, match="一并勾选"):
            await bureau.release(save)
        await bureau.release(reception)
        await bureau.release(save)
        assert await bureau.states() == [ItemState.TO_SUBMIT]
        assert await bureau.kinds() == ["item.submit"]


async def test_whoever_was_received_at_the_window_since_stays_received(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        await bureau.sits(SUPERVISOR, window="003")
        await receive(bureau.counter)
        await bureau.answered()
        mine = bureau.counter.seat.reception_id
        await bureau.release()
        here = await bureau.counter.receptions.at("003")
        assert [each.id for each in here if each.state is ReceptionState.OPEN] == [mine]
        assert await bureau.states() == [ItemState.SUBMITTED]


async def test_a_release_that_the_rules_stop_says_so_and_ends_it(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        reception, save, submit = await bureau.held()
        await bureau.release(reception)
        await bureau.refuse(save)
        kept = await bureau.release(submit)
        assert [problem.field for problem in kept.problems] == [submit.operation.op_id]
        assert "未生效：申报记录不存在" in kept.problems[0].sentence
        assert (await bureau.entry(submit.operation.op_id)).delivery is Delivery.REJECTED


async def test_only_a_supervisor_answers(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path, sits=False) as bureau:
        for operator in ("0008", "0011", "0031", "0041"):
            await bureau.sits(operator)
            with pytest.raises(Rejected, match="请由主管登录后办理"):
                await bureau.release()
            with pytest.raises(Rejected, match="请由主管登录后办理"):
                await bureau.refuse()
        assert await bureau.kinds() == THREE


async def test_an_answer_needs_the_line(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        before = len(await bureau.made())
        await bureau.counter.line.stop()  # type: ignore[attr-defined]
        bureau.counter.line._connected = False  # type: ignore[attr-defined]
        with pytest.raises(HubAway, match="M63"):
            await bureau.release()
        assert len(await bureau.made()) == before


async def test_what_was_not_seen_is_not_answered(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        reception = (await bureau.held())[0]
        with pytest.raises(Conflicted, match="与您看到的不同"):
            await bureau.release(replace(reception, op_hash="00" * 32))
        assert await bureau.kinds() == THREE


async def test_judging_again_as_always_leaves_held_what_nobody_vouches_for(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        reception = (await bureau.held())[0]
        kept = await bureau.counter.held.again([reception], seat=bureau.counter.seat)
        assert "仍在暂缓：办理之后柜员证书已于" in kept.problems[0].sentence
        assert len([row for row in feed_rows(bureau.hub) if row.op_id == reception.operation.op_id]) == 1
        assert await bureau.kinds() == THREE


async def test_a_renewed_list_frees_held_work_without_a_restart(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        bureau.lists.clear()
        async with asyncio.timeout(10):
            while await bureau.held():
                bureau.counter.line.wake()
                await asyncio.sleep(0.01)
        assert await bureau.states() == [ItemState.SUBMITTED]


async def test_a_restored_account_frees_held_work_without_a_restart(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        clerk = next(each for each in bureau.hub.operators() if each.number == CLERK)
        bureau.hub.register_operators([replace(clerk, state=OperatorState.REVOKED)])
        bureau.lists.clear()
        await told(bureau, "已在上级登记为吊销")
        bureau.hub.register_operators([clerk])
        assert {status for _, _, status, _ in decided(bureau.hub)} == {Status.APPLIED}


async def told(bureau: Bureau, cause: str) -> None:
    """The feed has brought down why the work is held now."""
    async with asyncio.timeout(10):
        while any(cause not in each.why for each in await bureau.held()):
            bureau.counter.line.wake()
            await asyncio.sleep(0.01)


async def test_a_new_certificate_ends_no_hold_and_a_supervisor_still_releases(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        clerk = next(each for each in bureau.hub.operators() if each.number == CLERK)
        bureau.hub.register_operators([replace(clerk, certificate_number="abc", key_hash="11" * 32)])
        await told(bureau, "已更换")
        assert await bureau.kinds() == THREE
        kept = await bureau.release()
        assert kept.problems == ()
        assert await bureau.states() == [ItemState.SUBMITTED]


@pytest.mark.parametrize("change", [{"roles": {Role.REVIEWER}}, {"groups": {FunctionGroup.WAGES}}])
async def test_another_post_ends_what_was_made_under_the_old_one(tmp_path: Path, change: dict[str, Any]) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        held = await bureau.held()
        clerk = next(each for each in bureau.hub.operators() if each.number == CLERK)
        bureau.hub.register_operators([replace(clerk, **change)])
        await told(bureau, "已变更")
        assert await bureau.kinds() == []
        assert (await bureau.entry(held[1].operation.op_id)).delivery is Delivery.REJECTED


async def test_a_vouched_operation_stays_vouched_for_when_something_else_holds_it(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        reception = (await bureau.held())[0]
        with unknown_kind("reception.open"):
            kept = await bureau.release(reception)
            assert "仍在暂缓：上级程序版本较旧" in kept.problems[0].sentence
            (now,) = [each for each in await bureau.held() if each.operation == reception.operation]
            assert now.hold is Hold.KIND
        assert bureau.hub.judge_held_again() == 1


@contextmanager
def unknown_kind(kind: str) -> Iterator[None]:
    """The hub's program is older than a kind of operation."""
    rule = decide._RULES.pop(kind)
    try:
        yield
    finally:
        decide._RULES[kind] = rule


class PowerCut(Exception):
    """The hub's machine went off."""


async def test_a_hub_that_dies_at_any_write_has_both_or_neither(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        (reception, *_), hub = await bureau.held(), bureau.hub
        await bureau.answered()
        before, writing = decided(hub), hub._writing

        @contextmanager
        def cut() -> Iterator[Connection]:
            with writing() as connection:
                yield connection
                raise PowerCut

        hub._writing = cut
        asking = asyncio.create_task(bureau.release(reception))
        await tried(bureau)
        assert decided(hub) == before
        hub._writing = writing
        kept = await asking
        assert kept.problems == ()
        after = {op_id: status for op_id, _, status, _ in decided(hub)}
        assert after[reception.operation.op_id] == after[kept.operations[-1].op_id] == Status.APPLIED


async def tried(bureau: Bureau) -> None:
    """The line has tried to send something and failed."""
    for _ in range(1000):
        if await bureau.counter.store.read(lambda reading: [each for each in reading.outbox() if each.tries]):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing was tried")


async def test_a_release_from_the_other_side_of_the_training_wall_ends_nothing(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        released = (await bureau.release((await bureau.held())[0])).operations[-1]
        after, before = released.dev_seq + 1, decided(bureau.hub)
        other = replace(released, op_id=uuid7(bureau.clock.now()), dev_seq=after, training=not released.training)
        push = Push(device=other.device_id, from_seq=after, operations=(other,))
        reply = unpack(Pushed, bureau.hub.ingest(pack(push)))
        assert reply.refusal is not None
        assert reply.refusal.code == "foreign"
        assert decided(bureau.hub) == before
        assert len(await bureau.held()) == 2


async def test_a_release_sent_again_is_answered_as_before(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        kept = await bureau.release()
        rows = len(feed_rows(bureau.hub))
        operation = kept.operations[-1]
        push = Push(device=operation.device_id, from_seq=operation.dev_seq, operations=(operation,))
        reply = unpack(Pushed, bureau.hub.ingest(pack(push)))
        assert [each.outcome["status"] for each in reply.results] == ["applied"]
        assert len(feed_rows(bureau.hub)) == rows


async def test_a_forged_companion_is_refused_though_the_first_would_only_be_held(tmp_path: Path) -> None:
    """The signature of a group stands in its last operation: nothing is held before it was looked at."""
    async with held_at_the_hub(tmp_path, sits=False) as bureau:
        made = await bureau.made()
        last = made[-1]
        await bureau.counter.line.stop()  # type: ignore[attr-defined]
        head = head_after(last)
        forged = []
        for index in range(2):
            draft = replace(made[-2], op_id=uuid7(bureau.clock.now()), sig="")
            operation = placed(draft, head, group=Group(index=index, count=2), acceptance_number="")
            head = head_after(operation)
            forged.append(operation)
        push = Push(device=last.device_id, from_seq=last.dev_seq + 1, operations=tuple(forged))
        reply = unpack(Pushed, bureau.hub.ingest(pack(push)))
        assert [each.outcome["status"] for each in reply.results] == ["rejected", "rejected"]


async def test_the_pin_is_asked_and_a_wrong_one_releases_nothing(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path) as bureau:
        with pytest.raises(CounterError, match="PIN"):
            await bureau.counter.held.release(await bureau.held(), seat=bureau.counter.seat, pin=bytearray(b"999999"))
        with pytest.raises(Rejected, match="须由本人证书介质签名"):
            await bureau.counter.record([_proposal(HeldAct.RELEASE, await bureau.held())], seat=bureau.counter.seat)
        assert await bureau.kinds() == THREE
