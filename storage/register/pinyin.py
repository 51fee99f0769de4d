"""Pinyin initials of names, by which a clerk finds a person with the letters alone."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_SURNAMES: Final = {"单": "s", "解": "x", "仇": "q", "区": "o", "查": "z", "翟": "z", "曾": "z", "朴": "p", "乐": "y"}
"""Characters that a surname reads in another way than the rest of the language."""


@lru_cache(maxsize=8192)
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    # The tables take a fifth of a second to load: only for characters never met before.
    from pypinyin.constants import PINYIN_DICT

    reading = PINYIN_DICT.get(ord(character), "")
    return unicodedata.normalize("NFD", reading)[:1].lower()


def initials(name: str) -> str:
    """First letters of a name's syllables, `zsf` for 张三丰; characters without a reading are left out."""
    return _SURNAMES.get(name[:1], _initial(name[:1])) + "".join(map(_initial, name[1:])) if name else ""
