"""Identity numbers of citizens, and the 18 characters other documents share with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

from counter_tui.domain.check_characters import citizen_check_character
from counter_tui.domain.numbers import (
    BirthDateInFuture,
    BirthDateTooEarly,
    NoSuchBirthDate,
    NoSuchProvince,
    WrongCharacter,
    WrongCheckCharacter,
    characters,
    length,
    tidy,
)
from counter_tui.domain.text import plain

_PROVINCES: Final = frozenset(
    map(
        str,
        (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82),
    )
)
_EARLIEST_YEAR: Final = 1880
_CENTENARIANS: Final = frozenset({"996", "997", "998", "999"})
"""Sequences of 15-digit numbers kept for people born before 1900."""
_UPPER_CASE_X: Final = "M02"
_DIGITS: Final = "0123456789"
_FIFTEEN: Final = 15
_CITIZEN: Final = "居民身份证号码"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenId:
    """A citizen identity number of 18 characters (GB 11643-1999)."""

    number: str
    born: date
    sex: str
    """CL-SEX: 1 male, 2 female."""
    region: str
    """GB/T 2260 code of the county where the number was first given; may be abolished."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Messages about what was changed in reading."""

    @classmethod
    def parse(cls, text: str, today: date) -> Self:
        """Read a typed number.

        Raises:
            WrongNumber: length, character, province, birth date or check character is wrong.
        """
        number = as_kept(text)
        eighteen(number, _CITIZEN)
        province(number[:2], _CITIZEN)
        born = birth_date(number[6:14], _CITIZEN, today)
        check_character(number, _CITIZEN)
        return cls(number=number, born=born, sex=sex_of(number[16]), region=number[:6], notes=notes_on(text))


def upgrade_citizen_id(fifteen: str, today: date) -> CitizenId:
    """The 18-character form of a number given before October 1999.

    Raises:
        WrongNumber: it is not 15 digits with an existing province and date.
    """
    what = "15位身份证号码"
    number = tidy(fifteen)
    length(number, 15, what)
    characters(number, _DIGITS, what)
    century = "18" if number[-3:] in _CENTENARIANS else "19"
    seventeen = number[:6] + century + number[6:]
    province(number[:2], what)
    born = _existing(seventeen[6:14], what)
    if born > today:
        raise BirthDateInFuture(what=what, born=born)
    return CitizenId(
        number=seventeen + citizen_check_character(seventeen), born=born, sex=sex_of(seventeen[16]), region=number[:6]
    )


def read_identity(text: str, today: date) -> CitizenId:
    """A typed number of 18 characters, or of the 15 digits before October 1999, in its present form.

    Raises:
        WrongNumber: it is neither.
    """
    return upgrade_citizen_id(text, today) if len(tidy(text)) == _FIFTEEN else CitizenId.parse(text, today)


def as_kept(typed: str) -> str:
    """The tidy number; on a number pad `*` stands for the X at its end."""
    number = tidy(typed)
    return f"{number[:-1]}X" if number.endswith("*") else number


def eighteen(number: str, what: str) -> None:
    """Refuse what is not 17 digits and a digit or X."""
    length(number, 18, what)
    characters(number[:17], _DIGITS, what)
    if number[17] not in _DIGITS + "X":
        raise WrongCharacter(what=what, position=18, character=number[17])


def check_character(number: str, what: str) -> None:
    """Refuse a wrong last character."""
    if citizen_check_character(number[:17]) != number[17]:
        raise WrongCheckCharacter(what=what)


def province(code: str, what: str) -> None:
    """Refuse a province of GB/T 2260 that never was; counties come and go and are not refused."""
    if code not in _PROVINCES:
        raise NoSuchProvince(what=what, province=code)


def _existing(digits: str, what: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise NoSuchBirthDate(what=what, digits=digits) from None


def birth_date(digits: str, what: str, today: date) -> date:
    """Birth date of eight digits: existing, not in the future, not before 1880."""
    born = _existing(digits, what)
    if born > today:
        raise BirthDateInFuture(what=what, born=born)
    if born.year < _EARLIEST_YEAR:
        raise BirthDateTooEarly(what=what, born=born)
    return born


def sex_of(digit: str) -> str:
    """CL-SEX of a sequence digit: odd is male."""
    return "1" if int(digit) % 2 else "2"


def notes_on(typed: str) -> tuple[str, ...]:
    """Messages about what reading put right."""
    return (_UPPER_CASE_X,) if plain(typed).endswith(("x", "*")) else ()
