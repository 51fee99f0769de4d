"""Samples of programs that do the same work, taken in turns, and the ratio between them."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROUNDS = 5
"""Least number of turns a median is taken over."""


def percentile(samples: Sequence[float], percent: int) -> float:
    """The smallest sample that at least `percent` per cent of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure of several programs, measured in one run; the reference is one of them."""

    title: str
    unit: str
    reference: str
    samples: Mapping[str, Sequence[float]]
    """Program to its raw samples, in the unit."""

    def median(self, program: str) -> float:
        return statistics.median(self.samples[program])

    def ratio(self, program: str) -> float:
        """Median of the program over the median of the reference; infinite over a reference of nothing."""
        of, to = self.median(program), self.median(self.reference)
        if to:
            return of / to
        return math.inf if of else 1.0

    def lines(self) -> list[str]:
        """The figure as text: a heading, then a line for each program."""
        width = max(map(len, self.samples))
        rows = [
            f"  {program:<{width}}  {self.median(program):>12.3f}  {percentile(samples, 95):>12.3f}  "
            f"{self.ratio(program):>9.2f}  {len(samples):>5}"
            for program, samples in self.samples.items()
        ]
        heading = f"  {self.unit:<{width}}  {'p50':>12}  {'p95':>12}  {'ratio':>9}  {'n':>5}"
        return [f"{self.title} (ratio to {self.reference})", heading, *rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the time of one program grows with the size of its work."""

    program: str
    seconds: Mapping[int, float]
    """Size to median seconds, smallest size first."""

    @property
    def exponent(self) -> float:
        """Slope between the smallest and the largest size on a log-log scale; 1 is linear."""
        sizes = list(self.seconds)
        first, last = sizes[0], sizes[-1]
        return math.log(self.seconds[last] / self.seconds[first]) / math.log(last / first)

    def lines(self) -> list[str]:
        """The growth as one line of text."""
        points = ", ".join(f"{size:,}: {seconds:.4f} s" for size, seconds in self.seconds.items())
        return [f"  growth of {self.program}: {points}; exponent {self.exponent:.2f}"]


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turns(programs: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """One sample of each program in each round, so that a slow moment of the machine meets them all."""
    samples: dict[str, list[float]] = {program: [] for program in programs}
    for _ in range(rounds):
        for program, sample in programs.items():
            samples[program].append(sample())
    return samples
