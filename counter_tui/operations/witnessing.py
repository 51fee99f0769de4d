"""Operations that change nothing and are kept all the same: refused sign-ons, looks at personal data, prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.operations.decide import decides
from counter_tui.operations.outcome import applied

if TYPE_CHECKING:
    from counter_tui.operations.decide import Case
    from counter_tui.operations.outcome import Outcome

WITNESSED = (
    "signon.refused",
    "access.reveal",
    "access.enquiry",
    "access.print",
)


def witness(case: Case) -> Outcome:  # noqa: ARG001  # there is nothing to look at
    """Keep it in the chain and the audit log; the register stays as it is."""
    return applied()


for _kind in WITNESSED:
    decides(_kind)(witness)
