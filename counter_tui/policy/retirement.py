"""Statutory retirement age, stepwise later from 2025: by birth month and category, from dated data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BadMonth, YearMonth
from counter_tui.errors import CounterError
from counter_tui.policy.explanation import Explanation, Line
from counter_tui.policy.payout_months import age_text, payout_explanation, payout_months
from counter_tui.policy.retirement_terms import minimum_months, retirement_terms
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly import source_line, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from counter_tui.policy.dated import Confidence

_LAW: Final = Path(__file__).parent / "data" / "retirement.toml"
_MALE: Final = "1"
"""CL-SEX."""
_YEAR: Final = 12
_OLDEST: Final = 1200
"""No age of the law is above a hundred years."""


class UnknownCategory(CounterError):
    """退休类别「{category}」不存在，只有 {known}，请核对性别和岗位"""


class BirthOutOfRange(CounterError):
    """出生年月 {birth} 算不出退休年月，请核对证件上的出生日期"""


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
    by_post: bool
    """Whether the clerk decides by the post held, not by the sex alone."""

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
    since: YearMonth
    """Month from which ages rise."""
    confidence: Confidence
    cadres: frozenset[str]
    """CL-STATUS codes of women with the original age of 55."""
    cadres_by: str
    post: str
    """What the clerk is told of a category that follows the post."""
    post_confidence: Confidence
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
def retirement_law(path: Path = _LAW) -> RetirementLaw:
    """Read the law; anything out of order raises LawFault."""
    file = Section.of_file(path)
    groups, post = file.section("categories"), file.section("by_post")
    law = RetirementLaw(
        by=file.text("by"),
        since=file.month("since"),
        confidence=file.confidence(),
        cadres=frozenset(file.names("cadres")),
        cadres_by=file.text("cadres_by"),
        post=post.text("text"),
        post_confidence=post.confidence(),
        categories={name: _category(groups.section(name)) for name in groups.rest()},
    )
    if not law.categories:
        raise groups.fault("", "没有数值")
    post.finish()
    file.finish()
    return law


def _category(item: Section) -> Category:
    category = Category(
        name=item.text("name"),
        original=whole_number(item, "original", 1, _OLDEST),
        first_birth=item.month("first_birth"),
        step=whole_number(item, "step", 1, _OLDEST),
        cap=whole_number(item, "cap", 1, _OLDEST),
        by_post=item.has("by_post") and item.flag("by_post"),
    )
    item.finish()
    return category


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """When a person of a birth month and category may retire, and on what terms."""

    age_years: int
    age_months: int
    """Months beyond the whole years of the statutory age."""
    delay_months: int
    """Months added to the original age."""
    statutory: YearMonth
    """Month in which the statutory age is reached."""
    min_months: int
    """Contribution months asked for in the statutory month."""
    flexible: bool
    """Whether the person may choose a month at all: not if the original age was reached before 2025."""
    earliest: YearMonth
    """First month of the window, never before the original age; it may be chosen only if `flexible`."""
    latest: YearMonth
    """Last month of the window; it may be chosen only if `flexible`."""
    payout_months: Decimal
    """Payout months at the statutory age."""
    explanation: Explanation


def retirement(category: str, birth: YearMonth) -> Retirement:
    """Compute when and on what terms somebody of `M60`, `F55` or `F50` retires, from the birth month alone.

    Raises:
        UnknownCategory: the law has no such group.
        BirthOutOfRange: the month of retirement lies outside the calendar.
        NotInForce: the person retired before the contribution months that were loaded.

    """
    group = category_named(category)
    try:
        return _retirement(group, birth)
    except BadMonth:
        raise BirthOutOfRange(birth=birth) from None


def category_named(code: str) -> Category:
    """Return the group of a code; UnknownCategory when the law has none."""
    categories = retirement_law().categories
    if code not in categories:
        raise UnknownCategory(category=code, known="、".join(categories))
    return categories[code]


def _retirement(group: Category, birth: YearMonth) -> Retirement:
    age = group.age(birth)
    original, statutory = birth + group.original, birth + age
    window = retirement_terms().flexible
    flexible = window.rules(original)
    years, extra = divmod(age, _YEAR)
    return Retirement(
        age_years=years,
        age_months=extra,
        delay_months=group.delay(birth),
        statutory=statutory,
        min_months=minimum_months(statutory).value,
        flexible=flexible,
        earliest=max(original, statutory - window.value),
        latest=statutory + window.value,
        payout_months=payout_months(age),
        explanation=Explanation(
            title=f"{group.name} {birth} 出生，法定退休年龄", lines=tuple(_lines(group, birth, flexible=flexible))
        ),
    )


def _lines(group: Category, birth: YearMonth, *, flexible: bool) -> Iterator[Line]:
    law, terms = retirement_law(), retirement_terms()
    age, statutory = group.age(birth), birth + group.age(birth)
    yield Line(label="原法定退休年龄", value=age_text(group.original))
    yield Line(
        label="延迟月数",
        formula=f"自 {group.first_birth} 出生起每 {group.step} 个月延迟 1 个月，最多 {group.cap} 个月",
        value=f"{group.delay(birth)} 个月",
        by=law.by,
        confidence=law.confidence,
    )
    yield Line(label="法定退休年龄", value=age_text(age))
    yield Line(label="法定退休年月", formula=f"{birth} + {age_text(age)}", value=str(statutory))
    least = minimum_months(statutory)
    yield source_line("最低缴费年限", least, f"{least.value} 个月")
    window = terms.flexible
    if flexible:
        earliest = max(birth + group.original, statutory - window.value)
        yield source_line("弹性退休", window, f"{earliest} 至 {statutory + window.value}，不早于原法定退休年龄")
    else:
        yield source_line("弹性退休", window, f"{window.since} 之前已达原法定退休年龄，不适用")
    if group.by_post:
        yield Line(label="类别说明", value=law.post, by=law.cadres_by, confidence=law.post_confidence)
    yield replace(payout_explanation(age).lines[-1], below=partial(payout_explanation, age))
