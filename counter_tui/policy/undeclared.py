"""Employers that do not declare: the month is fixed at 110 % of the last one (社会保险法 Art. 62)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.domain.money import Rounding, grouped, round_ratio
from counter_tui.errors import CounterError
from counter_tui.policy.collection_terms import collection_terms
from counter_tui.policy.explanation import Explanation, Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_tui.domain.bills import BillLine
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.dated import Value
    from counter_tui.policy.regions import Policy

_PERCENT = 100
_OWN_MONTH = "10"
"""CL-FEETYPE: only the month itself counts, no back-collection."""


class NothingLastMonth(CounterError):
    """该单位 {month} 没有核定的缴费额，不能按上月核定，请先核定 {month} 或由主管办理"""


class NegativeLastMonth(CounterError):
    """该单位上月缴费额为负数，不能据以核定，请核对上月核定单"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredLine:
    """What one scheme is fixed at, in fen."""

    scheme: str
    employer: int
    person: int

    @property
    def total(self) -> int:
        """Both sides."""
        return self.employer + self.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeclared:
    """What an undeclared month is fixed at."""

    month: YearMonth
    lines: tuple[UndeclaredLine, ...]
    explanation: Explanation

    @property
    def total(self) -> int:
        """All schemes, in fen."""
        return sum(line.total for line in self.lines)


def undeclared_due(policy: Policy, month: YearMonth, last_month: Iterable[BillLine]) -> Undeclared:
    """Fix a month at 110 % of what each scheme owed the month before, without interest and late fee.

    Each scheme and side is rounded as the region rounds that side.

    Raises:
        NotInForce: the month lies before the Social Insurance Law.
        NothingLastMonth: nothing was assessed for the month before.
        NegativeLastMonth: last month was a refund.

    """
    ruling = collection_terms().undeclared.on(month)
    own = [line for line in last_month if line.fee_type == _OWN_MONTH]
    if not any(line.employer or line.person for line in own):
        raise NothingLastMonth(month=month - 1)
    if any(line.employer < 0 or line.person < 0 for line in own):
        raise NegativeLastMonth
    lines = tuple(
        UndeclaredLine(
            scheme=line.scheme,
            employer=_raised(line.employer, ruling.value, _rounding(policy, "employer_rounding", month)),
            person=_raised(line.person, ruling.value, _rounding(policy, "person_rounding", month)),
        )
        for line in own
    )
    said = tuple(_line(policy, line, fixed, ruling) for line, fixed in zip(own, lines, strict=True))
    total = Line(label="应缴合计", formula="以上各项相加", value=grouped(sum(line.total for line in lines)))
    title = f"{month} 未申报，按 {month - 1} 缴费额的 {ruling.value}% 核定"
    return Undeclared(month=month, lines=lines, explanation=Explanation(title=title, lines=(*said, total)))


def _rounding(policy: Policy, name: str, month: YearMonth) -> Rounding:
    return Rounding(str(policy.parameter(name, month)))


def _raised(fen: int, percent: int, rounding: Rounding) -> int:
    return round_ratio(fen * percent, _PERCENT, rounding)


def _line(policy: Policy, last: BillLine, fixed: UndeclaredLine, ruling: Value[int]) -> Line:
    name = policy.scheme_name(last.scheme)

    def below() -> Explanation:
        sides = (("单位", last.employer, fixed.employer), ("个人", last.person, fixed.person))
        lines = tuple(
            Line.resting_on(
                ruling,
                label=f"{label}应缴",
                formula=f"上月 {grouped(before)} * {ruling.value}%",
                value=grouped(now),
            )
            for label, before, now in sides
        )
        return Explanation(title=f"{name} 按上月核定", lines=lines)

    return Line.resting_on(
        ruling,
        label=name,
        formula=f"单位 {grouped(fixed.employer)} + 个人 {grouped(fixed.person)}",
        value=grouped(fixed.total),
        below=below,
    )
