"""What a card may do wrong, told to it beforehand: `card.suffers(Fault(Wrong.PULLED, at=3))`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

_GARBAGE = bytes.fromhex("7FFFFFFF00530082FF9000")
"""Begins like an object, claims impossible lengths, ends as if all were well."""


class Wrong(Enum):
    """Kinds of faults."""

    GARBAGE = auto()
    """The command is carried out, but `answer` comes back, whatever was asked."""
    TRUNCATED = auto()
    """The second half of the answer is missing, the status word is right."""
    STATUS = auto()
    """The command is not carried out; `status` comes back."""
    SLOW = auto()
    """The right answer, `seconds` late."""
    PULLED = auto()
    """The command is carried out, but the card leaves the reader before it has answered."""
    MUTE = auto()
    """No answer at all, while the card stays where it is."""


class CardPulled(Exception):
    """The card is out of the reader."""


class CardMute(Exception):
    """The card does not answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, once or more often."""

    wrong: Wrong
    at: int = field(default=1, kw_only=True)
    """The first command that suffers, counted from 1 among those that come after the fault was set."""
    times: int = field(default=1, kw_only=True)
    """How many commands suffer in a row; 0 for all that follow."""
    ins: int | None = field(default=None, kw_only=True)
    """Only commands with this instruction byte count; None counts all, GET RESPONSE too."""
    status: int = field(default=0x6F00, kw_only=True)
    """Status word for Wrong.STATUS."""
    seconds: float = field(default=0.0, kw_only=True)
    """Delay for Wrong.SLOW."""
    answer: bytes = field(default=_GARBAGE, kw_only=True)
    """Answer for Wrong.GARBAGE, status word included (or not: garbage may be shorter than one)."""

    def due(self, count: int) -> bool:
        """Whether the `count`-th command suffers."""
        return count >= self.at and (not self.times or count < self.at + self.times)
