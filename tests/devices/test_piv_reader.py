"""PIV keys through the real reader service: signed on, pulled, held by others, and the service gone."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.cards import PcscCards
from counter_tui.devices.keys.piv import PivKeys
from counter_tui.security.sessions import decisive_signature, verify_decision
from counter_tui.services.keys import KeyBusy, KeyFault, KeyGone, NoReaderService, Use
from counter_tui.x509 import said
from tests.conftest import needs
from tests.devices.readers import until
from tests.devices.training_kit import PLACE, Counter, counter, pin
from tests.devices.virtual.faults import Fault, Wrong
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card, training_card
from tests.devices.virtual.piv import Piv
from tests.security.test_s11_pin import copies_in_memory

if TYPE_CHECKING:
    from counter_tui.devices.keys.piv_key import PivKey
    from counter_tui.security.sessions import Session
    from tests.devices.readers import Readers

pytestmark = pytest.mark.serial

DIGEST = bytes(range(32))


@pytest.fixture
def at(tmp_path: Path) -> Counter:
    return counter(tmp_path)


def plugged_key() -> PivKey:
    keys = PivKeys()
    return keys.open(keys.present()[0].fingerprint)


def sign_on(at: Counter, key: PivKey) -> Session:
    return at.sign_on(key, pin(), at.challenges.issue(PLACE))


def test_a_clerk_signs_on_and_decides_with_a_key_in_a_reader(virtual_readers: Readers, at: Counter) -> None:
    virtual_readers.insert(training_card(at.bureau.folder))
    keys = PivKeys()
    (shown,) = keys.present()
    session = sign_on(at, keys.open(shown.fingerprint))
    signature = decisive_signature(keys.open(shown.fingerprint), pin(), DIGEST, session=session)

    assert (shown.name, shown.reader, session.operator.number) == ("林晓岚", virtual_readers.names[0], "0007")
    key = keys.open(shown.fingerprint)
    public_key = said(key.certificate(Use.DECISION)).public_key
    key.close()
    assert verify_decision(public_key, DIGEST, signature, training=True)


def test_an_rsa_key_signs_through_the_reader_in_a_chain_or_at_once(virtual_readers: Readers) -> None:
    holdings = both_slots(SmallAuthority.found(), algorithm="RSA-2048")
    for number, extended in enumerate((False, True)):
        virtual_readers.insert(key_card(Piv(holdings), extended=extended), number)
    for shown in PivKeys().present():
        key = PivKeys().open(shown.fingerprint)
        key.verify_pin(pin())
        assert len(key.sign(Use.DECISION, DIGEST)) == 256
        key.close()


def test_the_plug_of_a_key_stays_the_same_through_its_acts_and_differs_when_it_was_out(
    virtual_readers: Readers, at: Counter
) -> None:
    card = training_card(at.bureau.folder)
    virtual_readers.insert(card)
    key = plugged_key()
    before = key.plug()
    sign_on(at, key)
    assert key.plug() == before
    assert before is not None

    virtual_readers.remove()
    assert key.plug() is None
    virtual_readers.insert(card)
    assert key.plug() is None
    assert plugged_key().plug() != before


def test_no_verified_pin_is_left_for_the_next_program(virtual_readers: Readers, at: Counter) -> None:
    virtual_readers.insert(training_card(at.bureau.folder))
    key = plugged_key()
    key.verify_pin(pin())
    assert key.attempts_left() is None
    key.close()

    following = plugged_key()
    assert following.attempts_left() == 3
    following.close()


@pytest.mark.parametrize("command", [1, 2, 3, 4, 5])
def test_a_key_pulled_at_any_command_of_a_sign_on_is_said_to_be_gone(
    virtual_readers: Readers, at: Counter, command: int
) -> None:
    card = training_card(at.bureau.folder)
    virtual_readers.insert(card)
    key = plugged_key()
    card.suffers(Fault(Wrong.PULLED, at=command))

    with pytest.raises(KeyGone):
        sign_on(at, key)
    assert key.present() is None


def test_a_card_that_stays_but_answers_nonsense_is_a_fault_not_a_pulled_key(
    virtual_readers: Readers, at: Counter
) -> None:
    card = training_card(at.bureau.folder)
    virtual_readers.insert(card)
    key = plugged_key()
    for fault in (
        Fault(Wrong.STATUS, at=2),
        Fault(Wrong.GARBAGE, at=2, answer=b"\x90"),
    ):
        card.heals()
        card.suffers(fault)
        with pytest.raises(KeyFault, match="请拔出后重新插入"):
            sign_on(at, key)


def test_a_half_inserted_card_says_so(virtual_readers: Readers, at: Counter) -> None:
    card = training_card(at.bureau.folder)
    card.half_inserted = True
    virtual_readers.insert(card)

    with pytest.raises(KeyFault, match="请拔出后重新插入"):
        PivKeys().present()


def test_a_key_that_another_program_holds_is_busy(virtual_readers: Readers, at: Counter) -> None:
    virtual_readers.insert(training_card(at.bureau.folder))
    (plug,) = PcscCards().plugged()
    held = PcscCards().power(plug)
    try:
        with pytest.raises(KeyBusy):
            PivKeys().present()
    finally:
        held.close()
    assert len(PivKeys().present()) == 1


def test_without_the_service_there_is_a_sentence_and_afterwards_keys_again(
    virtual_readers: Readers, at: Counter
) -> None:
    card = training_card(at.bureau.folder)
    virtual_readers.insert(card)
    key = plugged_key()
    key.verify_pin(pin())
    virtual_readers.service.kill()
    with pytest.raises(NoReaderService):
        key.sign(Use.SIGN_ON, DIGEST)
    assert key.present() is None
    with pytest.raises(NoReaderService, match="pcscd"):
        PivKeys().present()

    virtual_readers.service.start()
    virtual_readers.insert(card)
    until(lambda: len(PivKeys().present()) == 1, "the key is not listed again")


CARD = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card
from tests.devices.virtual.piv import Piv
from tests.devices.virtual.vpcd import VirtualReader
VirtualReader().insert(key_card(Piv(both_slots(SmallAuthority.found()), pin=sys.stdin.readline().strip())))
print("in", flush=True)
sys.stdin.read()
"""
"""A card in a process of its own, whose PIN is not in this one's memory."""


def test_after_sign_on_and_a_change_of_pin_no_pin_is_in_the_memory(virtual_readers: Readers) -> None:
    """PINs are made of numbers that stand nowhere as text in this process."""
    del virtual_readers
    needs(Path("/proc/self/mem").exists(), "the memory of a process is read through /proc")
    first, second = ([0x30 + byte % 10 for byte in os.urandom(8)] for _ in range(2))
    command = [sys.executable, "-c", CARD, str(Path(__file__).parents[2])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as card:
        assert card.stdin is not None
        assert card.stdout is not None
        os.writev(card.stdin.fileno(), [bytearray([number]) for number in [*first, 0x0A]])
        assert card.stdout.readline() == b"in\n"
        until(lambda: bool(PivKeys().present()), "the card is not noticed")
        _signs_and_changes(first, second)
        gc.collect()
        found = copies_in_memory(first), copies_in_memory(second)
        card.stdin.close()

    assert found == (0, 0)


def _signs_and_changes(first: list[int], second: list[int]) -> None:
    key = plugged_key()
    for act in (
        lambda old, _: key.verify_pin(old),
        lambda old, _: key.sign(Use.SIGN_ON, DIGEST) and old,
        key.change_pin,
        lambda _, new: key.verify_pin(new),
        lambda old, _: key.sign(Use.DECISION, DIGEST) and old,
    ):
        old, new = bytearray(first), bytearray(second)
        act(old, new)
        old[:], new[:] = bytes(8), bytes(8)
    key.close()
