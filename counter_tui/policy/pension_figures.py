"""Regional figures of the pension formula: its monthly base (计发基数) and the average wages of the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import Yearly, read_years, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA: Final = Path(__file__).parent / "data"
_BASES: Final = _DATA / "pension_base.toml"
_WAGES: Final = _DATA / "index_wage.toml"
_BASE: Final = "养老金计发基数"
_WAGE: Final = "缴费指数平均工资"
_CODE: Final = 6
_PROVINCE: Final = 2
_LONGEST_LAG: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionYears:
    """A region's own years of one figure, in fen a month, each ruling the year in which it is used."""

    lag: int
    """How many years before the year of use the published year lies: regions label their averages differently."""
    years: Yearly[int]


def pension_base(region_code: str, name: str) -> Yearly[int]:
    """Return the monthly bases, in fen, by year of retirement, by which pensions of a region are computed.

    A city without bases of its own has those of its province. Where nothing is published the history is empty and
    bears the name given, a region's.
    """
    own = region_years(pension_bases(), region_code)
    return own.years if own is not None else Yearly(figure=f"{name}{_BASE}", values=())


def index_wage(region_code: str, name: str) -> Yearly[int]:
    """Return the average monthly wages, in fen, by which bases are divided for the index, by year of contribution.

    As `pension_base` for cities without averages of their own, and where nothing is published.
    """
    own = region_years(index_wages(), region_code)
    return own.years if own is not None else Yearly(figure=f"{name}{_WAGE}", values=())


def index_lag(region_code: str) -> int | None:
    """Return how many years after its label an average wage of a region is used; None where that is not known."""
    own = region_years(index_wages(), region_code)
    return own.lag if own is not None else None


@cache
def pension_bases(path: Path = _BASES) -> Mapping[str, RegionYears]:
    """Read the bases by region code; anything out of order raises LawFault."""
    return _regions(path, _BASE, lagging=False)


@cache
def index_wages(path: Path = _WAGES) -> Mapping[str, RegionYears]:
    """Read the averages by region code; anything out of order raises LawFault."""
    return _regions(path, _WAGE, lagging=True)


def is_region_code(code: str) -> bool:
    """Tell whether a text is six digits, as codes of GB/T 2260 are."""
    return len(code) == _CODE and code.isascii() and code.isdigit()


def province_of(code: str) -> str:
    """Return the code of the province in which a place lies."""
    return code[:_PROVINCE].ljust(_CODE, "0")


def region_years(regions: Mapping[str, RegionYears], code: str) -> RegionYears | None:
    """Return the years of a place, or else those of its province."""
    return regions.get(code) or (regions.get(province_of(code)) if is_region_code(code) else None)


def _regions(path: Path, figure: str, *, lagging: bool) -> dict[str, RegionYears]:
    file = Section.of_file(path)
    regions: dict[str, RegionYears] = {}
    for item in file.sections("regions"):
        code, name = item.text("code"), item.text("name")
        if not is_region_code(code):
            raise item.fault("code", "应为六位行政区划代码")
        if code in regions:
            raise item.fault("code", f"{code} 有两条重叠的记录")
        lag = read_lag(item) if lagging else 0
        regions[code] = RegionYears(lag=lag, years=read_years(item, f"{name}{figure}", read_monthly, lag=lag))
        item.finish()
    if not regions:
        raise file.fault("regions", "没有数值")
    file.finish()
    return regions


def read_lag(item: Section) -> int:
    """Take the key `lag`: how many years after its label an average wage is used."""
    return whole_number(item, "lag", 0, _LONGEST_LAG)


def read_monthly(item: Section) -> int:
    """Take the key `monthly`, yuan written as text, in fen; nought is refused."""
    fen = item.fen("monthly")
    if fen == 0:
        raise item.fault("monthly", "应大于零")
    return fen
