"""Check characters of the numbers people and employers are known by."""

from __future__ import annotations

from typing import Final

_CITIZEN_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS: Final = "10X98765432"

CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a unified social credit code by value 0..30: no I, O, S, V, Z (GB 32100)."""
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ICAO_WEIGHTS: Final = (7, 3, 1)


def citizen_check_character(seventeen: str) -> str:
    """Last character of a citizen identity number, from its first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _CITIZEN_WEIGHTS, strict=True))
    return _CITIZEN_CHECKS[total % 11]


def credit_code_check(seventeen: str) -> str:
    """Last character of a unified social credit code, from its first 17 (GB 32100)."""
    values = map(CREDIT_ALPHABET.index, seventeen)
    total = sum(value * weight for value, weight in zip(values, _CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def org_code_check(eight: str) -> str:
    """Last character of an organisation code, from its first 8 (GB 11714); digits and A-Z count 0..35."""
    total = sum(int(character, 36) * weight for character, weight in zip(eight, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def icao_731(characters: str) -> str:
    """Check digit of travel documents (ICAO 9303): weights 7-3-1, A=10 … Z=35, < = 0."""
    values = (0 if character == "<" else int(character, 36) for character in characters)
    return str(sum(value * _ICAO_WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def passes_luhn(digits: str) -> bool:
    """Whether a card number ends with its Luhn digit (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004  sum of the two digits
    return total % 10 == 0


def iso7064_mod11_10(digits: str) -> str:
    """Check digit of an acceptance number (ISO 7064 MOD 11,10): every wrong digit shows, most swaps too."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
