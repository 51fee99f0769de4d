"""The people of the walk-through: the same names and numbers in every city of a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.training.law import SCHEMES
from counter_tui.training.life import CADRE, FEMALE, MALE, WORKER, Ending, Life, Stay
from counter_tui.training.plan import HISTORY, NEIGHBOUR, WALKTHROUGH
from counter_tui.training.wages import Level, Pay

if TYPE_CHECKING:
    from datetime import date

    from counter_tui.training.plan import CityPlan

_LONG_AGO: Final = -24


@dataclass(frozen=True, slots=True)
class Figure:
    """A fixed person of an employer; months are counted back from the settlement month."""

    name: str
    sex: str
    born: int
    pay: Pay
    came: int = HISTORY - _LONG_AGO
    stopped: int | None = None
    """Months since the last one paid; None: paying."""
    status: str = WORKER
    nation: str = "01"


def _some(step: int, fen: int = 0) -> Pay:
    return Pay(Level.BETWEEN, step, fen)


AT_WALKTHROUGH: Final = (
    Figure("张建国", MALE, 1979, _some(310)),
    Figure("李秀英", FEMALE, 1984, _some(450, 50), status=CADRE),
    Figure("王㛃", FEMALE, 1992, _some(120)),
    Figure("古丽巴哈尔·吐尔逊", FEMALE, 1995, _some(90, 35), nation="05"),
    Figure("刘洋", MALE, 1990, Pay(Level.FLOOR, 0, 0)),
    Figure("陈晨", FEMALE, 1998, Pay(Level.BELOW, 200, 0)),
    Figure("赵𬭚", MALE, 1988, Pay(Level.ABOVE, 150, 80)),
    Figure("孙丽娜", FEMALE, 1991, Pay(Level.CEILING, 0, 0)),
    Figure("周志强", MALE, 1986, _some(210, 66)),
    Figure("吴晓燕", FEMALE, 1989, _some(160), stopped=4),
    Figure("刘洋", MALE, 1996, _some(75)),
    Figure("郑凯", MALE, 1999, _some(60, 12), came=5),
)
AT_NEIGHBOUR: Final = (
    Figure("冯雪梅", FEMALE, 1993, _some(140)),
    Figure("何俊峰", MALE, 1987, _some(260, 8), stopped=2),
)
SUSPENDS, RESUMES = 8, 9
"""Places in `AT_WALKTHROUGH` of the person to suspend and of the one to resume."""
ELSEWHERE, TRANSFERS = 0, 1
"""Places in `AT_NEIGHBOUR` of the person paying there and of the one stopped there."""
_CAST: Final = {WALKTHROUGH: AT_WALKTHROUGH, NEIGHBOUR: AT_NEIGHBOUR}

NEWCOMER: Final = ("林晓彤", FEMALE, 2003)
AGENT: Final = ("许静", FEMALE, 1994)
"""Name, sex and year of birth of two people who are not in the register."""


def cast(plan: CityPlan, index: int) -> tuple[Life, ...]:
    """The fixed persons of an employer, first in its file; most employers have none."""
    people = plan.people_of(index)
    return tuple(_alive(plan, index, people[place], figure) for place, figure in enumerate(_CAST.get(index, ())))


def _alive(plan: CityPlan, index: int, person: int, figure: Figure) -> Life:
    id_type, id_number, born = plan.counties.document(person, figure.born, figure.sex)
    last = None if figure.stopped is None else HISTORY - figure.stopped
    return Life(
        person=person,
        id_type=id_type,
        id_number=id_number,
        born=born,
        sex=figure.sex,
        status=figure.status,
        pay=figure.pay,
        schemes=SCHEMES,
        stays=(Stay(index, HISTORY - figure.came, last),),
        ending=Ending.PAYING if last is None else Ending.SUSPENDED,
        name=figure.name,
        nation=figure.nation,
    )


def outsider(plan: CityPlan, place: int, who: tuple[str, str, int]) -> tuple[str, date]:
    """Identity number and birth date of somebody who is not in the register."""
    return plan.counties.outsider(place, who[2], who[1])
