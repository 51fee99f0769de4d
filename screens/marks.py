"""The words of row 1 that hold for every screen: practice, and that nothing new is taken on this host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counter_tui.services.counter import Counter

TRAINING: Final = "演练"
READ_ONLY: Final = "只读"


def marked(counter: Counter, *parts: str) -> str:
    """The words that hold now, and behind them what a screen has to say itself."""
    marks = (
        TRAINING if counter.policy.training else "",
        READ_ONLY if counter.trust.read_only else "",
    )
    return "  ".join(part for part in (*marks, *parts) if part)
