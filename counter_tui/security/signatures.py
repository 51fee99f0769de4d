"""What is signed and how it is verified: labelled digests, P-256 and RSA."""

from __future__ import annotations

import hashlib

from counter_tui.operations.envelope import DOMAIN, TRAINING_DOMAIN

SMALLEST_RSA = 2048
"""Bits."""

DIGEST_SIZE = 32
"""Bytes of SHA-256."""


def labelled(label: str, *parts: bytes, training: bool) -> bytes:
    """SHA-256 over domain, label and parts, each with its length: no signature fits another purpose or mode."""
    joined = hashlib.sha256()
    for part in ((TRAINING_DOMAIN if training else DOMAIN).encode(), label.encode(), *parts):
        joined.update(len(part).to_bytes(4, "big") + part)
    return joined.digest()


def verify_signature(public_key: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether the key (SPKI, DER) signed that SHA-256 digest; malformed input is False, never an error."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if len(digest) != DIGEST_SIZE:
        return False
    try:
        key = load_der_public_key(public_key)
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            key.verify(signature, digest, ec.ECDSA(Prehashed(SHA256())))
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA:
            key.verify(signature, digest, padding.PKCS1v15(), Prehashed(SHA256()))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
