"""What goes to a PIV card and comes back from it, as bytes (NIST SP 800-73-4 part 2, SP 800-78-4)."""

from __future__ import annotations

import zlib
from typing import Final

CERTIFICATE_LIMIT: Final = 65536
"""Bytes of the longest certificate that is unpacked."""

PIN_SIZE: Final = 8
"""Bytes of a PIN or PUK on the line."""

_COMPRESSED: Final = 0x01
_GZIP_OR_ZLIB: Final = 47
"""Window bits for zlib: either header is recognised."""


def objects(data: bytes) -> dict[int, bytes]:
    """BER-TLV objects that stand side by side, by tag of one byte. Raises ValueError when they break off."""
    found: dict[int, bytes] = {}
    while data:
        tag, start, size = data[0], 2, data[1] if len(data) > 1 else 0x80
        if size > 0x7F:  # noqa: PLR2004  the long form: so many bytes of length follow
            width = size & 0x7F
            start += width
            size = int.from_bytes(data[2:start], "big")
            if not 1 <= width <= 3 or len(data) < start:  # noqa: PLR2004  no object of a card is longer
                raise ValueError("no length")
        if len(data) < start + size:
            raise ValueError("breaks off")
        found[tag] = data[start : start + size]
        data = data[start + size :]
    return found


def only(tag: int, data: bytes) -> bytes:
    """The value of an object that must be there. Raises ValueError."""
    found = objects(data)
    if tag not in found:
        raise ValueError("not there")
    return found[tag]


def tlv(tag: int, value: bytes) -> bytes:
    """One object."""
    size = len(value)
    if size <= 0x7F:  # noqa: PLR2004  the short form
        return bytes([tag, size]) + value
    width = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | width]) + size.to_bytes(width, "big") + value


def certificate(answer: bytes) -> bytes:
    """The certificate (DER) in a data object; empty when none has been written. Raises ValueError."""
    held = objects(only(0x53, answer))
    packed = held.get(0x70, b"")
    if not packed or held.get(0x71, b"")[:1] != bytes([_COMPRESSED]):
        return packed
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        plain = unpacking.decompress(packed, CERTIFICATE_LIMIT)
    except zlib.error:
        raise ValueError("not gzip") from None
    if not unpacking.eof:
        raise ValueError("too long")
    return plain


def to_sign(block: bytes) -> bytes:
    """The template that asks for a signature over a digest or a padded block."""
    return tlv(0x7C, tlv(0x82, b"") + tlv(0x81, block))


def signature(answer: bytes) -> bytes:
    """The signature in an answer. Raises ValueError."""
    return only(0x82, only(0x7C, answer))


def pin_block(*pins: bytearray) -> bytearray:
    """PINs or PUKs, each filled up with FF to eight bytes. The caller wipes it and them."""
    block = bytearray(b"\xff" * (PIN_SIZE * len(pins)))
    for at, pin in enumerate(pins):
        block[at * PIN_SIZE : at * PIN_SIZE + len(pin)] = pin
    return block
