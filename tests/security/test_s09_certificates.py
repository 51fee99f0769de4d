"""S9: a certificate that may not sign on is refused, each for its own cause."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import PostClass, Role
from counter_tui.security import refusals
from counter_tui.security.certificates import Authority, OperatorList, bind, judge
from tests.security.chains import (
    CA,
    CA_KEY,
    NOON,
    OPERATOR_KEY,
    OTHER_KEY,
    ROOT,
    ROOT_KEY,
    YEAR,
    Certificate,
    authority,
    name,
    purposes,
    root,
    usage,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

Issue: TypeAlias = Callable[[], bytes]

ISSUING = Authority(certificate=authority().der(), root=root().der())
GOOD_ONE = Certificate()


def flipped(der: bytes) -> bytes:
    """The last bit changed: it belongs to the signature."""
    return der[:-1] + bytes([der[-1] ^ 1])


def signed_anew(tbs: bytes) -> bytes:
    """A certificate of the authority around a body that no builder would make."""
    signature = b"\x00" + CA_KEY.sign(tbs, ec.ECDSA(SHA256()))
    return sequence(tbs + bytes.fromhex("300a06082a8648ce3d040302") + b"\x03" + length(signature) + signature)


def version_one() -> bytes:
    body = x509.load_der_x509_certificate(dataclasses.replace(GOOD_ONE, extensions=()).der()).tbs_certificate_bytes
    version_three = bytes.fromhex("a003020102")
    return signed_anew(sequence(body[body.index(version_three) + len(version_three) :]))


def length(content: bytes) -> bytes:
    size = len(content)
    return bytes([size]) if size < 0x80 else b"\x81" + bytes([size]) if size < 0x100 else b"\x82" + size.to_bytes(2)


def sequence(content: bytes) -> bytes:
    return b"\x30" + length(content) + content


def doubled_extension() -> bytes:
    """Two subject alternative names: the second hides behind the first."""
    second = x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.97"), bytes.fromhex("30068104") + b"a@b.")
    body = x509.load_der_x509_certificate(GOOD_ONE.but(second).der()).tbs_certificate_bytes
    return signed_anew(body.replace(bytes.fromhex("0603551d61"), bytes.fromhex("0603551d11")))


def body_of(certificate: Certificate) -> bytes:
    """What is signed, without its tag and length."""
    return x509.load_der_x509_certificate(certificate.der()).tbs_certificate_bytes[4:]


def altered(old: bytes, new: bytes) -> bytes:
    """A certificate of the authority with something in it that no builder writes."""
    body = body_of(GOOD_ONE)
    assert body.count(old) == 1
    return signed_anew(sequence(body.replace(old, new)))


def key_info(key: CertificateIssuerPrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def holding_rsa(modulus: int, exponent: int) -> bytes:
    """A certificate for an RSA key of these numbers, whether they make a key or not."""
    numbers = b"".join(
        b"\x02" + length(one) + one
        for one in (number.to_bytes(number.bit_length() // 8 + 1) for number in (modulus, exponent))
    )
    bits = b"\x00" + sequence(numbers)
    info = sequence(bytes.fromhex("300d06092a864886f70d0101010500") + b"\x03" + length(bits) + bits)
    return altered(key_info(OPERATOR_KEY), info)


def off_the_curve() -> bytes:
    info = key_info(OPERATOR_KEY)
    return altered(info, flipped(info))


ECDSA_SHA256, ECDSA_SHA384 = (bytes.fromhex(f"06082a8648ce3d04030{kind}") for kind in (2, 3))
NUMBER = bytes.fromhex("02021024")
"""Of the good certificate, as it stands in it."""
MODULUS = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n


def signed_with_sha1() -> bytes:
    named = bytes.fromhex("300906072a8648ce3d0401")
    body = sequence(body_of(GOOD_ONE).replace(sequence(ECDSA_SHA256), named))
    signature = b"\x00" + CA_KEY.sign(body, ec.ECDSA(SHA1()))  # noqa: S303  refused for it
    return sequence(body + named + b"\x03" + length(signature) + signature)


def with_key(key: CertificateIssuerPrivateKeyTypes) -> Certificate:
    return dataclasses.replace(GOOD_ONE, key=key)


def self_signed() -> Certificate:
    return dataclasses.replace(GOOD_ONE, issuer=GOOD_ONE.subject, signer=OPERATOR_KEY)


BAD: dict[str, tuple[Issue, type[refusals.CertificateRefused], str]] = {
    "nothing": (lambda: b"", refusals.CertificateUnreadable, "无法读取"),
    "no certificate": (lambda: b"0007", refusals.CertificateUnreadable, "无法读取"),
    "cut short": (lambda: GOOD_ONE.der()[:-20], refusals.CertificateUnreadable, "无法读取"),
    "something behind it": (lambda: GOOD_ONE.der() + b"\x00", refusals.CertificateUnreadable, "无法读取"),
    "version 1": (version_one, refusals.OldVersion, "版本过旧"),
    "RSA-1024": (
        lambda: with_key(rsa.generate_private_key(65537, 1024)).der(),  # noqa: S505  refused for it
        refusals.KeyTooShort,
        "只有 1024 位",
    ),
    "P-384 key": (
        lambda: with_key(ec.generate_private_key(ec.SECP384R1())).der(),
        refusals.KeyAlgorithmRefused,
        "secp384r1",
    ),
    "secp256k1 key": (
        lambda: with_key(ec.generate_private_key(ec.SECP256K1())).der(),
        refusals.KeyAlgorithmRefused,
        "secp256k1",
    ),
    "Ed25519 key": (
        lambda: with_key(ed25519.Ed25519PrivateKey.generate()).der(),
        refusals.KeyAlgorithmRefused,
        "1.3.101.112",
    ),
    "DSA key": (lambda: with_key(dsa.generate_private_key(2048)).der(), refusals.KeyAlgorithmRefused, "不被允许"),
    "self-signed": (lambda: self_signed().der(), refusals.SelfSigned, "自行签发"),
    "self-signed in the name of the authority": (
        lambda: dataclasses.replace(self_signed(), subject=CA, issuer=CA).der(),
        refusals.SelfSigned,
        "自行签发",
    ),
    "the authority's own certificate": (lambda: ISSUING.certificate, refusals.IssuedByRoot, "社保根CA"),
    "signed by the root past the issuing authority": (
        lambda: dataclasses.replace(GOOD_ONE, issuer=ROOT, signer=ROOT_KEY).der(),
        refusals.IssuedByRoot,
        "由根证书「社保根CA」直接签发",
    ),
    "another authority": (
        lambda: dataclasses.replace(GOOD_ONE, issuer=name("别处CA"), signer=OTHER_KEY).der(),
        refusals.IssuerUnknown,
        "别处CA",
    ),
    "another bureau's": (
        lambda: dataclasses.replace(GOOD_ONE, issuer=name("签发CA", "别市社保中心"), signer=OTHER_KEY).der(),
        refusals.OtherBureau,
        "「别市社保中心」发放",
    ),
    "a look-alike authority of the same name": (
        lambda: dataclasses.replace(GOOD_ONE, signer=OTHER_KEY).der(),
        refusals.IssuerForged,
        "签名不符",
    ),
    "issued by another operator": (
        lambda: dataclasses.replace(GOOD_ONE, issuer=name("张䶮"), subject=name("李四"), signer=OPERATOR_KEY).der(),
        refusals.IssuerUnknown,
        "张䶮",
    ),
    "a changed bit in the signature": (lambda: flipped(GOOD_ONE.der()), refusals.IssuerForged, "签名不符"),
    "a changed name": (
        lambda: GOOD_ONE.der().replace("张䶮".encode(), "李䶮".encode()),
        refusals.IssuerForged,
        "签名不符",
    ),
    "not yet valid": (
        lambda: dataclasses.replace(GOOD_ONE, since=NOON + timedelta(days=2)).der(),
        refusals.NotYetValid,
        "2026-11-25 起才生效",
    ),
    "expired": (
        lambda: dataclasses.replace(GOOD_ONE, until=NOON - timedelta(days=2)).der(),
        refusals.Expired,
        "2026-11-21 到期",
    ),
    "expired by a second": (
        lambda: dataclasses.replace(GOOD_ONE, until=NOON - timedelta(seconds=1)).der(),
        refusals.Expired,
        "到期",
    ),
    "an authority below the authority": (
        lambda: GOOD_ONE.but(x509.BasicConstraints(ca=True, path_length=None), critical=True).der(),
        refusals.IsAuthority,
        "签发机构的证书",
    ),
    "two holders": (doubled_extension, refusals.ExtensionsUnreadable, "重复"),
    "an unknown critical extension": (
        lambda: GOOD_ONE.but(
            x509.UnrecognizedExtension(ObjectIdentifier("1.2.156.10260.4.1.1"), b"\x05\x00"), critical=True
        ).der(),
        refusals.UnknownExtension,
        "1.2.156.10260.4.1.1",
    ),
    "no key usage": (lambda: GOOD_ONE.without(x509.KeyUsage).der(), refusals.KeyUsageMissing, "没有注明密钥用途"),
    "for encryption only": (
        lambda: GOOD_ONE.but(usage("key_encipherment"), critical=True).der(),
        refusals.MayNotSign,
        "不允许用于签名",
    ),
    "for key agreement only": (
        lambda: GOOD_ONE.but(usage("key_agreement"), critical=True).der(),
        refusals.MayNotSign,
        "不允许用于签名",
    ),
    "for documents only": (
        lambda: GOOD_ONE.but(usage("content_commitment"), critical=True).der(),
        refusals.MayNotSign,
        "不允许用于签名",
    ),
    "for issuing too": (
        lambda: GOOD_ONE.but(usage("digital_signature", "key_cert_sign"), critical=True).der(),
        refusals.MayIssue,
        "签发证书的用途",
    ),
    "no purpose": (
        lambda: GOOD_ONE.without(x509.ExtendedKeyUsage).der(),
        refusals.PurposeMissing,
        "没有注明扩展用途",
    ),
    "any purpose": (
        lambda: GOOD_ONE.but(purposes(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)).der(),
        refusals.AnyPurpose,
        "任意",
    ),
    "any purpose beside sign-on": (
        lambda: GOOD_ONE.but(
            purposes(ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
        ).der(),
        refusals.AnyPurpose,
        "任意",
    ),
    "a server's": (
        lambda: GOOD_ONE.but(purposes(ExtendedKeyUsageOID.SERVER_AUTH)).der(),
        refusals.WrongPurpose,
        "不是用于身份登录",
    ),
    "for e-mail": (
        lambda: GOOD_ONE.but(purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION)).der(),
        refusals.WrongPurpose,
        "不是用于身份登录",
    ),
    "for time stamps": (
        lambda: GOOD_ONE.but(purposes(ExtendedKeyUsageOID.TIME_STAMPING), critical=True).der(),
        refusals.WrongPurpose,
        "不是用于身份登录",
    ),
    "no holder": (
        lambda: GOOD_ONE.without(x509.SubjectAlternativeName).der(),
        refusals.HolderMissing,
        "缺少持有人标识",
    ),
    "no authority key identifier": (
        lambda: GOOD_ONE.without(x509.AuthorityKeyIdentifier).der(),
        refusals.IssuerKeyMissing,
        "没有注明签发机构的密钥",
    ),
    "an authority key identifier of another key": (
        lambda: GOOD_ONE.but(x509.AuthorityKeyIdentifier.from_issuer_public_key(OTHER_KEY.public_key())).der(),
        refusals.IssuerKeyOther,
        "与实际签发的密钥不同",
    ),
    "in an encoding of indefinite length": (
        lambda: b"\x30\x80" + GOOD_ONE.der()[4:] + b"\x00\x00",
        refusals.CertificateUnreadable,
        "无法读取",
    ),
    "RSA of 2047 bits": (lambda: holding_rsa(MODULUS >> 1 | 1, 65537), refusals.KeyTooShort, "只有 2047 位"),
    "RSA of 16384 bits": (lambda: holding_rsa(1 << 16383 | 1, 65537), refusals.KeyTooLong, "有 16384 位"),
    "RSA with the exponent 1": (lambda: holding_rsa(MODULUS, 1), refusals.KeyInvalid, "公钥无效"),
    "RSA with the exponent 3": (lambda: holding_rsa(MODULUS, 3), refusals.ExponentRefused, "公开指数 3"),
    "RSA with an even exponent": (lambda: holding_rsa(MODULUS, 65538), refusals.KeyInvalid, "公钥无效"),
    "a point that is not on its curve": (off_the_curve, refusals.KeyInvalid, "公钥无效"),
    "the number zero": (lambda: altered(NUMBER, bytes.fromhex("020100")), refusals.NumberRefused, "为零、为负或过长"),
    "a negative number": (lambda: altered(NUMBER, bytes.fromhex("0202f024")), refusals.NumberRefused, "为零、为负"),
    "a number of 21 octets": (
        lambda: altered(NUMBER, b"\x02\x15" + b"\x11" * 21),
        refusals.NumberRefused,
        "为零、为负或过长",
    ),
    "a name that is no text": (
        lambda: altered(b"\x0c\x06" + "张䶮".encode(), b"\x03\x06" + "张䶮".encode()),
        refusals.CertificateUnreadable,
        "无法读取",
    ),
    "nobody's name": (
        lambda: dataclasses.replace(GOOD_ONE, subject=x509.Name([])).der(),
        refusals.SubjectMissing,
        "没有持有人名称",
    ),
    "dates the wrong way round": (
        lambda: altered(b"251123120000Z", b"281123120000Z"),
        refusals.DatesReversed,
        "到期日早于生效日",
    ),
    "signed with SHA-1": (signed_with_sha1, refusals.SignatureAlgorithmRefused, "sha1"),
    "one algorithm inside and another outside": (
        lambda: altered(ECDSA_SHA256, ECDSA_SHA384),
        refusals.AlgorithmsDiffer,
        "内外写的签名算法不一致",
    ),
    "for revocation lists too": (
        lambda: GOOD_ONE.but(usage("digital_signature", "crl_sign"), critical=True).der(),
        refusals.MayRevoke,
        "签发吊销列表的用途",
    ),
    "an empty list of holders": (
        lambda: GOOD_ONE.but(x509.SubjectAlternativeName([])).der(),
        refusals.HolderMissing,
        "缺少持有人标识",
    ),
    "rules about other names": (
        lambda: GOOD_ONE.but(x509.NameConstraints([x509.RFC822Name("bureau.invalid")], None), critical=True).der(),
        refusals.RulesOfAuthority,
        "2.5.29.30",
    ),
}

BAD_AUTHORITY: dict[str, tuple[Callable[[], Certificate], type[refusals.CertificateRefused], str]] = {
    "no authority": (
        lambda: authority().but(x509.BasicConstraints(ca=False, path_length=None), critical=True),
        refusals.IssuerMayNotIssue,
        "不允许签发证书",
    ),
    "one for lists only": (
        lambda: authority().but(usage("crl_sign"), critical=True),
        refusals.IssuerMayNotIssue,
        "不允许签发证书",
    ),
    "one for servers only": (
        lambda: authority().but(purposes(ExtendedKeyUsageOID.SERVER_AUTH)),
        refusals.IssuerOtherPurpose,
        "不准签发登录证书",
    ),
    "one for other names only": (
        lambda: authority().but(x509.NameConstraints([x509.RFC822Name("other.invalid")], None), critical=True),
        refusals.OutsideIssuersNames,
        "规定范围内",
    ),
    "one for all names but these": (
        lambda: authority().but(x509.NameConstraints(None, [x509.RFC822Name("bureau.invalid")]), critical=True),
        refusals.OutsideIssuersNames,
        "规定范围内",
    ),
    "one with rules that nobody knows": (
        lambda: authority().but(
            x509.UnrecognizedExtension(ObjectIdentifier("1.2.156.10260.4.1.1"), b"\x05\x00"), critical=True
        ),
        refusals.PathRefused,
        "路径校验",
    ),
}


NUMBERS_REFUSED = pytest.mark.filterwarnings("ignore:.*serial number.*")
"""The library warns of what it reads; the refusal is ours."""


@NUMBERS_REFUSED
@pytest.mark.parametrize("case", BAD)
def test_a_bad_certificate_is_refused_with_its_own_sentence(case: str) -> None:
    issue, cause, words = BAD[case]

    with pytest.raises(refusals.CertificateRefused) as refused:
        judge(issue(), [ISSUING], NOON)

    assert type(refused.value) is cause
    assert words in str(refused.value)


@pytest.mark.parametrize("case", BAD_AUTHORITY)
def test_a_certificate_of_an_authority_that_may_not_issue_it_is_refused(case: str) -> None:
    made, cause, words = BAD_AUTHORITY[case]

    with pytest.raises(refusals.CertificateRefused) as refused:
        judge(GOOD_ONE.der(), [Authority(certificate=made().der())], NOON)

    assert type(refused.value) is cause
    assert words in str(refused.value)


def test_more_than_forty_bad_certificates_are_all_different() -> None:
    made = {issue() for issue, _, _ in BAD.values()}

    assert len(made) == len(BAD) > 40


def test_every_cause_has_a_sentence_of_its_own() -> None:
    causes = refusals.CertificateRefused.__subclasses__()

    assert len({cause.__doc__ for cause in causes}) == len(causes)
    assert all(not (cause.__doc__ or "").endswith("。") for cause in causes)


def test_a_good_certificate_is_accepted_and_told_by_number_and_key() -> None:
    der = GOOD_ONE.der()
    spki = OPERATOR_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    facts = judge(der, [ISSUING], NOON)

    assert (facts.issuer, facts.number) == ("CN=社保签发CA", "1024")
    assert facts.key_hash == hashlib.sha256(spki).hexdigest()
    assert facts.public_key == spki
    assert facts.fingerprint == hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize(
    "certificate",
    [
        pytest.param(with_key(rsa.generate_private_key(65537, 2048)), id="RSA-2048"),
        pytest.param(dataclasses.replace(GOOD_ONE, hashed=SHA384()), id="SHA-384"),
        pytest.param(dataclasses.replace(GOOD_ONE, until=NOON), id="on its last second"),
        pytest.param(dataclasses.replace(GOOD_ONE, until=NOON + 3 * YEAR), id="valid for longer than its authority"),
        pytest.param(
            GOOD_ONE.but(purposes(ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION)),
            id="also for e-mail",
        ),
        pytest.param(
            GOOD_ONE.but(x509.UnrecognizedExtension(ObjectIdentifier("1.2.156.10260.4.1.1"), b"\x05\x00")),
            id="an unknown extension that is not critical",
        ),
    ],
)
def test_other_good_certificates_are_accepted(certificate: Certificate) -> None:
    assert judge(certificate.der(), [ISSUING], NOON).number == "1024"


def test_an_authority_that_names_no_holders_is_a_setting_of_that_authority() -> None:
    der = GOOD_ONE.without(x509.SubjectAlternativeName).der()
    lax = Authority(certificate=ISSUING.certificate, names_holder=False)

    assert judge(der, [lax], NOON).number == "1024"
    with pytest.raises(refusals.HolderMissing):
        judge(der, [ISSUING], NOON)


def test_a_successor_authority_of_the_same_name_serves_beside_the_old_one() -> None:
    successor = Authority(certificate=authority(key=OTHER_KEY).der())
    aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(OTHER_KEY.public_key())
    der = dataclasses.replace(GOOD_ONE, signer=OTHER_KEY).but(aki).der()

    assert judge(der, [ISSUING, successor], NOON).number == "1024"
    assert judge(GOOD_ONE.der(), [ISSUING, successor], NOON).number == "1024"


@pytest.mark.parametrize(
    ("since", "until"),
    [(NOON - YEAR, NOON - timedelta(days=1)), (NOON + timedelta(days=1), NOON + YEAR)],
    ids=["expired", "not yet valid"],
)
def test_an_authority_out_of_date_vouches_for_nobody(since: datetime, until: datetime) -> None:
    with pytest.raises(refusals.IssuerOutOfDate, match="社保签发CA"):
        judge(GOOD_ONE.der(), [Authority(certificate=authority(since=since, until=until).der())], NOON)


def test_without_pinned_authorities_nobody_signs_on() -> None:
    with pytest.raises(refusals.IssuerUnknown):
        judge(GOOD_ONE.der(), [], NOON)


def operator(der: bytes) -> Operator:
    facts = judge(der, [ISSUING], NOON)
    return Operator(
        number="1024",
        name="张䶮",
        human="human-1",
        roles=frozenset({Role.CLERK}),
        post_class=PostClass.BUSINESS,
        issuer=facts.issuer,
        certificate_number=facts.number,
        key_hash=facts.key_hash,
        valid_from=NOON - timedelta(days=30),
        valid_until=NOON + timedelta(days=30),
    )


def test_the_registered_certificate_finds_its_operator() -> None:
    one = operator(GOOD_ONE.der())

    assert bind(judge(GOOD_ONE.der(), [ISSUING], NOON), OperatorList([one]), NOON) is one


@pytest.mark.parametrize(
    "impostor",
    [
        pytest.param(dataclasses.replace(GOOD_ONE, key=OTHER_KEY), id="same name and number, other key"),
        pytest.param(dataclasses.replace(GOOD_ONE, number=0x1025), id="same name and key, other number"),
    ],
)
def test_a_certificate_of_the_same_name_is_not_the_operator(impostor: Certificate) -> None:
    registry = OperatorList([operator(GOOD_ONE.der())])

    with pytest.raises(refusals.NotRegistered, match="未在本机构登记"):
        bind(judge(impostor.der(), [ISSUING], NOON), registry, NOON)


def test_a_registry_that_answers_by_name_is_not_believed() -> None:
    class ByName:
        def by_certificate(self, issuer: str, number: str, key_hash: str) -> Operator:
            del issuer, number, key_hash
            return operator(GOOD_ONE.der())

    impostor = dataclasses.replace(GOOD_ONE, key=OTHER_KEY).der()
    with pytest.raises(refusals.NotRegistered):
        bind(judge(impostor, [ISSUING], NOON), ByName(), NOON)


@pytest.mark.parametrize("days", [-31, 30, 400])
def test_a_grant_out_of_its_time_signs_nobody_on(days: int) -> None:
    one = operator(GOOD_ONE.der())

    with pytest.raises(refusals.GrantNotInForce, match="工号 1024"):
        bind(judge(GOOD_ONE.der(), [ISSUING], NOON), OperatorList([one]), NOON + timedelta(days=days))
