"""Files of figures that a bureau loads into its law, and the two persons behind each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum

from counter_tui.domain.declarations import Stamp  # noqa: TC001  # as above


class FiguresState(StrEnum):
    """Where a file of figures stands."""

    PROPOSED = "F1"
    CONFIRMED = "F2"
    REFUSED = "F9"

    @property
    def label(self) -> str:
        """The state as shown."""
        return {"F1": "待确认", "F2": "已生效", "F9": "未同意"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresFile:
    """A file of figures that one person proposed; it rules only once a second one has confirmed it."""

    id: str
    """The operation that proposed it."""
    region: str
    """Name of the region whose law it completes."""
    name: str
    """Name of the file as it was proposed."""
    text: str
    text_hash: str
    """SHA-256 of the text, hex: a text that was changed afterwards is never read as figures."""
    figures: tuple[str, ...]
    """Keys of the figures it changes: what may not be used when its text is damaged."""
    state: FiguresState
    proposed: Stamp
    decided: Stamp | None = None
    in_force: date | None = None
    """Business date of the confirmation: no figure of the file rules earlier."""
    known_from: date | None = None
    """Latest day of publication among its figures; each rules from its own."""
    reason: str = ""
    """Why it was refused."""
