"""The authorities a bureau believes: read from the files that its settings name, examined before anybody signs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite
from counter_tui.security.certificates import Authority
from counter_tui.security.paths import issued_by
from counter_tui.security.signatures import SMALLEST_RSA, suite_of_key
from counter_tui.sm.issuing import names_sm2
from counter_tui.x509 import NoCertificate, common_name, public_key_info, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography import x509

    from counter_tui.settings import AuthoritySettings

LARGEST_FILE = 64 * 1024
"""Bytes of a certificate file; a real one has about two thousand."""


class AuthorityFault(CounterError):
    """{setting}（{file}）不能使用，请管理员更正设置"""

    setting: str
    """Which block and which item of the settings."""
    file: str


class NoAuthority(CounterError):
    """设置中没有 [[trust.authorities]]，不知道认可哪个签发机构，请管理员填写 certificate 和 root"""


class FileMissing(AuthorityFault):
    """{setting} 指的文件 {file} 不存在或无法读取，请管理员核对路径和权限"""


class FileUnreadable(AuthorityFault):
    """{setting} 指的文件 {file} 不是 PEM 或 DER 格式的证书，请管理员更换文件"""


class SeveralInFile(AuthorityFault):
    """{setting} 指的文件 {file} 中有 {count} 张证书，请管理员每个文件只放一张"""


class NamedTwice(AuthorityFault):
    """{setting} 指的文件 {file} 与前面的一组是同一张证书，请管理员删去重复的一组"""


class RootNotSelfSigned(AuthorityFault):
    """{setting} 指的文件 {file} 不是根证书：它不是自己签发的，请管理员改用最上层的证书"""


class IssuerIsRoot(AuthorityFault):
    """{setting} 指的文件 {file} 是根证书，柜员证书须由下级签发机构签发，请管理员改用签发机构的证书"""


class OtherRoot(AuthorityFault):
    """{setting} 指的文件 {file} 由「{issuer}」签发，不是 root 所指的「{root}」，请管理员核对两个文件"""


class RootSignatureWrong(AuthorityFault):
    """{setting} 指的文件 {file} 自称由「{root}」签发但签名不符，可能是伪造，请管理员停用并报告"""


class NoCertificateAuthority(AuthorityFault):
    """{setting} 指的文件 {file} 不是签发机构的证书（没有 CA 标志），请管理员更换文件"""


class MayNotIssue(AuthorityFault):
    """{setting} 指的证书 {file} 没有签发证书的用途（keyCertSign），请管理员更换文件"""


class MayNotRevoke(AuthorityFault):
    """{setting} 指的证书 {file} 没有签发吊销列表的用途（cRLSign），不能配 revocations，请管理员更换证书或删去此项"""


class PathTooLong(AuthorityFault):
    """{setting} 指的根证书 {file} 不允许下设签发机构（路径长度为 0），请管理员更换文件"""


class AuthorityWeak(AuthorityFault):
    """{setting} 指的证书 {file} 的算法 {algorithm} 不安全，请管理员联系签发机构换发"""


class AuthorityOfOtherSuite(AuthorityFault):
    """{setting} 指的证书 {file} 属于{found}，而本机构使用{suite}，请管理员更换文件或改正 [trust] suite"""


class AuthorityNotYetValid(AuthorityFault):
    """{setting} 指的证书 {file} {since} 起才生效，请管理员核对本机日期，或到期再配"""


class AuthorityExpired(AuthorityFault):
    """{setting} 指的证书 {file} 已于 {until} 到期，请管理员更换为新证书"""


def read_authorities(named: Sequence[AuthoritySettings], when: datetime, suite: Suite) -> tuple[Authority, ...]:
    """The issuing authorities of the settings, each proven to come from its pinned root. Reads files: blocks.

    Raises NoAuthority, or an AuthorityFault for the first thing that is wrong.
    """
    if not named:
        raise NoAuthority
    found: list[Authority] = []
    for number, settings in enumerate(named, 1):
        certificate = _File(f"[[trust.authorities]] 第 {number} 组的 certificate ", settings.certificate)
        root = _File(f"[[trust.authorities]] 第 {number} 组的 root ", settings.root)
        _check_root(root, when, suite)
        _check_issuer(certificate, root, when, suite, revokes=bool(settings.revocations))
        if any(one.certificate == certificate.der for one in found):
            raise certificate.fault(NamedTwice)
        found.append(
            Authority(
                certificate=certificate.der,
                root=root.der,
                names_holder=settings.names_holder,
                revocations=settings.revocations,
            )
        )
    return tuple(found)


class _File:
    """One certificate file and where the settings name it."""

    def __init__(self, setting: str, path: str) -> None:
        """Read it. Raises FileMissing, FileUnreadable or SeveralInFile."""
        from cryptography.hazmat.primitives.serialization import Encoding

        self._setting = setting
        self._path = path
        self.read = self._certificate()
        self.der = self.read.public_bytes(Encoding.DER)
        try:
            said(self.der)  # to its end: the library reads names, dates and key only when asked for them
        except NoCertificate:
            raise self.fault(FileUnreadable) from None

    def fault(self, kind: type[AuthorityFault], **facts: object) -> AuthorityFault:
        """A refusal of this file."""
        return kind(setting=self._setting.strip(), file=self._path, **facts)

    def _certificate(self) -> x509.Certificate:
        from cryptography import x509

        try:
            with Path(self._path).open("rb") as file:
                content = file.read(LARGEST_FILE)
        except (OSError, ValueError):  # ValueError: a path with a zero byte
            raise self.fault(FileMissing) from None
        try:
            if b"-----BEGIN" not in content:
                return x509.load_der_x509_certificate(content)
            several = x509.load_pem_x509_certificates(content)
        except ValueError:
            raise self.fault(FileUnreadable) from None
        if len(several) > 1:
            raise self.fault(SeveralInFile, count=len(several))
        return several[0]


def _check_root(root: _File, when: datetime, suite: Suite) -> None:
    if not issued_by(root.read, root.read):
        raise root.fault(RootNotSelfSigned)
    _check_authority(root, when, suite)
    if _path_length(root.read) == 0:
        raise root.fault(PathTooLong)


def _check_issuer(certificate: _File, root: _File, when: datetime, suite: Suite, *, revokes: bool) -> None:
    if certificate.der == root.der or issued_by(certificate.read, certificate.read):
        raise certificate.fault(IssuerIsRoot)
    if certificate.read.issuer != root.read.subject:
        issuer, expected = (common_name(one) for one in (certificate.read.issuer, root.read.subject))
        raise certificate.fault(OtherRoot, issuer=issuer, root=expected)
    if not issued_by(certificate.read, root.read):
        raise certificate.fault(RootSignatureWrong, root=common_name(root.read.subject))
    _check_authority(certificate, when, suite)
    usage = _usage(certificate.read)
    if revokes and usage is not None and not usage.crl_sign:
        raise certificate.fault(MayNotRevoke)


def _check_authority(file: _File, when: datetime, suite: Suite) -> None:
    """What root and issuing authority must both be."""
    if (found := _suite(file.read)) is not suite:
        raise file.fault(AuthorityOfOtherSuite, found=found.title, suite=suite.title)
    if weakness := _weakness(file.read):
        raise file.fault(AuthorityWeak, algorithm=weakness)
    if not _is_authority(file.read):
        raise file.fault(NoCertificateAuthority)
    usage = _usage(file.read)
    if usage is None or not usage.key_cert_sign:
        raise file.fault(MayNotIssue)
    if when < file.read.not_valid_before_utc:
        raise file.fault(AuthorityNotYetValid, since=f"{file.read.not_valid_before_utc.astimezone():%Y-%m-%d}")
    if when > file.read.not_valid_after_utc:
        raise file.fault(AuthorityExpired, until=f"{file.read.not_valid_after_utc.astimezone():%Y-%m-%d}")


def _suite(read: x509.Certificate) -> Suite:
    return NATIONAL if names_sm2(read) or suite_of_key(public_key_info(read)) is NATIONAL else INTERNATIONAL


def _weakness(read: x509.Certificate) -> str:
    """The name of an algorithm that nobody should trust any more; empty when there is none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        key, hashed = read.public_key(), read.signature_hash_algorithm
    except UnsupportedAlgorithm:  # SM2: judged where its signature is
        return ""
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SMALLEST_RSA:
        return f"RSA-{key.key_size}"
    return hashed.name.upper() if isinstance(hashed, hashes.MD5 | hashes.SHA1) else ""


def _constraints(read: x509.Certificate) -> x509.BasicConstraints | None:
    from cryptography import x509

    try:
        return read.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None


def _is_authority(read: x509.Certificate) -> bool:
    constraints = _constraints(read)
    return constraints is not None and constraints.ca


def _path_length(read: x509.Certificate) -> int | None:
    constraints = _constraints(read)
    return constraints.path_length if constraints else None


def _usage(read: x509.Certificate) -> x509.KeyUsage | None:
    from cryptography import x509

    try:
        return read.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None
