"""The average contribution index: each month's base against the average wage of its year (pension rules, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import Rounding, grouped, round_ratio
from counter_tui.errors import CounterError
from counter_tui.policy.dated import Confidence, NotShipped, weaker
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.pension_rules import pension_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Value
    from counter_tui.policy.pension_rules import RegionRules
    from counter_tui.policy.yearly_figures import YearlyFigures

_USUAL_FLOOR: Final = Fraction(3, 5)
"""Share of the average wage at which limits usually begin; a year below it is pointed out, not changed."""
_YEAR_DECIMALS: Final = 4


class NoPaidMonths(CounterError):
    """没有实际缴费月份，算不出平均缴费指数，请先核对缴费记录"""


class BadIndexBase(CounterError):
    """{month} 的缴费基数应大于零，未缴费的月份不计入平均缴费指数，请核对缴费记录"""


class BadDeemedMonths(CounterError):
    """视同缴费 {count} 个月不正确，请核对视同缴费年限"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageIndex:
    """The average index of a person."""

    value: Decimal
    """Rounded half up to the decimals of the region."""
    paid: int
    """Months that were paid."""
    deemed: int
    """Months that count as paid."""
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """The months paid in one year of contribution. Money in fen."""

    year: int
    bases: Mapping[YearMonth, int]
    wage: Value[int]
    highest: int

    @property
    def plain(self) -> Fraction:
        """Mean of the months before the ceiling."""
        return Fraction(sum(self.bases.values()), self.wage.value * len(self.bases))

    @property
    def index(self) -> Fraction:
        """Mean of the months, no higher than the law lets a year count."""
        return min(self.plain, Fraction(self.highest))


def average_index(place: YearlyFigures, bases: Mapping[YearMonth, int], *, deemed: int = 0) -> AverageIndex:
    """Compute the average index from the base of each paid month, in fen, of one region.

    Each base is divided by the average wage that the region uses for the month's year of contribution; a year counts
    three times the average at most; a year below the usual floor is pointed out and not lifted.
    Months deemed to be paid have the person's own average where the region says so.

    Raises:
        NotInForce: an average wage is not loaded.
        NotShipped: it is not established how the region counts deemed months.
        NoPaidMonths, BadIndexBase, BadDeemedMonths: the record is not as it must be.

    """
    _refuse_wrong(bases, deemed)
    rules = pension_rules().of(place.code)
    if deemed and rules.deemed is None:
        raise NotShipped(figure=f"{rules.name}视同缴费指数", month="当前")
    years = _years(place, bases)
    exact = sum((year.index * len(year.bases) for year in years), Fraction(0)) / len(bases)
    value = _rounded(exact, rules.index.places)
    return AverageIndex(
        value=value,
        paid=len(bases),
        deemed=deemed,
        explanation=Explanation(title="平均缴费指数", lines=tuple(_lines(rules, years, deemed, value))),
    )


def _refuse_wrong(bases: Mapping[YearMonth, int], deemed: int) -> None:
    if not bases:
        raise NoPaidMonths
    if deemed < 0:
        raise BadDeemedMonths(count=deemed)
    for month, base in bases.items():
        if base <= 0:
            raise BadIndexBase(month=month)


def _years(place: YearlyFigures, bases: Mapping[YearMonth, int]) -> list[_Year]:
    paid: dict[int, dict[YearMonth, int]] = {}
    for month in sorted(bases):
        paid.setdefault(month.year, {})[month] = bases[month]
    highest = pension_rules().highest_index
    return [
        _Year(year=year, bases=months, wage=place.index_wage.of(year), highest=highest) for year, months in paid.items()
    ]


def _lines(rules: RegionRules, years: list[_Year], deemed: int, value: Decimal) -> Iterator[Line]:
    for year in years:
        yield _year_line(year)
    if deemed and rules.deemed is not None:
        yield Line(
            label="视同缴费",
            value=f"{deemed} 个月，指数同本人平均缴费指数",
            by=rules.deemed.by,
            confidence=rules.deemed.confidence,
        )
    paid = sum(len(year.bases) for year in years)
    confidence = rules.index.confidence
    for year in years:
        confidence = weaker(confidence, year.wage.confidence)
    yield Line(
        label="平均缴费指数",
        formula=f"各年指数按月数加权 / {paid} 个月，四舍五入到 {rules.index.places} 位小数",
        value=str(value),
        by=rules.index.by,
        confidence=confidence,
        training=any(year.wage.training for year in years),
    )


def _year_line(year: _Year) -> Line:
    note = ""
    confidence = year.wage.confidence
    law = pension_rules()
    if year.plain > year.highest:
        note = f"，超过 {year.highest}，按 {year.highest} 计（{law.by}）"
        confidence = weaker(confidence, law.confidence)
    elif year.plain < _USUAL_FLOOR:
        note, confidence = "，低于 0.6，未作提高", Confidence.LOW
    count = len(year.bases)
    return Line(
        label=f"{year.year} 年指数",
        formula=f"{grouped(sum(year.bases.values()))} /（{grouped(year.wage.value)} * {count} 个月）",
        value=f"{_rounded(year.index, _YEAR_DECIMALS)}{note}",
        by=year.wage.by,
        confidence=confidence,
        training=year.wage.training,
        below=partial(_months, year),
    )


def _months(year: _Year) -> Explanation:
    return Explanation(
        title=f"{year.year} 年各月缴费指数",
        lines=tuple(
            Line(
                label=str(month),
                formula=f"{grouped(base)} / {grouped(year.wage.value)}",
                value=str(_rounded(Fraction(base, year.wage.value), _YEAR_DECIMALS)),
                by=year.wage.by,
                confidence=year.wage.confidence,
                training=year.wage.training,
            )
            for month, base in year.bases.items()
        ),
    )


def _rounded(exact: Fraction, places: int) -> Decimal:
    scaled = exact * 10**places
    return Decimal(round_ratio(scaled.numerator, scaled.denominator, Rounding.HALF_UP_FEN)).scaleb(-places)
