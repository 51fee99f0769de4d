"""From a certificate to the authority above it: whose key signed it, and whether that way may be gone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from counter_tui.security import refusals
from counter_tui.security.holder_claims import may_sign
from counter_tui.services.keys import Use
from counter_tui.sm.issuing import certificate_signed_by, names_sm2
from counter_tui.x509 import common_name

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509
    from cryptography.x509.verification import Policy


def issued_by(read: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name and key are behind a certificate; the one place where its signature is verified."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if names_sm2(read):
        return read.issuer == issuer.subject and certificate_signed_by(read, issuer)
    try:
        read.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def check_path(
    read: x509.Certificate, issuer: x509.Certificate, when: datetime, use: Use, *, names_holder: bool
) -> None:
    """A second pair of eyes, after the causes that have a sentence of their own. Raises PathRefused.

    The certificate's signature by this issuer and the dates of both are already verified.
    """
    if names_sm2(read):
        _check_by_hand(read, issuer)
    else:
        _check_by_library(read, issuer, when, use, names_holder=names_holder)


def _check_by_library(
    read: x509.Certificate, issuer: x509.Certificate, when: datetime, use: Use, *, names_holder: bool
) -> None:
    from cryptography import x509
    from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

    holder = ExtensionPolicy.webpki_defaults_ee()
    if use is Use.SIGN_ON:
        holder = holder.require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _for_clients)
    else:
        holder = holder.may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
    holder = holder.require_present(x509.KeyUsage, Criticality.AGNOSTIC, partial(_may_sign, use))
    if not names_holder:
        holder = holder.may_be_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
    builder = PolicyBuilder().store(Store([issuer])).time(when)
    builder = builder.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=holder)
    try:
        builder.build_client_verifier().verify(read, [])
    except VerificationError:
        raise _cause(read, issuer) from None


def _cause(read: x509.Certificate, issuer: x509.Certificate) -> refusals.CertificateRefused:
    """Why the library found no way: it says so in English and by the first thing it met."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    above, own = _extensions(issuer), _extensions(read)
    purpose = above.get(x509.ExtendedKeyUsage)
    if not _may_issue(above):
        return refusals.IssuerMayNotIssue()
    if purpose is not None and ExtendedKeyUsageOID.CLIENT_AUTH not in purpose.value:
        return refusals.IssuerOtherPurpose(issuer=common_name(issuer.subject))
    if x509.AuthorityKeyIdentifier not in own:
        return refusals.IssuerKeyMissing()
    if x509.NameConstraints in above:
        return refusals.OutsideIssuersNames(issuer=common_name(issuer.subject))
    return refusals.PathRefused()


def _extensions(read: x509.Certificate) -> dict[type, x509.Extension[Any]]:
    """By kind; none where they cannot be read, or one of them comes twice."""
    from cryptography import x509

    try:
        return {type(one.value): one for one in read.extensions}
    except (ValueError, x509.DuplicateExtension):
        return {}


def _may_issue(authority: dict[type, x509.Extension[Any]]) -> bool:
    from cryptography import x509

    constraints, usage = authority.get(x509.BasicConstraints), authority.get(x509.KeyUsage)
    if constraints is None or not constraints.critical or not constraints.value.ca:
        return False
    return usage is not None and bool(usage.value.key_cert_sign)


def _for_clients(_policy: Policy, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise ValueError("not for sign-on")


def _may_sign(use: Use, _policy: Policy, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not may_sign(usage, use):
        raise ValueError("key may not sign")


def _understood() -> frozenset[type[x509.ExtensionType]]:
    """Critical extensions that are heeded here or by `certificates`."""
    from cryptography import x509

    return frozenset({x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.SubjectAlternativeName})


def _check_by_hand(read: x509.Certificate, issuer: x509.Certificate) -> None:
    """What RFC 5280 §6 asks of this one step, for a curve that the library does not know.

    No authority stands between the two, so that any path length of the issuer allows the step.
    """
    above, own = _extensions(issuer), _extensions(read)
    if not _may_issue(above):
        raise refusals.IssuerMayNotIssue
    if any(one.critical and kind not in _understood() for each in (above, own) for kind, one in each.items()):
        raise refusals.PathRefused
