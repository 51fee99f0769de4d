"""Rules that several functions share: the employer, open items, locks, ages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from counter_tui.domain.declarations import ItemState
from counter_tui.domain.employers import EmployerState
from counter_tui.domain.problems import ask_text, stop, stop_text
from counter_tui.forms.conditions import setting
from counter_tui.forms.dictionary import GATE_OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.domain.people import DataLock
    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.policy.regions import Policy

WORKING_AGE: Final = 16
"""Full years; labour law art. 15."""
_OPEN_ITEM: Final = {
    ItemState.TO_SUBMIT: "M09",
    ItemState.SUBMITTED: "M10",
    ItemState.IN_REVIEW: "M10",
    ItemState.REJECTED: "M11",
}


def employer_problems(facts: Facts) -> Iterator[Problem]:
    """M52, M27, M05 and the seal: whether the employer may declare anything this month (L3, L7, L8)."""
    employer = facts.employer
    if employer is None:
        yield stop_text(None, "尚未接待单位，请按 F12 返回后由 02 接待单位")
        return
    yield from freeze_problems(facts)
    if employer.sealed:
        yield stop_text(None, "单位未按期年检，已封存，不能办理；请先办理年检，按 F12 返回")
    if employer.state is not EmployerState.ON_REGISTER:
        yield stop(None, "M05")
    if facts.settled:
        yield stop(None, "M27", str(facts.month))


def freeze_problems(facts: Facts) -> Iterator[Problem]:
    """M52: business of the employer is suspended (L7)."""
    if facts.employer is not None and facts.employer.frozen:
        yield stop(None, "M52", facts.employer.frozen)


def open_item_problems(facts: Facts, function: str) -> Iterator[Problem]:
    """M09-M11: another item of the same kind for the person waits for somebody (L1, L2)."""
    for item in facts.open_items:
        if item.function == function and not (facts.editing and item.id == facts.editing.id):
            yield stop("id_number", _OPEN_ITEM[item.state])
            return


def key_change_open(facts: Facts) -> bool:
    """L9: a change of the person's key data is not decided yet."""
    return any(item.function == "P10" for item in facts.open_items)


def lock_problems(facts: Facts, *locks: DataLock) -> Iterator[Problem]:
    """M46: the person's data are locked in one of these ways (L6)."""
    if facts.person is not None and facts.person.lock in locks:
        yield stop("id_number", "M46")


def gate_problems(registration: str, what: str, policy: Policy) -> Iterator[Problem]:
    """P08: where the region asks for it, the labour side is done first; a supervisor may let it pass."""
    if setting(policy, "registration_gate", otherwise=False) and registration == GATE_OPEN:
        yield ask_text("registration", f"{what}未办理，请先到区县人社部门办理；已核对材料的，按 F8 请主管授权")


def birthday(born: date, years: int) -> date:
    """The day on which somebody has lived so many years; 1 March for one born on a leap day."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
