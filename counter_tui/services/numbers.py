"""Ids and salts, made offline without asking anybody."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def uuid7(now: datetime) -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def salt() -> str:
    """16 random bytes, hex."""
    return secrets.token_hex(16)
