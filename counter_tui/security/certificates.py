"""Judge a certificate for sign-on: who issued it, when, for what, with which algorithm, and whose it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.operators import OperatorState
from counter_tui.security import refusals
from counter_tui.security.signatures import SMALLEST_RSA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cryptography import x509
    from cryptography.x509.verification import Policy

    from counter_tui.domain.operators import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An issuing authority (CA) the bureau has pinned; never the root above it."""

    certificate: bytes
    """DER."""
    root: bytes = b""
    """The pinned root above it, DER; it vouches for nobody by itself. Empty where none is pinned: in training."""
    names_holder: bool = True
    """Whether its certificates carry the holder as subject alternative name; a setting of the authority."""
    revocations: str = ""
    """Where its revocation list is: a file or an address; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What binds a certificate to an operator, and what of it is shown."""

    issuer: str
    """RFC 4514."""
    number: str
    """Serial number, lower-case hex."""
    key_hash: str
    """SHA-256 of the public key info (SPKI), hex."""
    public_key: bytes
    """SPKI, DER."""
    fingerprint: str
    """SHA-256 of the certificate, hex."""
    since: datetime
    until: datetime


class Operators(Protocol):
    """The registry of operators, as the hub keeps it and the feed brings it down."""

    def by_certificate(self, issuer: str, number: str, key_hash: str) -> Operator | None:
        """The operator bound to exactly that certificate and that public key."""


class OperatorList:
    """A registry held in memory: the training bureau's, or a copy of the mirror's."""

    def __init__(self, operators: Iterable[Operator]) -> None:
        """Index the operators by what binds them."""
        self._bound = {(one.issuer, one.certificate_number, one.key_hash): one for one in operators}

    def by_certificate(self, issuer: str, number: str, key_hash: str) -> Operator | None:
        """The operator bound to exactly that certificate and that public key."""
        return self._bound.get((issuer, number, key_hash))


def judge(certificate: bytes, authorities: Iterable[Authority], when: datetime) -> CertificateFacts:
    """The facts of a certificate (DER) that may sign on at `when`. Raises a CertificateRefused for each cause."""
    try:
        return _judged(certificate, authorities, when)
    except ValueError:  # the library reads names and dates only when asked for them
        raise refusals.CertificateUnreadable from None


def bind(facts: CertificateFacts, operators: Operators, when: datetime) -> Operator:
    """The operator of a judged certificate, never found by name.

    Raises NotRegistered, RegistrationRevoked,
    GrantSuspended or GrantNotInForce.
    """
    operator = operators.by_certificate(facts.issuer, facts.number, facts.key_hash)
    if operator is None or (operator.issuer, operator.certificate_number, operator.key_hash) != (
        facts.issuer,
        facts.number,
        facts.key_hash,
    ):
        raise refusals.NotRegistered
    if operator.state is OperatorState.REVOKED:
        raise refusals.RegistrationRevoked(number=operator.number)
    if operator.state is OperatorState.SUSPENDED:
        raise refusals.GrantSuspended(number=operator.number)
    if not operator.in_force(when):
        raise refusals.GrantNotInForce(number=operator.number)
    return operator


def _judged(certificate: bytes, authorities: Iterable[Authority], when: datetime) -> CertificateFacts:
    read = _parsed(certificate)
    _check_key(read)
    authority, issuer = _issuer(read, authorities)
    _check_authority_dates(authority, issuer, when)
    _check_dates(read, when)
    _check_extensions(read, authority)
    _check_path(read, issuer, authority, when)
    return _facts(read, certificate)


def _parsed(certificate: bytes) -> x509.Certificate:
    from cryptography import x509

    try:
        read = x509.load_der_x509_certificate(certificate)
        version = read.version
    except (ValueError, x509.InvalidVersion):
        raise refusals.CertificateUnreadable from None
    if version is not x509.Version.v3:
        raise refusals.OldVersion
    return read


def _check_key(read: x509.Certificate) -> None:
    """Allow P-256 and RSA from 2048 bits; the library's own verifier lets RSA-1024 pass."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = read.public_key()
    except (UnsupportedAlgorithm, ValueError):
        raise refusals.KeyAlgorithmRefused(algorithm=read.public_key_algorithm_oid.dotted_string) from None
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < SMALLEST_RSA:
            raise refusals.KeyTooShort(bits=key.key_size, least=SMALLEST_RSA)
        return
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise refusals.KeyAlgorithmRefused(algorithm=read.public_key_algorithm_oid.dotted_string)
    if not isinstance(key.curve, ec.SECP256R1):
        raise refusals.KeyAlgorithmRefused(algorithm=key.curve.name)


def _issuer(read: x509.Certificate, authorities: Iterable[Authority]) -> tuple[Authority, x509.Certificate]:
    """The pinned authority whose key signed the certificate; the same name with another key is a forgery."""
    from cryptography import x509

    if read.issuer == read.subject:
        raise refusals.SelfSigned
    pinned = [(one, x509.load_der_x509_certificate(one.certificate)) for one in authorities]
    named = [(one, issuer) for one, issuer in pinned if issuer.subject == read.issuer]
    if not named:
        raise _unknown_issuer(read, pinned)
    _check_signature_algorithm(read)
    for authority, issuer in named:
        if issued_by(read, issuer):
            return authority, issuer
    raise refusals.IssuerForged(issuer=_common_name(read.issuer))


def _unknown_issuer(
    read: x509.Certificate, pinned: Iterable[tuple[Authority, x509.Certificate]]
) -> refusals.CertificateRefused:
    """Whose certificate it is, as far as its names tell: they choose the sentence, the refusal stands already."""
    from cryptography import x509

    roots = [x509.load_der_x509_certificate(one.root).subject for one, _ in pinned if one.root]
    if read.issuer in roots:
        return refusals.IssuedByRoot(root=_common_name(read.issuer))
    organisation = _organisation(read.issuer)
    if organisation and organisation not in {_organisation(issuer.subject) for _, issuer in pinned}:
        return refusals.OtherBureau(organisation=organisation)
    return refusals.IssuerUnknown(issuer=_common_name(read.issuer))


def _check_signature_algorithm(read: x509.Certificate) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes

    try:
        algorithm = read.signature_hash_algorithm
    except UnsupportedAlgorithm:
        algorithm = None
    if not isinstance(algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        raise refusals.SignatureAlgorithmRefused(
            algorithm=algorithm.name if algorithm else read.signature_algorithm_oid.dotted_string
        )


def issued_by(read: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name and key are behind a certificate; the one place where its signature is verified."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        read.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def _check_authority_dates(authority: Authority, issuer: x509.Certificate, when: datetime) -> None:
    from cryptography import x509

    above = [x509.load_der_x509_certificate(authority.root)] if authority.root else []
    for one in (issuer, *above):
        if not one.not_valid_before_utc <= when <= one.not_valid_after_utc:
            raise refusals.IssuerOutOfDate(issuer=_common_name(one.subject))


def _check_dates(read: x509.Certificate, when: datetime) -> None:
    if when < read.not_valid_before_utc:
        raise refusals.NotYetValid(since=_day(read.not_valid_before_utc))
    if when > read.not_valid_after_utc:
        raise refusals.Expired(until=_day(read.not_valid_after_utc))


def _check_extensions(read: x509.Certificate, authority: Authority) -> None:
    from cryptography import x509

    try:
        extensions = read.extensions
    except (ValueError, x509.DuplicateExtension):
        raise refusals.ExtensionsUnreadable from None
    values = [extension.value for extension in extensions]
    for extension in extensions:
        if extension.critical and isinstance(extension.value, x509.UnrecognizedExtension):
            raise refusals.UnknownExtension(oid=extension.oid.dotted_string)
    if any(isinstance(value, x509.BasicConstraints) and value.ca for value in values):
        raise refusals.IsAuthority
    _check_usage([value for value in values if isinstance(value, x509.KeyUsage)])
    _check_purpose([value for value in values if isinstance(value, x509.ExtendedKeyUsage)])
    holders = [value for value in values if isinstance(value, x509.SubjectAlternativeName)]
    if authority.names_holder and not any(len(holder) for holder in holders):
        raise refusals.HolderMissing


def _check_usage(usages: list[x509.KeyUsage]) -> None:
    if not usages:
        raise refusals.KeyUsageMissing
    if not usages[0].digital_signature:
        raise refusals.MayNotSign
    if usages[0].key_cert_sign:
        raise refusals.MayIssue


def _check_purpose(purposes: list[x509.ExtendedKeyUsage]) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    if not purposes:
        raise refusals.PurposeMissing
    if ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in purposes[0]:
        raise refusals.AnyPurpose
    if ExtendedKeyUsageOID.CLIENT_AUTH not in purposes[0]:
        raise refusals.WrongPurpose


def _check_path(read: x509.Certificate, issuer: x509.Certificate, authority: Authority, when: datetime) -> None:
    """The library's path validation as a second pair of eyes, after the causes that have a sentence of their own."""
    from cryptography import x509
    from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

    holder = ExtensionPolicy.webpki_defaults_ee()
    holder = holder.require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _for_clients)
    holder = holder.require_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)
    if not authority.names_holder:
        holder = holder.may_be_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
    builder = PolicyBuilder().store(Store([issuer])).time(when)
    builder = builder.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=holder)
    try:
        builder.build_client_verifier().verify(read, [])
    except VerificationError:
        raise refusals.PathRefused from None


def _for_clients(_policy: Policy, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise ValueError("not for sign-on")


def _may_sign(_policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.digital_signature:
        raise ValueError("key may not sign")


def _facts(read: x509.Certificate, certificate: bytes) -> CertificateFacts:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public_key = read.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return CertificateFacts(
        issuer=read.issuer.rfc4514_string(),
        number=f"{read.serial_number:x}",
        key_hash=hashlib.sha256(public_key).hexdigest(),
        public_key=public_key,
        fingerprint=hashlib.sha256(certificate).hexdigest(),
        since=read.not_valid_before_utc,
        until=read.not_valid_after_utc,
    )


def _common_name(name: x509.Name) -> str:
    from cryptography.x509.oid import NameOID

    names = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else name.rfc4514_string()


def _organisation(name: x509.Name) -> str:
    """Empty where the name has none."""
    from cryptography.x509.oid import NameOID

    names = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(names[0].value) if names else ""


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"
