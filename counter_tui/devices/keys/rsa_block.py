"""What an RSA key signs for a SHA-256 digest: EMSA-PKCS1-v1_5 (RFC 8017 §9.2)."""

from __future__ import annotations

from typing import Final

_SHA256_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""What stands before a digest in a DigestInfo (note 1)."""


def digest_info(digest: bytes) -> bytes:
    """For a key that pads by itself."""
    return _SHA256_INFO + digest


def padded(digest: bytes, size: int) -> bytes:
    """For a key of `size` bytes that does not."""
    info = digest_info(digest)
    return b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
