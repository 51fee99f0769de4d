"""From an amount on the screen to how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.services.explaining import ExplainBill
from screens.trial_views import explained_money

if TYPE_CHECKING:
    from counter_tui.operations.explaining import Dues
    from counter_tui.policy.explanation import Explanation
    from screens.business import BusinessScreen
    from screens.seated import Seated


async def show_explanation(screen: BusinessScreen | Seated, explanation: Explanation | None) -> None:
    """Open the explanation, or say that there is none."""
    from screens.explanation import ExplanationPages

    if explanation is None:
        screen.say("这一行没有计算过程")
        return
    await screen.app.push_screen(ExplanationPages((explanation,)))


def explain_bill(screen: BusinessScreen | Seated, number: str, row: str = "total") -> None:
    """Open how the amounts of a bill came about, from one of its rows."""

    async def read(dues: Dues) -> None:
        await show_explanation(screen, explained_money(row, dues))

    counter = screen.counter
    explain = ExplainBill(store=counter.store, policy=counter.policy, shipped=counter.figures.law.shipped)
    screen.work_held(explain(number), read)
