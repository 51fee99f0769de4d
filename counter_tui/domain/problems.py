"""What stands in the way of a save: problems, by field and grade."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from counter_tui.domain.messages import message
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Grade(StrEnum):
    """How far a problem reaches."""

    HINT = "hint"
    """Said beside the field; the save goes on."""
    ASK = "ask"
    """A supervisor may let it pass with a reason."""
    STOP = "stop"
    """Nothing is stored until it is corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a declaration, ready for screen, sheet and wire."""

    field: str | None
    """Name of the field the cursor goes to; None: the declaration as a whole."""
    message: str | None
    """Number in the message catalogue; None: the only fact is the sentence itself."""
    facts: tuple[str, ...] = ()
    grade: Grade

    @property
    def sentence(self) -> str:
        """What the clerk reads."""
        return self.facts[0] if self.message is None else message(self.message, *self.facts).sentence


def stop(field: str | None, id_: str, *facts: object) -> Problem:
    """A problem of the catalogue that stops the save."""
    return _catalogued(field, id_, facts, Grade.STOP)


def ask(field: str | None, id_: str, *facts: object) -> Problem:
    """A problem of the catalogue that a supervisor may let pass."""
    return _catalogued(field, id_, facts, Grade.ASK)


def hint(field: str | None, id_: str, *facts: object) -> Problem:
    """A remark of the catalogue that hinders nothing."""
    return _catalogued(field, id_, facts, Grade.HINT)


def stop_text(field: str | None, text: str) -> Problem:
    """A problem in words of its own that stops the save."""
    return Problem(field=field, message=None, facts=(text,), grade=Grade.STOP)


def ask_text(field: str | None, text: str) -> Problem:
    """A problem in words of its own that a supervisor may let pass."""
    return Problem(field=field, message=None, facts=(text,), grade=Grade.ASK)


def hint_text(field: str | None, text: str) -> Problem:
    """A remark in words of its own that hinders nothing."""
    return Problem(field=field, message=None, facts=(text,), grade=Grade.HINT)


def _catalogued(field: str | None, id_: str, facts: tuple[object, ...], grade: Grade) -> Problem:
    written = tuple(map(str, facts))
    message(id_, *written)  # an unknown number or a missing fact shows here, not on the clerk's screen
    return Problem(field=field, message=id_, facts=written, grade=grade)


class Rejected(CounterError):
    """申报未通过检查，请按提示改正后按 F2"""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Carry every problem found, in the order of the fields.

        Raises:
            ValueError: nothing is wrong, so nothing may be rejected.
        """
        found = tuple(problems)
        if not found:
            raise ValueError("a rejection needs a problem")
        super().__init__(problems=found)

    @property
    def sentence(self) -> str:
        """The first problem; the others are counted and walked through on the screen."""
        return self.problems[0].sentence
