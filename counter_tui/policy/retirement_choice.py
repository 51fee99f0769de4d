"""The month in which somebody chooses to retire, and whether the contribution months suffice for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.payout_months import age_text, payout_explanation, payout_months
from counter_tui.policy.retirement import category_named, retirement
from counter_tui.policy.retirement_terms import minimum_months, retirement_terms
from counter_tui.policy.yearly import source_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.retirement import Retirement

_YEAR: Final = 12


class MonthNotChoosable(CounterError):
    """退休年月 {month} 不在可选范围 {earliest} 至 {latest} 内（法定退休年月 {statutory}），请重新选择"""


class NothingToChoose(CounterError):
    """{since} 之前已达原法定退休年龄，不适用弹性退休，退休年月只能是 {statutory}，请更正"""


class WrongMonthCount(CounterError):
    """{part} {count} 个月不正确，应为不小于零的整数，请核对缴费记录"""


class Timing(StrEnum):
    """How a chosen month lies to the statutory one."""

    EARLY = "弹性提前退休"
    ON_TIME = "法定年龄退休"
    LATE = "弹性延迟退休"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenMonth:
    """A month of retirement that the law allows, and its terms."""

    month: YearMonth
    statutory: YearMonth
    timing: Timing
    age_years: int
    age_months: int
    """Months beyond the whole years of the age in the chosen month."""
    min_months: int
    """Contribution months asked for: by the chosen month when early, by the statutory month when late."""
    payout_months: Decimal
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsCheck:
    """Whether the contribution months suffice."""

    enough: bool
    short: int
    """Contribution months that are missing; zero when they suffice."""
    may_pay_at_once: bool
    """Whether the missing months may now be paid all at once."""
    sentence: str
    explanation: Explanation


def chosen_month(category: str, birth: YearMonth, month: YearMonth) -> ChosenMonth:
    """Return the terms of retiring in a chosen month, for a birth month and `M60`, `F55` or `F50`.

    Raises:
        MonthNotChoosable: the month lies outside the window of flexible retirement.
        NothingToChoose: the original age was reached before there was a choice, and the month is another one.
        UnknownCategory, BirthOutOfRange, NotInForce: as `retirement`.

    """
    terms = retirement(category, birth)
    _refuse_month(terms, month)
    age = birth.months_until(month)
    years, extra = divmod(age, _YEAR)
    timing = _timing(month, terms.statutory)
    return ChosenMonth(
        month=month,
        statutory=terms.statutory,
        timing=timing,
        age_years=years,
        age_months=extra,
        min_months=minimum_months(min(month, terms.statutory)).value,
        payout_months=payout_months(age),
        explanation=Explanation(
            title=f"{category_named(category).name} {birth} 出生，选择 {month} 退休",
            lines=tuple(_lines(terms, birth, month, timing)),
        ),
    )


def months_check(chosen: ChosenMonth, paid: int, enrolled: date, *, extended: int = 0) -> MonthsCheck:
    """Compare the months paid, deemed ones included, with what the chosen month asks for.

    `enrolled` is the day of the first enrolment, `extended` the months paid beyond the statutory month.

    Raises:
        WrongMonthCount: a count that no person can have.

    """
    for part, count in (("累计缴费", paid), ("延长缴费", extended)):
        if count < 0:
            raise WrongMonthCount(part=part, count=count)
    once = retirement_terms().once
    short = max(chosen.min_months - paid, 0)
    old = enrolled < once.enrolled_before
    at_once = bool(short) and chosen.timing is not Timing.EARLY and old and extended >= once.after_months
    sentence = _sentence(chosen, paid, short, old=old, at_once=at_once)
    lines = [
        source_line("最低缴费年限", minimum_months(min(chosen.month, chosen.statutory)), f"{chosen.min_months} 个月"),
        Line(label="累计缴费", value=f"{paid} 个月"),
        Line(label="尚差", formula=f"{chosen.min_months} - {paid}", value=f"{short} 个月"),
        Line(label="处理", value=sentence, by=once.by if short else "", confidence=once.confidence),
    ]
    return MonthsCheck(
        enough=not short,
        short=short,
        may_pay_at_once=at_once,
        sentence=sentence,
        explanation=Explanation(title=f"{chosen.month} 退休的缴费年限", lines=tuple(lines)),
    )


def _refuse_month(terms: Retirement, month: YearMonth) -> None:
    if not terms.flexible and month != terms.statutory:
        raise NothingToChoose(since=retirement_terms().flexible.since, statutory=terms.statutory)
    if not terms.earliest <= month <= terms.latest:
        raise MonthNotChoosable(month=month, earliest=terms.earliest, latest=terms.latest, statutory=terms.statutory)


def _timing(month: YearMonth, statutory: YearMonth) -> Timing:
    if month == statutory:
        return Timing.ON_TIME
    return Timing.EARLY if month < statutory else Timing.LATE


def _lines(terms: Retirement, birth: YearMonth, month: YearMonth, timing: Timing) -> Iterator[Line]:
    yield Line(label="法定退休年月", value=str(terms.statutory), below=lambda: terms.explanation)
    window = retirement_terms().flexible
    if terms.flexible:
        yield source_line("可选范围", window, f"{terms.earliest} 至 {terms.latest}")
    age = birth.months_until(month)
    yield Line(label="退休方式", value=timing.value)
    papers = retirement_terms().papers
    if timing is not Timing.ON_TIME:
        asked = papers.early if timing is Timing.EARLY else papers.late
        yield Line(label="条件", value=asked, by=papers.by, confidence=papers.confidence)
    yield Line(label="退休时年龄", formula=f"{birth} 至 {month}", value=age_text(age))
    least = minimum_months(min(month, terms.statutory))
    yield replace(
        source_line("最低缴费年限", least, f"{least.value} 个月"),
        formula=f"按 {min(month, terms.statutory).year} 年，所选年月与法定年月取早者",
    )
    yield replace(payout_explanation(age).lines[-1], below=partial(payout_explanation, age))


def _sentence(chosen: ChosenMonth, paid: int, short: int, *, old: bool, at_once: bool) -> str:
    least = f"累计缴费 {paid} 个月，最低缴费年限 {chosen.min_months} 个月"
    if not short:
        return f"{least}，已达到"
    missing = f"{least}，还差 {short} 个月"
    if chosen.timing is Timing.EARLY:
        return f"{missing}，不能提前退休，请改选退休年月"
    if at_once:
        return f"{missing}，可以一次性缴足"
    once = retirement_terms().once
    if old:
        return f"{missing}，可以延长缴费；延长 {once.after_months} 个月仍不足的，可以一次性缴足"
    return f"{missing}，可以延长缴费；{once.enrolled_before} 及以后参保，不能一次性缴足"
