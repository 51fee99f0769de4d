"""Wages around the real floors and ceilings of each fee year, in fen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_STEPS = 1000


class Level(Enum):
    """Where a wage stands to the limits."""

    BELOW = auto()
    FLOOR = auto()
    BETWEEN = auto()
    CEILING = auto()
    ABOVE = auto()


_LEVELS = tuple(Level)
_CUMULATIVE = (9, 16, 93, 96, 100)


@dataclass(frozen=True, slots=True)
class Band:
    """Floor and ceiling of a fee year in fen, and whether wages outside are refused."""

    floor: int
    ceiling: int
    strict: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """What a person earns, told by the limits: it rises with them from year to year."""

    level: Level
    step: int
    """Thousandths of the way from one limit to the next."""
    fen: int
    """Odd fen that make it no round sum."""

    def wage(self, band: Band) -> int:
        """Monthly wage in fen under the limits of a year."""
        span = band.ceiling - band.floor
        match self.level:
            case Level.BELOW:
                wage = band.floor * (_STEPS - self.step // 3 - 1) // _STEPS - self.fen
            case Level.FLOOR:
                wage = band.floor
            case Level.BETWEEN:
                wage = band.floor + span * self.step // _STEPS + self.fen
            case Level.CEILING:
                wage = band.ceiling
            case Level.ABOVE:
                wage = band.ceiling + span * self.step // _STEPS + 1 + self.fen
        return min(max(wage, band.floor), band.ceiling) if band.strict else wage


def pays(rng: Random, count: int) -> list[Pay]:
    """Pay of so many persons: most in the lower half of the limits, a few on and beyond them."""
    levels = rng.choices(_LEVELS, cum_weights=_CUMULATIVE, k=count)
    draw = rng.random
    # The least of three draws leans towards low wages, as real payrolls do.
    return [Pay(level, int(min(draw(), draw(), draw()) * _STEPS), int(draw() * 100)) for level in levels]
