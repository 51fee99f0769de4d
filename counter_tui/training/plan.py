"""The plan of a city: its month, how large each employer is and what each is there to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import YearMonth
from counter_tui.errors import CounterError
from counter_tui.policy.dated import NotInForce
from counter_tui.training.law import SCHEMES, Law
from counter_tui.training.numbers import Counties, counties, employer_number, person_number

if TYPE_CHECKING:
    from counter_tui.policy.regions import Policy

HISTORY: Final = 36
"""Months of history before the settlement month."""
_LONGEST_LOOK_BACK: Final = 240


class CityTooSmall(CounterError):
    """演练城市至少需要 {employers} 个单位、{persons} 人，请加大数量"""

    employers: int
    persons: int


class CityTooLarge(CounterError):
    """演练城市最多 {persons} 人，请减少人数"""

    persons: int


class Role(Enum):
    """What an employer is there to show."""

    ORDINARY = auto()
    WALKTHROUGH = auto()
    """All facts of the walk-through; every earlier month assessed and paid."""
    UNCHANGED = auto()
    """Nothing happened this month."""
    NEIGHBOUR = auto()
    """Has, or had, the persons that the walk-through meets at another employer."""
    THREE_SCHEMES = auto()
    """三险户."""
    FROZEN = auto()
    ARREARS = auto()
    OFF_REGISTER = auto()
    NEW = auto()
    """Joined this month; nobody is enrolled yet."""
    BEHIND = auto()
    """Two months are not assessed yet."""


WALKTHROUGH, UNCHANGED, NEIGHBOUR = 1, 2, 3
"""Indexes of the fixed employers, the same in every city whatever its seed."""
_FIXED: Final = (
    (Role.WALKTHROUGH, 12),
    (Role.UNCHANGED, 8),
    (Role.NEIGHBOUR, 15),
    (Role.THREE_SCHEMES, 22),
    (Role.FROZEN, 9),
    (Role.ARREARS, 14),
    (Role.OFF_REGISTER, 6),
    (Role.NEW, 0),
    (Role.BEHIND, 11),
)
"""Roles and persons of the first employers."""
_TAKES_PART: Final = frozenset({Role.ORDINARY, Role.ARREARS})
"""Employers between which people move."""
_MIDDLE: Final = 15
"""Most persons of an employer in the middle of the ranks."""
_FAIR_HEAD: Final = 500
"""Employers for each place by which the largest ones come nearer to one another."""


@dataclass(frozen=True, kw_only=True)
class CityPlan:
    """Everything about a city that is known before anybody is made."""

    policy: Policy
    employers: int
    persons: int
    seed: int
    today: date

    def __post_init__(self) -> None:
        others = self.employers - len(_FIXED)
        least = sum(size for _, size in _FIXED) + max(others, 1)
        if others < 1 or self.persons < least:
            raise CityTooSmall(employers=len(_FIXED) + 1, persons=least)
        if self.persons > self.counties.capacity:
            raise CityTooLarge(persons=self.counties.capacity)

    @cached_property
    def month(self) -> YearMonth:
        """Settlement month of employers that are up to date."""
        return YearMonth.of(self.today)

    @cached_property
    def law(self) -> Law:
        """Figures of the months of history and of the settlement month."""
        return Law(policy=self.policy, since=self.month - HISTORY, months=HISTORY + 1)

    @cached_property
    def counties(self) -> Counties:
        """Where people were born and employers are registered."""
        return counties(self.policy.region.code)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Persons filed under each employer, in order of index, from 1."""
        fixed = [size for _, size in _FIXED]
        rest = heavy_tail(self.employers - len(_FIXED), self.persons - sum(fixed))
        Random(f"{self.seed}/sizes").shuffle(rest)  # noqa: S311  # chance, not secrecy
        return (*fixed, *rest)

    @cached_property
    def _first_persons(self) -> tuple[int, ...]:
        return tuple(accumulate(self.sizes, initial=1))

    @cached_property
    def stop_month_payable(self) -> bool:
        """Whether the month in which somebody stops is still paid."""
        return self.policy.parameter("stop_month_payable") is True

    @cached_property
    def _asks_scope(self) -> bool:
        scope = self.policy.form_overlay("P01")
        return "scope" in scope and scope["scope"].required_when is not None

    def people_of(self, index: int) -> range:
        """Indexes of the persons filed under an employer."""
        return range(self._first_persons[index - 1], self._first_persons[index])

    def role(self, index: int) -> Role:
        """What the employer with this index is there to show."""
        if index <= len(_FIXED):
            role = _FIXED[index - 1][0]
            return Role.ORDINARY if role is Role.THREE_SCHEMES and not self._asks_scope else role
        if index % 23 == 0:
            return Role.ARREARS
        if index % 89 == 0:
            return Role.FROZEN
        return Role.OFF_REGISTER if index % 211 == 0 else Role.ORDINARY

    def neighbour(self, index: int) -> int | None:
        """Index of the employer to which persons of this one move, if there is one."""
        both = (index, index + 1)
        fits = index > len(_FIXED) and index < self.employers and {self.role(each) for each in both} <= _TAKES_PART
        return index + 1 if fits else None

    def stream(self, index: int, what: str) -> Random:
        """Chance of one employer for one purpose; the first employers are the same whatever the seed."""
        seed = "fixed" if index <= len(_FIXED) else self.seed
        return Random(f"{seed}/{index}/{what}")  # noqa: S311  # as above

    def employer_number(self, index: int) -> str:
        """单位编号."""
        return employer_number(self.policy.region, index)

    def person_number(self, index: int) -> str:
        """个人编号."""
        return person_number(self.policy.region, index)


def heavy_tail(count: int, total: int) -> list[int]:
    """Sizes of so many employers, largest first, as in real cities: a few large ones, and most with few persons."""
    head = 4 + count // _FAIR_HEAD
    sizes = [1] * count
    for tenths in range(10, 40):
        weights = [(rank + head) ** (-tenths / 10) for rank in range(count)]
        scale = (total - count) / sum(weights)
        sizes = [1 + int(weight * scale) for weight in weights]
        if sizes[count * 2 // 5] <= _MIDDLE:
            break
    rest = total - sum(sizes)
    return [size + rest // count + (place < rest % count) for place, size in enumerate(sizes)]


def covered(policy: Policy, month: YearMonth) -> bool:
    """Tell whether the law has every figure that an assessment of a month needs."""
    try:
        for scheme in SCHEMES:
            policy.limits(scheme, month)
            policy.charge(scheme, month)
    except NotInForce:
        return False
    return True


def business_date(policy: Policy, real_today: date) -> date:
    """The day on which a training counter stands: today, or else the 15th of the last month with figures.

    Raises:
        NotInForce: there are no figures for any of the last twenty years.
    """
    this = YearMonth.of(real_today)
    if covered(policy, this):
        return real_today
    for back in range(1, _LONGEST_LOOK_BACK):
        if covered(policy, this - back):
            return date((this - back).year, (this - back).month, 15)
    raise NotInForce(figure="缴费基数上下限", month=this)
