"""Contributions of a whole city and of a large employer, one explained amount, and what the law costs to load."""

from __future__ import annotations

import itertools
import random
import statistics
import subprocess
import sys
from array import array
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.contributions import contribution, monthly_rules
from counter_tui.policy.regions import load_policy
from tests.bench.large_employer import employer_of_ten_thousand
from tests.bench.measures import Comparison, Growth, in_turns, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counter_tui.policy.regions import Policy

    Lines: TypeAlias = list[Sequence[int]]

SIZES = {10_000: 5, 100_000: 5, 1_000_000: 3}
"""Persons, and turns taken over so many."""
LINES = (
    ("110", "employer"),
    ("110", "person"),
    ("310", "employer"),
    ("310", "person"),
    ("210", "employer"),
    ("210", "person"),
    ("410", "employer"),
)
"""Pension, medical, unemployment and injury insurance: what nearly every employee and employer pays."""
SCHEMES = tuple(dict.fromkeys(scheme for scheme, _ in LINES))
INJURY_CLASS = 3
MONTH = YearMonth(2026, 7)
PERSON_TO_PERSON = 7919
"""Step of the made-up wages in fen, prime so that roundings of every kind occur."""
EXPLAINED = 200
"""Explained amounts of one sample."""
LOADS = 15
"""Turns of starting an interpreter."""
PPM = 1_000_000
FEN = Decimal(1)


class Disagreement(Exception):
    """Two ways came to different amounts; then their speed says nothing."""


def wages(persons: int) -> list[int]:
    """Wages in fen from below every floor to above every ceiling, in no order."""
    drawn = [150_000 + PERSON_TO_PERSON * number % 2_500_000 for number in range(persons)]
    random.Random(persons).shuffle(drawn)
    return drawn


@dataclass(frozen=True, slots=True)
class Law:
    """Limits and rates of the month, read by one who needs nothing else."""

    floor: int
    ceiling: int
    rate: Decimal

    @property
    def ppm(self) -> int:
        """The rate in parts per million."""
        return int(self.rate * PPM)


def law(policy: Policy) -> list[Law]:
    """What each line rests on."""
    read = []
    for scheme, side in LINES:
        limits, rates = policy.limits(scheme, MONTH), policy.rates(scheme, MONTH, injury_class=INJURY_CLASS)
        read.append(Law(limits.floor, limits.ceiling, rates.employer if side == "employer" else rates.person))
    return read


def by_counter(policy: Policy, roster: Sequence[int]) -> Lines:
    """The lines as the counter computes a city: bases, amounts, parts for the accounts, who was raised or cut."""
    paid = array("q", roster)
    owed = {scheme: monthly_rules(policy, scheme, MONTH, INJURY_CLASS).amounts_of_each(paid) for scheme in SCHEMES}
    return [getattr(owed[scheme], side) for scheme, side in LINES]


def one_by_one(policy: Policy, roster: Sequence[int]) -> Lines:
    """The same as the counter computes an employer, without the library of arrays."""
    owed = {scheme: monthly_rules(policy, scheme, MONTH, INJURY_CLASS)._one_by_one(roster) for scheme in SCHEMES}
    return [getattr(owed[scheme], side) for scheme, side in LINES]


def by_decimal(policy: Policy, roster: Sequence[int]) -> Lines:
    """The same as a textbook would compute it: clamp, multiply, round half up to the fen."""
    return [
        [
            int((Decimal(min(max(wage, line.floor), line.ceiling)) * line.rate).quantize(FEN, ROUND_HALF_UP))
            for wage in roster
        ]
        for line in law(policy)
    ]


def by_numpy(policy: Policy, roster: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Lines:
    """The same in nothing but NumPy over wages that are an array already; amounts stay in arrays."""
    return [
        (np.clip(roster, line.floor, line.ceiling) * line.ppm + PPM // 2) // PPM  # type: ignore[misc]
        for line in law(policy)
    ]


def agree(one: Lines, other: Lines) -> bool:
    """Tell whether all lines of all persons are the same to the fen."""
    return all(list(mine) == list(theirs) for mine, theirs in zip(one, other, strict=True))


def cities(policy: Policy) -> Iterator[Comparison | Growth]:
    """A contribution run at three sizes, every way equal to the others for every person."""
    medians: dict[str, dict[int, float]] = {}
    for size, rounds in SIZES.items():
        roster = wages(size)
        ready = np.array(roster, dtype=np.int64)
        ways: dict[str, Callable[[], Lines]] = {
            "Decimal": lambda roster=roster: by_decimal(policy, roster),  # type: ignore[misc]
            "counter": lambda roster=roster: by_counter(policy, roster),  # type: ignore[misc]
            "counter, one by one": lambda roster=roster: one_by_one(policy, roster),  # type: ignore[misc]
            "bare NumPy": lambda ready=ready: by_numpy(policy, ready),  # type: ignore[misc]
        }
        exact = ways["Decimal"]()
        if not all(agree(way(), exact) for name, way in ways.items() if name != "Decimal"):
            raise Disagreement(size)
        del exact
        samples = in_turns({name: lambda way=way: seconds_of(way) for name, way in ways.items()}, rounds)  # type: ignore[misc]
        for name, taken in samples.items():
            medians.setdefault(name, {})[size] = statistics.median(taken)
        title = f"contributions of {size:,} persons × {len(LINES)} lines"
        yield Comparison(title=title, unit="s", reference="Decimal", samples=samples)
    for name, seconds in medians.items():
        yield Growth(program=name, seconds=seconds)


def explained(policy: Policy) -> Comparison:
    """One amount with all its steps as text, against its two figures in plain Decimals.

    Raises:
        Disagreement: an amount differs by a fen.
    """
    line, person = law(policy)[:2]
    fresh = itertools.count(500_001, PERSON_TO_PERSON)

    def amounts(wage: int) -> tuple[int, int]:
        base = Decimal(min(max(wage, line.floor), line.ceiling))
        employer, own = ((base * each.rate).quantize(FEN, ROUND_HALF_UP) for each in (line, person))
        return int(employer), int(own)

    def explain(wage: int) -> list[str]:
        return contribution(policy, "110", MONTH, wage).explanation.text()

    def microseconds(work: Callable[[int], object]) -> float:
        some = [next(fresh) for _ in range(EXPLAINED)]
        return seconds_of(lambda: [work(wage) for wage in some]) / EXPLAINED * 1e6

    for wage in itertools.islice(fresh, EXPLAINED):
        owed = contribution(policy, "110", MONTH, wage)
        if (owed.employer, owed.person) != amounts(wage):
            raise Disagreement(wage)
    samples = in_turns(
        {"Decimal": lambda: microseconds(amounts), "counter, explained": lambda: microseconds(explain)}, rounds=9
    )
    return Comparison(title="one amount", unit="µs", reference="Decimal", samples=samples)


def loading() -> Comparison:
    """An interpreter that does nothing, one that imports the law, one that reads it all and computes an amount."""
    modules = "from counter_tui.policy.contributions import contribution\n"
    modules += "from counter_tui.policy.regions import load_policy\nfrom counter_tui.domain.calendar import YearMonth\n"
    computed = 'contribution(load_policy("handan", training=True), "110", YearMonth(2026, 7), 500000)\n'
    programs = {
        "python -c pass": "pass",
        "modules of the law": modules,
        "all figures and a first amount": modules + "import counter_tui.policy.loader\n" + computed,
        "NumPy": "import numpy",
    }

    def milliseconds(program: str) -> float:
        return seconds_of(lambda: subprocess.run([sys.executable, "-c", program], check=True)) * 1000

    samples = in_turns(
        {name: lambda program=program: milliseconds(program) for name, program in programs.items()},  # type: ignore[misc]
        LOADS,
    )
    return Comparison(title="loading the law", unit="ms", reference="python -c pass", samples=samples)


def suite() -> Iterator[Comparison | Growth]:
    """All figures of the law.

    Raises:
        Disagreement: an amount differs by a fen.
    """
    policy = load_policy("handan", training=True)
    yield from cities(policy)
    yield employer_of_ten_thousand(policy)
    yield explained(policy)
    yield loading()
