"""What an operator's certificate must say of its key, its purpose, its holder and its issuer, and what it must not.

Signing on is client authentication. A decision is what the standards call content commitment (non-repudiation): the
certificate of a key that only decides may be for documents or e-mail, or name no purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from counter_tui.security import refusals
from counter_tui.services.keys import Use

if TYPE_CHECKING:
    from cryptography import x509

E = TypeVar("E", bound="x509.ExtensionType")


def check_claims(read: x509.Certificate, issuer: x509.Certificate, use: Use, *, names_holder: bool) -> None:
    """Judge, for a use, the extensions of a certificate that this issuer signed. Raises a CertificateRefused."""
    from cryptography import x509

    try:
        extensions = read.extensions
    except (ValueError, x509.DuplicateExtension):
        raise refusals.ExtensionsUnreadable from None
    for extension in extensions:
        if extension.critical and isinstance(extension.value, x509.UnrecognizedExtension):
            raise refusals.UnknownExtension(oid=extension.oid.dotted_string)
    constraints = _said(extensions, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise refusals.IsAuthority
    _check_rules(extensions)
    _check_usage(_said(extensions, x509.KeyUsage), use)
    if use is Use.SIGN_ON:
        _check_purpose(_said(extensions, x509.ExtendedKeyUsage))
    holder = _said(extensions, x509.SubjectAlternativeName)
    if names_holder and not (holder and len(holder)):
        raise refusals.HolderMissing
    _check_issuer_key(_said(extensions, x509.AuthorityKeyIdentifier), issuer)


def _said(extensions: x509.Extensions, kind: type[E]) -> E | None:
    return next((one.value for one in extensions if isinstance(one.value, kind)), None)


def _check_rules(extensions: x509.Extensions) -> None:
    """Rules for further certificates belong to authorities alone."""
    from cryptography import x509

    rules = x509.NameConstraints | x509.PolicyConstraints | x509.InhibitAnyPolicy
    for extension in extensions:
        if isinstance(extension.value, rules):
            raise refusals.RulesOfAuthority(oid=extension.oid.dotted_string)


def may_sign(usage: x509.KeyUsage, use: Use) -> bool:
    """Whether a usage allows the signatures of that use."""
    return usage.digital_signature or (use is Use.DECISION and usage.content_commitment)


def _check_usage(usage: x509.KeyUsage | None, use: Use) -> None:
    if usage is None:
        raise refusals.KeyUsageMissing
    if not may_sign(usage, use):
        raise refusals.MayNotSign
    if usage.key_cert_sign:
        raise refusals.MayIssue
    if usage.crl_sign:
        raise refusals.MayRevoke


def _check_purpose(purpose: x509.ExtendedKeyUsage | None) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    if purpose is None:
        raise refusals.PurposeMissing
    if ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in purpose:
        raise refusals.AnyPurpose
    if ExtendedKeyUsageOID.CLIENT_AUTH not in purpose:
        raise refusals.WrongPurpose


def _check_issuer_key(named: x509.AuthorityKeyIdentifier | None, issuer: x509.Certificate) -> None:
    """A certificate that names the key above it names this one; whether it must name any, `paths` knows by suite."""
    from cryptography import x509

    try:
        own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except (ValueError, x509.DuplicateExtension, x509.ExtensionNotFound):
        return
    if named is not None and named.key_identifier not in (None, own.digest):
        raise refusals.IssuerKeyOther
