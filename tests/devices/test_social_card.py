"""Social security cards of every manner known, and whatever else is put into a reader in their place."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.devices.cards import PcscCards
from counter_tui.devices.social_card import CardReaders, Record, table
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyFault, KeyGone, NoReaderService
from counter_tui.services.social_card import (
    CardPulled,
    CardServiceDown,
    CardUnreadable,
    MuteCard,
    NoSocialCard,
    OtherCard,
    SocialCard,
)
from tests.devices.card_table import CardTable
from tests.devices.virtual.faults import Fault, Wrong
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card
from tests.devices.virtual.piv import Piv
from tests.devices.virtual.social import Holder, Manner, Naming, SocialSecurity, social_card

if TYPE_CHECKING:
    from tests.devices.readers import Readers
    from tests.devices.virtual.card import Card

NUMBER = "130102199003070011"
KEY = Piv(both_slots(SmallAuthority.found()))
WHOLE = SocialCard(number=NUMBER, name="张䶮", valid_until=date(2030, 1, 1))


@pytest.fixture
def in_readers() -> CardTable:
    return CardTable()


def read(cards: CardTable, *inserted: Card) -> SocialCard:
    for place, card in enumerate(inserted):
        cards.insert(card, f"Reader {place}")
    return CardReaders(cards).read()


@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize("naming", Naming)
@pytest.mark.parametrize("t0", [False, True], ids=["t1", "t0"])
def test_number_name_and_validity_are_read_in_every_manner(
    in_readers: CardTable, manner: Manner, naming: Naming, *, t0: bool
) -> None:
    in_readers.t0 = t0

    assert read(in_readers, social_card(SocialSecurity(manner=manner, naming=naming))) == WHOLE


def test_a_card_without_the_application_has_its_files_under_the_master_file(in_readers: CardTable) -> None:
    assert read(in_readers, social_card(under_master_file=True)) == WHOLE


def test_files_are_selected_as_the_card_wants_it(in_readers: CardTable) -> None:
    assert read(in_readers, social_card(SocialSecurity(selection=0x00))) == WHOLE


def test_what_the_card_keeps_behind_its_pin_is_left_empty(in_readers: CardTable) -> None:
    card = social_card(SocialSecurity(private=frozenset({0xEF06})))

    assert read(in_readers, card) == SocialCard(valid_until=date(2030, 1, 1))
    assert not [apdu for apdu in card.heard if apdu[1] == 0x20]


def test_a_file_that_is_not_there_is_left_empty(in_readers: CardTable) -> None:
    card = social_card(SocialSecurity(records={0xEF06: {0x08: NUMBER.encode()}}))

    assert read(in_readers, card) == SocialCard(number=NUMBER)


@pytest.mark.parametrize("filling", [b"\x00", b"\xff", b" "])
def test_rare_characters_of_a_name_are_kept_and_the_filling_is_not(in_readers: CardTable, filling: bytes) -> None:
    name = "𠮷䶮".encode("gb18030").ljust(30, filling)

    assert read(in_readers, social_card(SocialSecurity(records={0xEF06: {0x09: name}}))).name == "𠮷䶮"


@pytest.mark.parametrize("value", [b"\x80\xff\x80", "张".encode("gb18030")[:1]])
def test_a_name_in_another_charset_is_left_empty(in_readers: CardTable, value: bytes) -> None:
    assert read(in_readers, social_card(SocialSecurity(records={0xEF06: {0x09: value}}))).name == ""


def test_the_card_is_known_by_its_answer_and_not_by_its_reader(in_readers: CardTable) -> None:
    assert read(in_readers, key_card(KEY), social_card()) == WHOLE


def test_an_operators_key_is_looked_at_once_and_then_left_alone(in_readers: CardTable) -> None:
    key = key_card(KEY)
    in_readers.insert(key, "Reader 0")
    in_readers.insert(social_card(), "Reader 1")
    reader = CardReaders(in_readers)
    reader.read()
    heard = len(key.heard)
    reader.read()
    assert len(key.heard) == heard

    in_readers.insert(key, "Reader 0")
    reader.read()
    assert len(key.heard) > heard


def test_the_power_of_every_card_is_cut_again(in_readers: CardTable) -> None:
    read(in_readers, key_card(KEY), social_card())

    assert [card.closed for card in in_readers.powered] == [True, True]


def test_a_key_that_another_program_uses_does_not_stop_the_reading(in_readers: CardTable) -> None:
    in_readers.busy.add("Reader 0")

    assert read(in_readers, key_card(KEY), social_card()) == WHOLE


def test_no_card_is_told(in_readers: CardTable) -> None:
    with pytest.raises(NoSocialCard, match="没有读到社会保障卡"):
        read(in_readers)


def test_another_card_is_told(in_readers: CardTable) -> None:
    with pytest.raises(OtherCard, match="已插的卡中没有社会保障卡"):
        read(in_readers, key_card(KEY))


def test_a_half_inserted_card_is_told_although_another_is_in(in_readers: CardTable) -> None:
    card = social_card()
    card.half_inserted = True

    with pytest.raises(MuteCard, match="没有插到底或插反"):
        read(in_readers, key_card(KEY), card)


def test_a_card_pulled_at_any_command_is_told(in_readers: CardTable) -> None:
    whole = social_card()
    read(in_readers, whole)
    for at in range(1, len(whole.heard) + 1):
        card = social_card()
        card.suffers(Fault(Wrong.PULLED, at=at))
        with pytest.raises(CardPulled, match="被拔出"):
            read(CardTable(), card)


def test_a_card_that_falls_silent_is_told(in_readers: CardTable) -> None:
    card = social_card()
    card.suffers(Fault(Wrong.MUTE, ins=0xB2, times=0))

    with pytest.raises(CardUnreadable, match="应答有误"):
        read(in_readers, card)


def test_a_record_that_breaks_off_is_told(in_readers: CardTable) -> None:
    card = social_card()
    card.suffers(Fault(Wrong.TRUNCATED, ins=0xB2))

    with pytest.raises(CardUnreadable, match="应答残缺"):
        read(in_readers, card)


def test_a_record_under_another_tag_is_not_believed(in_readers: CardTable) -> None:
    card = social_card()
    card.suffers(Fault(Wrong.GARBAGE, ins=0xB2, times=0, answer=b"\x0c\x12" + b"1" * 18 + b"\x90\x00"))

    assert read(in_readers, card) == SocialCard()


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (NoReaderService(), CardServiceDown),
        (KeyGone(), CardPulled),
        (KeyFault(step="读卡", code="80100001"), CardUnreadable),
    ],
)
def test_trouble_of_the_service_is_told_in_words_about_the_card(
    in_readers: CardTable, trouble: CounterError, told: type[CounterError]
) -> None:
    in_readers.trouble = trouble

    with pytest.raises(told) as refused:
        read(in_readers, social_card())
    assert "证书介质" not in refused.value.sentence


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=6), st.integers(1, 8))
def test_whatever_a_card_answers_it_is_read_or_refused_in_a_sentence(answers: list[bytes], at: int) -> None:
    card = social_card()
    card.suffers(*(Fault(Wrong.GARBAGE, at=at + place, answer=answer) for place, answer in enumerate(answers)))
    with suppress(CounterError):
        assert isinstance(read(CardTable(), card), SocialCard)


def test_neither_number_nor_name_shows_in_what_a_log_could_keep() -> None:
    assert NUMBER not in repr(WHOLE)
    assert "张" not in repr(WHOLE)


def test_every_record_of_the_table_fills_a_field() -> None:
    records: list[Record] = [record for file in table().files for record in file.records]

    assert {record.field for record in records} == set(SocialCard.__dataclass_fields__)
    assert bytes.fromhex(table().applications[0]).decode("gbk") == "sx1.sh.社会保障"


@pytest.mark.serial
def test_a_card_in_a_real_reader_is_read_beside_an_operators_key(virtual_readers: Readers) -> None:
    holder = Holder(name="欧阳𠮷", number="130102198802140024")
    virtual_readers.insert(key_card(KEY))
    virtual_readers.insert(social_card(SocialSecurity(holder, manner=Manner.IN_PORTIONS)), 1)
    reader, plugged = CardReaders(PcscCards()), PcscCards().plugged()

    assert reader.read() == SocialCard(number=holder.number, name=holder.name, valid_until=date(2030, 1, 1))
    assert PcscCards().plugged() == plugged  # a sign-on is bound to the very plug of its key
    virtual_readers.remove(1)
    with pytest.raises(OtherCard):
        reader.read()


@pytest.mark.serial
def test_a_half_inserted_card_and_a_dead_service_are_told_by_a_real_reader(virtual_readers: Readers) -> None:
    card = social_card()
    card.half_inserted = True
    virtual_readers.insert(card)
    with pytest.raises(MuteCard):
        CardReaders(PcscCards()).read()

    virtual_readers.service.end()
    with pytest.raises(CardServiceDown, match="读卡服务未启动"):
        CardReaders(PcscCards()).read()
