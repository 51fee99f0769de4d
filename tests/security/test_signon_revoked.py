"""A revoked certificate signs nobody on, and a list that grows old is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from counter_tui.security import refusals
from counter_tui.security.certificates import Authority
from counter_tui.security.revocations import Freshness, RevocationList, read_revocations
from counter_tui.security.statements import verify_session
from tests.devices.training_kit import NOON, PLACE, Counter, counter, pin

if TYPE_CHECKING:
    from pathlib import Path

CA = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "社保签发CA")])
CA_KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def at(tmp_path: Path) -> Counter:
    return counter(tmp_path)


def listed(issuer: str, *numbers: str, made_at: datetime = NOON, next_at: datetime | None = None) -> RevocationList:
    return RevocationList(
        issuer=issuer, made_at=made_at, next_at=next_at, revoked=dict.fromkeys(numbers, NOON - timedelta(days=2))
    )


def signed_list(number: int, signer: ec.EllipticCurvePrivateKey = CA_KEY, issuer: x509.Name = CA) -> bytes:
    revoked = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(NOON - timedelta(days=2)).build()
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer).add_revoked_certificate(revoked)
    builder = builder.last_update(NOON).next_update(NOON + timedelta(days=1))
    return builder.sign(signer, SHA256()).public_bytes(Encoding.DER)


def authority() -> Authority:
    builder = x509.CertificateBuilder().subject_name(CA).issuer_name(CA).public_key(CA_KEY.public_key())
    builder = builder.serial_number(7).not_valid_before(NOON).not_valid_after(NOON + timedelta(days=9))
    return Authority(certificate=builder.sign(CA_KEY, SHA256()).public_bytes(Encoding.DER))


def test_a_revoked_key_does_not_sign_on_and_loses_no_pin_try(at: Counter) -> None:
    one = at.bureau.operators[0]
    warned = replace(at.sign_on, revocations=lambda: [listed(one.issuer, one.certificate_number)])

    with pytest.raises(refusals.Revoked, match="2026-11-21 被吊销"):
        warned(at.key(), pin("000000"), at.challenges.issue(PLACE))
    assert at.key().attempts_left() == 6


@pytest.mark.parametrize(("issuer", "number"), [("CN=别处CA", "9999990007"), ("", "9999990008")])
def test_other_numbers_and_other_authorities_are_not_meant(at: Counter, issuer: str, number: str) -> None:
    lists = [listed(issuer or at.bureau.operators[0].issuer, number)]

    assert replace(at.sign_on, revocations=lambda: lists)(at.key(), pin(), at.challenges.issue(PLACE)).alive


def test_a_certificate_revoked_while_its_operation_waited_is_told_from_a_forgery(at: Counter) -> None:
    session, one = at.session(), at.bureau.operators[0]

    with pytest.raises(refusals.Revoked):
        verify_session(
            session.statement,
            place=PLACE,
            at=NOON,
            authorities=at.authorities,
            operators=at.operators,
            revocations=[listed(one.issuer, one.certificate_number)],
        )


def test_a_list_signed_by_the_pinned_authority_is_read() -> None:
    read = read_revocations(signed_list(0x1024), [authority()])

    assert (read.issuer, read.made_at, read.next_at) == ("CN=社保签发CA", NOON, NOON + timedelta(days=1))
    assert dict(read.revoked) == {"1024": NOON - timedelta(days=2)}


@pytest.mark.parametrize(
    "crl",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(signed_list(1)[:-9], id="cut short"),
        pytest.param(signed_list(1, signer=ec.generate_private_key(ec.SECP256R1())), id="signed by a stranger"),
        pytest.param(
            signed_list(1, issuer=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "别处CA")])), id="other authority"
        ),
        pytest.param(signed_list(0x1024).replace(b"\x10\x24", b"\x10\x25"), id="changed"),
    ],
)
def test_a_list_of_anybody_else_is_refused(crl: bytes) -> None:
    with pytest.raises(refusals.RevocationListRefused, match="吊销列表"):
        read_revocations(crl, [authority()])


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, Freshness.FRESH),
        (24, Freshness.FRESH),
        (25, Freshness.OLD),
        (72, Freshness.OLD),
        (73, Freshness.TOO_OLD),
    ],
)
def test_a_list_warns_after_a_day_and_freezes_after_three(hours: int, state: Freshness) -> None:
    assert listed("CN=社保签发CA").freshness(NOON + timedelta(hours=hours)) is state


def test_a_list_past_its_own_renewal_is_old() -> None:
    short = listed("CN=社保签发CA", next_at=NOON + timedelta(hours=1))

    assert short.freshness(NOON + timedelta(hours=2)) is Freshness.OLD
