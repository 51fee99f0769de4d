"""Who worked where and when, before anybody has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.policy.retirement import retirement_law
from counter_tui.training.cast import cast
from counter_tui.training.law import SCHEMES
from counter_tui.training.life import CADRE, FARMER, FEMALE, MALE, WORKER, Ending, Life, Stay
from counter_tui.training.plan import HISTORY, Role
from counter_tui.training.wages import Pay, pays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

    from counter_tui.training.plan import CityPlan

_DECADES: Final = ((16, 18), (18, 25), (25, 35), (35, 45), (45, 55), (55, 60), (60, 69))
_DECADE_WEIGHTS: Final = (1, 12, 46, 75, 94, 99, 100)
_LATE_WOMEN: Final = 50
"""Age from which working women are cadres, who retire later."""
_LATE: Final = 55
"""Age from which nearly all who work are men."""
_YOUNGEST_RETIRED: Final = {MALE: 61, FEMALE: 54}
_MALE_SHARE, _LATE_MALE_SHARE, _MOVER_MALE_SHARE = 0.54, 0.93, 0.52
_SUSPENDED, _RETIRED, _DEAD = 0.07, 0.11, 0.113
"""Shares of endings, each on top of the one before."""
_WITHOUT_UNEMPLOYMENT: Final = 0.012
_YOUNG_EMPLOYERS: Final = 0.12
_MOVERS_PER_HUNDRED: Final = 6
_MOST_MOVERS: Final = 25
_MANY_YEARS: Final = 300
"""Months: the longest time somebody has been with one employer."""
_OLD_RETIREMENT: Final = 60
"""Months before the history in which somebody may have retired."""
_FIRST_QUARTER: Final = 3


def lives(plan: CityPlan, index: int) -> Iterator[Life]:
    """The persons filed under an employer, by number; those who moved on to its neighbour come last."""
    fixed = cast(plan, index)
    yield from fixed
    people = plan.people_of(index)
    staying = people[len(fixed) : len(people) - mover_count(plan, index)]
    rng = plan.stream(index, "lives")
    joined, end = joining(plan, index), settled_until(plan, index)
    schemes = employer_schemes(plan, index)
    closed = plan.role(index) is Role.OFF_REGISTER
    for person, pay in zip(staying, pays(rng, len(staying)), strict=True):
        yield _staying(plan, rng, person, pay, schemes, Stay(index, joined, end), closed=closed)
    yield from movers(plan, index)


def mover_count(plan: CityPlan, index: int) -> int:
    """How many persons of an employer have moved to its neighbour."""
    if plan.neighbour(index) is None:
        return 0
    return min(len(plan.people_of(index)) * _MOVERS_PER_HUNDRED // 100, _MOST_MOVERS)


def movers(plan: CityPlan, index: int) -> Iterator[Life]:
    """Persons who left an employer for its neighbour; both of them reckon with the same."""
    neighbour, count = plan.neighbour(index), mover_count(plan, index)
    if neighbour is None or not count:
        return
    rng = plan.stream(index, "movers")
    earliest, opens = joining(plan, index), joining(plan, neighbour)
    soonest = max(earliest + 2, opens, 2)
    people = plan.people_of(index)[-count:]
    for person, pay in zip(people, pays(rng, count), strict=True):
        sex = MALE if rng.random() < _MOVER_MALE_SHARE else FEMALE
        born = plan.today.year - 24 - int(rng.random() * 22)
        id_type, id_number, birthday = plan.counties.document(person, born, sex)
        arrives = soonest + int(rng.random() * (HISTORY - soonest))
        leaves = max(arrives - 1 - int(rng.random() * 4), earliest)
        first = max(earliest, leaves - int(rng.random() * 48), _grown_up(plan, birthday))
        stays = (Stay(index, min(first, leaves), leaves), Stay(neighbour, arrives, None))
        yield Life(person, id_type, id_number, birthday, sex, WORKER, pay, SCHEMES, stays, Ending.PAYING)


def joining(plan: CityPlan, index: int) -> int:
    """Month in which an employer joined; most did long before the history begins."""
    role = plan.role(index)
    if role is Role.NEW:
        return HISTORY
    rng = plan.stream(index, "joined")
    if role is Role.ORDINARY and rng.random() < _YOUNG_EMPLOYERS:
        return int(rng.random() * (HISTORY - 6))
    return -24 - int(rng.random() * _MANY_YEARS)


def settled_until(plan: CityPlan, index: int) -> int:
    """Last month that an employer has been assessed for."""
    match plan.role(index):
        case Role.OFF_REGISTER:
            return HISTORY - 6 - int(plan.stream(index, "closed").random() * 12)
        case Role.BEHIND:
            return HISTORY - 3
        case _:
            return HISTORY - 1


def employer_schemes(plan: CityPlan, index: int) -> tuple[str, ...]:
    """The schemes an employer takes part in."""
    if plan.role(index) is not Role.THREE_SCHEMES:
        return SCHEMES
    counted = plan.policy.parameter("three_schemes")
    return tuple(scheme for scheme in SCHEMES if isinstance(counted, tuple) and scheme in counted)


def _staying(
    plan: CityPlan, rng: Random, person: int, pay: Pay, schemes: tuple[str, ...], whole: Stay, *, closed: bool
) -> Life:
    low, high = rng.choices(_DECADES, cum_weights=_DECADE_WEIGHTS)[0]
    age = low + int(rng.random() * (high - low))
    sex = MALE if rng.random() < (_LATE_MALE_SHARE if age >= _LATE else _MALE_SHARE) else FEMALE
    status = CADRE if sex == FEMALE and age >= _LATE_WOMEN else _status(rng)
    ending = Ending.SUSPENDED if closed else _ending(rng.random())
    if ending is Ending.RETIRED:
        age = _YOUNGEST_RETIRED[sex] + int(rng.random() * 6)
    # The number turns the year back by one at most; early in the year 16 is not yet reached by the youngest.
    year = plan.today.year - age - (2 if plan.today.month <= _FIRST_QUARTER else 1)
    id_type, id_number, born = plan.counties.document(person, year, sex)
    latest = whole.last if whole.last is not None else HISTORY - 1
    last = latest if closed else _last_month(plan, rng, ending, whole, (born, sex, status))
    if last is None:
        ending = Ending.PAYING
    until = latest if last is None else last
    earliest = max(whole.first, _grown_up(plan, born), -_MANY_YEARS)
    # A draw times a draw leans to the recent end: half of the people came within the last years.
    first = until - int(max(until - earliest, 0) * rng.random() * rng.random())
    if rng.random() < _WITHOUT_UNEMPLOYMENT and schemes == SCHEMES:
        schemes = tuple(scheme for scheme in schemes if scheme != "210")
    stays = (Stay(whole.employer, first, last),)
    return Life(person, id_type, id_number, born, sex, status, pay, schemes, stays, ending)


def _grown_up(plan: CityPlan, born: date) -> int:
    """The month after the sixteenth birthday."""
    since = plan.law.since
    return (born.year + 16 - since.year) * 12 + born.month + 1 - since.month


def _status(rng: Random) -> str:
    return rng.choices((WORKER, CADRE, FARMER), cum_weights=(62, 85, 100))[0]


def _ending(chance: float) -> Ending:
    if chance < _SUSPENDED:
        return Ending.SUSPENDED
    if chance < _RETIRED:
        return Ending.RETIRED
    return Ending.DEAD if chance < _DEAD else Ending.PAYING


def _last_month(plan: CityPlan, rng: Random, ending: Ending, whole: Stay, who: tuple[date, str, str]) -> int | None:
    """Last month paid; None while it goes on, or for a retirement that cannot have been yet."""
    latest = HISTORY - 2 if whole.last is None else whole.last - 1
    if ending is Ending.PAYING:
        return None
    if ending is Ending.RETIRED:
        day = retirement_law().retires_on(*who)
        since = plan.law.since
        month = (day.year - since.year) * 12 + day.month - since.month
        return month if max(-_OLD_RETIREMENT, whole.first) <= month <= latest else None
    soonest = max(whole.first, _grown_up(plan, who[0]), 0)
    return soonest + int(rng.random() * (latest - soonest)) if soonest < latest else None
