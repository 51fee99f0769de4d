"""The virtual card in a real reader service: seen when it is in, gone when it is out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.devices.readers import card_in, reader_names, until
from tests.devices.virtual.faults import Fault, Wrong
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card
from tests.devices.virtual.piv import AID, Piv

if TYPE_CHECKING:
    from smartcard.CardConnection import CardConnection

    from tests.devices.readers import Readers
    from tests.devices.virtual.card import Card

pytestmark = pytest.mark.serial

SELECT = [0x00, 0xA4, 0x04, 0x00, len(AID), *AID, 0x00]


@pytest.fixture(scope="module")
def authority() -> SmallAuthority:
    return SmallAuthority.found()


@pytest.fixture
def card(authority: SmallAuthority) -> Card:
    return key_card(Piv(both_slots(authority)))


def connected(reader: int = 0) -> CardConnection:
    from smartcard.System import readers

    connection = sorted(readers(), key=str)[reader].createConnection()
    connection.connect()
    return connection


def test_a_card_is_seen_with_its_answer_to_reset(virtual_readers: Readers, card: Card) -> None:
    virtual_readers.insert(card)
    line = connected()

    assert bytes(line.getATR()) == card.atr
    assert line.transmit(SELECT)[1:] == (0x90, 0x00)
    line.disconnect()


def test_a_pulled_card_is_gone_and_the_other_reader_keeps_its_own(
    virtual_readers: Readers, card: Card, authority: SmallAuthority
) -> None:
    virtual_readers.insert(card)
    virtual_readers.insert(key_card(Piv(both_slots(authority))), 1)
    virtual_readers.remove()

    assert not card_in(0)
    assert card_in(1)


def test_a_card_pulled_in_the_middle_of_a_command_ends_the_connection(virtual_readers: Readers, card: Card) -> None:
    from smartcard.Exceptions import SmartcardException

    virtual_readers.insert(card)
    line = connected()
    card.suffers(Fault(Wrong.PULLED, ins=0xA4))

    with pytest.raises(SmartcardException):
        line.transmit(SELECT)
    until(lambda: not card_in(0), "the removal is not noticed")


def test_a_half_inserted_card_is_there_but_cannot_be_spoken_to(virtual_readers: Readers, card: Card) -> None:
    from smartcard.Exceptions import CardConnectionException

    card.half_inserted = True
    virtual_readers.insert(card)

    with pytest.raises(CardConnectionException):
        connected()


def test_a_killed_service_has_no_readers_and_comes_back(virtual_readers: Readers, card: Card) -> None:
    virtual_readers.insert(card)
    virtual_readers.service.kill()
    assert reader_names() == ()

    virtual_readers.service.start()
    virtual_readers.insert(card)
    assert card_in(0)
