"""Base difference (补差): what new limits or a new wage change in months already settled (K10, rules 1.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import months
from counter_tui.domain.money import grouped
from counter_tui.errors import CounterError
from counter_tui.policy.charges import Merged, YearlyAmount
from counter_tui.policy.contributions import Contribution, contribution
from counter_tui.policy.explanation import Explanation, Line, united

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.regions import Policy

LARGE_MEDICAL = "330"
"""Large medical aid (大额医疗救助): never part of a difference (K10)."""


class MonthsReversed(CounterError):
    """终止年月 {until} 不能早于开始年月 {since}，改正后按 F2"""


class NoDifferenceForStopped(CounterError):
    """该人员已不在本单位缴费，不计算补差；如确需补缴，请办理个人补收"""


class NoDifferenceForRetired(CounterError):
    """该人员已退休，不计算补差"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """On what a month stands: the law as it was known, and the declared wage in fen."""

    policy: Policy
    wage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDifference:
    """What one scheme and month change by, in fen: positive is collected, negative refunded."""

    old: Contribution
    new: Contribution
    explanation: Explanation

    @property
    def scheme(self) -> str:
        """Code of the scheme."""
        return self.new.scheme

    @property
    def month(self) -> YearMonth:
        """Fee month."""
        return self.new.month

    @property
    def employer(self) -> int:
        """Difference of the employer's money."""
        return self.new.employer - self.old.employer

    @property
    def person(self) -> int:
        """Difference of the person's money."""
        return self.new.person - self.old.person

    @property
    def account(self) -> int:
        """Difference of what goes to the personal account, from both sides."""
        return _account(self.new) - _account(self.old)

    @property
    def total(self) -> int:
        """Both sides together."""
        return self.employer + self.person

    @property
    def pool(self) -> int:
        """Difference of what goes to the pooled fund."""
        return self.total - self.account


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseDifference:
    """All months and schemes of one person, in fen."""

    months: tuple[MonthDifference, ...]
    explanation: Explanation

    @property
    def employer(self) -> int:
        """Difference of the employer's money."""
        return sum(each.employer for each in self.months)

    @property
    def person(self) -> int:
        """Difference of the person's money."""
        return sum(each.person for each in self.months)

    @property
    def account(self) -> int:
        """Difference of the personal account."""
        return sum(each.account for each in self.months)

    @property
    def pool(self) -> int:
        """Difference of the pooled fund."""
        return sum(each.pool for each in self.months)

    @property
    def total(self) -> int:
        """Everything: collected where positive, refunded where negative."""
        return self.employer + self.person

    @property
    def collected(self) -> int:
        """Sum of what months collect (补基数)."""
        return sum(each.total for each in self.months if each.total > 0)

    @property
    def refunded(self) -> int:
        """Sum of what months refund (退基数), not negative."""
        return -sum(each.total for each in self.months if each.total < 0)


def base_difference(  # the seven facts of one difference
    schemes: Iterable[str],
    since: YearMonth,
    until: YearMonth,
    old: Footing,
    new: Footing,
    *,
    injury_class: int | None = None,
    paying: bool = True,
    retired: bool = False,
) -> BaseDifference:
    """Compute the difference from the first month of the new base year to the last settled one, both included.

    One function for both occasions: limits published late (the law changed) and the annual declaration (the wage
    changed). Every month by its own limits, rates and rounding; the difference is that of the rounded amounts, so that
    old and difference make the new amount to the fen. Large medical aid and yearly amounts look at no base and are left
    out, as are schemes carried by another one. No late fee is due on it (rules 3.8).

    Raises:
        MonthsReversed: the last month lies before the first.
        NoDifferenceForStopped, NoDifferenceForRetired: nothing is computed for such a person (K10).
        And as `contribution`: NotInForce, BadWage and what the region refuses.

    """
    if until < since:
        raise MonthsReversed(since=since, until=until)
    if retired:
        raise NoDifferenceForRetired
    if not paying:
        raise NoDifferenceForStopped
    found = tuple(
        month_difference(scheme, month, old, new, injury_class=injury_class)
        for scheme in schemes
        for month in months(since, until)
        if looks_at_base(new.policy, scheme, month)
    )
    lines = (*_scheme_lines(new.policy, found), *_sums(found))
    return BaseDifference(months=found, explanation=Explanation(title=f"补差 {since} 至 {until}", lines=lines))


def month_difference(
    scheme: str, month: YearMonth, old: Footing, new: Footing, *, injury_class: int | None = None
) -> MonthDifference:
    """Compute one scheme and month; errors as `contribution`."""
    was = contribution(old.policy, scheme, month, old.wage, injury_class=injury_class)
    now = contribution(new.policy, scheme, month, new.wage, injury_class=injury_class)
    title = f"{new.policy.scheme_name(scheme)} {month} 补差"
    explanation = Explanation(title=title, lines=tuple(_month_lines(was, now)))
    return MonthDifference(old=was, new=now, explanation=explanation)


def looks_at_base(policy: Policy, scheme: str, month: YearMonth) -> bool:
    """Whether a scheme charges a share of the base in a month, so that a difference can arise."""
    return scheme != LARGE_MEDICAL and not isinstance(policy.charge(scheme, month).value, Merged | YearlyAmount)


def signed_money(fen: int) -> str:
    """Write a difference as the clerk reads it: what is collected and what is refunded in words."""
    if not fen:
        return "0.00"
    return f"补收 {grouped(fen)}" if fen > 0 else f"退 {grouped(-fen)}"


def _account(owed: Contribution) -> int:
    return owed.account_employer + owed.account_person


def contribution_line(label: str, owed: Contribution) -> Line:
    """One contribution as a step, with its own explanation below."""
    return Line.bearing(
        owed.marks,
        label=label,
        formula=f"基数 {grouped(owed.base)}，单位 {grouped(owed.employer)} + 个人 {grouped(owed.person)}",
        value=grouped(owed.total),
        below=lambda: owed.explanation,
    )


def _month_lines(was: Contribution, now: Contribution) -> Iterator[Line]:
    yield contribution_line("原应缴", was)
    yield contribution_line("新应缴", now)
    marks = united((was.marks, now.marks))
    for label, new, old in (
        ("单位补差", now.employer, was.employer),
        ("个人补差", now.person, was.person),
        ("其中个人账户", _account(now), _account(was)),
    ):
        formula = f"{grouped(new)} - {grouped(old)}"
        yield Line.bearing(marks, label=label, formula=formula, value=signed_money(new - old))


def _scheme_lines(policy: Policy, found: Sequence[MonthDifference]) -> Iterator[Line]:
    for scheme in dict.fromkeys(each.scheme for each in found):
        own = [each for each in found if each.scheme == scheme]
        yield replace(
            _sum_line(policy.scheme_name(scheme), own),
            below=partial(_scheme, policy.scheme_name(scheme), own),
        )


def _scheme(name: str, own: Sequence[MonthDifference]) -> Explanation:
    lines = tuple(replace(_sum_line(str(each.month), (each,)), below=partial(_of_month, each)) for each in own)
    return Explanation(title=f"{name} 逐月补差", lines=lines)


def _of_month(each: MonthDifference) -> Explanation:
    return each.explanation


def _sum_line(label: str, own: Sequence[MonthDifference]) -> Line:
    employer, person = sum(each.employer for each in own), sum(each.person for each in own)
    return Line.bearing(
        united(each.explanation.marks for each in own),
        label=label,
        formula=f"单位 {grouped(employer)} + 个人 {grouped(person)}",
        value=signed_money(employer + person),
    )


def _sums(found: Sequence[MonthDifference]) -> Iterator[Line]:
    account = sum(each.account for each in found)
    total = sum(each.total for each in found)
    marks = united(each.explanation.marks for each in found)
    for label, fen in (("其中统筹基金", total - account), ("其中个人账户", account), ("补差合计", total)):
        yield Line.bearing(marks, label=label, value=signed_money(fen))
