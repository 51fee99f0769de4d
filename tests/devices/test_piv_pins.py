"""PINs of a PIV card, as the counter's screens ask for them: to the last tries, changed, and opened by the PUK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.piv import PivKeys
from counter_tui.security.careful_keys import CarefulKeys
from counter_tui.security.caution import Caution
from counter_tui.security.desk import KeyDesk
from counter_tui.security.proofs import guard_tries
from counter_tui.security.refusals import LastPukTryKept, LastTryKept, StopAtTwo
from counter_tui.services.keys import KeyGone, PinBlocked, PinUnfit, WrongPin, WrongPuk
from counter_tui.services.signing import ConfirmTries
from tests.devices.card_table import CardTable
from tests.devices.virtual.issue import key_card
from tests.devices.virtual.piv import Holding, Piv, Slot
from tests.security import chains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.services.keys import KeyRing

PIN, PUK, NEW = b"246810", b"12345678", b"135790"
WRONG = b"000000"


class Reader:
    """One card in one reader."""

    def __init__(self) -> None:
        holding = Holding(chains.OPERATOR_KEY, chains.Certificate().der())
        self.applet = Piv({Slot.AUTHENTICATION: holding}, pin=PIN.decode(), puk=PUK.decode())
        self.card = key_card(self.applet)
        self.table = CardTable()
        self.table.insert(self.card)
        self.desk = KeyDesk()
        self.source = PivKeys(cards=self.table)
        self.keys = CarefulKeys(source=self.source, desk=self.desk, caution=Caution())
        (self.key,) = (each.fingerprint for each in self.source.present())

    async def proves(self, pin: bytes) -> None:
        """The PIN is asked as at the sign-on."""

        def act(keyring: KeyRing, own: bytearray, confirmed: int | None) -> None:
            try:
                guard_tries(keyring.attempts_left(), confirmed)
                keyring.verify_pin(own)
            finally:
                keyring.close()

        await self.keys.with_pin(self.key, bytearray(pin), act)

    def re_inserts(self) -> None:
        """Quicker than anybody looks: the reader's own count tells it."""
        self.table.pull()
        self.table.insert(self.card)

    @property
    def tries(self) -> int | None:
        keyring = self.source.open(self.key)
        try:
            return keyring.attempts_left()
        finally:
            keyring.close()


@pytest.fixture
def reader() -> Iterator[Reader]:
    opened = Reader()
    yield opened
    opened.desk.close()


async def test_a_wrong_pin_to_the_last_try_stops_at_two_and_keeps_the_last(reader: Reader) -> None:
    with pytest.raises(WrongPin, match="还可尝试 2 次"):
        await reader.proves(WRONG)
    with pytest.raises(StopAtTwo):
        await reader.proves(PIN)
    reader.re_inserts()
    with pytest.raises(ConfirmTries):
        await reader.proves(PIN)
    await reader.keys.confirm(reader.key)
    with pytest.raises(WrongPin, match="还可尝试 1 次"):
        await reader.proves(WRONG)
    reader.re_inserts()
    with pytest.raises(LastTryKept):
        await reader.proves(PIN)
    assert reader.tries == 1


async def test_a_confirmed_right_pin_gives_the_tries_back(reader: Reader) -> None:
    with pytest.raises(WrongPin):
        await reader.proves(WRONG)
    with pytest.raises(StopAtTwo):
        await reader.proves(PIN)
    reader.re_inserts()
    with pytest.raises(ConfirmTries):
        await reader.proves(PIN)
    await reader.keys.confirm(reader.key)
    await reader.proves(PIN)
    assert reader.tries == 3


async def test_the_pin_is_changed_on_the_card(reader: Reader) -> None:
    await reader.keys.change_pin(reader.key, bytearray(PIN), bytearray(NEW))
    await reader.proves(NEW)
    with pytest.raises(WrongPin):
        await reader.proves(PIN)


async def test_a_new_pin_the_card_cannot_take_costs_no_try(reader: Reader) -> None:
    with pytest.raises(PinUnfit):
        await reader.keys.change_pin(reader.key, bytearray(PIN), bytearray(b"12"))
    assert reader.tries == 3


async def test_a_blocked_card_is_opened_by_its_puk(reader: Reader) -> None:
    keyring = reader.source.open(reader.key)
    for _ in range(3):
        with pytest.raises((WrongPin, PinBlocked)):
            keyring.verify_pin(bytearray(WRONG))
    keyring.close()
    assert reader.tries == 0
    await reader.keys.unblock_pin(reader.key, bytearray(PUK), bytearray(NEW))
    await reader.proves(NEW)


async def test_the_last_try_of_the_puk_stays_on_the_card(reader: Reader) -> None:
    for left in (2, 1):
        with pytest.raises(WrongPuk, match=f"还可尝试 {left} 次"):
            await reader.keys.unblock_pin(reader.key, bytearray(b"00000000"), bytearray(NEW))
    with pytest.raises(LastPukTryKept):
        await reader.keys.unblock_pin(reader.key, bytearray(PUK), bytearray(NEW))
    assert reader.applet.puk.left == 1


async def test_a_card_pulled_before_its_pin_is_changed_says_so_and_keeps_its_pin(reader: Reader) -> None:
    reader.table.pull()
    with pytest.raises(KeyGone):
        await reader.keys.change_pin(reader.key, bytearray(PIN), bytearray(NEW))
    reader.table.insert(reader.card)
    await reader.proves(PIN)


async def test_no_buffer_that_was_given_to_the_card_keeps_a_pin(reader: Reader) -> None:
    await reader.keys.change_pin(reader.key, bytearray(PIN), bytearray(NEW))
    await reader.keys.unblock_pin(reader.key, bytearray(PUK), bytearray(PIN))
    for powered in reader.table.powered:
        for sent in powered.sent:
            for secret in (PIN, PUK, NEW):
                assert secret not in bytes(sent)
