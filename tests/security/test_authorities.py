"""Whom a bureau believes is read from files and examined at start; each fault names its file and its setting."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from counter_tui.operations.suites import INTERNATIONAL, NATIONAL
from counter_tui.security import authorities, refusals
from counter_tui.security.authorities import AuthorityFault, NoAuthority, read_authorities
from counter_tui.security.certificates import Authority, judge
from counter_tui.settings import AuthoritySettings, read_settings
from counter_tui.sm.issuing import issued
from tests.security.chains import (
    CA,
    CA_KEY,
    NOON,
    OTHER_KEY,
    ROOT,
    ROOT_KEY,
    YEAR,
    Certificate,
    authority,
    name,
    pem,
    root,
    usage,
)
from tests.security.national import national, twin

if TYPE_CHECKING:
    from pathlib import Path

CRL = "http://ca.bureau.invalid/list.crl"


def settings(folder: Path, certificate: bytes, above: bytes, *, revocations: str = "") -> AuthoritySettings:
    """The two files of one authority, and what the settings say of them."""
    (folder / "issuing.cer").write_bytes(certificate)
    (folder / "root.cer").write_bytes(above)
    return AuthoritySettings(
        certificate=str(folder / "issuing.cer"), root=str(folder / "root.cer"), revocations=revocations
    )


def test_an_authority_under_its_root_is_believed_in_either_format(tmp_path: Path) -> None:
    issuing, above = authority().der(), root().der()

    for one, other in ((issuing, above), (pem(issuing), pem(above))):
        found = read_authorities([settings(tmp_path, one, other, revocations=CRL)], NOON, INTERNATIONAL)

        assert found == (Authority(certificate=issuing, root=above, revocations=CRL),)
        assert judge(Certificate().der(), found, NOON).number == "1024"


def test_what_the_settings_file_says_reaches_the_authority(tmp_path: Path) -> None:
    settings(tmp_path, authority().der(), root().der())
    (tmp_path / "settings.toml").write_text(
        f'[[trust.authorities]]\ncertificate = "{tmp_path}/issuing.cer"\nroot = "{tmp_path}/root.cer"\n'
        'names_holder = false\nrevocations = "/var/lib/ca/list.crl"\n'
    )

    (one,) = read_authorities(read_settings(tmp_path / "settings.toml").trust.authorities, NOON, INTERNATIONAL)

    assert (one.names_holder, one.revocations) == (False, "/var/lib/ca/list.crl")


def test_without_authorities_nobody_can_sign_on_and_the_settings_are_named() -> None:
    with pytest.raises(NoAuthority, match=r"\[\[trust\.authorities\]\]"):
        read_authorities([], NOON, INTERNATIONAL)


Pair: TypeAlias = Callable[[], tuple[bytes, bytes]]


def ca(**spoilt: Any) -> bytes:
    return dataclasses.replace(authority(), **spoilt).der()


def with_root(one: Certificate) -> tuple[bytes, bytes]:
    return authority().der(), one.der()


def old_rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)  # noqa: S505  refused for it


BAD: dict[str, tuple[Pair, type[AuthorityFault], str, str]] = {
    "an authority of the other suite": (
        lambda: (national(authority().der()), national(root().der())),
        authorities.AuthorityOfOtherSuite,
        "root",
        "属于国密算法套件（SM2、SM3），而本机构使用国际算法套件",
    ),
    "empty": (lambda: (b"", root().der()), authorities.FileUnreadable, "certificate", "不是 PEM 或 DER"),
    "torn": (
        lambda: (authority().der()[:-9], root().der()),
        authorities.FileUnreadable,
        "certificate",
        "不是 PEM 或 DER",
    ),
    "a key in the place of the root": (
        lambda: (authority().der(), b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        authorities.FileUnreadable,
        "root",
        "不是 PEM 或 DER",
    ),
    "a name that is no text": (
        lambda: (authority().der().replace(b"\x0c\x0e\xe7\xa4\xbe", b"\x03\x0e\xe7\xa4\xbe"), root().der()),
        authorities.FileUnreadable,
        "certificate",
        "不是 PEM 或 DER",
    ),
    "two in one file": (
        lambda: (pem(authority().der()) + pem(root().der()), root().der()),
        authorities.SeveralInFile,
        "certificate",
        "有 2 张证书",
    ),
    "the issuing authority as root": (
        lambda: (authority().der(), authority().der()),
        authorities.RootNotSelfSigned,
        "root",
        "不是自己签发的",
    ),
    "a root that names itself but was signed by another": (
        lambda: with_root(dataclasses.replace(root(), signer=OTHER_KEY)),
        authorities.RootNotSelfSigned,
        "root",
        "不是自己签发的",
    ),
    "the root as issuing authority": (
        lambda: (root().der(), root().der()),
        authorities.IssuerIsRoot,
        "certificate",
        "下级签发机构",
    ),
    "another self-signed one as issuing authority": (
        lambda: (ca(subject=CA, issuer=CA, signer=CA_KEY), root().der()),
        authorities.IssuerIsRoot,
        "certificate",
        "下级签发机构",
    ),
    "from another root": (
        lambda: (ca(issuer=name("别处根CA")), root().der()),
        authorities.OtherRoot,
        "certificate",
        "由「别处根CA」签发",
    ),
    "from a look-alike root": (
        lambda: with_root(root(OTHER_KEY)),
        authorities.RootSignatureWrong,
        "certificate",
        "签名不符",
    ),
    "no authority at all": (
        lambda: (
            authority().but(x509.BasicConstraints(ca=False, path_length=None), critical=True).der(),
            root().der(),
        ),
        authorities.NoCertificateAuthority,
        "certificate",
        "没有 CA 标志",
    ),
    "constraints missing": (
        lambda: (authority().without(x509.BasicConstraints).der(), root().der()),
        authorities.NoCertificateAuthority,
        "certificate",
        "没有 CA 标志",
    ),
    "a root without the flag": (
        lambda: with_root(root().without(x509.BasicConstraints)),
        authorities.NoCertificateAuthority,
        "root",
        "没有 CA 标志",
    ),
    "an authority that may not issue": (
        lambda: (authority().but(usage("crl_sign"), critical=True).der(), root().der()),
        authorities.MayNotIssue,
        "certificate",
        "keyCertSign",
    ),
    "a root without usage": (
        lambda: with_root(root().without(x509.KeyUsage)),
        authorities.MayNotIssue,
        "root",
        "keyCertSign",
    ),
    "an authority that may not revoke": (
        lambda: (authority().but(usage("key_cert_sign"), critical=True).der(), root().der()),
        authorities.MayNotRevoke,
        "certificate",
        "cRLSign",
    ),
    "a root that allows nobody below it": (
        lambda: with_root(root(path_length=0)),
        authorities.PathTooLong,
        "root",
        "路径长度为 0",
    ),
    "an authority with a short key": (
        lambda: (authority(key=old_rsa()).der(), root().der()),
        authorities.AuthorityWeak,
        "certificate",
        "RSA-1024",
    ),
    "an authority not yet valid": (
        lambda: (ca(since=NOON + YEAR), root().der()),
        authorities.AuthorityNotYetValid,
        "certificate",
        "2027-11-23 起才生效",
    ),
    "an expired authority": (
        lambda: (ca(until=NOON - YEAR), root().der()),
        authorities.AuthorityExpired,
        "certificate",
        "2025-11-23 到期",
    ),
    "an expired root": (
        lambda: with_root(dataclasses.replace(root(), until=NOON - YEAR)),
        authorities.AuthorityExpired,
        "root",
        "2025-11-23 到期",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_authority_is_refused_by_file_and_setting(case: str, tmp_path: Path) -> None:
    files, fault, item, words = BAD[case]
    named = settings(tmp_path, *files(), revocations=CRL)

    with pytest.raises(AuthorityFault) as refused:
        read_authorities([named], NOON, INTERNATIONAL)

    assert type(refused.value) is fault
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"[[trust.authorities]] 第 1 组的 {item} 指的")
    assert getattr(named, item) in str(refused.value)


def test_every_fault_of_an_authority_has_a_sentence_of_its_own() -> None:
    faults = AuthorityFault.__subclasses__()

    assert len({fault.__doc__ for fault in faults}) == len(faults)
    assert {fault for _, fault, _, _ in BAD.values()} == set(faults) - {authorities.FileMissing, authorities.NamedTwice}


@pytest.mark.parametrize("missing", ["issuing.cer", "root.cer"])
def test_a_file_that_is_not_there_is_named(missing: str, tmp_path: Path) -> None:
    named = settings(tmp_path, authority().der(), root().der())
    (tmp_path / missing).unlink()

    with pytest.raises(authorities.FileMissing, match=missing):
        read_authorities([named], NOON, INTERNATIONAL)


def test_a_block_written_twice_is_told(tmp_path: Path) -> None:
    named = settings(tmp_path, authority().der(), root().der())

    with pytest.raises(authorities.NamedTwice, match="第 2 组"):
        read_authorities([named, named], NOON, INTERNATIONAL)


def test_a_national_bureau_believes_an_sm2_authority_under_its_sm2_root_and_no_other(tmp_path: Path) -> None:
    issuing, above = national(authority().der()), national(root().der())
    found = read_authorities([settings(tmp_path, issuing, above)], NOON, NATIONAL)

    assert judge(national(Certificate().der()), found, NOON, NATIONAL).number == "1024"
    with pytest.raises(authorities.AuthorityOfOtherSuite, match="而本机构使用国密算法套件"):
        read_authorities([settings(tmp_path, authority().der(), root().der())], NOON, NATIONAL)
    forged = issued(authority().der(), twin(CA_KEY).public_key, twin(OTHER_KEY))
    with pytest.raises(authorities.RootSignatureWrong):
        read_authorities([settings(tmp_path, forged, above)], NOON, NATIONAL)


def test_the_root_itself_vouches_for_no_operator(tmp_path: Path) -> None:
    found = read_authorities([settings(tmp_path, authority().der(), root().der())], NOON, INTERNATIONAL)

    with pytest.raises(refusals.IssuedByRoot, match="没有经过签发机构"):
        judge(Certificate(issuer=ROOT, signer=ROOT_KEY).der(), found, NOON)


def test_a_root_that_expires_while_the_counter_runs_ends_its_authority(tmp_path: Path) -> None:
    above = dataclasses.replace(root(), until=NOON + YEAR / 2)
    found = read_authorities([settings(tmp_path, authority().der(), above.der())], NOON, INTERNATIONAL)

    with pytest.raises(refusals.IssuerOutOfDate, match="社保根CA"):
        judge(Certificate().der(), found, NOON + YEAR * 3 / 4)
