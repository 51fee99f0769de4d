"""Names of persons as they are kept."""

from __future__ import annotations

import unicodedata
from typing import Final

from counter_tui.domain.text import clean_text
from counter_tui.errors import CounterError

_DOT: Final = "\u00b7"
_DOTS_ALIKE: Final = str.maketrans(
    dict.fromkeys("\u2022\u2027\u2219\u22c5\u30fb\uff65", _DOT),
)
"""What keyboards give for the dot in names: bullets, operators and kana dots."""

_WRITING: Final = frozenset({"Lo", "Lu", "Ll", "Lt", "Lm", "Mn", "Mc", "Co", "Nl"})
"""Letters, marks, private use (old encodings of rare names) and 〇."""
_FOREIGN_MARKS: Final = frozenset(" -'.,\u2019")


class NameMissing(CounterError):
    """姓名不能为空，请输入姓名"""


class WrongNameCharacter(CounterError):
    """姓名中第{position}个字符「{character}」不能使用，请核对后重新输入"""

    position: int
    character: str


class SpaceInName(CounterError):
    """居民身份证上的姓名中间没有空格，请删去第{position}个字符处的空格"""

    position: int


def clean_name(text: str, *, resident: bool = False) -> str:
    """A name fit to keep: NFC, stripped, the dot of minority names always U+00B7, full-width forms left alone.

    Args:
        text: The name as typed.
        resident: The document is a resident identity card: no spaces and no Latin punctuation inside.

    Raises:
        NameMissing: nothing is left.
        Unclean: a character steers a terminal.
        SpaceInName: a resident's name has a space inside.
        WrongNameCharacter: a digit, sign or punctuation mark.
    """
    name = clean_text(text.strip()).translate(_DOTS_ALIKE)
    if not name:
        raise NameMissing
    for position, character in enumerate(name, start=1):
        if character == _DOT or unicodedata.category(character) in _WRITING:
            continue
        if resident and character.isspace():
            raise SpaceInName(position=position)
        if resident or character not in _FOREIGN_MARKS:
            raise WrongNameCharacter(position=position, character=character)
    return name
