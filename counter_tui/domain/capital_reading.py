"""Amounts in capitals read back, as old papers and other systems write them."""

from __future__ import annotations

import re
from typing import Final

from counter_tui.domain.text import capitals
from counter_tui.errors import CounterError

_VARIANTS: Final = str.maketrans(
    {
        **dict.fromkeys("圆圓", "元"),
        **dict.fromkeys("正", "整"),
        **dict.fromkeys("萬", "万"),
        **dict.fromkeys("億", "亿"),
        **dict.fromkeys("弌壱", "壹"),
        **dict.fromkeys("貳貮贰弐弍", "贰"),
        **dict.fromkeys("參叄叁参弎", "叁"),
        **dict.fromkeys("陸", "陆"),
        **dict.fromkeys("〇○", "零"),
        **dict.fromkeys("負", "负"),
        **dict.fromkeys("幣", "币"),
    }
)
"""Old and variant characters by the one that is printed."""
_DIGITS: Final = {numeral: value for value, numeral in enumerate("零壹贰叁肆伍陆柒捌玖")}
_FEN_OF: Final = {"仟": 100_000, "佰": 10_000, "拾": 1000, "元": 100, "角": 10, "分": 1}
_LONGEST: Final = 80
"""Characters of a written amount; the longest one has fewer."""


class WrongCapitals(CounterError):
    """大写金额「{text}」不正确，请按 人民币壹仟肆佰零玖元伍角 这样的写法核对"""


def read_capitals(text: str) -> int:
    """Read an amount in capitals, with or without 人民币 in front, as fen.

    Accepted beside what `capitals` writes: the second form where 支付结算办法 appendix 1 allows two, 正 for 整, 圆 for
    元, 整 after 角, 零元 before jiao and fen, and old characters such as 貳, 陸, 萬.

    Raises:
        WrongCapitals: it is no amount in capitals, or a 零 or 整 that has to be there is missing.
        AmountTooLarge: the amount has no capitals.
    """
    written = "".join(text.split())
    if len(written) > _LONGEST:
        raise WrongCapitals(text=f"{written[:_LONGEST]}…")
    written = written.translate(_VARIANTS).removeprefix("人民币")
    fen = _value(written)
    if fen is None or not re.fullmatch(_writings(fen), written):
        raise WrongCapitals(text=text)
    return fen


def _value(written: str) -> int | None:
    """Add up what stands there, in whatever order; None if a character is none of capitals."""
    total = group = digit = 0
    for character in written.removeprefix("负").removesuffix("整"):
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        match character:
            case "仟" | "佰" | "拾":
                group += digit * _FEN_OF[character]
            case "万":
                total, group = total + (group + digit * 100) * 10_000, 0
            case "亿":
                total, group = (total + group + digit * 100) * 10**8, 0
            case "元":
                total, group = total + group + digit * 100, 0
            case "角" | "分":
                total += digit * _FEN_OF[character]
            case _:
                return None
        digit = 0
    return -total if written.startswith("负") else total


def _writings(fen: int) -> str:
    """A pattern of every accepted writing of an amount, without 人民币."""
    pattern = capitals(fen).removeprefix("人民币")
    # A full group after a group that ends in zero, and jiao after a yuan digit of zero: 零 may be written or left out.
    pattern = re.sub(r"(?<=[拾佰仟][万亿])(?=[^零元亿]仟)|(?<=[拾佰仟]万亿)(?=[^零]仟)", "零?", pattern)
    pattern = re.sub(r"(?<=元)零(?=.角)", "零?", pattern)
    pattern = re.sub(r"角$", "角整?", pattern)
    if abs(fen) < 100 and fen:  # noqa: PLR2004  fen of a yuan
        pattern = re.sub(r"^(负?)(?=.([角分]))", r"\1(?:零元零?)?", pattern)
    return pattern
