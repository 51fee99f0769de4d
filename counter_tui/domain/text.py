"""Text as the counter keeps it, measures it and writes it out."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from counter_tui.errors import CounterError

_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that can steer a terminal: controls, bidi and zero width, surrogates, line separators."""

_EMOJI_SELECTOR: Final = "\ufe0f"
"""Widens the character before it on some terminals only; no name is written with it."""

_REPLACEMENT: Final = "\ufffd"
"""What a decoder leaves where the terminal's charset was not the program's."""

_COMPOSED_KEYS: Final = (("。", "."), ("、", "/"), ("——", "-"))
"""What a Chinese input method gives for the keys . / and -"""


class Unclean(CounterError):
    """不能含有控制字符或不可见字符（U+{code_point:04X}），请删去后重新输入"""

    code_point: int


class BrokenCharset(Unclean):
    """终端编码与程序不一致（U+{code_point:04X}），请改为 UTF-8 或设为 GB18030"""


def plain(text: str) -> str:
    """The half-width form of a typed value: NFKC, input-method punctuation mapped, stripped. Not for names."""
    text = unicodedata.normalize("NFKC", text)
    for composed, key in _COMPOSED_KEYS:
        text = text.replace(composed, key)
    return text.strip()


def clean_text(text: str) -> str:
    """NFC text fit to keep.

    Raises:
        Unclean: a character can steer a terminal or cannot be seen.
        BrokenCharset: the text came through a terminal in another charset.
    """
    text = unicodedata.normalize("NFC", text)
    for character in text:
        if character == _REPLACEMENT:
            raise BrokenCharset(code_point=ord(character))
        if _steers(character):
            raise Unclean(code_point=ord(character))
    return text


def safe(text: str) -> str:
    """What may be painted or printed: ␛ for escape, ? for every other character that steers."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_PAINTED)


class _Painted(dict[int, str]):
    """What is painted for each character that was painted before."""

    def __missing__(self, code_point: int) -> str:
        painted = chr(code_point)
        if painted == _REPLACEMENT or _steers(painted):
            painted = "␛" if painted == "\x1b" else "?"
        self[code_point] = painted
        return painted


_PAINTED: Final = _Painted()


def _steers(character: str) -> bool:
    return character == _EMOJI_SELECTOR or unicodedata.category(character) in _STEERING


_NO_CELL: Final = frozenset({"Cc", "Cf", "Mc", "Me", "Mn", "Zl", "Zp"})

_CELLS_OF_RANGES: Final = (
    (0x1160, 0x11FF, 0),
    (0x2630, 0x2637, 2),
    (0x268A, 0x268F, 2),
    (0x302E, 0x302F, 0),
    (0x3164, 0x3164, 0),
    (0x4DC0, 0x4DFF, 2),
    (0xFFA0, 0xFFA0, 0),
    (0x1D300, 0x1D376, 2),
    (0x1F3FB, 0x1F3FF, 0),
    (0x20000, 0x3FFFD, 2),
)
"""Cells where the interpreter's Unicode is older than the terminal's or says something else: hexagrams and trigrams,
Hangul vowels, fillers and tone marks, skin tones, and the Han planes 2 and 3, which grow with each edition."""


@lru_cache(maxsize=8192)
def _cells(character: str) -> int:
    code_point = ord(character)
    for first, last, cells in _CELLS_OF_RANGES:
        if first <= code_point <= last:
            return cells
    category = unicodedata.category(character)
    if category in _NO_CELL:
        return 0
    # The interpreter calls unassigned characters wide or narrow according to its version.
    if category == "Cn":
        return 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Cells the text takes on the screen and in fixed-pitch print."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_cells, text))


def fit(text: str, cells: int) -> str:
    """The longest beginning of the text that takes no more than so many cells; marks stay with their character."""
    if text.isascii() and text.isprintable():
        return text[: max(cells, 0)]
    taken = 0
    for index, character in enumerate(text):
        taken += _cells(character)
        if taken > cells:
            return text[:index]
    return text


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """The text cut and filled with spaces to exactly so many cells; `right` moves it to the right edge."""
    text = fit(text, cells)
    blanks = " " * (cells - width(text))
    return blanks + text if right else text + blanks


_NUMERALS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_GROUPS: Final = ("", "万", "亿", "万亿")
_FULL_GROUP: Final = 1000
_LARGEST_FEN: Final = 10**18 - 1


class AmountTooLarge(CounterError):
    """金额超出大写可写范围，请核对金额"""


def capitals(fen: int) -> str:
    """人民币大写 of an amount in fen, as receipts print it.

    Source: 支付结算办法 (银发〔1997〕393号) appendix 1. Where it allows two forms, the one listed first: no 零 before
    a full group of four digits, 零 after 元 when the yuan digit is 0 and jiao is not. 整 stands after 元 only.
    Red entries: 负.

    Raises:
        AmountTooLarge: the amount reaches 10^16 yuan.
    """
    if abs(fen) > _LARGEST_FEN:
        raise AmountTooLarge
    sign = "负" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"人民币{sign}{_yuan_in_capitals(yuan, whole=rest == 0)}{_rest_in_capitals(yuan, *divmod(rest, 10))}"


def _yuan_in_capitals(yuan: int, *, whole: bool) -> str:
    if yuan == 0:
        return "零元整" if whole else ""
    groups = [yuan // 10_000**place % 10_000 for place in range(len(_GROUPS))]
    written = ""
    skipped = False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            skipped = True
            continue
        if written and (skipped or group < _FULL_GROUP):
            written += "零"
        unit = "万" if place == len(_GROUPS) - 1 and groups[place - 1] else _GROUPS[place]
        written += _group_in_capitals(group) + unit
        skipped = False
    return written + ("元整" if whole else "元")


def _group_in_capitals(group: int) -> str:
    """Up to four digits, 零 once between digits that are not zero."""
    written = ""
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit != "0":
            written += _NUMERALS[int(digit)] + place
        elif written and not written.endswith("零"):
            written += "零"
    return written.rstrip("零")


def _rest_in_capitals(yuan: int, jiao: int, fen: int) -> str:
    zero = "零" if yuan and (jiao or fen) and (jiao == 0 or yuan % 10 == 0) else ""
    return zero + (f"{_NUMERALS[jiao]}角" if jiao else "") + (f"{_NUMERALS[fen]}分" if fen else "")
