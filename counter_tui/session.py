"""One session at the terminal: from the first frame to the last file given back."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from counter_tui.app import CounterApp
from counter_tui.domain.calendar import BEIJING
from counter_tui.terminal import ambiguous_width, middle_dot
from screens.starting import Starting

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.counter import Counter
    from counter_tui.settings import Settings
    from counter_tui.wiring.parts import Opened
    from screens.base import CounterScreen


def run_demo(settings: Settings, region: str, folder: Path) -> int:
    """Run the training counter until the clerk leaves; the exit status."""
    return asyncio.run(_session(settings, region, folder))


async def _session(settings: Settings, region: str, folder: Path) -> int:
    opened: list[Opened] = []

    async def open_counter() -> Counter:
        from counter_tui.wiring.training import open_training

        today = datetime.now(BEIJING).date()
        opened.append(await open_training(settings, region, folder, real_today=today))
        return opened[-1].counter

    def take(counter: Counter) -> CounterScreen:
        from screens.login import Login

        app.counter = counter
        return Login()

    app = CounterApp(
        counter=None,
        first_screen=lambda: Starting("社保柜台终端  演练", open_counter, take),
        keys=settings.keys,
        log_file=folder / "counter.log",
        theme=settings.theme,
        dot=middle_dot(ambiguous_width()),
    )
    try:
        return await app.run_session()
    finally:
        for each in opened:
            await each.close()
