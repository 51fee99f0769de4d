"""The four outcomes of an operation, and the records it changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from counter_tui.domain.bills import Bill, RollBack, Roster, UnitMonth
from counter_tui.domain.coverage import Coverage, CoverageChange, Entitlement
from counter_tui.domain.declarations import Item, Transition
from counter_tui.domain.employers import Employer
from counter_tui.domain.figures import FiguresFile
from counter_tui.domain.grants import Grant, LedgerEntry
from counter_tui.domain.held import HeldAnswer, Hold
from counter_tui.domain.operators import LastSignOn, Operator  # msgspec reads the annotations
from counter_tui.domain.people import Person, PersonChange
from counter_tui.domain.problems import Problem  # noqa: TC001  # msgspec reads the annotations
from counter_tui.domain.receptions import Reception
from counter_tui.domain.sign_ons import SignOnRecord
from counter_tui.operations.canonical import builtins, read

Record: TypeAlias = (
    Employer
    | Person
    | PersonChange
    | Coverage
    | CoverageChange
    | Entitlement
    | Item
    | Transition
    | UnitMonth
    | Bill
    | Roster
    | RollBack
    | Reception
    | FiguresFile
    | Grant
    | LedgerEntry
    | LastSignOn
    | SignOnRecord
)
"""A row of the register. An effect is such a row as it stands afterwards: storage puts it under its key."""

RECORDS: dict[str, type[Record]] = {
    kind.__name__: kind
    for kind in (
        Employer,
        Person,
        PersonChange,
        Coverage,
        CoverageChange,
        Entitlement,
        Item,
        Transition,
        UnitMonth,
        Bill,
        Roster,
        RollBack,
        Reception,
        FiguresFile,
        Grant,
        LedgerEntry,
        LastSignOn,
        SignOnRecord,
    )
}


class Status(StrEnum):
    """What became of an operation."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The one answer to an operation; durable at the hub."""

    status: Status
    effects: tuple[Record, ...] = ()
    operators: tuple[Operator, ...] = ()
    """Accounts as they stand afterwards: changes of the registry, which the feed carries beside the effects."""
    problems: tuple[Problem, ...] = ()
    why: str = ""
    """A Chinese sentence: what collided, or what is waited for."""
    link: str = ""
    """Operation with the same effect, when this one repeats it."""
    hold: Hold = Hold.UNKNOWN
    """Why it is held; without meaning for any other outcome."""
    word: str = ""
    """The operation by which a supervisor released or refused it while it was held."""
    answers: tuple[HeldAnswer, ...] = ()
    """What becomes of held operations because this one was applied: the hub does it in the same transaction."""

    @property
    def sentence(self) -> str:
        """What the clerk reads when it did not take effect."""
        return self.problems[0].sentence if self.problems else self.why


def applied(*effects: Record, link: str = "", operators: tuple[Operator, ...] = ()) -> Outcome:
    """It took effect; `effects` may be empty when it repeats an equal one (`link`)."""
    return Outcome(status=Status.APPLIED, effects=effects, operators=operators, link=link)


def conflict(why: str) -> Outcome:
    """The register moved on; both sides are kept."""
    return Outcome(status=Status.CONFLICT, why=why)


def rejected(*problems: Problem) -> Outcome:
    """It breaks a rule of form, right or signature."""
    return Outcome(status=Status.REJECTED, problems=problems)


def held(why: str, hold: Hold) -> Outcome:
    """It cannot be judged now."""
    return Outcome(status=Status.HELD, why=why, hold=hold)


def effect_builtins(effect: Record) -> dict[str, Any]:
    """An effect as it travels in the feed."""
    return {"record": type(effect).__name__, "row": builtins(effect)}


def effect_read(value: dict[str, Any]) -> Record:
    """Read an effect of the feed; KeyError for a record this version does not know."""
    return read(RECORDS[value["record"]], value["row"])
