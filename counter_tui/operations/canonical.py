"""Canonical JSON (RFC 8785 for what we use: no floats): what hashes are made over.

A `YearMonth` travels as the object of its two integers, as every dataclass does.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

MOST_EXACT = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly; what is larger travels as text."""


class NotCanonical(ValueError):
    """A value has no canonical form: a float, an integer too large, or a key that is no text."""


def builtins(value: Any) -> Any:
    """Turn a value of ours into dicts, lists, strings, integers and booleans."""
    return msgspec.to_builtins(value)


def read(kind: type[T], value: Any) -> T:
    """Turn builtins back into a value; raises msgspec.ValidationError naming the path."""
    return msgspec.convert(value, kind)


def pack(value: Any) -> bytes:
    """JSON bytes for a column of the store."""
    return msgspec.json.encode(value)


def unpack(kind: type[T], data: bytes | str) -> T:
    """Read what `pack` wrote."""
    return msgspec.json.decode(data, type=kind)


def canonical(value: Any) -> bytes:
    """RFC 8785 form: sorted ASCII keys, no blanks, UTF-8, texts NFC. Raises NotCanonical."""
    plain = _plain(builtins(value))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case None | bool():
            return value
        case int() if -MOST_EXACT <= value <= MOST_EXACT:
            return value
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict() if all(isinstance(key, str) and key.isascii() for key in value):
            return {key: _plain(each) for key, each in value.items()}
    raise NotCanonical(type(value).__name__)
