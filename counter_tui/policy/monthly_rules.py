"""One month's rule of a scheme in whole numbers, for rosters of many thousand persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from counter_tui.domain.money import Rounding, grouped, round_ratio
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from counter_tui.domain.calendar import YearMonth

PPM = 1_000_000
RAISED = "raised"
CUT = "cut"


class BadWage(CounterError):
    """申报工资应大于零，请核对后重新输入"""


class WageBelowFloor(CounterError):
    """申报工资 {wage} 低于下限 {floor}，请修改后再保存"""


class WageAboveCeiling(CounterError):
    """申报工资 {wage} 高于上限 {ceiling}，请修改后再保存"""


class Amounts(NamedTuple):
    """What a wage comes to, in fen."""

    base: int
    employer: int
    person: int
    account_employer: int
    account_person: int
    clamp: str | None
    """`raised` to the floor, `cut` to the ceiling, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyRule:
    """Limits in fen and rates in parts per million of one scheme, month and class of risk."""

    scheme: str
    month: YearMonth
    floor: int = 0
    ceiling: int = 0
    reject: bool = False
    """Refuse wages out of range instead of clamping them."""
    employer_ppm: int = 0
    person_ppm: int = 0
    account_employer_ppm: int = 0
    account_person_ppm: int = 0
    base_rounding: Rounding = Rounding.HALF_UP_FEN
    employer_rounding: Rounding = Rounding.HALF_UP_FEN
    person_rounding: Rounding = Rounding.HALF_UP_FEN
    fixed: tuple[int, int] | None = None
    """Employer's and person's amount in fen when the scheme looks at no base."""
    marks: tuple[str, ...] = ()

    def amounts(self, wage: int) -> Amounts:
        """Return what a wage in fen comes to, equal to `contribution` to the fen.

        Raises:
            BadWage: not above zero.
            WageBelowFloor, WageAboveCeiling: the region rejects instead of clamping.

        """
        if wage <= 0:
            raise BadWage
        if self.fixed is not None:
            return Amounts(0, self.fixed[0], self.fixed[1], 0, 0, None)
        base = min(max(round_ratio(wage, 1, self.base_rounding), self.floor), self.ceiling)
        return Amounts(
            base,
            round_ratio(base * self.employer_ppm, PPM, self.employer_rounding),
            round_ratio(base * self.person_ppm, PPM, self.person_rounding),
            round_ratio(base * self.account_employer_ppm, PPM, self.employer_rounding),
            round_ratio(base * self.account_person_ppm, PPM, self.person_rounding),
            clamp_of(wage, self.floor, self.ceiling, reject=self.reject),
        )


def clamp_of(wage: int, floor: int, ceiling: int, *, reject: bool) -> str | None:
    """Tell on which side a wage leaves the limits, or refuse it where the region rejects."""
    if wage < floor:
        if reject:
            raise WageBelowFloor(wage=grouped(wage), floor=grouped(floor))
        return RAISED
    if wage > ceiling:
        if reject:
            raise WageAboveCeiling(wage=grouped(wage), ceiling=grouped(ceiling))
        return CUT
    return None
