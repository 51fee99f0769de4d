"""One session at the terminal: from the first frame to the last file given back."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.app import CounterApp
from counter_tui.channels import remove_channels
from counter_tui.domain.calendar import BEIJING
from counter_tui.secrecy import forbid_dumps
from counter_tui.terminal import ambiguous_width, middle_dot
from screens.starting import Starting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from counter_tui.services.counter import Counter
    from counter_tui.settings import Settings
    from counter_tui.wiring.parts import Opened
    from screens.base import CounterScreen

_PROGRAM = "社保柜台终端"


def run_demo(settings: Settings, region: str, folder: Path) -> int:
    """Run the training counter with soft keys until the clerk leaves; the exit status."""
    return _run(settings, folder, f"{_PROGRAM}  演练", partial(_open_training, settings, region, folder))


def run_training(settings: Settings, region: str, folder: Path) -> int:
    """As `run_demo`, with the training bureau's certificates on keys that are plugged in."""
    return _run(settings, folder, f"{_PROGRAM}  演练", partial(_open_training, settings, region, folder, plugged=True))


def run_counter(settings: Settings, region: str, folder: Path) -> int:
    """Run the counter of a bureau until the clerk leaves; the exit status."""
    return _run(settings, folder, _PROGRAM, partial(_open_production, settings, region, folder))


async def _open_training(settings: Settings, region: str, folder: Path, *, plugged: bool = False) -> Opened:
    from counter_tui.key_sources import key_source
    from counter_tui.wiring.training import open_training

    today = datetime.now(BEIJING).date()
    source = key_source(settings.keyring) if plugged else None
    return await open_training(settings, region, folder, real_today=today, source=source)


async def _open_production(settings: Settings, region: str, folder: Path) -> Opened:
    from counter_tui.key_sources import key_source
    from counter_tui.wiring.production import open_production

    return await open_production(settings, region, folder, source=key_source(settings.keyring))


def _run(settings: Settings, folder: Path, title: str, open_: Callable[[], Awaitable[Opened]]) -> int:
    forbid_dumps()
    return asyncio.run(_session(settings, folder, title, open_))


async def _session(settings: Settings, folder: Path, title: str, open_: Callable[[], Awaitable[Opened]]) -> int:
    opened: list[Opened] = []

    async def open_counter() -> Counter:
        opened.append(await open_())
        return opened[-1].counter

    def take(counter: Counter) -> CounterScreen:
        from screens.login import Login

        app.counter = counter
        return Login()

    app = CounterApp(
        counter=None,
        first_screen=lambda: Starting(title, open_counter, take),
        keys=settings.keys,
        log_file=folder / "counter.log",
        theme=settings.theme,
        dot=middle_dot(ambiguous_width()),
    )
    try:
        return await app.run_session()
    finally:
        remove_channels(os.environ, Path.home())
        for each in opened:
            await each.close()
