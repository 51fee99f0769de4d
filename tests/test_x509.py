"""What a certificate says is read for every algorithm that a key may bring, or refused in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.x509 import SM2, NoCertificate, curve, point, said

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SM2_KEY_INFO = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d034200"
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
"""The public key of the example in GM/T 0003.5, as a key info."""


def own(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.TITLE, "经办"), x509.NameAttribute(NameOID.COMMON_NAME, "张䶮")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(0xAB12)
    builder = builder.not_valid_before(NOON).not_valid_after(NOON + timedelta(days=9)).public_key(key.public_key())
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "P-256"),
        (ec.generate_private_key(ec.SECP384R1()), "secp384r1"),
        (rsa.generate_private_key(65537, 2048), "RSA-2048"),
    ],
)
def test_a_certificate_says_who_and_how(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, algorithm: str) -> None:
    read = said(own(key))

    assert (read.common_name, read.title, read.number, read.algorithm) == ("张䶮", "经办", "ab12", algorithm)
    assert (read.since, read.until) == (NOON, NOON + timedelta(days=9))
    assert read.public_key == key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_a_key_info_of_the_national_curve_is_known_by_its_structure() -> None:
    assert curve(SM2_KEY_INFO) == "1.2.156.10197.1.301"
    assert point(SM2_KEY_INFO).hex().startswith("0409f9df311e54")
    assert SM2 == "SM2"


def test_a_torn_certificate_is_refused_in_a_sentence() -> None:
    whole = own(ec.generate_private_key(ec.SECP256R1()))

    for torn in (b"", whole[:-1], whole[: len(whole) // 2], whole + b"\0"):
        with pytest.raises(NoCertificate, match="无法读取"):
            said(torn)


@given(st.binary(max_size=200))
def test_garbage_is_no_certificate_and_no_error_of_another_kind(garbage: bytes) -> None:
    with pytest.raises(NoCertificate):
        said(garbage)
    assert curve(garbage) == ""
