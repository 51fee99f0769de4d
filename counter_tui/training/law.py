"""The law over the months of a city, gathered once: rules by month, stretches in which nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import Rounding
from counter_tui.policy.contributions import monthly_rules
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.explanation import rested_on
from counter_tui.policy.late_fees import due_date
from counter_tui.training.wages import Band

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.monthly_rules import Amounts, MonthlyRule
    from counter_tui.policy.regions import Policy

SCHEMES: Final = ("110", "210", "310", "410")
"""Pension, unemployment, medical with maternity, injury: what employers pay from 2020."""
_WAGE_SCHEME: Final = "110"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months of one year on end in which a scheme's rule stays the same; both ends counted from the law's first."""

    first: int
    last: int
    year: int
    rule: MonthlyRule
    at_limits: tuple[Amounts, Amounts] | None
    """What the floor and the ceiling come to, and with them every wage beyond; None where bases are not kept to fen."""

    def amounts(self, wage: int) -> Amounts:
        """What a wage in fen comes to; without its clamp, which a sum has no use for."""
        if self.at_limits is not None:
            if wage <= self.rule.floor:
                return self.at_limits[0]
            if wage >= self.rule.ceiling:
                return self.at_limits[1]
        return self.rule.amounts(wage)


def _at_limits(rule: MonthlyRule) -> tuple[Amounts, Amounts] | None:
    if rule.fixed is not None or rule.base_rounding is not Rounding.HALF_UP_FEN:
        return None
    return rule.amounts(rule.floor), rule.amounts(rule.ceiling)


@dataclass(frozen=True, kw_only=True)
class Law:
    """Rules of the months from `since` on. Months are counted from it, 0 is the first."""

    policy: Policy
    since: YearMonth
    months: int
    _stretches: dict[tuple[str, int], tuple[Stretch, ...]] = field(default_factory=dict)
    _marks: dict[tuple[tuple[str, ...], int], tuple[tuple[str, ...] | None, ...]] = field(default_factory=dict)

    @cached_property
    def calendar(self) -> tuple[YearMonth, ...]:
        """The months by their count."""
        return tuple(self.since + count for count in range(self.months))

    @cached_property
    def bands(self) -> dict[int, Band]:
        """Limits of wages by year; a year without figures has those of the nearest one."""
        strict = self.policy.parameter("base_mode") == "reject"
        found: dict[int, Band] = {}
        for month in self.calendar:
            if month.year not in found and (band := self._band(month, strict=strict)):
                found[month.year] = band
        if not found:
            self.policy.limits(_WAGE_SCHEME, self.calendar[-1])
        years = range(self.calendar[0].year, self.calendar[-1].year + 1)
        return {year: found[min(found, key=lambda known, year=year: abs(known - year))] for year in years}  # type: ignore[misc]

    def _band(self, month: YearMonth, *, strict: bool) -> Band | None:
        try:
            limits = [self.policy.limits(scheme, month) for scheme in (SCHEMES if strict else (_WAGE_SCHEME,))]
        except NotInForce:
            return None
        return Band(max(each.floor for each in limits), min(each.ceiling for each in limits), strict)

    def stretches(self, scheme: str, injury_class: int) -> tuple[Stretch, ...]:
        """The stretches of a scheme, oldest first; months without figures belong to none."""
        kept = self._stretches.get((scheme, injury_class))
        if kept is None:
            kept = self._stretches[scheme, injury_class] = tuple(self._gathered(scheme, injury_class))
        return kept

    def marks(self, schemes: tuple[str, ...], injury_class: int) -> tuple[tuple[str, ...] | None, ...]:
        """What a bill of each month rests on; None for a month without all figures, which cannot be billed."""
        kept = self._marks.get((schemes, injury_class))
        if kept is None:
            found: list[list[tuple[str, tuple[str, ...]]]] = [[] for _ in self.calendar]
            for scheme in schemes:
                for stretch in self.stretches(scheme, injury_class):
                    for count in range(stretch.first, stretch.last + 1):
                        found[count].append((self.policy.scheme_name(scheme), stretch.rule.marks))
            kept = tuple(rested_on(each) if len(each) == len(schemes) else None for each in found)
            self._marks[schemes, injury_class] = kept
        return kept

    @cached_property
    def due_dates(self) -> tuple[date, ...]:
        """Last day of payment in time of each month."""
        return tuple(due_date(self.policy, month) for month in self.calendar)

    def _gathered(self, scheme: str, injury_class: int) -> list[Stretch]:
        found: list[Stretch] = []
        for count, month in enumerate(self.calendar):
            try:
                rule = monthly_rules(self.policy, scheme, month, injury_class)
            except NotInForce:
                continue
            if found and found[-1].last == count - 1 and found[-1].year == month.year:
                before = found[-1]
                if replace(rule, month=before.rule.month) == before.rule:
                    found[-1] = replace(before, last=count)
                    continue
            found.append(Stretch(count, count, month.year, rule, _at_limits(rule)))
        return found
