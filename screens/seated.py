"""Screens of a running counter: who works here, for whom, and whether it is practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from counter_tui.domain.masking import mask_id
from counter_tui.domain.text import fit, width
from screens.base import CounterScreen
from screens.marks import READ_ONLY, marked
from screens.widgets.title_row import TitleRow

if TYPE_CHECKING:
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.receptions import Reception
    from counter_tui.services.counter import Counter
    from counter_tui.services.seats import Seat

EMPLOYER: Final = "1"
"""CL-OBJECT."""

_NAME_CELLS: Final = 24
"""Cells of an employer's name in the title row."""


class AtCounter(CounterScreen):
    """A screen that works with the counter; training shows as a word and as a colour."""

    @property
    def counter(self) -> Counter:
        """The use cases."""
        return cast("Counter", self.desk.counter)

    def heading_right(self) -> str:
        """The words that hold everywhere."""
        return marked(self.counter)

    def on_mount(self) -> None:
        """Colour the band."""
        self.query_one(TitleRow).set_class(self.counter.policy.training, "training")


class Seated(AtCounter):
    """A screen behind the login."""

    @property
    def seat(self) -> Seat:
        """Who works here, for whom."""
        return self.counter.seat

    def heading_right(self) -> str:
        """The words that hold everywhere, the reception, the settlement month."""
        return marked(self.counter, self._received())

    def _received(self) -> str:
        taken = self.counter.taken
        if taken is None or taken.reception is None:
            return "未接待"
        return received(taken.reception, self.counter.employer)


def received(reception: Reception, employer: Employer | None) -> str:
    """A reception as row 1 shows it: employer and month, or the person's masked number; read-only in words."""
    if reception.subject == EMPLOYER:
        name = short(employer.name, _NAME_CELLS) if employer else ""
        month = str(employer.settlement_month) if employer else ""
        parts = [name, reception.employer, month]
    else:
        parts = ["个人", mask_id(reception.person)]
    return "  ".join([part for part in parts if part] + ([READ_ONLY] if reception.read_only else []))


def short(text: str, cells: int) -> str:
    """The text, cut to so many cells with two dots where something is missing."""
    return text if width(text) <= cells else f"{fit(text, cells - 2)}.."
