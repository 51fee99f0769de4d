"""What retirement asks for besides age: contribution months, and the window of flexible retirement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.policy.dated import Dated, Value
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import whole_number

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Confidence

_LAW: Final = Path(__file__).parent / "data" / "retirement_terms.toml"
_LONGEST: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class OncePaid:
    """Who may pay all missing months at once (rules of back-payment, 4.8)."""

    enrolled_before: date
    """First day of enrolment that no longer gives the right."""
    after_months: int
    """Months of extended payment after which the rest may be paid."""
    by: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What the clerk asks of somebody who does not retire in the statutory month."""

    early: str
    late: str
    by: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementTerms:
    """The terms as loaded."""

    minimum: Dated[int]
    """Contribution months asked for, by the month of retirement."""
    flexible: Value[int]
    """Months by which retirement may be chosen before or after the statutory month, and since when."""
    papers: Papers
    once: OncePaid


def minimum_months(month: YearMonth) -> Value[int]:
    """Return the contribution months asked for by a month of retirement.

    Who retires early is judged by the chosen month, who retires late by the statutory one.

    Raises:
        NotInForce: the month lies before the terms that were loaded.

    """
    return retirement_terms().minimum.on(month)


@cache
def retirement_terms(path: Path = _LAW) -> RetirementTerms:
    """Read the terms; anything out of order raises LawFault."""
    file = Section.of_file(path)
    flexible = file.section("flexible")
    terms = RetirementTerms(
        minimum=Dated(figure="最低缴费年限", values=_consecutive(file)),
        flexible=_value(flexible),
        papers=_papers(file.section("papers")),
        once=_once(file.section("short")),
    )
    file.finish()
    return terms


def _papers(item: Section) -> Papers:
    papers = Papers(early=item.text("early"), late=item.text("late"), by=item.text("by"), confidence=item.confidence())
    item.finish()
    return papers


def _once(item: Section) -> OncePaid:
    once = OncePaid(
        enrolled_before=item.day("enrolled_before"),
        after_months=whole_number(item, "after_months", 1, _LONGEST),
        by=item.text("by"),
        confidence=item.confidence(),
    )
    item.finish()
    return once


def _consecutive(file: Section) -> tuple[Value[int], ...]:
    values: list[Value[int]] = []
    for item in file.sections("minimum"):
        value = _value(item)
        if value.until is not None and value.until < value.since:
            raise item.fault("until", "终止月份早于开始月份")
        if values:
            last = values[-1].until
            if last is None or value.since <= last:
                raise item.fault("since", f"{value.since} 有两条重叠的记录")
            if last + 1 != value.since:
                raise item.fault("since", f"{last + 1} 至 {value.since - 1} 没有数值")
        values.append(value)
    if not values:
        raise file.fault("minimum", "没有数值")
    return tuple(values)


def _value(item: Section) -> Value[int]:
    value = Value(
        value=whole_number(item, "months", 1, _LONGEST),
        since=item.month("since"),
        until=item.optional_month("until"),
        known_from=None,
        by=item.text("by"),
        confidence=item.confidence(),
    )
    item.finish()
    return value
