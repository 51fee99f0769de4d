"""Money in whole fen: shown, typed and rounded."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from decimal import Decimal

MOST_FEN = 99_999_999_999_999
"""999,999,999,999.99 yuan: the largest amount that is read; typing more is a slip of the finger."""

_FEN = 100
_AMOUNT = re.compile(r"(?P<sign>[+-]?)(?P<yuan>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")


class BadAmount(CounterError):
    """金额「{text}」不正确，请只键入数字和小数点，例如 8432.50（请检查输入法）"""


class AmountTooFine(CounterError):
    """金额「{text}」最多两位小数，请精确到分"""


class AmountTooLarge(CounterError):
    """金额「{text}」超出可录入的最大金额，请核对位数"""


class SignedAmount(CounterError):
    """金额「{text}」不能带正负号，请直接键入数字"""


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals, as files have it: `1234.50`."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // _FEN}.{abs(fen) % _FEN:02d}"


def grouped(fen: int) -> str:
    """Write fen as yuan with two decimals and thousands apart, as screens and prints have it: `1,234.50`."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // _FEN:,}.{abs(fen) % _FEN:02d}"


def read_yuan(text: str) -> int:
    """Read a typed amount in yuan, already folded to half-width, as fen; no sign is taken.

    Raises:
        BadAmount: not an amount, or thousands grouped wrongly.
        AmountTooFine: a third decimal; it is refused, not rounded.
        AmountTooLarge: above MOST_FEN.
        SignedAmount: a plus or minus in front.

    """
    if text[:1] in ("+", "-"):
        raise SignedAmount(text=text)
    return read_signed_yuan(text)


def read_signed_yuan(text: str, most: int = MOST_FEN) -> int:
    """Read an amount of at most so many fen that may be a refund: one minus in front makes it negative.

    Errors as read_yuan.
    """
    amount = _AMOUNT.fullmatch(text)
    if amount is None:
        raise BadAmount(text=text)
    if amount["sign"] == "+":
        raise SignedAmount(text=text)
    part = amount["part"] or ""
    if len(part) > 2:  # noqa: PLR2004  two decimals of a yuan are fen
        raise AmountTooFine(text=text)
    digits = amount["yuan"].replace(",", "").lstrip("0")
    if len(digits) > len(str(most)):
        raise AmountTooLarge(text=text)
    fen = int(digits or "0") * _FEN + int(part.ljust(2, "0"))
    if fen > most:
        raise AmountTooLarge(text=text)
    return -fen if amount["sign"] else fen


class Rounding(StrEnum):
    """How an exact amount becomes whole fen; which mode applies is policy data."""

    HALF_UP_FEN = "half_up_fen"
    """四舍五入到分"""
    HALF_UP_JIAO = "half_up_jiao"
    """四舍五入到角"""
    HALF_UP_YUAN = "half_up_yuan"
    """四舍五入到元"""
    LI_UP_TO_FEN = "li_up_to_fen"
    """见厘进分: a digit in the place of 厘 raises the fen; digits behind it do not count."""
    FEN_UP_TO_JIAO = "fen_up_to_jiao"
    """见分进角: a digit in the place of fen raises the jiao; digits behind it do not count."""
    JIAO_UP_TO_YUAN = "jiao_up_to_yuan"
    """见角进元: a digit in the place of jiao raises the yuan; digits behind it do not count."""
    TRUNCATE_FEN = "truncate_fen"
    """舍去分以下"""
    TRUNCATE_JIAO = "truncate_jiao"
    """舍去角以下"""
    TRUNCATE_YUAN = "truncate_yuan"
    """舍去元以下"""
    UP_TO_EVEN = "up_to_even"
    """进到偶数分: the smallest even number of fen not below the amount."""

    @property
    def label(self) -> str:
        """The mode in Chinese, for explanations."""
        return _LABELS[self]


_LABELS = {
    Rounding.HALF_UP_FEN: "四舍五入到分",
    Rounding.HALF_UP_JIAO: "四舍五入到角",
    Rounding.HALF_UP_YUAN: "四舍五入到元",
    Rounding.LI_UP_TO_FEN: "见厘进分",
    Rounding.FEN_UP_TO_JIAO: "见分进角",
    Rounding.JIAO_UP_TO_YUAN: "见角进元",
    Rounding.TRUNCATE_FEN: "舍去分以下",
    Rounding.TRUNCATE_JIAO: "舍去角以下",
    Rounding.TRUNCATE_YUAN: "舍去元以下",
    Rounding.UP_TO_EVEN: "进到偶数分",
}

# Steps are counted in 厘 (a tenth of a fen), the finest place any mode looks at.
_HALF_UP = {Rounding.HALF_UP_FEN: 10, Rounding.HALF_UP_JIAO: 100, Rounding.HALF_UP_YUAN: 1000}
_TRUNCATE = {Rounding.TRUNCATE_FEN: 10, Rounding.TRUNCATE_JIAO: 100, Rounding.TRUNCATE_YUAN: 1000}
_SEEN_UP = {Rounding.LI_UP_TO_FEN: 1, Rounding.FEN_UP_TO_JIAO: 10, Rounding.JIAO_UP_TO_YUAN: 100}


def round_fen(exact: Decimal, rounding: Rounding) -> int:
    """Round an exact amount of fen to whole fen; a refund is rounded as the collection it undoes."""
    return round_ratio(*exact.as_integer_ratio(), rounding)


def round_ratio(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Round the fraction numerator/denominator of fen (denominator positive) to whole fen, in integers only."""
    if numerator < 0:
        return -round_ratio(-numerator, denominator, rounding)
    li = 10 * numerator
    if step := _HALF_UP.get(rounding):
        return (2 * li + step * denominator) // (2 * step * denominator) * step // 10
    if step := _TRUNCATE.get(rounding):
        return li // (step * denominator) * step // 10
    if seen := _SEEN_UP.get(rounding):
        return -(-(li // (seen * denominator)) // 10) * seen
    return -(-numerator // (2 * denominator)) * 2
