"""Terms of collection in special cases: employers not insured against work injury, employers that do not declare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from counter_tui.policy.dated import Dated, Value
from counter_tui.policy.regions import LateFeePeriod
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import whole_number

_LAW = Path(__file__).parent / "data" / "collection.toml"
_LEAST_PERCENT, _MOST_PERCENT = 100, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionTerms:
    """What the law asks for in special cases."""

    uninsured_injury: LateFeePeriod
    """Daily late-fee rate of an employer that should have been insured against work injury and was not."""
    undeclared: Dated[int]
    """Per cent of last month's amount for an employer that does not declare."""

    def uninsured_injury_periods(self, general: tuple[LateFeePeriod, ...]) -> tuple[LateFeePeriod, ...]:
        """Daily rates of such an employer: the general ones up to the day before its own one begins."""
        own = self.uninsured_injury
        before = (each for each in general if each.since < own.since)
        eve = own.since - timedelta(days=1)
        return (*(replace(each, until=min(each.until or eve, eve)) for each in before), own)


@cache
def collection_terms(path: Path = _LAW) -> CollectionTerms:
    """Read the terms; anything out of order raises LawFault."""
    file = Section.of_file(path)
    injury, undeclared = file.section("uninsured_injury"), file.section("undeclared")
    period = LateFeePeriod(
        since=injury.day("since"),
        until=None,
        per_day=injury.rate("per_day"),
        by=injury.text("by"),
        confidence=injury.confidence(),
    )
    injury.finish()
    percent = Value(
        value=whole_number(undeclared, "percent", _LEAST_PERCENT, _MOST_PERCENT),
        since=undeclared.month("since"),
        until=None,
        known_from=None,
        by=undeclared.text("by"),
        confidence=undeclared.confidence(),
    )
    undeclared.finish()
    file.finish()
    return CollectionTerms(
        uninsured_injury=period,
        undeclared=Dated(figure="未申报单位按上月缴费额核定的百分数", values=(percent,)),
    )
