"""Regional figures of the pension formula: its monthly base (计发基数) and the average wages of the index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.policy.dated import NotInForce, Value
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
    """A region's own years of one figure, in fen a month."""

    lag: int
    """How many years before the year asked for the published year lies."""
    years: Yearly[int]

    def on(self, year: int) -> Value[int]:
        """Return the figure to be used for a year; errors as `Yearly.on`."""
        return self.years.on(year - self.lag)


def pension_base(region_code: str, year: int) -> Value[int]:
    """Return the monthly base, in fen, by which a pension of a region and year of retirement is computed.

    A city without a base of its own has that of its province.

    Raises:
        NotInForce: not published, or nothing is loaded for the region.

    """
    return _of_region(pension_bases(), region_code, _BASE, year)


def index_wage(region_code: str, year: int) -> Value[int]:
    """Return the average monthly wage, in fen, by which a base of a contribution year is divided for the index.

    Regions label their averages differently; the year asked for is always the year of contribution.
    A city without averages of its own has those of its province; errors as `pension_base`.
    """
    return _of_region(index_wages(), region_code, _WAGE, year)


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


def _of_region(regions: Mapping[str, RegionYears], code: str, figure: str, year: int) -> Value[int]:
    region = regions.get(code) or (regions.get(province_of(code)) if is_region_code(code) else None)
    if region is None:
        raise NotInForce(figure=f"行政区划 {code} 的{figure}", month=f"{year} 年")
    return region.on(year)


def _regions(path: Path, figure: str, *, lagging: bool) -> dict[str, RegionYears]:
    file = Section.of_file(path)
    regions: dict[str, RegionYears] = {}
    for item in file.sections("regions"):
        code, name = item.text("code"), item.text("name")
        if not is_region_code(code):
            raise item.fault("code", "应为六位行政区划代码")
        if code in regions:
            raise item.fault("code", f"{code} 有两条重叠的记录")
        lag = whole_number(item, "lag", 0, _LONGEST_LAG) if lagging else 0
        regions[code] = RegionYears(lag=lag, years=read_years(item, f"{name}{figure}", _monthly))
        item.finish()
    if not regions:
        raise file.fault("regions", "没有数值")
    file.finish()
    return regions


def _monthly(item: Section) -> int:
    fen = item.fen("monthly")
    if fen == 0:
        raise item.fault("monthly", "应大于零")
    return fen
