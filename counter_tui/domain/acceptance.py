"""Acceptance numbers (受理号): twenty digits, made offline without asking anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.check_characters import iso7064_mod11_10

if TYPE_CHECKING:
    from datetime import date

LAST_SEQUENCE = 9_999
"""Acceptances that one window can give in a day."""


def acceptance_number(bureau: str, window: str, day: date, sequence: int) -> str:
    """Bureau 6, window 3, date 6, sequence 4, check 1 (ISO 7064 MOD 11,10)."""
    digits = f"{bureau}{window}{day:%y%m%d}{sequence:04d}"
    return digits + iso7064_mod11_10(digits)


def grouped_number(number: str) -> str:
    """The form that people read: 130400-003-261123-0042-8."""
    return "-".join((number[:6], number[6:9], number[9:15], number[15:19], number[19:]))
