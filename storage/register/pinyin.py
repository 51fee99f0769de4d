"""Pinyin initials of names, by which a clerk finds a person with the letters alone."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

_SURNAMES: Final = {"单": "s", "解": "x", "仇": "q", "区": "o", "查": "z", "翟": "z", "曾": "z", "朴": "p", "乐": "y"}
"""Characters that a surname reads in another way than the rest of the language."""


@cache
def _readings() -> dict[str, str]:
    """Readings by code point (decimal), of pypinyin's characters alone.

    The package itself takes a fifth of a second to import, most of it for phrases; a first save cannot wait for that.
    """
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pypinyin")
    table = Path(spec.origin).with_name("pinyin_dict.json")
    return msgspec.json.decode(table.read_bytes(), type=dict[str, str])


@lru_cache(maxsize=8192)
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    reading = _readings().get(str(ord(character)), "")
    return unicodedata.normalize("NFD", reading)[:1].lower()


def initials(name: str) -> str:
    """First letters of a name's syllables, `zsf` for 张三丰; characters without a reading are left out."""
    return _SURNAMES.get(name[:1], _initial(name[:1])) + "".join(map(_initial, name[1:])) if name else ""
