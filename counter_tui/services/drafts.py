"""Forms left unfinished: kept field by field, so that at most the field being typed is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.services.ports import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.services.ports import Clock, LocalStore
    from counter_tui.services.seats import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Keep, find and drop an operator's unfinished forms."""

    store: LocalStore
    clock: Clock

    async def keep(self, function: str, texts: Mapping[str, str], cursor: str, *, seat: Seat) -> None:
        """Keep a form as typed, with the field in which the cursor stands."""
        draft = Draft(
            operator=seat.session.operator.number,
            function=function,
            subject=seat.employer,
            texts=dict(texts),
            cursor=cursor,
            saved_at=self.clock.now(),
        )
        await self.store.write(lambda work: work.keep_draft(draft))

    async def find(self, function: str, *, seat: Seat) -> Draft | None:
        """The operator's unfinished form of a function, for the employer in reception."""
        operator = seat.session.operator.number
        draft = await self.store.read(lambda r: r.draft(operator, function))
        return draft if draft is not None and draft.subject == seat.employer else None

    async def drop(self, function: str, *, seat: Seat) -> None:
        """Forget it."""
        operator = seat.session.operator.number
        await self.store.write(lambda work: work.drop_draft(operator, function))
