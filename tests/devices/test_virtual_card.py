"""The virtual PIV card in-process: what a card of NIST SP 800-73-4 answers, and what it may do wrong."""

from __future__ import annotations

import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from tests.devices.virtual.ber import objects, tlv
from tests.devices.virtual.card import Card, atr
from tests.devices.virtual.faults import CardMute, CardPulled, Fault, Wrong
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card
from tests.devices.virtual.piv import AID, Piv, Slot

DIGEST = hashlib.sha256(b"counter").digest()
DIGEST_INFO = bytes.fromhex("3031300D060960864801650304020105000420") + DIGEST
AUTHORITY = SmallAuthority.found()
P256 = both_slots(AUTHORITY)
RSA = both_slots(AUTHORITY, algorithm="RSA-2048")
PIN, PUK, OTHER = b"123456\xff\xff", b"12345678", b"654321\xff\xff"


def sent(card: Card, header: str, data: bytes = b"", *, chunk: int = 255) -> tuple[bytes, int]:
    """A command as a client sends it: chained, and answered to the end."""
    cla, *rest = bytes.fromhex(header)
    parts = [data[at : at + chunk] for at in range(0, len(data), chunk)] or [b""]
    for part in parts[:-1]:
        assert card.transmit(bytes([cla | 0x10, *rest, len(part)]) + part) == b"\x90\x00"
    last = bytes([len(parts[-1])]) + parts[-1] if parts[-1] else b""
    answer = card.transmit(bytes([cla, *rest]) + last + (b"" if rest[0] == 0x20 else b"\x00"))
    whole = answer[:-2]
    while answer[-2] == 0x61:
        answer = card.transmit(bytes([0x00, 0xC0, 0x00, 0x00, answer[-1]]))
        whole += answer[:-2]
    return whole, int.from_bytes(answer[-2:])


def status(card: Card, header: str, data: bytes = b"") -> int:
    return sent(card, header, data)[1]


def selected(piv: Piv, *, extended: bool = False) -> Card:
    card = key_card(piv, extended=extended)
    assert status(card, "00A40400", AID) == 0x9000
    return card


def question(challenge: bytes) -> bytes:
    return tlv("7C", tlv("82"), tlv("81", challenge))


def signed(card: Card, header: str, challenge: bytes) -> tuple[bytes, int]:
    answer, word = sent(card, header, question(challenge))
    return (dict(objects(dict(objects(answer))[0x7C]))[0x82] if answer else b""), word


def test_the_answer_to_reset_has_a_right_check_byte() -> None:
    assert atr(b"\x80").hex() == "3b8101800" + "0"
    assert key_card(Piv(P256)).atr[:4].hex() == "3b880180"


@pytest.mark.parametrize("size", [5, 9, 11])
def test_the_applet_is_selected_by_the_beginning_of_its_name(size: int) -> None:
    assert status(key_card(Piv(P256)), "00A40400", AID[:size]) == 0x9000


def test_nothing_is_answered_before_the_applet_is_selected() -> None:
    assert status(key_card(Piv(P256)), "00200080") == 0x6D00
    assert status(key_card(Piv(P256)), "00A40400", b"\xa0\0\0\5\x27") == 0x6A82


def test_a_certificate_comes_in_portions_of_what_was_asked() -> None:
    card = selected(Piv(P256))
    first = card.transmit(bytes.fromhex("00CB3FFF055C035FC10500"))
    whole, word = sent(card, "00CB3FFF", bytes.fromhex("5C035FC105"))

    assert (len(first), first[-2], word) == (258, 0x61, 0x9000)
    assert dict(objects(dict(objects(whole))[0x53]))[0x70] == P256[Slot.AUTHENTICATION].certificate


def test_an_extended_command_brings_it_whole_where_the_card_takes_them() -> None:
    asked = bytes.fromhex("00CB3FFF0000055C035FC1050000")

    assert selected(Piv(P256), extended=True).transmit(asked)[-2:] == b"\x90\x00"
    assert selected(Piv(P256)).transmit(asked) == b"\x67\x00"


def test_a_signature_with_p256_verifies() -> None:
    card = selected(Piv(P256))
    status(card, "00200080", PIN)
    signature, _ = signed(card, "0087119A", DIGEST)

    key = x509.load_der_x509_certificate(P256[Slot.AUTHENTICATION].certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signature, DIGEST, ec.ECDSA(Prehashed(SHA256())))


def test_a_chained_signature_with_rsa_verifies() -> None:
    card = selected(Piv(RSA))
    status(card, "00200080", PIN)
    block = b"\x00\x01" + b"\xff" * (253 - len(DIGEST_INFO)) + b"\x00" + DIGEST_INFO
    signature, _ = signed(card, "0087079A", block)

    key = x509.load_der_x509_certificate(RSA[Slot.AUTHENTICATION].certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(signature, b"counter", padding.PKCS1v15(), SHA256())


def test_9a_keeps_the_pin_and_9c_wants_it_before_each_signature() -> None:
    card = selected(Piv(P256))
    assert signed(card, "0087119A", DIGEST)[1] == 0x6982
    status(card, "00200080", PIN)

    assert [signed(card, f"008711{slot}", DIGEST)[1] for slot in ("9C", "9C", "9A", "9A")] == [
        0x9000,
        0x6982,
        0x9000,
        0x9000,
    ]


def test_the_pin_is_forgotten_with_power_and_with_another_applet_but_not_with_the_same() -> None:
    card = selected(Piv(P256))
    status(card, "00200080", PIN)
    status(card, "00A40400", AID)
    assert status(card, "00200080") == 0x9000

    card.reset()
    assert status(card, "00A40400", AID) == 0x9000
    assert status(card, "00200080") == 0x63C3


@pytest.mark.parametrize("tries", [3, 4, 5, 6])
def test_wrong_pins_count_down_and_then_the_card_is_blocked_until_the_puk(tries: int) -> None:
    card = selected(Piv(P256, pin_tries=tries))
    counted = [status(card, "00200080", OTHER) for _ in range(tries)]

    assert counted == [0x63C0 + left for left in reversed(range(tries))]
    assert [status(card, "00200080", PIN), status(card, "00200080")] == [0x6983, 0x6983]
    assert status(card, "002C0080", PUK + OTHER) == 0x9000
    assert status(card, "00200080", OTHER) == 0x9000


def test_wrong_puks_count_down_and_block() -> None:
    card = selected(Piv(P256))

    assert [status(card, "002C0080", OTHER + PIN) for _ in range(4)] == [0x63C2, 0x63C1, 0x63C0, 0x6983]


def test_pin_and_puk_are_changed_by_the_old_one_and_must_be_fit() -> None:
    card = selected(Piv(P256))

    assert status(card, "00240080", PIN + OTHER) == 0x9000
    assert status(card, "00240080", PIN + OTHER) == 0x63C2
    assert status(card, "00240080", OTHER + b"12345\xff\xff\xff") == 0x6A80
    assert status(card, "00240081", PUK + b"87654321") == 0x9000
    assert status(card, "00200080", OTHER) == 0x9000


def test_faults_come_when_they_were_ordered() -> None:
    piv = Piv(P256)
    card = selected(piv)
    card.suffers(Fault(Wrong.STATUS, at=2, status=0x6F00), Fault(Wrong.GARBAGE, ins=0x20, at=3, answer=b"\x01"))

    assert [card.transmit(bytes.fromhex("00200080")).hex() for _ in range(4)] == ["63c3", "6f00", "01", "63c3"]


def test_a_truncated_answer_keeps_its_status_word() -> None:
    card = selected(Piv(P256))
    card.suffers(Fault(Wrong.TRUNCATED))

    assert card.transmit(bytes.fromhex("00FD000000")).hex() == "05" + "9000"


def test_a_card_pulled_in_the_middle_has_done_its_work_and_answers_no_more() -> None:
    piv = Piv(P256)
    card = selected(piv)
    status(card, "00200080", PIN)
    card.suffers(Fault(Wrong.PULLED, ins=0x87))

    for _ in range(2):
        with pytest.raises(CardPulled):
            signed(card, "0087119A", DIGEST)
    assert piv.signatures == 1


def test_a_mute_card_says_nothing() -> None:
    card = selected(Piv(P256))
    card.suffers(Fault(Wrong.MUTE, times=0))

    with pytest.raises(CardMute):
        card.transmit(b"\x00\x20\x00\x80")


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_whatever_is_sent_the_card_answers_with_a_status_word(commands: list[bytes]) -> None:
    card = selected(Piv(P256), extended=True)

    assert all(len(card.transmit(command)) >= 2 for command in commands)
