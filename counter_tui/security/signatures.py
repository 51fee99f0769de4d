"""What is signed and how it is verified: labelled digests, P-256 and RSA, or SM2 by the bureau's suite.

What is signed is always 32 bytes, made by the suite's hash. P-256 and RSA keys sign them as they are; an SM2 key signs
SM3(Z‖M) of them, in which its own public key stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.operations.envelope import DOMAIN, TRAINING_DOMAIN
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite
from counter_tui.sm import sm2
from counter_tui.x509 import SM2_CURVE, curve

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

SMALLEST_RSA = 2048
"""Bits."""

DIGEST_SIZE = 32
"""Bytes of SHA-256 and of SM3."""


def labelled(label: str, *parts: bytes, training: bool, suite: Suite = INTERNATIONAL) -> bytes:
    """Hash over domain, label and parts, each with its length: no signature fits another purpose or mode."""
    domain = TRAINING_DOMAIN if training else DOMAIN
    named = (domain.encode(), label.encode(), *parts)
    return suite.hash(*(piece for part in named for piece in (len(part).to_bytes(4, "big"), part)))


def key_input(public_key: bytes, signed: bytes) -> bytes:
    """What a key (SPKI, DER) is given to sign, 32 bytes: the digest itself, or SM3(Z‖M) for SM2."""
    return sm2.digest_for(public_key, signed) if curve(public_key) == SM2_CURVE else signed


def suite_of_key(public_key: bytes) -> Suite | None:
    """The suite to which a key (SPKI, DER) belongs; None for one that no suite allows."""
    if curve(public_key) == SM2_CURVE:
        return NATIONAL
    return INTERNATIONAL if _international(public_key) else None


def verify_signature(public_key: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether the key (SPKI, DER) signed those 32 bytes; malformed input is False, never an error."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256

    if len(digest) != DIGEST_SIZE:
        return False
    if curve(public_key) == SM2_CURVE:
        return sm2.verify(public_key, digest, signature)
    key = _international(public_key)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(Prehashed(SHA256())))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), Prehashed(SHA256()))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def _international(public_key: bytes) -> PublicKeyTypes | None:
    """A P-256 key, or RSA from 2048 bits; None for anything else."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(public_key)
    except (UnsupportedAlgorithm, ValueError):
        return None
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA else None
