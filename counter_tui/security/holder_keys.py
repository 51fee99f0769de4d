"""Which public keys an operator may sign with, by the bureau's suite of algorithms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, Suite
from counter_tui.security import refusals
from counter_tui.security.signatures import SMALLEST_RSA
from counter_tui.sm import sm2
from counter_tui.x509 import P256, SM2, SM2_CURVE, curve, public_key_info

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LARGEST_RSA: Final = 8192
"""Bits: a longer key only keeps those busy who verify with it."""
SMALLEST_EXPONENT: Final = 65537
"""Of an RSA key (FIPS 186-5): with a small one, padding errors of others become forgeries."""


def check_key(read: x509.Certificate, suite: Suite) -> None:
    """Allow SM2 in the national suite, P-256 and RSA in the international one. Raises a CertificateRefused."""
    found, algorithm = (NATIONAL, SM2) if _has_sm2_key(read) else (INTERNATIONAL, _international(read))
    if found is not suite:
        raise refusals.KeyOfOtherSuite(suite=suite.title, algorithm=algorithm)
    if found is NATIONAL:
        sm2.check_key(public_key_info(read))  # a library reads no point of this curve


def _has_sm2_key(read: x509.Certificate) -> bool:
    try:
        return curve(public_key_info(read)) == SM2_CURVE
    except ValueError:
        return False


def _international(read: x509.Certificate) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = read.public_key()
    except UnsupportedAlgorithm:
        raise refusals.KeyAlgorithmRefused(algorithm=read.public_key_algorithm_oid.dotted_string) from None
    except ValueError:  # no point of its curve, an even exponent
        raise refusals.KeyInvalid from None
    if isinstance(key, rsa.RSAPublicKey):
        return _rsa(key)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise refusals.KeyAlgorithmRefused(algorithm=read.public_key_algorithm_oid.dotted_string)
    if not isinstance(key.curve, ec.SECP256R1):
        raise refusals.KeyAlgorithmRefused(algorithm=key.curve.name)
    return P256


def _rsa(key: RSAPublicKey) -> str:
    """The library's own verifier lets RSA-1024 pass, and any exponent."""
    if key.key_size < SMALLEST_RSA:
        raise refusals.KeyTooShort(bits=key.key_size, least=SMALLEST_RSA)
    if key.key_size > LARGEST_RSA:
        raise refusals.KeyTooLong(bits=key.key_size, most=LARGEST_RSA)
    exponent = key.public_numbers().e
    if exponent < SMALLEST_EXPONENT:
        raise refusals.ExponentRefused(exponent=exponent)
    return f"RSA-{key.key_size}"
