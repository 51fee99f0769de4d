"""Canonical JSON (RFC 8785 for what we use: no floats) and the hashes made over it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

import msgspec

from counter_tui.domain.calendar import YearMonth

T = TypeVar("T")


def _encoded(value: Any) -> Any:
    if isinstance(value, YearMonth):
        return str(value)
    raise TypeError(type(value).__name__)


def _decoded(kind: type, value: Any) -> Any:
    if kind is YearMonth:
        return YearMonth.parse(value)
    raise TypeError(kind.__name__)


def builtins(value: Any) -> Any:
    """Turn a value of ours into dicts, lists, strings, integers and booleans."""
    return msgspec.to_builtins(value, enc_hook=_encoded)


def read(kind: type[T], value: Any) -> T:
    """Turn builtins back into a value; raises msgspec.ValidationError naming the path."""
    return msgspec.convert(value, kind, dec_hook=_decoded)


def pack(value: Any) -> bytes:
    """JSON bytes for a column of the store."""
    return msgspec.json.encode(value, enc_hook=_encoded)


def unpack(kind: type[T], data: bytes | str) -> T:
    """Read what `pack` wrote."""
    return msgspec.json.decode(data, type=kind, dec_hook=_decoded)


def canonical(value: Any) -> bytes:
    """RFC 8785 form: sorted keys, no blanks, UTF-8. Keys are ASCII, numbers integers."""
    return json.dumps(
        builtins(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(*parts: bytes | str) -> str:
    """SHA-256 over the parts, hex."""
    joined = hashlib.sha256()
    for part in parts:
        joined.update(part.encode() if isinstance(part, str) else part)
    return joined.hexdigest()
