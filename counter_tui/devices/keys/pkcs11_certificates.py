"""What lies on a PKCS#11 token: which certificates are keys of an operator, and which of them signs what."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SIGN_ON, _DECISION = "for PIV Authentication", "for Digital Signature"
_OTHERS = ("for Key Management", "for Card Authentication")
"""How the labels of a PIV card's certificates end, whoever made the module; the last signs without a PIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One certificate on a token."""

    id: bytes
    """CKA_ID; its private key has the same."""
    label: str
    certificate: bytes
    """DER."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The certificates of one operator's key: for signing on and for decisions, often one and the same."""

    sign_on: Listed
    decision: Listed

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the sign-on certificate, hex."""
        return hashlib.sha256(self.sign_on.certificate).hexdigest()


def pairs(listed: Iterable[Listed]) -> tuple[Pair, ...]:
    """The operators' keys on one token, in its order.

    A PIV card is one key: slot 9A signs on, 9C decides where it has a certificate. On any other token each certificate
    stands for itself. Private keys are hidden before the PIN, so a certificate must tell: authorities and what has no
    id are left out, and certificates that may not sign, unless there are no others.
    """
    own = [each for each in listed if each.id]
    by_slot = {
        ending: each for each in own for ending in (_SIGN_ON, _DECISION, *_OTHERS) if each.label.endswith(ending)
    }
    if by_slot:
        sign_on = by_slot.get(_SIGN_ON)
        return () if sign_on is None else (Pair(sign_on, by_slot.get(_DECISION, sign_on)),)
    return tuple(Pair(each, each) for each in _signing(own))


def _signing(listed: Sequence[Listed]) -> Sequence[Listed]:
    holders = {each: may_sign for each in listed if (may_sign := _holder_may_sign(each.certificate)) is not None}
    return [each for each, may_sign in holders.items() if may_sign] or list(holders)


def _holder_may_sign(certificate: bytes) -> bool | None:
    """Whether its key may sign, as far as it says; None for an authority's, and for what is no certificate."""
    from cryptography import x509

    try:
        extensions = x509.load_der_x509_certificate(certificate).extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        authority = constraints.ca
    except x509.ExtensionNotFound:
        authority = False
    except (ValueError, x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType):
        return None
    if authority:
        return None
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return True


def certificates(session: Any) -> tuple[Listed, ...]:
    """All certificates of a token that can be read without a PIN; within a step."""
    from pkcs11 import Attribute, ObjectClass

    found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    return tuple(
        Listed(
            id=bytes(told(each, Attribute.ID, b"")),
            label=str(told(each, Attribute.LABEL, "")),
            certificate=bytes(told(each, Attribute.VALUE, b"")),
        )
        for each in found
    )


def told(of: Any, attribute: Any, otherwise: Any) -> Any:
    """An attribute; tokens leave some out, or fill them with what is no text."""
    from pkcs11.exceptions import AttributeTypeInvalid

    try:
        return of[attribute]
    except (AttributeTypeInvalid, ValueError):
        return otherwise
