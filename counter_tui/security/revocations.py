"""Revocation lists (CRL): read only from a pinned authority, judged by age, asked by certificate number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from counter_tui.security.refusals import RevocationListRefused, Revoked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from cryptography import x509

    from counter_tui.security.certificates import Authority, CertificateFacts

WARN_AFTER = timedelta(hours=24)
READ_ONLY_AFTER = timedelta(hours=72)


class Freshness(Enum):
    """What the age of a list still allows."""

    FRESH = "fresh"
    OLD = "old"
    """Work goes on with a warning."""
    TOO_OLD = "too-old"
    """Reading only: new entry is frozen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """One authority's list, its signature already verified."""

    issuer: str
    """RFC 4514."""
    made_at: datetime
    next_at: datetime | None
    revoked: Mapping[str, datetime]
    """Certificate number, lower-case hex, and since when."""

    def freshness(self, when: datetime) -> Freshness:
        """By its age; a list past its own date of renewal is old whatever its age."""
        age = when - self.made_at
        if age > READ_ONLY_AFTER:
            return Freshness.TOO_OLD
        overdue = self.next_at is not None and when > self.next_at
        return Freshness.OLD if overdue or age > WARN_AFTER else Freshness.FRESH


def read_revocations(crl: bytes, authorities: Iterable[Authority]) -> RevocationList:
    """The list in a CRL (DER) that one of the pinned authorities signed. Raises RevocationListRefused."""
    from cryptography import x509

    try:
        read = x509.load_der_x509_crl(crl)
        issuer = read.issuer
        issuers = [x509.load_der_x509_certificate(one.certificate) for one in authorities]
        if not any(_signed_by(read, one) for one in issuers if one.subject == issuer):
            raise RevocationListRefused
        return RevocationList(
            issuer=issuer.rfc4514_string(),
            made_at=read.last_update_utc,
            next_at=read.next_update_utc,
            revoked={f"{one.serial_number:x}": one.revocation_date_utc for one in read},
        )
    except ValueError:
        raise RevocationListRefused from None


def check_revoked(facts: CertificateFacts, lists: Iterable[RevocationList]) -> None:
    """Refuse a certificate that its own authority has revoked. Raises Revoked."""
    for one in lists:
        if one.issuer == facts.issuer and (since := one.revoked.get(facts.number)):
            raise Revoked(since=f"{since.astimezone():%Y-%m-%d}")


def _signed_by(read: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    try:
        return read.is_signature_valid(key)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False
