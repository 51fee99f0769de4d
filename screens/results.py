"""申报结果: what was declared in this period by one function, beside its entry form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.forms.catalog.prints import EVERY_STATE
from counter_tui.services.enquiries import Criteria
from counter_tui.services.staff_changes import ChangesWanted
from screens.item_list import ItemList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.services.printing import Paper


class Results(ItemList):
    """Items of the settlement month; F7 goes back to the form."""

    def heading(self) -> str:
        """The function, and that these are its results."""
        return f"{super().heading()} 申报结果"

    async def find(self) -> Sequence[Item]:
        """The function's items of this period."""
        return await self.counter.enquiries.items(self.seat.employer, self.month, Criteria(function=self.code))

    async def act_switch(self) -> None:
        """Back to the form."""
        await self.act_back()

    async def act_print(self) -> None:
        """The period's staff-change sheet, of every function; only the ticked rows when some are ticked."""
        from screens.receipts import show_papers

        wanted = ChangesWanted(since=self.month, until=self.month, state=EVERY_STATE)

        async def shown(papers: tuple[Paper, ...]) -> None:
            await show_papers(self, papers)

        sheets = self.counter.printing.staff_changes(
            self.seat.employer, wanted, seat=self.seat, chosen=frozenset(item.id for item in self.ticked)
        )
        self.work_held(sheets, shown)
