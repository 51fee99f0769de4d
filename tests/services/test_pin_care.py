"""Every new PIN is on record: which key, where, when, by which of two ways; and what nobody knows, as not known."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.devices.keys.training import TRAINING_PIN
from counter_tui.operations.witnessing import CHANGE_PIN, UNBLOCK_PIN
from counter_tui.services.keys import KeyGone, WrongPin
from counter_tui.services.pin_care import MOST, NotNoted, SetButNotNoted, TooManyNotes, pin_care_to_record
from storage.local import journal
from storage.local.inspection import verify_file
from storage.trouble import DiskFull
from tests.screens.cards import with_cards
from tests.services.bureau import counter_of, sign_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_tui.operations.envelope import Operation
    from counter_tui.services.counter import Counter
    from counter_tui.services.keys import PresentKey

CLERK, OTHER = "0007", "0008"
NEW, PUK = "24681097", "87654321"


def typed(text: str = TRAINING_PIN) -> bytearray:
    return bytearray(text.encode())


async def key_of(counter: Counter, operator: str = CLERK) -> PresentKey:
    return next(key for key in await counter.signing.keys() if key.certificate_number.endswith(operator))


async def leaves(counter: Counter, *kinds: str) -> list[Operation]:
    """Operations of these kinds in the device's chain, oldest first; new PINs unless told otherwise."""
    kept = await counter.store.look(lambda connection: journal.since(connection, 1, 1000))  # type: ignore[attr-defined]
    return [operation for operation in kept if operation.kind in (kinds or (CHANGE_PIN, UNBLOCK_PIN))]


@dataclass
class FullDisk:
    """A counter's file on a disk that is full after so many more transactions."""

    store: Any
    room: int

    async def read(self, work: Any) -> Any:
        return await self.store.read(work)

    async def write(self, work: Any) -> Any:
        if self.room <= 0:
            raise DiskFull
        self.room -= 1
        return await self.store.write(work)


@contextmanager
def disk_with_room_for(counter: Counter, transactions: int) -> Iterator[None]:
    whole = counter.store
    counter.store = counter.record.store = FullDisk(whole, transactions)
    try:
        yield
    finally:
        counter.store = counter.record.store = whole


async def test_under_a_sign_on_a_new_pin_is_on_record_at_once_and_at_the_hub(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            await sign_on(counter, CLERK)
            key, old, new = await key_of(counter), typed(), typed(NEW)
            before = counter.clock.now()

            await counter.pins.change(key, old, new, window="009")

            assert drawer.card(CLERK).pin == NEW.encode()
            (leaf,) = await leaves(counter)
            assert leaf.kind == CHANGE_PIN
            assert (leaf.maker.operator, leaf.maker.window, leaf.device_id) == (CLERK, "003", counter.record.device)
            at = datetime.fromisoformat(leaf.body.pop("at"))
            assert before < at <= leaf.made_at
            assert leaf.body == {
                "key": key.fingerprint,
                "certificate": key.certificate_number,
                "window": "003",
                "operator": CLERK,
                "result": "done",
            }
            answers = await counter.line.answer([leaf.op_id])
            assert answers[leaf.op_id].sentence == ""
            assert not any(old + new)
    assert verify_file(tmp_path / "counter.sqlite").sound


async def test_before_anybody_signed_on_it_is_recorded_by_the_next_one_whoever_that_is(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            drawer.card(CLERK).tries = 0
            key = await key_of(counter)
            await counter.pins.unblock(key, typed(PUK), typed(NEW), window="005")
            await counter.pins.change(key, typed(NEW), typed("135791"), window="005")
            assert await leaves(counter) == []

            await sign_on(counter, OTHER)

            told = await leaves(counter)
            assert [leaf.kind for leaf in told] == [UNBLOCK_PIN, CHANGE_PIN]
            for leaf in told:
                assert leaf.maker.operator == OTHER
                assert (leaf.body["certificate"], leaf.body["window"]) == (key.certificate_number, "005")
                assert (leaf.body["operator"], leaf.body["result"]) == ("", "done")
            await counter.leave_seat()
            await sign_on(counter, OTHER)
            assert len(await leaves(counter)) == 2, "it is recorded once"


async def test_neither_note_nor_leaf_holds_a_pin_or_a_puk(tmp_path: Path) -> None:
    newer = "97531086"
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            key = await key_of(counter)
            await counter.pins.unblock(key, typed(PUK), typed(NEW), window="")
            await counter.pins.change(key, typed(NEW), typed(newer), window="")
            told = str(await counter.store.read(pin_care_to_record))
            assert told.count(key.fingerprint) == 2
            await sign_on(counter, OTHER)
            for leaf in await leaves(counter):
                told += str(leaf)
    assert not [secret for secret in (PUK, NEW, newer) if secret in told]


async def test_what_the_key_refused_is_no_new_pin(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            with pytest.raises(WrongPin):
                await counter.pins.change(await key_of(counter), typed("000000"), typed(NEW), window="")
            await sign_on(counter, OTHER)
            assert await leaves(counter) == []
            (refused,) = await leaves(counter, "signon.refused")
            assert [each["act"] for each in refused.body["refusals"]] == ["change-pin"]


async def test_a_key_pulled_while_it_changes_its_pin_leaves_that_nobody_knows(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            await sign_on(counter, OTHER)
            drawer.card(CLERK).pulled_at_once = True
            with pytest.raises(KeyGone):
                await counter.pins.change(await key_of(counter), typed(), typed(NEW), window="")
            assert drawer.card(CLERK).pin == NEW.encode()
            await counter.leave_seat()
            (leaf,) = await leaves(counter)
            assert (leaf.maker.operator, leaf.body["operator"], leaf.body["result"]) == (OTHER, OTHER, "unknown")


@pytest.mark.parametrize("signed_on", [True, False])
async def test_what_cannot_be_noted_is_not_done(tmp_path: Path, *, signed_on: bool) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            if signed_on:
                await sign_on(counter, CLERK)
            key, old, new = await key_of(counter), typed(), typed(NEW)
            asked = len(drawer.card(CLERK).given)
            with disk_with_room_for(counter, 0), pytest.raises(NotNoted, match="介质 PIN 没有改动：磁盘空间已满"):
                await counter.pins.change(key, old, new, window="")
            assert len(drawer.card(CLERK).given) == asked
            assert not any(old + new)


@pytest.mark.parametrize("signed_on", [True, False])
async def test_when_the_end_cannot_be_noted_the_new_pin_counts_and_the_beginning_stays_on_record(
    tmp_path: Path, *, signed_on: bool
) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            if signed_on:
                await sign_on(counter, CLERK)
            key = await key_of(counter)
            with disk_with_room_for(counter, 1), pytest.raises(SetButNotNoted, match="新 PIN 已经生效"):
                await counter.pins.change(key, typed(), typed(NEW), window="")
            assert drawer.card(CLERK).pin == NEW.encode()
            if signed_on:
                await counter.leave_seat()
            await sign_on(counter, OTHER)
            (leaf,) = await leaves(counter)
            assert leaf.body["result"] == "unknown"


async def test_under_a_sign_on_that_has_ended_the_next_one_records_it(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            seat = await sign_on(counter, CLERK)
            counter.signing.forget(seat.session)
            await counter.pins.change(await key_of(counter, OTHER), typed(), typed(NEW), window="")
            assert await leaves(counter) == []
            await sign_on(counter, CLERK)
            (leaf,) = await leaves(counter)
            assert (leaf.body["operator"], leaf.body["result"]) == (CLERK, "done")


async def test_a_hundred_unrecorded_ones_ask_for_a_sign_on_and_are_then_all_recorded(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            key, pins = await key_of(counter), (TRAINING_PIN, NEW)
            for turn in range(MOST):
                await counter.pins.change(key, typed(pins[turn % 2]), typed(pins[(turn + 1) % 2]), window="")
            with pytest.raises(TooManyNotes, match="已有 100 次"):
                await counter.pins.change(key, typed(), typed(NEW), window="")
            await sign_on(counter, CLERK)
            assert len(await leaves(counter)) == MOST
            await counter.pins.change(key, typed(), typed(NEW), window="")
