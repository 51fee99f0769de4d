"""One month's rule of a scheme in whole numbers, for rosters of many thousand persons."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from counter_tui.domain.money import Rounding, grouped
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.calendar import YearMonth

PPM = 1_000_000
RAISED = "raised"
CUT = "cut"
MANY = 50_000
"""Wages from which it pays to load the library of arrays: loading takes as long as four schemes of these one by one."""
SOME = 500
"""Wages from which arrays are quicker once the library is there."""


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


class Sums(NamedTuple):
    """What a roster comes to, in fen: the sum of each person's rounded amounts (K4)."""

    base: int
    employer: int
    person: int
    account_employer: int
    account_person: int


class Columns(NamedTuple):
    """What many wages come to, in fen: one sequence for each figure, in the order of the wages."""

    base: Sequence[int]
    employer: Sequence[int]
    person: Sequence[int]
    account_employer: Sequence[int]
    account_person: Sequence[int]
    clamp: Sequence[str | None]

    def sums(self) -> Sums:
        """Add up each figure."""
        figures = self[:5]
        if not _in_arrays(len(self.base)):
            return Sums(*map(sum, figures))
        from counter_tui.policy.rosters import total

        return Sums(*map(total, figures))


class Share(NamedTuple):
    """A rate and its rounding as one division: `(fen * multiplier + addend) // divisor * unit`."""

    multiplier: int
    addend: int
    divisor: int
    unit: int

    def of(self, fen: int) -> int:
        """The share of an amount in fen, not negative."""
        return (fen * self.multiplier + self.addend) // self.divisor * self.unit

    def of_each(self, amounts: Sequence[int]) -> Sequence[int]:
        """The share of each amount; a rate of nothing costs nothing."""
        multiplier, addend, divisor, unit = self
        if not multiplier:
            return [0] * len(amounts)
        if unit != 1:
            return [(fen * multiplier + addend) // divisor * unit for fen in amounts]
        if (multiplier, addend, divisor) == (1, 0, 1):
            return amounts
        return [(fen * multiplier + addend) // divisor for fen in amounts]


_HALF_UP = {Rounding.HALF_UP_FEN: 1, Rounding.HALF_UP_JIAO: 10, Rounding.HALF_UP_YUAN: 100}
_TRUNCATE = {Rounding.TRUNCATE_FEN: 1, Rounding.TRUNCATE_JIAO: 10, Rounding.TRUNCATE_YUAN: 100}
_SEEN_UP = {Rounding.LI_UP_TO_FEN: 1, Rounding.FEN_UP_TO_JIAO: 10, Rounding.JIAO_UP_TO_YUAN: 100}


def share(ppm: int, rounding: Rounding) -> Share:
    """Write a rate in parts per million and a rounding as one division of whole numbers.

    Every mode is a floor of a straight line: halves are added before it, places that lift the one above are added as
    nine tenths of it. Common factors are taken out, so that the products stay small.
    """
    if unit := _HALF_UP.get(rounding):
        multiplier, addend, divisor = 2 * ppm, unit * PPM, 2 * unit * PPM
    elif unit := _TRUNCATE.get(rounding):
        multiplier, addend, divisor = ppm, 0, unit * PPM
    elif unit := _SEEN_UP.get(rounding):
        multiplier, addend, divisor = 10 * ppm, 9 * unit * PPM, 10 * unit * PPM
    else:
        unit = 2
        multiplier, addend, divisor = ppm, 2 * PPM - 1, 2 * PPM
    common = math.gcd(multiplier, divisor)
    # A floor of whole numbers over a product is the floor of the floor: what the factor leaves of the addend is void.
    return Share(multiplier // common, addend // common, divisor // common, unit)


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
    shares: tuple[Share, Share, Share, Share, Share] = field(init=False, repr=False, compare=False)
    """Of the wage the base; of the base the employer's and the person's money and what goes to the account of each."""

    def __post_init__(self) -> None:
        shares = (
            share(PPM, self.base_rounding),
            share(self.employer_ppm, self.employer_rounding),
            share(self.person_ppm, self.person_rounding),
            share(self.account_employer_ppm, self.employer_rounding),
            share(self.account_person_ppm, self.person_rounding),
        )
        object.__setattr__(self, "shares", shares)

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
        rounded, employer, person, account_employer, account_person = self.shares
        base = min(max(rounded.of(wage), self.floor), self.ceiling)
        return Amounts(
            base,
            employer.of(base),
            person.of(base),
            account_employer.of(base),
            account_person.of(base),
            clamp_of(wage, self.floor, self.ceiling, reject=self.reject),
        )

    def refuses(self, wage: int) -> bool:
        """Tell whether `amounts` would raise."""
        return wage <= 0 or (self.reject and self.fixed is None and not self.floor <= wage <= self.ceiling)

    def amounts_of_each(self, wages: Sequence[int]) -> Columns:
        """Return what many wages come to, equal to `amounts` of each; for bureaus of a million persons.

        Raises:
            BadWage, WageBelowFloor, WageAboveCeiling: as `amounts`, for the first wage refused.

        """
        if self.fixed is None and _in_arrays(len(wages)):
            from counter_tui.policy.rosters import columns

            if (owed := columns(self, wages)) is not None:
                return owed
        return self._one_by_one(wages)

    def _one_by_one(self, wages: Sequence[int]) -> Columns:
        count, floor, ceiling = len(wages), self.floor, self.ceiling
        if self.refuses(min(wages, default=1)) or self.refuses(max(wages, default=1)):
            for wage in wages:
                self.amounts(wage)
        if self.fixed is not None:
            nothing = [0] * count
            employer_due, person_due = self.fixed
            return Columns(nothing, [employer_due] * count, [person_due] * count, nothing, nothing, [None] * count)
        rounded, *shares = self.shares
        base = [
            floor if fen < floor else ceiling if fen > ceiling else fen  # noqa: FURB136 - min and max take twice as long
            for fen in rounded.of_each(wages)
        ]
        # A person's whole share often is what goes to the account: it is computed once.
        due = {each: each.of_each(base) for each in set(shares)}
        employer, person, account_employer, account_person = (due[each] for each in shares)
        clamps = [RAISED if wage < floor else CUT if wage > ceiling else None for wage in wages]
        return Columns(base, employer, person, account_employer, account_person, clamps)


def _in_arrays(count: int) -> bool:
    return count >= (SOME if "numpy" in sys.modules else MANY)


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
