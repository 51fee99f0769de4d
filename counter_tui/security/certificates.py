"""Judge a certificate for sign-on: who issued it, when, for what, with which algorithm, and whose it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.operators import OperatorState
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite
from counter_tui.security import refusals
from counter_tui.security.holder_claims import check_claims
from counter_tui.security.holder_keys import check_key
from counter_tui.security.paths import check_path, issued_by
from counter_tui.services.keys import Use
from counter_tui.sm.issuing import names_sm2
from counter_tui.x509 import common_name, names_one_algorithm, public_key_info

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cryptography import x509

    from counter_tui.domain.operators import Operator

LONGEST_NUMBER = 159
"""Bits of a certificate number: twenty octets with its sign (RFC 5280, 4.1.2.2)."""


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
    subject: str
    """RFC 4514; it binds nobody, but two certificates on one key must agree in it."""
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


def judge(
    certificate: bytes,
    authorities: Iterable[Authority],
    when: datetime,
    suite: Suite = INTERNATIONAL,
    use: Use = Use.SIGN_ON,
) -> CertificateFacts:
    """The facts of a certificate (DER) good for that use at `when`. Raises a CertificateRefused for each cause."""
    try:
        return _judged(certificate, authorities, when, suite, use)
    except (ValueError, TypeError):  # the library reads names and dates only when asked for them
        raise refusals.CertificateUnreadable from None


def bind(facts: CertificateFacts, operators: Operators, when: datetime) -> Operator:
    """The operator of a judged certificate, never found by name.

    Raises NotRegistered, RegistrationRevoked, GrantSuspended or GrantNotInForce.
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


def judge_decision(
    certificate: bytes, authorities: Iterable[Authority], when: datetime, suite: Suite, *, signon: CertificateFacts
) -> CertificateFacts:
    """The facts of a second certificate on the key that signed on, which decides.

    Raises a CertificateRefused as `judge` does, and DecisionOfAnother when the authority names another holder in it.
    """
    facts = judge(certificate, authorities, when, suite, Use.DECISION)
    if (facts.issuer, facts.subject) != (signon.issuer, signon.subject):
        raise refusals.DecisionOfAnother
    return facts


def _judged(
    certificate: bytes, authorities: Iterable[Authority], when: datetime, suite: Suite, use: Use
) -> CertificateFacts:
    read = _parsed(certificate)
    check_key(read, suite)
    authority, issuer = _issuer(read, authorities, suite)
    _check_authority_dates(authority, issuer, when)
    _check_dates(read, when)
    check_claims(read, issuer, use, names_holder=authority.names_holder)
    check_path(read, issuer, when, use, names_holder=authority.names_holder)
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
    if read.serial_number <= 0 or read.serial_number.bit_length() > LONGEST_NUMBER:
        raise refusals.NumberRefused
    if not len(read.subject.rdns):
        raise refusals.SubjectMissing
    return read


def _issuer(
    read: x509.Certificate, authorities: Iterable[Authority], suite: Suite
) -> tuple[Authority, x509.Certificate]:
    """The pinned authority whose key signed the certificate; the same name with another key is a forgery."""
    from cryptography import x509

    if read.issuer == read.subject:
        raise refusals.SelfSigned
    pinned = [(one, x509.load_der_x509_certificate(one.certificate)) for one in authorities]
    named = [(one, issuer) for one, issuer in pinned if issuer.subject == read.issuer]
    if not named:
        raise _unknown_issuer(read, pinned)
    _check_signature_algorithm(read, suite)
    if not names_one_algorithm(read):
        raise refusals.AlgorithmsDiffer
    for authority, issuer in named:
        if issued_by(read, issuer):
            return authority, issuer
    raise refusals.IssuerForged(issuer=common_name(read.issuer))


def _unknown_issuer(
    read: x509.Certificate, pinned: Iterable[tuple[Authority, x509.Certificate]]
) -> refusals.CertificateRefused:
    """Whose certificate it is, as far as its names tell: they choose the sentence, the refusal stands already."""
    from cryptography import x509

    roots = [x509.load_der_x509_certificate(one.root).subject for one, _ in pinned if one.root]
    if read.issuer in roots:
        return refusals.IssuedByRoot(root=common_name(read.issuer))
    organisation = _organisation(read.issuer)
    if organisation and organisation not in {_organisation(issuer.subject) for _, issuer in pinned}:
        return refusals.OtherBureau(organisation=organisation)
    return refusals.IssuerUnknown(issuer=common_name(read.issuer))


def _check_signature_algorithm(read: x509.Certificate, suite: Suite) -> None:
    """Allow SM2 with SM3 in the national suite, and SHA-256, SHA-384 and SHA-512 in the international one."""
    found, algorithm = (NATIONAL, "SM2-SM3") if names_sm2(read) else (INTERNATIONAL, _sha2(read))
    if found is not suite:
        raise refusals.SignatureOfOtherSuite(suite=suite.title, algorithm=algorithm)


def _sha2(read: x509.Certificate) -> str:
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
    return algorithm.name


def _check_authority_dates(authority: Authority, issuer: x509.Certificate, when: datetime) -> None:
    from cryptography import x509

    above = [x509.load_der_x509_certificate(authority.root)] if authority.root else []
    for one in (issuer, *above):
        if not one.not_valid_before_utc <= when <= one.not_valid_after_utc:
            raise refusals.IssuerOutOfDate(issuer=common_name(one.subject))


def _check_dates(read: x509.Certificate, when: datetime) -> None:
    if read.not_valid_after_utc < read.not_valid_before_utc:
        raise refusals.DatesReversed
    if when < read.not_valid_before_utc:
        raise refusals.NotYetValid(since=_day(read.not_valid_before_utc))
    if when > read.not_valid_after_utc:
        raise refusals.Expired(until=_day(read.not_valid_after_utc))


def _facts(read: x509.Certificate, certificate: bytes) -> CertificateFacts:
    public_key = public_key_info(read)
    return CertificateFacts(
        issuer=read.issuer.rfc4514_string(),
        number=f"{read.serial_number:x}",
        subject=read.subject.rfc4514_string(),
        key_hash=hashlib.sha256(public_key).hexdigest(),
        public_key=public_key,
        fingerprint=hashlib.sha256(certificate).hexdigest(),
        since=read.not_valid_before_utc,
        until=read.not_valid_after_utc,
    )


def _organisation(name: x509.Name) -> str:
    """Empty where the name has none."""
    from cryptography.x509.oid import NameOID

    names = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(names[0].value) if names else ""


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"
