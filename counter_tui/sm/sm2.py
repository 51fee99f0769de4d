"""SM2 signatures with SM3 (GM/T 0003.2): keys, the digest that a key signs, signing and verifying.

The curve comes from Tongsuo. Where that library has no wheel signatures are still verified, by `arithmetic`, and an
operator's key still signs by itself; only keys in memory cannot be made there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from counter_tui.errors import CounterError
from counter_tui.sm.arithmetic import A, B, Gx, Gy, N, Point, on_curve, signed_digest
from counter_tui.x509 import SM2_CURVE, curve, point

if TYPE_CHECKING:
    from types import ModuleType

ID = b"1234567812345678"
"""The signer's distinguishing name where nothing else is agreed (GM/T 0009 §10)."""
SIZE = 32
"""Bytes of a coordinate, of a private key, and of SM3."""
_UNCOMPRESSED = 0x04


class NoSm2(CounterError):
    """本机没有 SM2 运算组件，不能{act}，请管理员改用 x86-64 主机并执行 uv sync（tongsuopy）"""

    act: str


def sm3(*parts: bytes) -> bytes:
    """SM3 over the parts, 32 bytes."""
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    hashed = Hash(SM3())
    for part in parts:
        hashed.update(part)
    return hashed.finalize()


def digest_for(spki: bytes, message: bytes) -> bytes:
    """What a key signs for a message: SM3(Z‖M), 32 bytes. Raises ValueError when the key info (DER) is not of SM2."""
    return _digest(_point(spki), message)


def check_key(spki: bytes) -> None:
    """Raise ValueError unless the key info (DER) is of SM2 and its point lies on the curve."""
    if not on_curve(_point(spki)):
        raise ValueError("not a point of the curve")


def verify(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key (SPKI, DER) signed the message, as DER (r, s); malformed input is False, never an error."""
    try:
        public = _point(spki)
        library = _tongsuo()
        if library is None:
            return signed_digest(public, _digest(public, message), signature)
        return _verified(library, public, message, signature)
    except ValueError:
        return False


def key_info(encoded: bytes) -> bytes:
    """The public key info (SPKI, DER) around a point of the curve, 04 ‖ x ‖ y."""
    from cryptography.hazmat.asn1 import BitString, encode_der
    from cryptography.x509 import ObjectIdentifier

    from counter_tui.x509_structure import CurveAlgorithm, CurveKeyInfo

    algorithm = CurveAlgorithm(name=ObjectIdentifier("1.2.840.10045.2.1"), curve=ObjectIdentifier(SM2_CURVE))
    return encode_der(CurveKeyInfo(algorithm=algorithm, point=BitString(encoded, 0)))


class Sm2Key:
    """A private key in memory: a sign-on key, or a training bureau's soft key. Made by `new_key` and `kept_key`."""

    __slots__ = ("_key",)

    def __init__(self, key: Any) -> None:
        """Hold the library's key."""
        self._key = key

    def __repr__(self) -> str:
        return "<Sm2Key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key never leaves the process unsealed")

    @property
    def public_key(self) -> bytes:
        """SPKI, DER."""
        numbers = self._key.public_key().public_numbers()
        return key_info(bytes([_UNCOMPRESSED]) + numbers.x.to_bytes(SIZE) + numbers.y.to_bytes(SIZE))

    @property
    def secret(self) -> bytes:
        """The private number, 32 bytes; to be sealed at once."""
        secret: int = self._key.private_numbers().private_value
        return secret.to_bytes(SIZE)

    def sign(self, message: bytes) -> bytes:
        """Sign SM3(Z‖M) of a message: DER (r, s)."""
        from tongsuopy.crypto.asymciphers import ec
        from tongsuopy.crypto.hashes import SM3

        signature: bytes = self._key.sign(message, ec.ECDSA(SM3()))
        return signature

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a digest of 32 bytes as a USB key does: DER (r, s). Raises ValueError for another length.

        The library's own classes hash the message themselves; the call below them takes a digest.
        """
        if len(digest) != SIZE:
            raise ValueError("an SM2 key signs 32 bytes")
        library, ffi = self._key._backend._lib, self._key._backend._ffi  # noqa: SLF001  the version is pinned
        context = ffi.gc(library.EVP_PKEY_CTX_new(self._key._evp_pkey, ffi.NULL), library.EVP_PKEY_CTX_free)  # noqa: SLF001  as above
        room = ffi.new("unsigned char[]", _LONGEST)
        size = ffi.new("size_t *", _LONGEST)
        if library.EVP_PKEY_sign_init(context) != 1 or library.EVP_PKEY_sign(context, room, size, digest, SIZE) != 1:
            raise NoSm2(act="用 SM2 密钥签名")
        return bytes(ffi.buffer(room)[: size[0]])


_LONGEST = 72
"""Bytes of the longest DER (r, s) of the curve."""


def new_key() -> Sm2Key:
    """A fresh key pair. Raises NoSm2 where the library is missing."""
    from_library = _needed("生成 SM2 密钥")
    return Sm2Key(from_library.generate_private_key(from_library.SM2()))


def kept_key(secret: bytes) -> Sm2Key:
    """The key of a private number that was kept. Raises NoSm2 where the library is missing, ValueError for no key."""
    from_library = _needed("打开 SM2 密钥")
    number = int.from_bytes(secret)
    if len(secret) != SIZE or not 0 < number < N - 1:
        raise ValueError("not an SM2 private key")
    return Sm2Key(from_library.derive_private_key(number, from_library.SM2()))


def _needed(act: str) -> ModuleType:
    library = _tongsuo()
    if library is None:
        raise NoSm2(act=act)
    return library


def _tongsuo() -> ModuleType | None:
    try:
        from tongsuopy.crypto.asymciphers import ec
    except ImportError:  # no wheel for this machine
        return None
    found: ModuleType = ec
    return found


def _point(spki: bytes) -> Point:
    """The public point of a key info. Raises ValueError unless it is of SM2 and uncompressed."""
    encoded = point(spki) if curve(spki) == SM2_CURVE else b""
    if len(encoded) != 1 + 2 * SIZE or encoded[0] != _UNCOMPRESSED:
        raise ValueError("not an SM2 key")
    return int.from_bytes(encoded[1 : 1 + SIZE]), int.from_bytes(encoded[1 + SIZE :])


def _digest(public: Point, message: bytes) -> bytes:
    """SM3(Z‖M); Z = SM3(length of ID in bits ‖ ID ‖ a ‖ b ‖ G ‖ public key)."""
    numbers = b"".join(number.to_bytes(SIZE) for number in (A, B, Gx, Gy, *public))
    return sm3(sm3((len(ID) * 8).to_bytes(2) + ID + numbers), message)


def _verified(library: ModuleType, public: Point, message: bytes, signature: bytes) -> bool:
    from tongsuopy.crypto.exceptions import InternalError, InvalidSignature
    from tongsuopy.crypto.hashes import SM3

    try:
        key = library.EllipticCurvePublicNumbers(*public, library.SM2()).public_key()
        key.verify(signature, message, library.ECDSA(SM3()))
    except (InvalidSignature, InternalError):  # a malformed signature is an internal error to the library
        return False
    return True
