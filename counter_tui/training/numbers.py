"""Numbers of the training city: valid by their standards, given out without repeating and without being remembered."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.check_characters import (
    CREDIT_ALPHABET,
    citizen_check_character,
    credit_code_check,
    org_code_check,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.regions import Region

_COUNTIES: Final = Path(__file__).parent / "data" / "counties.toml"
_DAYS: Final = tuple(date.fromordinal(date(2001, 1, 1).toordinal() + day).timetuple()[1:3] for day in range(365))
"""Month and day of every day that each year has."""
_HALF_THOUSAND: Final = 500
"""Sequence numbers of one sex on one day in one county."""
_ELSEWHERE_EVERY, _RESIDENCE_EVERY, _PERMANENT_EVERY = 7, 397, 911
_RESIDENCE_TURN, _PERMANENT_TURN = 300, 700
_OUTSIDERS: Final = 16
"""Ranks kept for identity numbers of people whom the register does not know."""
_EARLY: Final = 9
"""Leading digit of the serial of a bill from before the city opens."""

CITIZEN, RESIDENCE, PERMANENT = "01", "16", "07"
"""CL-IDTYPE of the documents that occur."""


@dataclass(frozen=True, slots=True)
class Series:
    """Identity numbers under some prefixes; each rank has a place of its own, scattered so that none looks counted."""

    prefixes: tuple[str, ...]

    @property
    def capacity(self) -> int:
        """How many ranks there are."""
        return len(self.prefixes) * 2 * _HALF_THOUSAND * len(_DAYS)

    def number(self, rank: int, born: int, sex: str) -> tuple[str, date]:
        """Number and birth date of a rank, for a person born in this year or the one before."""
        rows = len(self.prefixes) * 2 * _HALF_THOUSAND
        day, row = divmod(rank % self.capacity, rows)
        # Adding to one half what depends on the other alone can be undone: no two ranks meet.
        for _ in range(2):
            row = (row + day * day * 7919 + day * 104_729 + 61) % rows
            day = (day + row * row * 31 + row * 17 + 5) % len(_DAYS)
        rest, serial = divmod(row, _HALF_THOUSAND)
        prefix, parity = divmod(rest, 2)
        year = born if born % 2 == parity else born - 1
        month, of_month = _DAYS[day]
        seventeen = f"{self.prefixes[prefix]}{year:04d}{month:02d}{of_month:02d}{2 * serial + (sex == '1'):03d}"
        return seventeen + citizen_check_character(seventeen), date(year, month, of_month)


@dataclass(frozen=True, slots=True)
class Counties:
    """The places of one region and of elsewhere."""

    offices: Mapping[str, str]
    """Counties that register employers, with their names."""
    here: Series
    elsewhere: Series
    residence: Series
    permanent: Series

    @property
    def capacity(self) -> int:
        """Persons that can be numbered."""
        return (self.here.capacity - _OUTSIDERS) // _ELSEWHERE_EVERY * (_ELSEWHERE_EVERY - 1)

    def document(self, index: int, born: int, sex: str) -> tuple[str, str, date]:
        """CL-IDTYPE, number and birth date of the person with this index, born in this year or the one before."""
        if index % _RESIDENCE_EVERY == _RESIDENCE_TURN:
            return RESIDENCE, *self.residence.number(index // _RESIDENCE_EVERY, born, sex)
        if index % _PERMANENT_EVERY == _PERMANENT_TURN:
            return PERMANENT, *self.permanent.number(index // _PERMANENT_EVERY, born, sex)
        if index % _ELSEWHERE_EVERY == 0:
            return CITIZEN, *self.elsewhere.number(index // _ELSEWHERE_EVERY, born, sex)
        return CITIZEN, *self.here.number(_OUTSIDERS + index - index // _ELSEWHERE_EVERY, born, sex)

    def outsider(self, place: int, born: int, sex: str) -> tuple[str, date]:
        """An identity number that nobody in the city has, and its birth date."""
        return self.here.number(place % _OUTSIDERS, born, sex)


@cache
def _table() -> dict[str, Any]:
    with _COUNTIES.open("rb") as file:
        return tomllib.load(file)


@cache
def counties(region_code: str) -> Counties:
    """The places of a region by its GB/T 2260 code; a region without own places has those of elsewhere."""
    elsewhere = _table()["elsewhere"]
    own = _table()["places"].get(region_code, {"offices": {region_code: ""}, "births": elsewhere["births"]})
    abroad = [code for code in elsewhere["births"] if code not in own["births"]] or [f"{region_code[:2]}9001"]
    return Counties(
        offices=own["offices"],
        here=Series(tuple(own["births"])),
        elsewhere=Series(tuple(abroad)),
        residence=Series(tuple(elsewhere["residence"])),
        permanent=Series(tuple(elsewhere["permanent"])),
    )


def employer_number(region: Region, index: int) -> str:
    """单位编号 of the employer with this index, ten digits."""
    return f"{region.code[:4]}{index:06d}"


def person_number(region: Region, index: int) -> str:
    """个人编号 of the person with this index, ten digits."""
    return f"{region.code[:2]}{index:08d}"


def bill_number(month: YearMonth, index: int) -> str:
    """Number of the bill of an employer for a month before the city opens, apart from those that the hub gives out."""
    return f"{month.compact}{_EARLY}{index:06d}"


def credit_code(kind: str, county: str, index: int) -> str:
    """Unified social credit code: two characters of its kind, county, and an organisation code made from the index."""
    serial, text = index * 48_271 % 31**6, ""
    for _ in range(6):
        serial, digit = divmod(serial, 31)
        text = CREDIT_ALPHABET[digit] + text
    organisation = f"MA{text}"
    seventeen = f"{kind}{county}{organisation}{org_code_check(organisation)}"
    return seventeen + credit_code_check(seventeen)
