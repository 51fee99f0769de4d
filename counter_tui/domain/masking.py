"""How personal data are shown where the full value has no business: one rule for screen, roster and log."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from counter_tui.domain.check_characters import passes_luhn

_STAR: Final = "*"
_LONG: Final = 14
"""Document numbers from this length show three characters and four; shorter ones would show most of themselves."""

_MARKS: Final = frozenset({"Mn", "Mc", "Me"})


def mask_id(number: str) -> str:
    """First 3, last 4 of a document number; of a short one first 1, last 2."""
    return _ends(number, 3, 4) if len(number) >= _LONG else _ends(number, 1, 2)


def mask_phone(number: str) -> str:
    """First 3, last 4 of a telephone number."""
    return _ends(number, 3, 4)


def mask_account(number: str) -> str:
    """Last 4 of a bank account."""
    return _ends(number, 0, 4)


def mask_name(name: str) -> str:
    """The first character with its marks, and one star whatever the length."""
    if not name:
        return ""
    end = 1
    while end < len(name) and unicodedata.category(name[end]) in _MARKS:
        end += 1
    return name[:end] + _STAR


# Words of streets and yards never count as part of a district's name: in doubt less is shown.
_TO_DISTRICT: Final = re.compile(
    r"^(?:[^\d\s]{2,9}?(?:省|自治区|特别行政区))?"
    r"(?:[^\d\s路街道巷村镇乡号楼]{2,9}?(?:市|自治州|盟|地区))?"
    r"(?:[^\d\s路街道巷村镇乡号楼小园]{1,8}?(?:区|县|市|旗))?"
)


def mask_address(address: str) -> str:
    """An address down to the district; nothing where no district can be told."""
    if not address:
        return ""
    shown = _TO_DISTRICT.match(address)
    return (shown[0] if shown else "") + _STAR * 3


def _ends(text: str, first: int, last: int) -> str:
    """Both ends of the text, stars between; only stars where less would be hidden than shown at either end."""
    hidden = len(text) - first - last
    if hidden <= 0:
        return _STAR * len(text)
    return text[:first] + _STAR * hidden + text[len(text) - last :]


_PERSONAL: Final = re.compile(
    r"(?P<id>(?<!\d)\d{17}[\dXxＸｘ](?!\d)|(?<!\d)\d{15}(?!\d)|(?<![A-Za-z])[A-Za-z]{3}\d{12}(?!\d))"
    r"|(?P<phone>(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d))"
    r"|(?P<travel>(?<![A-Za-z\d])(?:[EGHMegmh]|[DSPdsp][Ee])[A-Za-z]?\d{7,10}(?!\d))"
    r"|(?P<card>(?<!\d)(?:\d[ -]?){12,18}\d(?!\d))"
)
_ALWAYS_A_CARD: Final = 16


def scrub(text: str) -> str:
    """Free text for the log: document numbers, telephones and card numbers masked, the rest as it is."""
    return _PERSONAL.sub(_scrubbed, text)


def _scrubbed(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "phone":
            return mask_phone(found[0])
        case "card":
            digits = re.sub("[ -]", "", found[0])
            return mask_account(digits) if len(digits) >= _ALWAYS_A_CARD or passes_luhn(digits) else found[0]
        case _:
            return mask_id(found[0])
