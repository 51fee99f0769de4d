"""A key that leaves while it signs: a clear sentence, nothing kept, nothing lost, nothing signed twice."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from counter_tui.devices.keys.piv import PivKeys
from counter_tui.devices.keys.training import training_bureau
from counter_tui.services.keys import KeyFault, KeyGone
from storage.local import SqliteLocalStore, journal
from storage.local.inspection import verify_file
from tests.devices.card_table import CardTable, PoweredCard
from tests.devices.virtual.faults import Fault, Wrong
from tests.devices.virtual.issue import training_card
from tests.services.bureau import PAYING, PIN, FixedClock, citizen, counter_of, register, sign_on
from tests.services.test_one_employer_from_key_to_bill import declares, items, receive

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from counter_tui.domain.declarations import Item
    from counter_tui.operations.outcome import Record
    from counter_tui.services.counter import Counter
    from counter_tui.services.keys import Plug
    from tests.devices.virtual.card import Card
    from tests.devices.virtual.piv import Piv

BATCH = 500


@dataclass
class AtReader:
    """A counter with a clerk whose key is a card in a reader."""

    counter: Counter
    table: CardTable
    card: Card

    @property
    def signatures(self) -> int:
        """Made by the card since it exists."""
        (applet,) = self.card._applets
        return cast("Piv", applet).signatures

    async def kinds(self) -> list[str]:
        """Kinds of all operations that are kept, in order."""
        store = cast("SqliteLocalStore", self.counter.store)
        return [kept.kind for kept in await store.look(lambda connection: journal.since(connection, 1, 5000))]

    async def submits(self) -> None:
        """The whole batch, with the PIN."""
        waiting = [item for item in (await items(self.counter)).values() if item.state == "D1"]
        await self.counter.declarations.submit(waiting, seat=self.counter.seat, pin=bytearray(PIN))

    async def comes_back(self) -> None:
        """The card is put in again and the clerk unlocks his terminal with the PIN."""
        self.card.heals()
        self.table.insert(self.card)
        self.counter.signing.forget(self.counter.seat.session)
        session = await self.counter.signing.unlock(self.counter.seat.session, bytearray(PIN))
        await self.counter.resume_seat(session)


@asynccontextmanager
async def at_reader(
    folder: Path, *, rows: Sequence[Record] = (), table: CardTable | None = None
) -> AsyncIterator[AtReader]:
    table = table or CardTable()
    keys = training_bureau(folder, now=FixedClock().now()).folder
    card = training_card(keys)
    table.insert(card)
    async with counter_of(folder, rows=rows, source=PivKeys(cards=table, watch=table.watch)) as counter:
        await sign_on(counter, "0007")
        await receive(counter)
        yield AtReader(counter, table, card)


async def batch(folder: Path) -> list[Item]:
    """Five hundred suspensions that wait to be submitted, copied from one that was really declared."""
    async with counter_of(folder) as counter:
        await sign_on(counter, "0007")
        await receive(counter)
        await declares(counter, "P05", PAYING)
        item = (await items(counter))[PAYING]
    return [
        replace(
            item, id=f"{item.id[:-4]}{number:04x}", id_number=citizen(f"1304031980{number % 12 + 1:02}01{number:03}")
        )
        for number in range(BATCH)
    ]


async def test_the_reader_vanishes_while_a_batch_of_five_hundred_is_signed(tmp_path: Path) -> None:
    rows = [*register(), *await batch(tmp_path / "made")]
    async with at_reader(tmp_path / "counter", rows=rows) as at:
        before, signed = await at.kinds(), at.signatures
        at.card.suffers(Fault(Wrong.PULLED, ins=0x87))
        with pytest.raises(KeyGone, match="请插入 USB Key 后重新输入 PIN"):
            await at.submits()
        assert await at.kinds() == before
        assert [item.state for item in (await items(at.counter)).values()] == ["D1"] * BATCH

        await at.comes_back()
        await at.submits()
        added = (await at.kinds())[len(before) :]
        assert added == ["signon.open", "item.submit"]
        assert [item.state for item in (await items(at.counter)).values()] == ["D2"] * BATCH
        assert at.signatures - signed == 1 + 2 + 1  # lost with the card, signed on again, the batch
        await at.counter.line.answer([])
    assert verify_file(tmp_path / "counter" / "counter.sqlite").sound


async def test_a_card_pulled_at_any_command_of_a_decision_leaves_everything_as_it_was(tmp_path: Path) -> None:
    async with at_reader(tmp_path) as at:
        await declares(at.counter, "P05", PAYING)
        commands = 0
        while True:
            before, heard = await at.kinds(), len(at.card.heard)
            at.card.suffers(Fault(Wrong.PULLED, at=commands + 1))
            try:
                await at.submits()
            except KeyGone:
                assert await at.kinds() == before
                assert (await items(at.counter))[PAYING].state == "D1"
            else:
                break
            commands = len(at.card.heard) - heard
            await at.comes_back()

        assert commands >= 4
        assert (await at.kinds()).count("item.submit") == 1
        assert (await items(at.counter))[PAYING].state == "D2"


async def test_a_card_that_stays_but_answers_nonsense_keeps_nothing_either(tmp_path: Path) -> None:
    async with at_reader(tmp_path) as at:
        await declares(at.counter, "P05", PAYING)
        before = await at.kinds()
        for wrong in (Wrong.GARBAGE, Wrong.TRUNCATED, Wrong.MUTE, Wrong.STATUS):
            at.card.suffers(Fault(wrong, ins=0x87))
            with pytest.raises(KeyFault, match="请拔出后重新插入"):
                await at.submits()
            at.card.heals()
        assert [kind for kind in await at.kinds() if kind != "signon.refused"] == before
        await at.submits()
        assert (await items(at.counter))[PAYING].state == "D2"


class PulledOnceSigned(CardTable):
    """Readers from which the card is taken as soon as its decision is made."""

    quick = False

    def power(self, plug: Plug) -> PoweredCard:
        card = super().power(plug)
        close = card.close

        def close_and_pull() -> None:
            close()
            if self.quick:
                self.pull(plug.reader)

        card.close = close_and_pull  # type: ignore[method-assign]
        return card


async def test_a_card_pulled_between_its_signature_and_the_record_keeps_nothing(tmp_path: Path) -> None:
    table = PulledOnceSigned()
    async with at_reader(tmp_path, table=table) as at:
        await declares(at.counter, "P05", PAYING)
        before, signed = await at.kinds(), at.signatures
        table.quick = True
        with pytest.raises(KeyGone):
            await at.submits()
        table.quick = False

        assert at.signatures == signed + 1
        assert await at.kinds() == before
        await at.comes_back()
        await at.submits()
        assert (await at.kinds()).count("item.submit") == 1


async def test_ordinary_work_signs_nothing_while_the_key_is_out(tmp_path: Path) -> None:
    async with at_reader(tmp_path) as at:
        before = await at.kinds()
        at.table.pull()
        with pytest.raises(KeyGone):
            await declares(at.counter, "P05", PAYING)
        assert await at.kinds() == before

        await at.comes_back()
        await declares(at.counter, "P05", PAYING)
