"""Figures of the law that are published once a year, read strictly and never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from counter_tui.domain.calendar import EARLIEST_YEAR, LATEST_YEAR, BadMonth, YearMonth
from counter_tui.policy.dated import Dated, FigureDamaged, Gap, NotInForce, Value
from counter_tui.policy.explanation import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.policy.sections import Section

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly(Dated[T_co]):
    """A history whose figures come out once a year and rule for whole years."""

    def of(self, year: int) -> Value[T_co]:
        """Return the figure of a year.

        Raises:
            NotInForce: it was not published, or not loaded.
            FigureDamaged: what was loaded for the figure is not what was confirmed.

        """
        said = f"{year} 年"
        if self.damaged:
            raise FigureDamaged(figure=self.figure, month=said, file=self.damaged)
        try:
            return self.on(YearMonth(year, 1))
        except (NotInForce, BadMonth):
            raise NotInForce(figure=self.figure, month=said) from None


def read_years(section: Section, figure: str, take: Callable[[Section], T], *, lag: int = 0) -> Yearly[T]:
    """Read the list `years`: each has its figure, or says with `missing` why there is none; no year may be skipped.

    A year is written as it was published; with a lag its figure rules so many years later.

    Raises:
        LawFault: a year twice, a year skipped, or an entry that is not as it must be.

    """
    values: list[Value[T]] = []
    gaps: list[Gap] = []
    seen: set[int] = set()
    for item in section.sections("years"):
        year = labelled_year(item, lag)
        if year in seen:
            raise item.fault("year", f"{year} 年有两条重叠的记录")
        seen.add(year)
        since, until = months_of(year + lag)
        if item.has("missing"):
            gaps.append(Gap(since=since, until=until, note=item.text("missing")))
        else:
            values.append(
                Value(
                    value=take(item),
                    since=since,
                    until=until,
                    known_from=None,
                    by=item.text("by"),
                    confidence=item.confidence(),
                )
            )
        item.finish()
    if not values:
        raise section.fault("years", "没有数值")
    for year in range(min(seen), max(seen)):
        if year not in seen:
            raise section.fault("years", f"{year} 年没有数值，也没有声明缺口")
    return Yearly(figure=figure, values=tuple(values), gaps=tuple(gaps))


def labelled_year(item: Section, lag: int) -> int:
    """Take the key `year`, the year as it was published, whose figure rules `lag` years later."""
    return whole_number(item, "year", EARLIEST_YEAR, LATEST_YEAR - lag)


def months_of(year: int) -> tuple[YearMonth, YearMonth]:
    """Return the first and the last month of a year."""
    return YearMonth(year, 1), YearMonth(year, 12)


def whole_number(section: Section, key: str, least: int, most: int) -> int:
    """Take a whole number within bounds, both included."""
    raw = section.raw(key)
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
        raise section.fault(key, f"应为 {least} 至 {most} 的整数")
    return raw


def source_line(label: str, value: Value[object], shown: str) -> Line:
    """Write a dated figure as a step of an explanation, with its authority."""
    return Line(label=label, value=shown, by=value.by, confidence=value.confidence, training=value.training)
