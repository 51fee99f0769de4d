"""A social security card instead of eighteen keys: on every field for a number, and never over what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.text import width
from counter_tui.services.social_card import MuteCard, NoSocialCard, OtherCard, ReadSocialCard, SocialCard
from screens.widgets.field_input import FieldInput
from tests.devices.readers import readers
from tests.devices.virtual.social import Holder, Manner, SocialSecurity, social_card
from tests.screens.desks import signs_on, terminal
from tests.services.bureau import NEW, PAYING, SUSPENDED, FixedClock, counter_of

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.errors import CounterError
    from tests.screens.stories import Clerk, Stories


@dataclass
class Reader:
    """What lies in the clerk's reader."""

    card: SocialCard | None = None
    trouble: CounterError = field(default_factory=NoSocialCard)

    def read(self) -> SocialCard:
        if self.card is None:
            raise self.trouble
        return self.card


@pytest.fixture
def reader(counter: Stories) -> Reader:
    found = Reader()
    counter.counter.social_cards = ReadSocialCard(found, clock=FixedClock())
    return found


async def goes_to(clerk: Clerk, name: str, key: str = "tab") -> None:
    for _ in range(40):
        if clerk.at == name:
            return
        await clerk.presses(key)
    raise AssertionError(f"{key} does not lead to {name}: {clerk.page}")


def value(clerk: Clerk, name: str) -> str:
    return clerk.screen.query_one(f"#{name}", FieldInput).value


def card(number: str, name: str = "", until: date | None = None) -> SocialCard:
    return SocialCard(number=number, name=name, valid_until=until)


async def test_f4_on_the_empty_number_finds_the_person_and_goes_on(counter: Stories, reader: Reader) -> None:
    reader.card = card(PAYING, "张建国")
    async with counter.at("P05") as clerk:
        await clerk.presses("f4")
        assert value(clerk, "id_number") == PAYING
        assert clerk.reads("张建国")
        assert clerk.reads("已读社保卡 张建国，请核对持卡人")
        assert clerk.at != "id_number"
        await clerk.presses("f2")
        assert clerk.reads("已存本机，受理号")
        assert clerk.keys == 2
    assert [item.id_number for item in await counter.items()] == [PAYING]


async def test_a_new_person_gets_number_and_name_from_the_card(counter: Stories, reader: Reader) -> None:
    reader.card = card(NEW, "赵䶮明")
    async with counter.at("P01") as clerk:
        await clerk.presses("f4")
        assert clerk.reads("业务类别：参保登记")
        assert (value(clerk, "id_number"), value(clerk, "name")) == (NEW, "赵䶮明")
        assert clerk.at == "first_job"


async def test_keys_typed_while_the_card_is_read_come_after_it(counter: Stories, reader: Reader) -> None:
    reader.card = card(SUSPENDED)
    async with counter.at("P01") as clerk:
        await clerk.bursts("f4", "5", "2", "0", "0", "enter")
        assert value(clerk, "id_number") == SUSPENDED
        assert value(clerk, "wage") == "5,200.00"


@pytest.mark.parametrize("trouble", [NoSocialCard(), OtherCard(), MuteCard()])
async def test_a_card_that_cannot_be_read_is_told_and_nothing_is_lost(
    counter: Stories, reader: Reader, trouble: CounterError
) -> None:
    reader.trouble = trouble
    async with counter.at("P01") as clerk:
        await clerk.presses("tab")
        at = clerk.at
        await clerk.types("1")
        kept = value(clerk, at)
        await clerk.presses("up", "f4")
        assert clerk.reads(trouble.sentence[:20])
        assert (value(clerk, "id_number"), value(clerk, at)) == ("", kept)
        assert clerk.at == "id_number"
        await clerk.enters(NEW)
        assert clerk.reads("业务类别：参保登记")


async def test_what_was_typed_is_searched_and_never_overwritten_by_a_card(counter: Stories, reader: Reader) -> None:
    reader.card = card(NEW)
    async with counter.at("P05") as clerk:
        await clerk.types(PAYING[-4:])
        await clerk.presses("f4")
        assert value(clerk, "id_number") == PAYING


async def test_a_number_that_does_not_check_is_told_and_not_filled_in(counter: Stories, reader: Reader) -> None:
    reader.card = card("130403199001010000", "张建国")
    async with counter.at("P05") as clerk:
        await clerk.presses("f4")
        assert clerk.reads("社保卡上的证件号码不合编码规则")
        assert value(clerk, "id_number") == ""


async def test_an_expired_card_is_told(counter: Stories, reader: Reader) -> None:
    reader.card = card(PAYING, "张建国", date(2020, 1, 1))
    async with counter.at("P05") as clerk:
        await clerk.presses("f4")
        assert clerk.reads("有效期至 2020-01-01，已过期")


async def test_a_list_is_narrowed_by_a_card(counter: Stories, reader: Reader) -> None:
    reader.card = card(PAYING, "张建国")
    await counter.declares("P05", PAYING)
    async with counter.at("P25") as clerk:
        await goes_to(clerk, "id_number", "shift+tab")
        await clerk.presses("f4", "f5")
        assert value(clerk, "id_number") == PAYING
        assert value(clerk, "name") == ""
        assert clerk.reads("张建国")


async def test_a_person_and_an_agent_are_received_by_their_cards(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        reader = Reader(card(PAYING, "张建国"))
        counter.social_cards = ReadSocialCard(reader, clock=FixedClock())
        await signs_on(clerk)
        await clerk.enters("03")
        await clerk.presses("f4", "f2")
        assert counter.seat.reception is not None
        assert counter.seat.reception.person == PAYING

        await clerk.enters("02")
        reader.card = card(SUSPENDED, "刘芳")
        await goes_to(clerk, "visitor_id")
        await clerk.presses("f4")
        assert (value(clerk, "visitor_id"), value(clerk, "visitor")) == (SUSPENDED, "刘芳")


async def test_a_name_that_was_typed_stays_beside_the_number_of_the_card(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        counter.social_cards = ReadSocialCard(Reader(card(SUSPENDED, "刘芳")), clock=FixedClock())
        await signs_on(clerk)
        await clerk.enters("02")
        await goes_to(clerk, "visitor")
        await clerk.types("王五")
        await clerk.presses("tab", "f4")
        assert (value(clerk, "visitor_id"), value(clerk, "visitor")) == (SUSPENDED, "王五")


async def test_the_new_number_of_a_correction_offers_the_card_beside_the_old_number(
    counter: Stories, reader: Reader
) -> None:
    reader.card = card(PAYING)
    async with counter.at("P10") as clerk:
        await clerk.presses("f4")
        reader.card = card(NEW)
        await goes_to(clerk, "new_id_number")
        await clerk.presses("f4")
        assert clerk.reads("读社保卡")
        await clerk.presses("2", "enter")
        assert value(clerk, "new_id_number") == NEW


async def test_the_hint_names_the_key_where_there_is_a_reader_and_fits_the_row(
    counter: Stories, reader: Reader
) -> None:
    async with counter.at("P05") as clerk:
        hint = clerk.screen.query_one("#id_number", FieldInput).hint
        assert reader.card is None
        assert hint.endswith("空栏按 F4 读社保卡")
        assert width(hint) <= 80


async def test_without_a_reader_f4_and_the_hint_are_as_ever(counter: Stories) -> None:
    counter.counter.social_cards = None
    async with counter.at("P05") as clerk:
        assert "社保卡" not in clerk.page
        await clerk.presses("f4")
        assert clerk.reads("请输入证件号码后四位、姓名或拼音首字母")


@pytest.mark.serial
async def test_a_card_in_a_real_reader_fills_the_field_of_the_wired_counter(counter: Stories) -> None:
    with readers() as ready:
        async with counter.at("P05") as clerk:
            await clerk.presses("f4")
            assert clerk.reads("没有读到社会保障卡")
            ready.insert(social_card(SocialSecurity(Holder(number=PAYING, name="张建国"), manner=Manner.IN_PORTIONS)))
            await clerk.presses("f4", "f2")
            assert clerk.reads("已存本机，受理号")
    assert [item.id_number for item in await counter.items()] == [PAYING]
