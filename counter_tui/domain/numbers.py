"""Numbers of employers, accounts and telephones, and what is said of a wrong number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from counter_tui.domain.check_characters import (
    CREDIT_ALPHABET,
    credit_code_check,
    org_code_check,
    passes_luhn,
)
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from datetime import date

_CREDIT_CODE: Final = "统一社会信用代码"
_ORGANISATION_CODE: Final = "组织机构代码"
_BANK_CARD: Final = "银行卡号"
_SERVICE_NUMBERS: Final = frozenset({"12333", "12366", "12393"})


class WrongNumber(CounterError):
    """{what}不正确，请核对后重新输入"""

    what: str


class WrongLength(WrongNumber):
    """{what}应为{expected}位，实为{length}位，请核对后重新输入"""

    expected: str
    length: int


class WrongCharacter(WrongNumber):
    """{what}第{position}位「{character}」不能使用，请切换为半角英文后重新输入"""

    position: int
    character: str


class NoSuchProvince(WrongNumber):
    """{what}中的省级代码「{province}」不存在，请核对后重新输入"""

    province: str


class NoSuchBirthDate(WrongNumber):
    """{what}中的出生日期「{digits}」不存在，请核对后重新输入"""

    digits: str


class BirthDateInFuture(WrongNumber):
    """{what}中的出生日期 {born} 晚于今天，请核对后重新输入"""

    born: date


class BirthDateTooEarly(WrongNumber):
    """{what}中的出生日期 {born} 早于1880年，请核对后重新输入"""

    born: date


class NoSuchCountry(WrongNumber):
    """{what}中的国家代码「{country}」不存在，请核对后重新输入"""

    country: str


class WrongShape(WrongNumber):
    """{what}格式不正确，应为{shape}，请核对后重新输入"""

    shape: str


class AllZero(WrongNumber):
    """{what}不能全为0，请核对后重新输入"""


class NotAsKept(WrongNumber):
    """{what}含有空格、全角或小写字母，须先整理为「{kept}」"""

    kept: str


class WrongCheckCharacter(WrongNumber):
    """{what}校验未通过，请逐位核对后重新输入"""


def tidy(text: str) -> str:
    """A number as kept: half-width, upper case, no spaces."""
    return "".join(plain(text).upper().split())


def length(number: str, expected: int, what: str) -> None:
    """Refuse a number of another length."""
    if len(number) != expected:
        raise WrongLength(what=what, expected=str(expected), length=len(number))


def characters(number: str, allowed: str, what: str) -> None:
    """Refuse the first character that is not allowed."""
    for position, character in enumerate(number, start=1):
        if character not in allowed:
            raise WrongCharacter(what=what, position=position, character=character)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditCode:
    """A unified social credit code (GB 32100-2015)."""

    number: str
    organisation_part_fits: bool
    """Positions 9-17 are an organisation code; a few early codes are right without it: a warning, no refusal."""

    @property
    def organisation_code(self) -> str:
        """The organisation code inside, as older records hold it."""
        return self.number[8:17]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a typed code.

        Raises:
            WrongNumber: length, a character or the check character is wrong, or all is zero.
        """
        number = tidy(text)
        length(number, 18, _CREDIT_CODE)
        characters(number, CREDIT_ALPHABET, _CREDIT_CODE)
        if not number.strip("0"):
            raise AllZero(what=_CREDIT_CODE)
        if credit_code_check(number[:17]) != number[17]:
            raise WrongCheckCharacter(what=_CREDIT_CODE)
        return cls(number=number, organisation_part_fits=org_code_check(number[8:16]) == number[16])


def org_code(text: str) -> str:
    """An organisation code (GB 11714-1997) as nine characters without hyphen.

    Raises:
        WrongNumber: length, a character or the check character is wrong, or all is zero.
    """
    number = tidy(text)
    if number[8:9] == "-":
        number = number[:8] + number[9:]
    length(number, 9, _ORGANISATION_CODE)
    characters(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", _ORGANISATION_CODE)
    if not number.strip("0"):
        raise AllZero(what=_ORGANISATION_CODE)
    if org_code_check(number[:8]) != number[8]:
        raise WrongCheckCharacter(what=_ORGANISATION_CODE)
    return number


def bank_card(text: str) -> str:
    """A bank card number, digits only; corporate and passbook accounts follow no such rule.

    Raises:
        WrongNumber: not 13 to 19 digits, all zero, or the Luhn digit is wrong.
    """
    number = tidy(text).replace("-", "")
    characters(number, "0123456789", _BANK_CARD)
    if not 13 <= len(number) <= 19:  # noqa: PLR2004  ISO/IEC 7812
        raise WrongLength(what=_BANK_CARD, expected="13至19", length=len(number))
    if not number.strip("0"):
        raise AllZero(what=_BANK_CARD)
    if not passes_luhn(number):
        raise WrongCheckCharacter(what=_BANK_CARD)
    return number


def phone(text: str) -> str:
    """A telephone number as kept: 11 digits, area code-number, or a service number.

    Raises:
        WrongShape: it is none of these.
    """
    typed = re.sub(r"^\+86-?", "", tidy(text))
    dialled = re.sub(r"[-()]", "", typed)
    if dialled in _SERVICE_NUMBERS or re.fullmatch(r"1[3-9]\d{9}", dialled, re.ASCII):
        return dialled
    # Where no hyphen parts them: area codes have three digits for 010 and 02x, four elsewhere.
    parted, run_together = r"(0\d{2,3})-(\d{7,8})", r"(010|02\d|0[3-9]\d{2})(\d{7,8})"
    landline = re.fullmatch(parted, typed, re.ASCII) or re.fullmatch(run_together, dialled, re.ASCII)
    if landline is None:
        raise WrongShape(what="电话号码", shape="11位手机号，或区号加7至8位号码")
    return f"{landline[1]}-{landline[2]}"
