"""An operation that the hub holds, as hub and counters know it; and when an operation is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_tui.domain.held import Hold
    from counter_tui.operations.envelope import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What waits for its final outcome."""

    operation: Operation
    op_hash: str
    hold: Hold
    why: str
    """The hub's sentence."""
    pos: int
    """Position of the feed row that told it last; the order in which held operations are judged again."""


class Turn(Enum):
    """When an operation is judged: what became of the maker's certificate since counts differently."""

    ARRIVING = "arriving"
    """In its place in the chain."""
    WAITING = "waiting"
    """Again, after it was held; nobody has vouched for it."""
    VOUCHED = "vouched"
    """Again, after a supervisor vouched for it."""

    @property
    def late(self) -> bool:
        """Whether others have come in between."""
        return self is not Turn.ARRIVING
