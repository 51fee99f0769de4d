"""Pinyin initials of names, by which a clerk finds a person with the letters alone."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=8192)
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    # pypinyin's tables take a tenth of a second to load: only for characters never met before.
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(character, style=Style.FIRST_LETTER, errors="ignore"))
    return letters[:1].lower()


def initials(name: str) -> str:
    """First letters of a name's syllables, `zsf` for 张三丰; characters without a reading are left out."""
    return "".join(map(_initial, name))
