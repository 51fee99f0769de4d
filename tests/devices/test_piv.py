"""Keys that speak PIV: listed once, opened by a PIN, never half a signature, whatever the card or the hand does."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_tui.devices.keys.piv import PivKeys
from counter_tui.errors import CounterError
from counter_tui.security.signatures import verify_signature
from counter_tui.services.keys import (
    KeyBusy,
    KeyEmpty,
    KeyFault,
    KeyGone,
    KeyRing,
    KeySource,
    NoReaderService,
    NotOnThisKey,
    PinBlocked,
    PinNeeded,
    PinUnfit,
    PukBlocked,
    PukUnfit,
    Use,
    WrongPin,
    WrongPuk,
)
from counter_tui.x509 import NoCertificate, said
from tests.devices.card_table import CardTable
from tests.devices.training_kit import pin
from tests.devices.virtual.ber import tlv
from tests.devices.virtual.card import Card
from tests.devices.virtual.faults import Fault, Wrong
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card
from tests.devices.virtual.piv import Holding, Piv, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.devices.keys.piv_key import PivKey
    from tests.devices.virtual.card import Command

DIGEST = hashlib.sha256(b"a decision").digest()
AUTHORITY = SmallAuthority.found()
BOTH = both_slots(AUTHORITY)
RSA = both_slots(AUTHORITY, algorithm="RSA-2048")
ONE = {Slot.AUTHENTICATION: BOTH[Slot.AUTHENTICATION]}
PUK = "12345678"


class Table(CardTable):
    """Readers, and the source that looks into them."""

    def keys(self) -> PivKeys:
        return PivKeys(cards=self)

    def key(self) -> PivKey:
        """The first key there is."""
        keys = self.keys()
        return keys.open(keys.present()[0].fingerprint)


def table(*cards: Card) -> Table:
    """Cards in as many readers."""
    made = Table()
    for number, card in enumerate(cards):
        made.insert(card, f"Reader {number}")
    return made


class Odd(Piv):
    """A PIV application with something else in a certificate's place."""

    def __init__(self, container: bytes) -> None:
        super().__init__(ONE)
        self._container = container

    def answer(self, command: Command) -> bytes:
        if command.ins == 0xCB and command.data.endswith(bytes.fromhex("5FC105")):
            return self._container
        return super().answer(command)


class Foreign:
    """A card of another kind that says yes to every name, and then nothing of use."""

    aids: tuple[bytes, ...] = (bytes.fromhex("A000000308000010000100"),)

    def selected(self) -> bytes:
        return b""

    def answer(self, command: Command) -> bytes:
        del command
        return b"\x6f\x00"

    def left(self) -> None: ...


def public_key(key: KeyRing, use: Use) -> bytes:
    return said(key.certificate(use)).public_key


# Listing


def test_every_key_in_every_reader_is_listed_by_what_its_certificate_says() -> None:
    other = {Slot.AUTHENTICATION: AUTHORITY.issue("林晓岚", "0008", algorithm="RSA-2048")}
    source: KeySource = table(key_card(Piv(BOTH)), key_card(Piv(other))).keys()
    shown = [(each.name, each.algorithm, each.reader, each.backend) for each in source.present()]

    assert shown == [("张䶮", "P-256", "Reader 0", "piv"), ("林晓岚", "RSA-2048", "Reader 1", "piv")]


def test_cards_of_other_kinds_are_passed_over_in_silence() -> None:
    garbage = key_card(Piv(BOTH))
    garbage.suffers(Fault(Wrong.GARBAGE, times=0))
    at = table(Card(), Card(Foreign()), garbage, key_card(Piv(ONE)))

    assert [each.reader for each in at.keys().present()] == ["Reader 3"]
    at.pull("Reader 3")
    assert at.keys().present() == ()


def test_a_card_is_read_once_as_long_as_it_stays_in() -> None:
    card = key_card(Piv(BOTH))
    at = table(card)
    keys = at.keys()
    for _ in range(5):
        keys.present()
        keys.open(keys.present()[0].fingerprint)
    assert len(at.powered) == 1

    at.pull()
    assert keys.present() == ()
    at.insert(card)
    keys.present()
    assert len(at.powered) == 2


def test_a_card_in_use_by_another_program_is_left_alone_and_stays_listed() -> None:
    at = table(key_card(Piv(BOTH)))
    keys = at.keys()
    listed = keys.present()
    at.busy.add("Reader 0")

    assert keys.present() == listed
    with pytest.raises(KeyBusy, match="正被其他程序使用"):
        at.keys().present()
    at.busy.clear()
    assert at.keys().present() == listed


def test_the_power_is_cut_after_a_look() -> None:
    at = table(key_card(Piv(BOTH)), Card(), key_card(Odd(b"")))
    at.keys().present()

    assert all(card.closed for card in at.powered)


def half_in(card: Card) -> Card:
    card.half_inserted = True
    return card


@pytest.mark.parametrize(
    ("card", "trouble", "sentence"),
    [
        (lambda: half_in(key_card(Piv(BOTH))), KeyFault, "没有应答"),
        (lambda: key_card(Piv({})), KeyEmpty, "没有登录证书"),
        (lambda: key_card(Odd(tlv("53"))), KeyEmpty, "没有登录证书"),
        (lambda: key_card(Odd(b"\x53\x05\x70\x09abc")), KeyFault, "读取证书 9A，应答残缺"),
        (lambda: key_card(Odd(b"")), KeyFault, "应答残缺"),
        (lambda: key_card(Odd(tlv("53", tlv("70", b"no certificate")))), NoCertificate, "证书无法读取"),
        (lambda: key_card(Odd(tlv("53", tlv("70", b"no gzip"), tlv("71", b"\x01")))), KeyFault, "应答残缺"),
    ],
)
def test_a_key_that_cannot_be_read_says_why_and_hides_no_other(
    card: Callable[[], Card], trouble: type[CounterError], sentence: str
) -> None:
    at = table(card())
    keys = at.keys()
    for _ in range(2):
        with pytest.raises(trouble, match=sentence):
            keys.present()
    assert len(at.powered) <= 1

    at.insert(key_card(Piv(BOTH)), "Reader 1")
    assert len(keys.present()) == 1


def test_without_the_service_its_sentence_is_told() -> None:
    with pytest.raises(NoReaderService, match="pcscd"):
        Table(trouble=NoReaderService()).keys().present()


def test_a_compressed_certificate_is_unpacked() -> None:
    der = ONE[Slot.AUTHENTICATION].certificate
    at = table(key_card(Odd(tlv("53", tlv("70", gzip.compress(der)), tlv("71", b"\x01"), tlv("FE")))))

    assert at.key().certificate(Use.SIGN_ON) == der


def test_a_certificate_that_swells_without_end_is_refused() -> None:
    bomb = gzip.compress(bytes(1 << 20))

    with pytest.raises(KeyFault):
        table(key_card(Odd(tlv("53", tlv("70", bomb), tlv("71", b"\x01"))))).keys().present()


def test_the_source_touches_no_reader_before_it_is_asked() -> None:
    PivKeys()


# Signing


@pytest.mark.parametrize("slots", [BOTH, RSA], ids=["P-256", "RSA-2048"])
@pytest.mark.parametrize("extended", [False, True])
def test_a_signature_of_either_use_verifies_with_the_certificate_of_its_slot(
    slots: dict[Slot, Holding],
    extended: bool,  # noqa: FBT001  a parameter
) -> None:
    key: KeyRing = table(key_card(Piv(slots), extended=extended)).key()
    signed = {}
    for use in Use:
        key.verify_pin(pin())
        signed[use] = key.sign(use, DIGEST)
        assert verify_signature(public_key(key, use), DIGEST, signed[use])

    assert not verify_signature(public_key(key, Use.SIGN_ON), DIGEST, signed[Use.DECISION])
    assert key.certificate(Use.DECISION) == slots[Slot.SIGNATURE].certificate


def test_a_long_block_goes_out_in_one_extended_command_where_the_card_takes_it_else_in_a_chain() -> None:
    lengths = {}
    for extended in (False, True):
        card = key_card(Piv(RSA), extended=extended)
        key = table(card).key()
        key.verify_pin(pin())
        key.sign(Use.SIGN_ON, DIGEST)
        lengths[extended] = [len(apdu) for apdu in card.heard if apdu[1] == 0x87]

    assert lengths[True] == [4 + 3 + 266 + 2]
    assert lengths[False] == [4 + 3 + 266 + 2, 4 + 1 + 255, 4 + 1 + 11 + 1]


def test_a_key_without_a_signature_slot_decides_with_the_other_and_wants_the_pin_each_time() -> None:
    key = table(key_card(Piv(ONE))).key()
    key.verify_pin(pin())
    assert key.certificate(Use.DECISION) == key.certificate(Use.SIGN_ON)
    assert verify_signature(public_key(key, Use.SIGN_ON), DIGEST, key.sign(Use.DECISION, DIGEST))

    with pytest.raises(PinNeeded):
        key.sign(Use.DECISION, DIGEST)


@pytest.mark.parametrize("use", Use)
def test_nothing_is_signed_without_the_pin(use: Use) -> None:
    piv = Piv(BOTH)

    with pytest.raises(PinNeeded):
        table(key_card(piv)).key().sign(use, DIGEST)
    assert piv.signatures == 0


def test_a_closed_key_has_forgotten_the_pin_and_may_be_used_again() -> None:
    at = table(key_card(Piv(BOTH)))
    key = at.key()
    key.verify_pin(pin())
    key.close()
    assert all(card.closed for card in at.powered)

    with pytest.raises(PinNeeded):
        key.sign(Use.SIGN_ON, DIGEST)
    key.verify_pin(pin())
    key.sign(Use.SIGN_ON, DIGEST)


def test_an_algorithm_that_the_counter_does_not_know_is_said_by_name() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    holding = AUTHORITY.issue()
    key = table(key_card(Piv({Slot.AUTHENTICATION: holding}))).key()
    other = SmallAuthority(ec.generate_private_key(ec.SECP384R1()), AUTHORITY.certificate)
    key._holder.certificates[0x9A] = _p384_certificate(other)  # type: ignore[index]

    with pytest.raises(NotOnThisKey, match="secp384r1"):
        key.sign(Use.SIGN_ON, DIGEST)


def _p384_certificate(authority: SmallAuthority) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    made = authority.certificate
    builder = x509.CertificateBuilder().subject_name(made.subject).issuer_name(made.subject).serial_number(7)
    builder = builder.not_valid_before(made.not_valid_before_utc).not_valid_after(made.not_valid_after_utc)
    return builder.public_key(authority.key.public_key()).sign(authority.key, SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("wrong", [Wrong.GARBAGE, Wrong.TRUNCATED])
@pytest.mark.parametrize("slots", [BOTH, RSA], ids=["P-256", "RSA-2048"])
def test_half_a_signature_is_none(slots: dict[Slot, Holding], wrong: Wrong) -> None:
    card = key_card(Piv(slots), extended=True)
    key = table(card).key()
    key.verify_pin(pin())
    card.suffers(Fault(wrong, ins=0x87))

    with pytest.raises(KeyFault, match="签名，应答残缺"):
        key.sign(Use.SIGN_ON, DIGEST)


# PIN and PUK


def test_wrong_pins_count_down_and_then_the_key_is_blocked() -> None:
    key = table(key_card(Piv(BOTH))).key()
    assert key.attempts_left() == 3
    for left in (2, 1):
        with pytest.raises(WrongPin, match=f"还可尝试 {left} 次"):
            key.verify_pin(pin("000000"))
        assert key.attempts_left() == left
    for _ in range(2):
        with pytest.raises(PinBlocked):
            key.verify_pin(pin("000000"))

    assert key.attempts_left() == 0
    with pytest.raises(PinBlocked):
        key.verify_pin(pin())
    with pytest.raises(PinBlocked):
        key.verify_pin(pin("1"))


def test_the_tries_are_not_told_while_the_pin_is_verified() -> None:
    key = table(key_card(Piv(BOTH))).key()
    key.verify_pin(pin())

    assert key.attempts_left() is None


@pytest.mark.parametrize("typed", ["", "1", "12345", "123456789", "1234567890123456"])
def test_a_pin_that_cannot_be_one_costs_no_try(typed: str) -> None:
    piv = Piv(BOTH)
    key = table(key_card(piv)).key()
    for _ in range(2):
        with pytest.raises(WrongPin, match="还可尝试 3 次"):
            key.verify_pin(pin(typed))
        with pytest.raises(WrongPin):
            key.change_pin(pin(typed), pin("654321"))
        key.verify_pin(pin())

    assert piv.pin.left == 3


def test_a_new_pin_holds_and_the_old_one_no_longer() -> None:
    key = table(key_card(Piv(BOTH))).key()
    key.change_pin(pin(), pin("87654321"))
    key.close()

    with pytest.raises(WrongPin):
        key.verify_pin(pin())
    key.verify_pin(pin("87654321"))


def test_a_wrong_old_pin_counts_and_changes_nothing() -> None:
    key = table(key_card(Piv(BOTH))).key()
    with pytest.raises(WrongPin, match="还可尝试 2 次"):
        key.change_pin(pin("000000"), pin("654321"))

    key.verify_pin(pin())


@pytest.mark.parametrize("new", ["", "12345", "123456789", "12345a"])
def test_a_new_pin_is_of_six_to_eight_digits(new: str) -> None:
    piv = Piv(BOTH)
    key = table(key_card(piv)).key()
    with pytest.raises(PinUnfit, match="6 至 8 位数字"):
        key.change_pin(pin(), pin(new))
    with pytest.raises(PinUnfit, match="6 至 8 位数字"):
        key.unblock_pin(pin(PUK), pin(new))

    assert (piv.pin.left, piv.puk.left) == (3, 3)


def test_a_new_pin_that_the_card_refuses_is_said_to_be_unfit() -> None:
    card = key_card(Piv(BOTH))
    key = table(card).key()
    card.suffers(Fault(Wrong.STATUS, ins=0x24, status=0x6A80))

    with pytest.raises(PinUnfit, match="不接受这个新 PIN"):
        key.change_pin(pin(), pin("111111"))


def test_a_blocked_key_is_opened_by_its_puk() -> None:
    piv = Piv(BOTH)
    key = table(key_card(piv)).key()
    piv.pin.left = 0
    key.unblock_pin(pin(PUK), pin("654321"))

    assert key.attempts_left() == 3
    key.verify_pin(pin("654321"))


def test_wrong_puks_count_down_and_then_the_key_is_lost() -> None:
    key = table(key_card(Piv(BOTH))).key()
    for left in (2, 1):
        with pytest.raises(WrongPuk, match=f"还可尝试 {left} 次"):
            key.unblock_pin(pin("00000000"), pin("654321"))
    for _ in range(2):
        with pytest.raises(PukBlocked):
            key.unblock_pin(pin("00000000"), pin("654321"))


@pytest.mark.parametrize("typed", ["", "12345", "123456789"])
def test_a_puk_that_cannot_be_one_costs_no_try(typed: str) -> None:
    piv = Piv(BOTH)
    with pytest.raises(PukUnfit, match="没有计入次数"):
        table(key_card(piv)).key().unblock_pin(pin(typed), pin("654321"))

    assert piv.puk.left == 3


def test_every_command_is_wiped_after_it_was_sent() -> None:
    at = table(key_card(Piv(BOTH)))
    key = at.key()
    key.change_pin(pin(), pin("654321"))
    key.verify_pin(pin("654321"))
    key.sign(Use.SIGN_ON, DIGEST)

    sent = [apdu for card in at.powered for apdu in card.sent]
    assert len(sent) > 6
    assert not any(any(apdu) for apdu in sent)


# The hand that pulls the card


def signs_on(key: PivKey) -> None:
    key.certificate(Use.SIGN_ON)
    key.attempts_left()
    key.verify_pin(pin())
    key.sign(Use.SIGN_ON, DIGEST)
    key.sign(Use.SIGN_ON, DIGEST)


def decides(key: PivKey) -> None:
    key.attempts_left()
    key.verify_pin(pin())
    key.sign(Use.DECISION, DIGEST)


def changes_pin(key: PivKey) -> None:
    key.change_pin(pin(), pin("654321"))


def unblocks(key: PivKey) -> None:
    key.unblock_pin(pin(PUK), pin("654321"))


ACTS = {act.__name__: act for act in (signs_on, decides, changes_pin, unblocks)}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("slots", [BOTH, RSA], ids=["P-256", "RSA-2048"])
def test_a_card_pulled_at_any_command_of_any_act_is_said_to_be_gone(act: str, slots: dict[Slot, Holding]) -> None:
    whole = key_card(Piv(slots))
    key = table(whole).key()
    before = len(whole.heard)
    ACTS[act](key)
    commands = len(whole.heard) - before
    assert commands >= 2

    for at in range(1, commands + 1):
        card = key_card(Piv(slots))
        standing = table(card)
        key = standing.key()
        card.suffers(Fault(Wrong.PULLED, at=at))
        with pytest.raises(KeyGone):
            ACTS[act](key)
        assert all(each.closed for each in standing.powered)
        assert key.present() is None
        assert key.plug() is None


def test_a_card_pulled_while_it_is_listed_is_not_listed() -> None:
    whole = key_card(Piv(BOTH))
    table(whole).keys().present()

    for at in range(1, len(whole.heard) + 1):
        card = key_card(Piv(BOTH))
        card.suffers(Fault(Wrong.PULLED, at=at))
        standing = table(card)
        assert standing.keys().present() == ()


def test_a_key_put_in_again_is_another_plug_for_who_held_the_old_one() -> None:
    card = key_card(Piv(BOTH))
    at = table(card)
    key = at.key()
    plug = key.plug()
    at.pull()
    at.insert(card)

    assert key.plug() is None
    with pytest.raises(KeyGone):
        key.verify_pin(pin())
    assert plug != at.key().plug()


def test_a_fingerprint_that_is_not_there_is_gone() -> None:
    with pytest.raises(KeyGone):
        table(key_card(Piv(BOTH))).keys().open("00" * 32)


# Broken cards


@settings(max_examples=150)
@given(
    act=st.sampled_from(sorted(ACTS)),
    at=st.integers(1, 12),
    fault=st.one_of(
        st.binary(max_size=40).map(lambda data: Fault(Wrong.GARBAGE, answer=data)),
        st.integers(0x6000, 0x9FFF).map(lambda status: Fault(Wrong.STATUS, status=status)),
        st.sampled_from([Fault(Wrong.TRUNCATED), Fault(Wrong.MUTE), Fault(Wrong.PULLED)]),
    ),
    lasting=st.booleans(),
)
def test_whatever_a_card_answers_is_a_refusal_with_a_sentence_and_no_fault_of_the_program(
    act: str,
    at: int,
    fault: Fault,
    lasting: bool,  # noqa: FBT001  drawn
) -> None:
    card = key_card(Piv(BOTH))
    key = table(card).key()
    card.suffers(Fault(fault.wrong, at=at, times=0 if lasting else 1, status=fault.status, answer=fault.answer))
    with suppress(CounterError):
        ACTS[act](key)
    card.heals()
    key.close()


@settings(max_examples=100)
@given(answers=st.lists(st.binary(max_size=60), min_size=1, max_size=6))
def test_whatever_a_card_says_of_itself_the_list_goes_on(answers: list[bytes]) -> None:
    card = key_card(Piv(BOTH))
    for number, answer in enumerate(answers, 1):
        card.suffers(Fault(Wrong.GARBAGE, at=number, answer=answer))
    at = table(card, key_card(Piv(RSA)))

    assert "Reader 1" in [each.reader for each in at.keys().present()]
