"""A whole invented city, employer by employer, as records of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.training.employers import employer, injury_class, unpaid_months
from counter_tui.training.history import Books
from counter_tui.training.lives import lives, movers
from counter_tui.training.people import coverages, persons
from counter_tui.training.plan import CityPlan, business_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from counter_tui.domain.contributions import ContributionSpan
    from counter_tui.operations.outcome import Record
    from counter_tui.policy.regions import Policy

__all__ = ["build_city", "build_employer", "business_date", "plan_city"]


def plan_city(policy: Policy, *, employers: int, persons: int, seed: int, today: date) -> CityPlan:
    """Lay out a city whose settlement month is that of `today`; employers can then be built in any order.

    Raises:
        CityTooSmall: the fixed employers would not fit in.
        CityTooLarge: there are not so many identity numbers.
    """
    return CityPlan(policy=policy, employers=employers, persons=persons, seed=seed, today=today)


def build_city(
    policy: Policy, *, employers: int, persons: int, seed: int, today: date
) -> Iterator[Record | ContributionSpan]:
    """Build the city in order of employers, holding no more than one of them; errors as `plan_city`."""
    plan = plan_city(policy, employers=employers, persons=persons, seed=seed, today=today)
    for index in range(1, employers + 1):
        yield from build_employer(plan, index)


def build_employer(plan: CityPlan, index: int) -> Iterator[Record | ContributionSpan]:
    """Build one employer with its people and their three years: rows of each kind in the order of their keys."""
    books = Books(plan, index, injury_class(plan, index))
    yield employer(plan, index)
    rng = plan.stream(index, "coverages")
    filed = list(lives(plan, index))
    for life, person in zip(filed, persons(plan, index, filed), strict=True):
        yield person
        yield from coverages(plan, life, rng)
        yield from books.enter(life)
    if index > 1 and plan.neighbour(index - 1) is not None:
        for life in movers(plan, index - 1):
            books.arrive(life)
    yield from books.bills(unpaid_months(plan, index))
