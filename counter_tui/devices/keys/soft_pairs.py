"""Key pairs of soft keys (软证书), for training: they certify, sign digests, and lie in files sealed under a PIN.

`0007.p12` (PKCS#12) holds one of the international suite, `0007.sm2` (sealed with SM4) one of the national suite; the
certificate lies beside it in the open, `0007.cer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from counter_tui.errors import CounterError
from counter_tui.operations.suites import NATIONAL, Suite
from counter_tui.services.keys import KeyGone

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import CertificateBuilder

    from counter_tui.sm.sm2 import Sm2Key

P12, SM2 = ".p12", ".sm2"
SUFFIXES = (P12, SM2)
_ROUNDS = 2000
"""Key derivation rounds of PKCS#12: low, since the PIN is public."""

_PURPOSE = b"counter/1/training soft key"


class KeyDamaged(CounterError):
    """证书介质内容不完整，请联系证书管理员更换"""


class NotThisPin(ValueError):
    """The file does not open with that PIN."""


class SoftPair(Protocol):
    """A private key and what is done with it."""

    suffix: str
    """Of its file."""

    @property
    def public_key(self) -> bytes:
        """SPKI, DER."""

    def sign_digest(self, digest: bytes, /) -> bytes:
        """Sign 32 bytes as a USB key does: DER (r, s)."""

    def certify(self, described: CertificateBuilder, holder: bytes) -> bytes:
        """A certificate (DER) for the holder's key (SPKI, DER), signed by this one; its builder has no key yet."""

    def sealed(self, certificate: bytes, pin: bytes) -> bytes:
        """Its file, which opens beside its certificate (DER) alone."""


def new_pair(suite: Suite) -> SoftPair:
    """A fresh key pair. Raises NoSm2 where this machine has no SM2."""
    if suite is NATIONAL:
        from counter_tui.sm.sm2 import new_key

        return Sm2Pair(new_key())
    from cryptography.hazmat.primitives.asymmetric import ec

    return P256Pair(ec.generate_private_key(ec.SECP256R1()))


def opened_pair(path: Path, certificate: bytes, pin: bytearray) -> SoftPair:
    """The key pair in a file beside its certificate (DER). Raises NotThisPin, KeyGone, KeyDamaged or NoSm2."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyGone from None
    return (Sm2Pair if path.suffix == SM2 else P256Pair).opened(content, certificate, pin)


class P256Pair:
    """A key pair of the international suite."""

    suffix = P12

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        """Hold the library's key."""
        self._key = key

    @classmethod
    def opened(cls, content: bytes, certificate: bytes, pin: bytearray) -> P256Pair:
        """Out of its file. Raises NotThisPin or KeyDamaged."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

        try:
            key, inside, _ = pkcs12.load_key_and_certificates(content, pin)
        except ValueError:
            raise NotThisPin from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise KeyDamaged
        if inside is None or inside.public_bytes(Encoding.DER) != certificate:
            raise KeyDamaged
        return cls(key)

    @property
    def public_key(self) -> bytes:
        """SPKI, DER."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign_digest(self, digest: bytes, /) -> bytes:
        """Sign a SHA-256 digest: DER (r, s)."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._key.sign(digest, ec.ECDSA(Prehashed(SHA256())))

    def certify(self, described: CertificateBuilder, holder: bytes) -> bytes:
        """A certificate by ECDSA with SHA-256."""
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

        key = load_der_public_key(holder)
        if not isinstance(key, EllipticCurvePublicKey):
            raise TypeError("soft keys are of elliptic curves")
        return described.public_key(key).sign(self._key, SHA256()).public_bytes(Encoding.DER)

    def sealed(self, certificate: bytes, pin: bytes) -> bytes:
        """A PKCS#12 file, the certificate inside once more."""
        from cryptography import x509
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

        read = x509.load_der_x509_certificate(certificate)
        seal = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_ROUNDS).hmac_hash(SHA256())
        seal = seal.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        return pkcs12.serialize_key_and_certificates(None, self._key, read, None, seal.build(pin))


class Sm2Pair:
    """A key pair of the national suite."""

    suffix = SM2

    def __init__(self, key: Sm2Key) -> None:
        """Hold the key."""
        self._key = key

    @classmethod
    def opened(cls, content: bytes, certificate: bytes, pin: bytearray) -> Sm2Pair:
        """Out of its file. Raises NotThisPin, KeyDamaged or NoSm2."""
        from counter_tui.sm.sealing import SealBroken, unsealed
        from counter_tui.sm.sm2 import SIZE, kept_key, sm3

        try:
            inside = unsealed(content, pin, purpose=_PURPOSE)
        except SealBroken:
            raise NotThisPin from None
        if inside[SIZE:] != sm3(certificate):
            raise KeyDamaged
        return cls(kept_key(inside[:SIZE]))

    @property
    def public_key(self) -> bytes:
        """SPKI, DER."""
        return self._key.public_key

    def sign_digest(self, digest: bytes, /) -> bytes:
        """Sign SM3(Z‖M): DER (r, s)."""
        return self._key.sign_digest(digest)

    def certify(self, described: CertificateBuilder, holder: bytes) -> bytes:
        """A certificate by SM2 with SM3; the library builds its pattern for a curve that it knows."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding

        from counter_tui.sm.issuing import issued

        thrown_away = ec.generate_private_key(ec.SECP256R1())
        pattern = described.public_key(thrown_away.public_key()).sign(thrown_away, SHA256())
        return issued(pattern.public_bytes(Encoding.DER), holder, self._key)

    def sealed(self, certificate: bytes, pin: bytes) -> bytes:
        """The private number and the hash of its certificate under SM4-GCM."""
        from counter_tui.sm.sealing import sealed
        from counter_tui.sm.sm2 import sm3

        return sealed(self._key.secret + sm3(certificate), pin, purpose=_PURPOSE)
