"""Tag, length, value as cards write them (ISO 7816-4 annex E): just what a PIV card says and hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def tlv(tag: str, *values: bytes) -> bytes:
    """One object; the tag in hex, the value joined from its parts."""
    value = b"".join(values)
    return bytes.fromhex(tag) + _length(len(value)) + value


def objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags of one byte and their values. Raises ValueError when the lengths do not fit."""
    rest = data
    while rest:
        if len(rest) < 2:  # a tag and its length
            raise ValueError("cut off")
        tag, size, at = rest[0], rest[1], 2
        if size > 0x80:  # the length's length
            at += size & 0x7F
            size = int.from_bytes(rest[2:at])
        if len(rest) < at + size:
            raise ValueError("cut off")
        yield tag, rest[at : at + size]
        rest = rest[at + size :]


def _length(size: int) -> bytes:
    if size < 0x80:  # lengths up to 127 stand alone
        return bytes([size])
    written = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([0x80 | len(written)]) + written
