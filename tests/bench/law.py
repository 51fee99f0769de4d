"""Contributions of a whole bureau: the counter's whole-number rules against plain Decimal arithmetic."""

from __future__ import annotations

import random
import statistics
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.contributions import monthly_rules
from counter_tui.policy.regions import load_policy
from tests.bench.measures import Comparison, Growth, in_turns, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_tui.policy.regions import Policy

SIZES = (1_000, 10_000, 100_000)
SCHEMES = ("110", "210", "310", "410")
"""Pension, unemployment, medical and injury insurance: what nearly every employee has."""
INJURY_CLASS = 3
MONTH = YearMonth(2026, 7)
PERSON_TO_PERSON = 7919
"""Step of the made-up wages in fen, prime so that roundings of every kind occur."""


class Disagreement(Exception):
    """The two ways came to different amounts; then their speed says nothing."""


def wages(persons: int) -> list[int]:
    """Wages in fen from below every floor to above every ceiling, in no order."""
    drawn = [150_000 + PERSON_TO_PERSON * number % 2_500_000 for number in range(persons)]
    random.Random(persons).shuffle(drawn)
    return drawn


def by_rules(policy: Policy, roster: Sequence[int]) -> list[tuple[int, ...]]:
    """Base, employer's and person's fen and what goes to accounts, for each scheme and wage, the counter's way."""
    owed: list[tuple[int, ...]] = []
    for scheme in SCHEMES:
        columns = monthly_rules(policy, scheme, MONTH, INJURY_CLASS).amounts_of_each(roster)
        owed += zip(*columns[:5], strict=True)
    return owed


def by_decimal(policy: Policy, roster: Sequence[int]) -> list[tuple[int, ...]]:
    """The same as a textbook would compute it: clamp, multiply, round half up to the fen."""
    fen = Decimal(1)
    owed: list[tuple[int, ...]] = []
    for scheme in SCHEMES:
        limits, law = policy.limits(scheme, MONTH), policy.rates(scheme, MONTH, injury_class=INJURY_CLASS)
        rates = (law.employer, law.person, law.account_employer, law.account_person)
        for wage in roster:
            base = min(max(wage, limits.floor), limits.ceiling)
            exact = Decimal(base)
            owed.append((base, *(int((exact * rate).quantize(fen, ROUND_HALF_UP)) for rate in rates)))
    return owed


def run(policy: Policy, roster: Sequence[int]) -> dict[str, list[float]]:
    """Seconds of both ways over one roster, in turns."""
    return in_turns(
        {
            "Decimal": lambda: seconds_of(lambda: by_decimal(policy, roster)),
            "counter": lambda: seconds_of(lambda: by_rules(policy, roster)),
        }
    )


def suite() -> Iterator[Comparison | Growth]:
    """A contribution run at three sizes.

    Raises:
        Disagreement: an amount differs by a fen.
    """
    policy = load_policy("handan", training=True)
    medians = {}
    for size in SIZES:
        roster = wages(size)
        if by_rules(policy, roster) != by_decimal(policy, roster):
            raise Disagreement(size)
        samples = run(policy, roster)
        medians[size] = statistics.median(samples["counter"])
        yield Comparison(
            title=f"contributions of {size:,} persons × {len(SCHEMES)} schemes",
            unit="s",
            reference="Decimal",
            samples=samples,
        )
    yield Growth(program="counter", seconds=medians)
