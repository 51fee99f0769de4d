"""Acceptance numbers (受理号) and ids, made offline without asking anybody (sync: §4)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from counter_tui.domain.identity import iso7064_mod11_10

if TYPE_CHECKING:
    from datetime import date, datetime

LAST_SEQUENCE = 9_999
"""Acceptances that one window can give in a day."""


def acceptance_number(bureau: str, window: str, day: date, sequence: int) -> str:
    """Bureau 6, window 3, date 6, sequence 4, check 1: twenty digits."""
    digits = f"{bureau}{window}{day:%y%m%d}{sequence:04d}"
    return digits + iso7064_mod11_10(digits)


def grouped_number(number: str) -> str:
    """The form that people read: 130400-003-261123-0042-8."""
    return "-".join((number[:6], number[6:9], number[9:15], number[15:19], number[19:]))


def uuid7(now: datetime) -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def salt() -> str:
    """16 random bytes, hex."""
    return secrets.token_hex(16)
