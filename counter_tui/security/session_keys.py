"""The sign-on key: a fresh key pair of the bureau's suite, in memory only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Protocol

from counter_tui.operations.suites import NATIONAL, Suite

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


class SessionKey(Protocol):
    """Signs the ordinary operations of one sign-on."""

    @property
    def public_key(self) -> bytes:
        """SPKI, DER."""

    def sign(self, signed: bytes, /) -> bytes:
        """Sign 32 bytes: DER (r, s)."""


def new_session_key(suite: Suite) -> SessionKey:
    """A key pair of the suite. Raises NoSm2 where this machine has no SM2."""
    if suite is NATIONAL:
        from counter_tui.sm.sm2 import new_key

        return new_key()
    from cryptography.hazmat.primitives.asymmetric import ec

    return P256Key(ec.generate_private_key(ec.SECP256R1()))


class P256Key:
    """A sign-on key of the international suite."""

    __slots__ = ("_key",)

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        """Hold the library's key."""
        self._key = key

    def __repr__(self) -> str:
        return "<P256Key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sign-on key never leaves the process")

    @property
    def public_key(self) -> bytes:
        """SPKI, DER."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, signed: bytes, /) -> bytes:
        """Sign a SHA-256 digest: DER (r, s)."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._key.sign(signed, ec.ECDSA(Prehashed(SHA256())))
