"""One person's working life as months at employers, before the register makes records of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.training.wages import Pay

MALE: Final = "1"
FEMALE: Final = "2"
"""CL-SEX."""
WORKER: Final = "1"
FARMER: Final = "2"
CADRE: Final = "4"
"""CL-STATUS."""


class Ending(Enum):
    """How a person stands today."""

    PAYING = auto()
    SUSPENDED = auto()
    RETIRED = auto()
    DEAD = auto()


@dataclass(frozen=True, slots=True)
class Stay:
    """Months with one employer, counted from the first month of the city's history; negative ones lie before it."""

    employer: int
    first: int
    last: int | None
    """Last month paid; None: still there."""


@dataclass(frozen=True, slots=True)
class Life:
    """One person's numbers, pay and stays, oldest stay first."""

    person: int
    id_type: str
    id_number: str
    born: date
    sex: str
    status: str
    pay: Pay
    schemes: tuple[str, ...]
    stays: tuple[Stay, ...]
    ending: Ending
    name: str = ""
    """Fixed name, empty for one drawn by chance."""
    nation: str = "01"
