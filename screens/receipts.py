"""The receipt of the last save, shown before it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.services.printing import Paper
    from screens.business import BusinessScreen


def show_receipt(screen: BusinessScreen) -> None:
    """Open the preview of the last acceptance's receipt; a word when there is none."""
    number = screen.counter.last_acceptance
    if not number:
        screen.say("本次登录还没有保存过业务，没有回执可打")
        return

    async def shown(paper: Paper) -> None:
        await show_papers(screen, (paper,))

    screen.work(screen.counter.printing.receipt(number), shown)


async def show_papers(screen: BusinessScreen, papers: Sequence[Paper]) -> None:
    """Open the preview of these papers."""
    from screens.preview import Preview

    await screen.app.push_screen(Preview(papers))
