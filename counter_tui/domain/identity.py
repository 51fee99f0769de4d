"""Numbers of persons: read as typed, checked by their standards, kept in one form."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003  field types are read at run time on the wire
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.domain.check_characters import (
    citizen_check_character,
    credit_code_check,
    icao_731,
    iso7064_mod11_10,
    org_code_check,
)
from counter_tui.domain.citizens import (
    CitizenId,
    as_kept,
    birth_date,
    check_character,
    eighteen,
    notes_on,
    province,
    sex_of,
    upgrade_citizen_id,
)
from counter_tui.domain.names import NameMissing, SpaceInName, WrongNameCharacter, clean_name
from counter_tui.domain.numbers import (
    AllZero,
    BirthDateInFuture,
    BirthDateTooEarly,
    CreditCode,
    NoSuchBirthDate,
    NoSuchCountry,
    NoSuchProvince,
    NotAsKept,
    WrongCharacter,
    WrongCheckCharacter,
    WrongLength,
    WrongNumber,
    WrongShape,
    bank_card,
    length,
    org_code,
    phone,
    tidy,
)
from counter_tui.domain.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "AllZero",
    "BirthDateInFuture",
    "BirthDateTooEarly",
    "CitizenId",
    "CreditCode",
    "NameMissing",
    "NoSuchBirthDate",
    "NoSuchCountry",
    "NoSuchProvince",
    "NotAsKept",
    "PersonDocument",
    "SpaceInName",
    "WrongCharacter",
    "WrongCheckCharacter",
    "WrongLength",
    "WrongNameCharacter",
    "WrongNumber",
    "WrongShape",
    "bank_card",
    "citizen_check_character",
    "clean_name",
    "credit_code_check",
    "document",
    "fpr15",
    "fpr18",
    "hmt_residence",
    "hmt_travel",
    "icao_731",
    "iso7064_mod11_10",
    "org_code",
    "org_code_check",
    "passport",
    "phone",
    "tidy",
    "upgrade_citizen_id",
]

_COUNTRIES: Final = Path(__file__).parent / "data" / "countries.csv"
_LONGEST_DOCUMENT_NUMBER: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDocument:
    """A document that proves who somebody is, by kind and number."""

    kind: str
    """Name of the rule that read it, such as `hmt_residence`."""
    number: str
    born: date | None = None
    sex: str | None = None
    """CL-SEX where the number tells it."""
    nationality: str | None = None
    """ISO 3166, as the number carries it: three letters or three digits."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Messages about what was changed in reading."""


def hmt_residence(text: str, today: date) -> PersonDocument:
    """港澳台居民居住证: 18 characters, check as GB 11643."""
    what = "港澳台居民居住证号码"
    number = as_kept(text)
    eighteen(number, what)
    if number[:6] not in {"810000", "820000", "830000"}:
        raise WrongShape(what=what, shape="810000、820000 或 830000 开头的18位号码")
    born = birth_date(number[6:14], what, today)
    check_character(number, what)
    return PersonDocument(kind="hmt_residence", number=number, born=born, sex=sex_of(number[16]), notes=notes_on(text))


def hmt_travel(text: str) -> PersonDocument:
    """Travel permit of Hong Kong, Macao (H, M) or Taiwan residents: format only."""
    number = tidy(text)
    if not re.fullmatch(r"[HM]\d{8}(\d{2})?|\d{8}|\d{10}(\([A-Z]\))?", number, re.ASCII):
        raise WrongShape(what="通行证号码", shape="H 或 M 加8位数字，或台湾居民8位（旧证10位）数字")
    return PersonDocument(kind="hmt_travel", number=number)


def fpr15(text: str, today: date) -> PersonDocument:
    """外国人永久居留身份证 in the form of 15 characters; of two possible centuries the later one past is taken."""
    what = "外国人永久居留证号码"
    number = tidy(text)
    length(number, 15, what)
    if not re.fullmatch(r"[A-Z]{3}\d{12}", number, re.ASCII):
        raise WrongShape(what=what, shape="3位字母加12位数字")
    _country(number[:3], 0, what)
    province(number[3:5], what)
    born = _born_in_either_century(number[7:13], what, today)
    if icao_731(number[:14]) != number[14]:
        raise WrongCheckCharacter(what=what)
    return PersonDocument(kind="fpr15", number=number, born=born, sex=sex_of(number[13]), nationality=number[:3])


def fpr18(text: str, today: date) -> PersonDocument:
    """外国人永久居留身份证 in the form of 18 characters, issued from December 2023."""
    what = "外国人永久居留证号码"
    number = as_kept(text)
    eighteen(number, what)
    if number[0] != "9":
        raise WrongShape(what=what, shape="9 开头的18位号码")
    province(number[1:3], what)
    _country(number[3:6], 1, what)
    born = birth_date(number[6:14], what, today)
    check_character(number, what)
    return PersonDocument(
        kind="fpr18",
        number=number,
        born=born,
        sex=sex_of(number[16]),
        nationality=number[3:6],
        notes=notes_on(text),
    )


def passport(text: str) -> PersonDocument:
    """A passport of any country: 5 to 15 letters and digits; Chinese E numbers never use I or O."""
    number = tidy(text)
    if not re.fullmatch(r"[A-Z0-9]{5,15}", number, re.ASCII):
        raise WrongShape(what="护照号码", shape="5至15位字母和数字")
    if re.fullmatch(r"E[IO]\d{7}", number, re.ASCII):
        raise WrongCharacter(what="护照号码", position=2, character=number[1])
    return PersonDocument(kind="passport", number=number)


def _born_in_either_century(digits: str, what: str, today: date) -> date:
    try:
        return birth_date(f"20{digits}", what, today)
    except (NoSuchBirthDate, BirthDateInFuture):
        return birth_date(f"19{digits}", what, today)


@cache
def _countries() -> tuple[tuple[str, str], ...]:
    with _COUNTRIES.open(encoding="utf-8", newline="") as file:
        return tuple((row["alpha3"], row["numeric"]) for row in csv.DictReader(file))


def _country(code: str, column: int, what: str) -> None:
    if not any(country[column] == code for country in _countries()):
        raise NoSuchCountry(what=what, country=code)


def document(id_type: str, text: str, today: date) -> PersonDocument:
    """Read a document number by its type (CL-IDTYPE): the rule of the type, else only that it can be kept.

    Raises:
        WrongNumber: the number is not one of its type.
        Unclean: it holds a character that cannot be kept.
    """
    return _DOCUMENTS.get(id_type, _other_document)(text, today)


def _citizen_document(text: str, today: date) -> PersonDocument:
    citizen = CitizenId.parse(text, today)
    return PersonDocument(
        kind="citizen_id", number=citizen.number, born=citizen.born, sex=citizen.sex, notes=citizen.notes
    )


def _two_regions_document(text: str, _: date) -> PersonDocument:
    """The types of Hong Kong and Macao stand for travel permits and for passports of the two regions."""
    return hmt_travel(text) if re.fullmatch(r"[HM]\d{8,}", tidy(text), re.ASCII) else passport(text)


def _foreigner_card(text: str, today: date) -> PersonDocument:
    return fpr15(text, today) if re.match("[A-Z]", tidy(text), re.ASCII) else fpr18(text, today)


def _other_document(text: str, _: date) -> PersonDocument:
    number = clean_text(tidy(text))
    if not 1 <= len(number) <= _LONGEST_DOCUMENT_NUMBER:
        raise WrongLength(what="证件号码", expected="1至20", length=len(number))
    return PersonDocument(kind="other", number=number)


_DOCUMENTS: Final[Mapping[str, Callable[[str, date], PersonDocument]]] = {
    "01": _citizen_document,
    "04": _two_regions_document,
    "05": _two_regions_document,
    "06": lambda text, _: hmt_travel(text),
    "07": _foreigner_card,
    "08": lambda text, _: passport(text),
    "16": hmt_residence,
}
