"""Figures of the law that are published once a year, read strictly and never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from counter_tui.domain.calendar import EARLIEST_YEAR, LATEST_YEAR, YearMonth
from counter_tui.policy.dated import NotInForce, Value
from counter_tui.policy.explanation import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from counter_tui.policy.sections import Section

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly(Generic[T_co]):
    """The published years of one figure."""

    figure: str
    """Name of the figure for the clerk, in Chinese."""
    values: Mapping[int, Value[T_co]]
    missing: Mapping[int, str] = field(default_factory=dict)
    """Years declared to have no figure, with the reason."""

    def on(self, year: int) -> Value[T_co]:
        """Return the figure of a year.

        Raises:
            NotInForce: it was not published, or not loaded.

        """
        if year not in self.values:
            raise NotInForce(figure=self.figure, month=f"{year} 年")
        return self.values[year]


def read_years(section: Section, figure: str, take: Callable[[Section], T]) -> Yearly[T]:
    """Read the list `years`: each has its figure, or says with `missing` why there is none; no year may be skipped.

    Raises:
        LawFault: a year twice, a year skipped, or an entry that is not as it must be.

    """
    values: dict[int, Value[T]] = {}
    missing: dict[int, str] = {}
    seen: set[int] = set()
    for item in section.sections("years"):
        year = whole_number(item, "year", EARLIEST_YEAR, LATEST_YEAR)
        if year in seen:
            raise item.fault("year", f"{year} 年有两条重叠的记录")
        seen.add(year)
        if item.has("missing"):
            missing[year] = item.text("missing")
        else:
            values[year] = _value(item, year, take(item))
        item.finish()
    if not values:
        raise section.fault("years", "没有数值")
    for year in range(min(seen), max(seen)):
        if year not in seen:
            raise section.fault("years", f"{year} 年没有数值，也没有声明缺口")
    return Yearly(figure=figure, values=values, missing=missing)


def whole_number(section: Section, key: str, least: int, most: int) -> int:
    """Take a whole number within bounds, both included."""
    raw = section.raw(key)
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
        raise section.fault(key, f"应为 {least} 至 {most} 的整数")
    return raw


def source_line(label: str, value: Value[object], shown: str) -> Line:
    """Write a dated figure as a step of an explanation, with its authority."""
    return Line(label=label, value=shown, by=value.by, confidence=value.confidence, training=value.training)


def _value(item: Section, year: int, value: T) -> Value[T]:
    return Value(
        value=value,
        since=YearMonth(year, 1),
        until=YearMonth(year, 12),
        known_from=None,
        by=item.text("by"),
        confidence=item.confidence(),
    )
