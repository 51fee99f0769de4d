"""Statutory retirement age, stepwise later from 2025: by birth month and category, from dated data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from counter_tui.domain.calendar import YearMonth

_LAW: Final = Path(__file__).parent / "data" / "retirement.toml"
_MALE: Final = "1"
"""CL-SEX."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One group of the law and how its age rises. Ages, steps and delays are months."""

    name: str
    original: int
    first_birth: YearMonth
    """First birth month that is affected."""
    step: int
    """Birth months that share one month of delay."""
    cap: int
    """Longest delay."""

    def delay(self, born: YearMonth) -> int:
        """Months added to the original age."""
        passed = self.first_birth.months_until(born)
        return 0 if passed < 0 else min(passed // self.step + 1, self.cap)

    def age(self, born: YearMonth) -> int:
        """Statutory retirement age in months."""
        return self.original + self.delay(born)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementLaw:
    """The law as loaded, with its authority."""

    by: str
    cadres: frozenset[str]
    """CL-STATUS codes of women with the original age of 55."""
    categories: dict[str, Category]

    def category(self, sex: str, status: str) -> Category:
        """The group of a person by CL-SEX and 个人身份 (CL-STATUS)."""
        if sex == _MALE:
            return self.categories["M60"]
        return self.categories["F55" if status in self.cadres else "F50"]

    def retires_on(self, born: date, sex: str, status: str) -> date:
        """The day on which the statutory age is reached: the day of birth, or the last day of a shorter month."""
        month = YearMonth.of(born) + self.category(sex, status).age(YearMonth.of(born))
        return date(month.year, month.month, min(born.day, month.last_day.day))


@cache
def retirement_law() -> RetirementLaw:
    """The law of the data file."""
    with _LAW.open("rb") as file:
        raw = tomllib.load(file)
    return RetirementLaw(
        by=raw["by"],
        cadres=frozenset(raw["cadres"]),
        categories={
            name: Category(
                name=entry["name"],
                original=entry["original"],
                first_birth=YearMonth.parse(entry["first_birth"]),
                step=entry["step"],
                cap=entry["cap"],
            )
            for name, entry in raw["categories"].items()
        },
    )
