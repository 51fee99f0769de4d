"""申报结果: what was declared in this period by one function, beside its entry form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.services.enquiries import Criteria
from screens.item_list import ItemList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.declarations import Item


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
