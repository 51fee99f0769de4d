"""S9 in the national suite: what may not sign on is refused, each for its own cause, with SM2 certificates too."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from counter_tui.operations.suites import INTERNATIONAL, NATIONAL
from counter_tui.security import refusals
from counter_tui.security.certificates import Authority, judge
from counter_tui.security.revocations import read_revocations
from counter_tui.sm import arithmetic
from counter_tui.sm.issuing import issued
from counter_tui.sm.sm2 import key_info, sm3
from counter_tui.x509 import point
from tests.security.chains import (
    CA,
    CA_KEY,
    NOON,
    OPERATOR_KEY,
    OTHER_KEY,
    YEAR,
    Certificate,
    authority,
    name,
    root,
    usage,
)
from tests.security.national import national, spki, twin
from tests.security.test_s09_certificates import BAD, GOOD_ONE, NUMBERS_REFUSED, Issue, flipped, with_key
from tests.sm.by_openssl import authority as authority_by_openssl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ISSUING = Authority(certificate=national(authority().der()), root=national(root().der()))
GOOD = national(GOOD_ONE.der())
SM2_WITH_SM3 = bytes.fromhex("2a811ccf55018375")
SM2_WITH_SHA256 = bytes.fromhex("2a811ccf55018376")

ALIKE = {
    "nothing",
    "no certificate",
    "in an encoding of indefinite length",
    "version 1",
    "RSA-1024",
    "RSA of 2047 bits",
    "RSA of 16384 bits",
    "RSA with the exponent 1",
    "RSA with the exponent 3",
    "RSA with an even exponent",
    "P-384 key",
    "secp256k1 key",
    "Ed25519 key",
    "DSA key",
}
"""What is no certificate for anybody, whoever signed it."""
NOT_ISSUED_ANEW = ALIKE | {
    "cut short",
    "something behind it",
    "a changed bit in the signature",
    "a changed name",
    "a point that is not on its curve",
    "signed with SHA-1",
    "one algorithm inside and another outside",
}
"""Faults of the bytes or of the key, of which the national suite has its own below, and those alike in both."""
ALLOWED = {"no authority key identifier"}
"""The library insists on it; the national certificate profile does not."""


@NUMBERS_REFUSED
@pytest.mark.parametrize("case", [case for case in BAD if case not in NOT_ISSUED_ANEW | ALLOWED])
def test_every_bad_certificate_is_refused_alike_when_sm2_signs_it(case: str) -> None:
    issue, cause, words = BAD[case]

    with pytest.raises(refusals.CertificateRefused) as refused:
        judge(national(issue()), [ISSUING], NOON, NATIONAL)

    assert type(refused.value) is cause
    assert words in str(refused.value)


@pytest.mark.parametrize("case", sorted(ALIKE))
def test_what_is_no_certificate_for_anybody_is_refused_in_both_suites(case: str) -> None:
    issue, cause, words = BAD[case]

    with pytest.raises(cause, match=words):
        judge(issue(), [ISSUING], NOON, NATIONAL)


def signed_under_an_empty_name() -> bytes:
    """What OpenSSL makes without `-sigopt distid`: Z over an empty ID."""
    body = x509.load_der_x509_certificate(GOOD).tbs_certificate_bytes
    numbers = (arithmetic.A, arithmetic.B, arithmetic.Gx, arithmetic.Gy)
    z = sm3(bytes(2), *(number.to_bytes(32) for number in numbers), point(twin(CA_KEY).public_key)[1:])
    return with_signature(twin(CA_KEY).sign_digest(sm3(z, body)))


def with_signature(signature: bytes) -> bytes:
    from cryptography.hazmat.asn1 import BitString, decode_der, encode_der

    from counter_tui.x509_structure import SignedCertificate

    whole = decode_der(SignedCertificate, GOOD)
    return encode_der(SignedCertificate(tbs=whole.tbs, algorithm=whole.algorithm, signature=BitString(signature, 0)))


def holding(encoded: bytes) -> bytes:
    """A certificate that the authority signed for whatever stands there as a point."""
    return issued(GOOD_ONE.der(), key_info(encoded), twin(CA_KEY))


def signed_with_p256() -> bytes:
    """An SM2 key in a certificate of an authority of the same name in the other suite."""
    from cryptography.hazmat.asn1 import BitString, decode_der, encode_der
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    from counter_tui.x509_structure import CurveKeyInfo, SignedCertificate, Tbs

    whole = decode_der(SignedCertificate, GOOD_ONE.der())
    fields = {one.name: getattr(whole.tbs, one.name) for one in dataclasses.fields(whole.tbs)}
    tbs = Tbs(**fields | {"key": decode_der(CurveKeyInfo, twin(OPERATOR_KEY).public_key)})
    signature = CA_KEY.sign(encode_der(tbs), ec.ECDSA(SHA256()))
    return encode_der(SignedCertificate(tbs=tbs, algorithm=whole.algorithm, signature=BitString(signature, 0)))


PUBLIC = point(twin(OPERATOR_KEY).public_key)

BAD_SM2: dict[str, tuple[Issue, type[refusals.CertificateRefused], str]] = {
    "cut short": (lambda: GOOD[:-20], refusals.CertificateUnreadable, "无法读取"),
    "something behind it": (lambda: GOOD + b"\x00", refusals.CertificateUnreadable, "无法读取"),
    "a changed bit in the signature": (lambda: flipped(GOOD), refusals.IssuerForged, "签名不符"),
    "a changed name": (
        lambda: GOOD.replace("张䶮".encode(), "李䶮".encode()),
        refusals.IssuerForged,
        "签名不符",
    ),
    "another key put in": (
        lambda: GOOD.replace(PUBLIC, point(twin(OTHER_KEY).public_key)),
        refusals.IssuerForged,
        "签名不符",
    ),
    "no signature": (lambda: with_signature(b""), refusals.IssuerForged, "签名不符"),
    "a signature that is no pair of numbers": (lambda: with_signature(b"\x30\x00"), refusals.IssuerForged, "签名不符"),
    "a signature of zeros": (lambda: with_signature(encode_dss_signature(0, 0)), refusals.IssuerForged, "签名不符"),
    "a signature of the numbers alone": (lambda: with_signature(b"\x01" * 64), refusals.IssuerForged, "签名不符"),
    "signed under an empty name": (signed_under_an_empty_name, refusals.IssuerForged, "签名不符"),
    "SM2 with SHA-256": (
        lambda: GOOD.replace(SM2_WITH_SM3, SM2_WITH_SHA256),
        refusals.SignatureAlgorithmRefused,
        "1.2.156.10197.1.502",
    ),
    "one algorithm inside, another outside": (
        lambda: GOOD.replace(SM2_WITH_SM3, SM2_WITH_SHA256, 1),
        refusals.AlgorithmsDiffer,
        "内外写的签名算法不一致",
    ),
    "a P-256 key": (GOOD_ONE.der, refusals.KeyOfOtherSuite, "不能用 P-256 证书"),
    "an RSA key": (
        lambda: with_key(rsa.generate_private_key(65537, 2048)).der(),
        refusals.KeyOfOtherSuite,
        "不能用 RSA-2048 证书",
    ),
    "a P-256 key that SM2 signed": (
        lambda: issued(GOOD_ONE.der(), spki(OPERATOR_KEY), twin(CA_KEY)),
        refusals.KeyOfOtherSuite,
        "本机构使用国密算法套件",
    ),
    "an SM2 key that P-256 signed": (
        signed_with_p256,
        refusals.SignatureOfOtherSuite,
        "却由 sha256 签名",
    ),
    "a point beside the curve": (
        lambda: holding(PUBLIC[:-1] + bytes([PUBLIC[-1] ^ 1])),
        refusals.CertificateUnreadable,
        "无法读取",
    ),
    "a point outside the field": (lambda: holding(b"\x04" + b"\xff" * 64), refusals.CertificateUnreadable, "无法读取"),
    "infinity for a point": (lambda: holding(b"\x00"), refusals.CertificateUnreadable, "无法读取"),
    "half a point": (lambda: holding(b"\x02" + PUBLIC[1:33]), refusals.CertificateUnreadable, "无法读取"),
}


@pytest.mark.parametrize("case", BAD_SM2)
def test_a_bad_sm2_certificate_is_refused_with_its_own_sentence(case: str) -> None:
    issue, cause, words = BAD_SM2[case]

    with pytest.raises(refusals.CertificateRefused) as refused:
        judge(issue(), [ISSUING], NOON, NATIONAL)

    assert type(refused.value) is cause
    assert words in str(refused.value)


def test_more_than_forty_bad_certificates_are_refused_in_the_national_suite() -> None:
    assert len(set(BAD) - NOT_ISSUED_ANEW - ALLOWED) + len(ALIKE) + len(BAD_SM2) >= 40


BAD_AUTHORITIES: dict[str, tuple[Callable[[], Certificate], type[refusals.CertificateRefused], str]] = {
    "no constraints": (
        lambda: authority().without(x509.BasicConstraints),
        refusals.IssuerMayNotIssue,
        "不允许签发证书",
    ),
    "no authority": (
        lambda: authority().but(x509.BasicConstraints(ca=False, path_length=None), critical=True),
        refusals.IssuerMayNotIssue,
        "不允许签发证书",
    ),
    "constraints that are not critical": (
        lambda: authority().but(x509.BasicConstraints(ca=True, path_length=0)),
        refusals.IssuerMayNotIssue,
        "不允许签发证书",
    ),
    "no usage": (lambda: authority().without(x509.KeyUsage), refusals.IssuerMayNotIssue, "不允许签发证书"),
    "for lists only": (
        lambda: authority().but(usage("crl_sign"), critical=True),
        refusals.IssuerMayNotIssue,
        "不允许签发证书",
    ),
    "a critical extension that nobody knows": (
        lambda: authority().but(
            x509.UnrecognizedExtension(ObjectIdentifier("1.2.156.10260.4.1.1"), b"\x05\x00"), critical=True
        ),
        refusals.PathRefused,
        "路径校验",
    ),
    "expired": (lambda: authority(until=NOON - YEAR), refusals.IssuerOutOfDate, "不在有效期内"),
    "not yet valid": (lambda: authority(since=NOON + YEAR / 2), refusals.IssuerOutOfDate, "不在有效期内"),
}


@pytest.mark.parametrize("case", BAD_AUTHORITIES)
def test_an_authority_that_may_not_issue_vouches_for_nobody(case: str) -> None:
    made, cause, words = BAD_AUTHORITIES[case]

    with pytest.raises(refusals.CertificateRefused) as refused:
        judge(GOOD, [Authority(certificate=national(made().der()))], NOON, NATIONAL)

    assert type(refused.value) is cause
    assert words in str(refused.value)


def test_a_good_sm2_certificate_is_accepted_and_told_by_number_and_key() -> None:
    facts = judge(GOOD, [ISSUING], NOON, NATIONAL)

    assert (facts.issuer, facts.number) == ("CN=社保签发CA", "1024")
    assert facts.public_key == twin(OPERATOR_KEY).public_key
    assert facts.key_hash == hashlib.sha256(facts.public_key).hexdigest()


def test_an_international_bureau_takes_no_sm2_certificate() -> None:
    with pytest.raises(refusals.KeyOfOtherSuite, match="不能用 SM2 证书"):
        judge(GOOD, [ISSUING], NOON, INTERNATIONAL)


def test_a_certificate_without_key_identifiers_is_accepted_as_the_national_profile_allows() -> None:
    assert judge(national(GOOD_ONE.without(x509.AuthorityKeyIdentifier).der()), [ISSUING], NOON, NATIONAL)


def test_a_successor_authority_of_the_same_name_serves_beside_the_old_one() -> None:
    successor = Authority(certificate=national(authority(key=OTHER_KEY).der()))
    aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(OTHER_KEY.public_key())
    der = national(dataclasses.replace(GOOD_ONE, signer=OTHER_KEY).but(aki).der())

    assert judge(der, [ISSUING, successor], NOON, NATIONAL).number == "1024"
    assert judge(GOOD, [ISSUING, successor], NOON, NATIONAL).number == "1024"


def test_certificates_and_lists_that_openssl_makes_are_accepted(tmp_path: Path) -> None:
    openssl = authority_by_openssl(tmp_path)
    pinned = Authority(certificate=openssl.read("ca.der"))
    holder = x509.load_der_x509_certificate(openssl.read("op.der"))
    when = holder.not_valid_before_utc

    facts = judge(openssl.read("op.der"), [pinned], when, NATIONAL)
    listed = read_revocations(openssl.read("list.der"), [pinned])

    assert holder.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value == "OP1024"
    assert facts.issuer == listed.issuer == "CN=社保SM2签发CA,C=CN"
    with pytest.raises(refusals.ListForged):
        read_revocations(flipped(openssl.read("list.der")), [pinned])
    with pytest.raises(refusals.ListOfAnother):
        read_revocations(openssl.read("list.der"), [ISSUING])


def test_nobody_signs_a_look_alike_authority_in() -> None:
    """Its name and even its key identifier are copied; only the key is another."""
    look_alike = dataclasses.replace(authority(), issuer=CA, signer=CA_KEY).der()
    copied = issued(look_alike, twin(OTHER_KEY).public_key, twin(OTHER_KEY))
    der = issued(GOOD_ONE.der(), twin(OPERATOR_KEY).public_key, twin(OTHER_KEY))

    assert judge(der, [Authority(certificate=copied)], NOON, NATIONAL)
    with pytest.raises(refusals.IssuerForged):
        judge(der, [ISSUING], NOON, NATIONAL)


def test_pem_is_no_der() -> None:
    pem = x509.load_der_x509_certificate(GOOD).public_bytes(Encoding.PEM)

    with pytest.raises(refusals.CertificateUnreadable):
        judge(pem, [ISSUING], NOON, NATIONAL)


def test_the_name_of_the_issuer_alone_is_not_enough() -> None:
    other = national(dataclasses.replace(GOOD_ONE, issuer=name("社保签发CA", "别处")).der())

    with pytest.raises(refusals.OtherBureau):
        judge(other, [ISSUING], NOON, NATIONAL)
