"""Revocation lists (CRL): read only from a pinned authority, judged by age, asked by certificate number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import BEIJING
from counter_tui.security import refusals
from counter_tui.sm import issuing
from counter_tui.x509 import common_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from cryptography import x509

    from counter_tui.security.certificates import Authority, CertificateFacts

WARN_AFTER = timedelta(hours=24)
READ_ONLY_AFTER = timedelta(hours=72)
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the authority's clock may be ahead of this host's."""


class Freshness(Enum):
    """What the age of a list still allows."""

    FRESH = "fresh"
    OLD = "old"
    """Work goes on with a warning."""
    TOO_OLD = "too-old"
    """Reading only: new entry is frozen."""
    FROM_FUTURE = "from-future"
    """Made later than now: this host's clock was set back, so that nothing can be said of its age. Reading only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """One authority's list, its signature already verified."""

    issuer: str
    """RFC 4514."""
    made_at: datetime
    next_at: datetime | None
    revoked: Mapping[str, datetime]
    """Certificate number, lower-case hex, and since when."""
    number: int = 0
    """The list's own number, which rises; 0 where it has none."""

    def freshness(self, when: datetime) -> Freshness:
        """By its age; a list past its own date of renewal is old whatever its age."""
        age = when - self.made_at
        if age < -CLOCKS_DIFFER:
            return Freshness.FROM_FUTURE
        if age > READ_ONLY_AFTER:
            return Freshness.TOO_OLD
        overdue = self.next_at is not None and when > self.next_at
        return Freshness.OLD if overdue or age > WARN_AFTER else Freshness.FRESH

    def follows(self, known: RevocationList) -> bool:
        """Whether it may take the place of a known one: made later, its number not lower, or the very same."""
        if self.made_at > known.made_at:
            return self.number >= known.number
        return self == known or (self.made_at == known.made_at and self.number > known.number)


def read_revocations(crl: bytes, authorities: Iterable[Authority]) -> RevocationList:
    """The list in a CRL (DER or PEM) that one of the pinned authorities signed.

    Raises ListUnreadable, ListOfAnother, ListForged, or ListPartial for one that leaves something out (RFC 5280, 5.2).
    """
    try:
        return _read(crl, authorities)
    except (ValueError, TypeError):  # the library reads names, dates and entries only when asked for them
        raise refusals.ListUnreadable from None


def check_revoked(facts: CertificateFacts, lists: Iterable[RevocationList]) -> None:
    """Refuse a certificate that its own authority has revoked. Raises Revoked."""
    if since := revoked_since(facts.issuer, facts.number, lists):
        raise refusals.Revoked(since=f"{since.astimezone(BEIJING):%Y-%m-%d}")


def check_clock(when: datetime, lists: Iterable[RevocationList]) -> None:
    """Refuse a clock that stands before a list that is here already: an expired certificate would be good again.

    Raises ClockBehind.
    """
    for one in lists:
        if one.freshness(when) is Freshness.FROM_FUTURE:
            now, seen = (f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}" for moment in (when, one.made_at))
            raise refusals.ClockBehind(now=now, seen=seen)


def revoked_since(issuer: str, number: str, lists: Iterable[RevocationList]) -> datetime | None:
    """Since when an authority has revoked a certificate of its own, None when it has not."""
    return next((one.revoked[number] for one in lists if one.issuer == issuer and number in one.revoked), None)


def _read(crl: bytes, authorities: Iterable[Authority]) -> RevocationList:
    from cryptography import x509

    load = x509.load_pem_x509_crl if crl.startswith(b"-----BEGIN") else x509.load_der_x509_crl
    read = load(crl)
    issuers = [x509.load_der_x509_certificate(one.certificate) for one in authorities]
    named = [one for one in issuers if one.subject == read.issuer]
    if not named:
        raise refusals.ListOfAnother(issuer=common_name(read.issuer))
    if not any(list_signed_by(read, one) for one in named):
        raise refusals.ListForged(issuer=common_name(read.issuer))
    return RevocationList(
        issuer=read.issuer.rfc4514_string(),
        made_at=read.last_update_utc,
        next_at=read.next_update_utc,
        revoked={f"{one.serial_number:x}": one.revocation_date_utc for one in _entries(read)},
        number=_whole_list(read),
    )


def _whole_list(read: x509.CertificateRevocationList) -> int:
    """The list's number; refuses what is only a part of a list, and what says something that we do not know."""
    from cryptography import x509

    try:
        extensions = read.extensions
    except x509.DuplicateExtension:
        raise refusals.ListUnreadable from None
    number = 0
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.CRLNumber):
            number = value.crl_number
        elif isinstance(value, x509.IssuingDistributionPoint):
            if value.indirect_crl or value.only_some_reasons or value.only_contains_ca_certs:
                raise refusals.ListPartial(extension="IssuingDistributionPoint")
            if value.only_contains_attribute_certs:
                raise refusals.ListPartial(extension="IssuingDistributionPoint")
        elif extension.critical:
            raise refusals.ListPartial(extension=extension.oid.dotted_string)
    return number


def _entries(read: x509.CertificateRevocationList) -> Iterable[x509.RevokedCertificate]:
    """The entries; one with a critical extension may be another authority's (certificateIssuer), so none is guessed."""
    for entry in read:
        for extension in entry.extensions:
            if extension.critical:
                raise refusals.ListPartial(extension=extension.oid.dotted_string)
        yield entry


def list_signed_by(read: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key signed a list; the one place where a list's signature is verified."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if issuing.names_sm2(read):
        return issuing.list_signed_by(read, issuer)
    try:
        key = issuer.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            return False
        return read.is_signature_valid(key)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False
