"""A terminal that starts at the login, on the files of the stories."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from screens.home import Home
from screens.login import Login
from tests.screens.stories import USUAL, Clerk, StoryApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from counter_tui.services.counter import Counter
    from screens.base import CounterScreen


@asynccontextmanager
async def terminal(
    counter: Counter, *, size: tuple[int, int] = USUAL, first: Callable[[], CounterScreen] = Login
) -> AsyncIterator[Clerk]:
    """The program at its first screen; to be used in the body of a test."""
    app = StoryApp(counter)
    app._first_screen = first
    async with app.run_test(size=size) as pilot:
        clerk = Clerk(app, pilot)
        await clerk.settled()
        yield clerk
    for fault in app.faults:
        raise fault


@asynccontextmanager
async def at_home(counter: Counter, *, size: tuple[int, int] = USUAL, number: str = "1") -> AsyncIterator[Clerk]:
    """The program after a sign-on with the key of that number in the list."""
    async with terminal(counter, size=size) as clerk:
        await clerk.enters(number)
        await clerk.presses("enter")
        await clerk.enters("123456")
        assert isinstance(clerk.app.screen, Home), clerk.page
        yield clerk
