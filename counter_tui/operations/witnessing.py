"""Operations that change nothing and are kept all the same: what keys refused, new PINs, looks at people, prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.operations.decide import decides
from counter_tui.operations.outcome import applied

if TYPE_CHECKING:
    from counter_tui.operations.decide import Case
    from counter_tui.operations.outcome import Outcome

CHANGE_PIN, UNBLOCK_PIN = "signon.change_pin", "signon.unblock_pin"
"""A key has a new PIN, by its old one or by its unblocking code."""

WITNESSED = (
    "signon.refused",
    CHANGE_PIN,
    UNBLOCK_PIN,
    "access.reveal",
    "access.enquiry",
    "access.print",
)


def witness(case: Case) -> Outcome:  # noqa: ARG001  # there is nothing to look at
    """Keep it in the chain and the audit log; the register stays as it is."""
    return applied()


for _kind in WITNESSED:
    decides(_kind)(witness)
