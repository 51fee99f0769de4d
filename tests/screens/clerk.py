"""A clerk at a screen without a terminal: types, presses, reads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from counter_tui.__main__ import set_environment

set_environment()

from textual import events  # noqa: E402 - after the environment
from textual.keys import _character_to_key  # noqa: E402

from counter_tui import jobs  # noqa: E402
from counter_tui.app import CounterApp  # noqa: E402
from screens.base import CounterScreen  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from textual.pilot import Pilot
    from textual.screen import Screen


class Clerk:
    """Everything goes through keys; what is asserted is what stands on the screen."""

    def __init__(self, app: CounterApp, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot
        self.bells = 0
        app.bell = self._ring  # type: ignore[method-assign]

    def _ring(self) -> None:
        self.bells += 1

    async def types(self, text: str) -> None:
        """Type characters, Enter for a line feed; all at once, as type-ahead."""
        for character in text:
            if character == "\n":
                self.app.post_message(events.Key("enter", "\r"))
            else:
                self.app.post_message(events.Key(_character_to_key(character), character))
        await self.settles()

    async def presses(self, *keys: str) -> None:
        """Press named keys (`f2`, `tab`, `pagedown` …), all at once."""
        for key in keys:
            self.app.post_message(events.Key(key, None))
        await self.settles()

    async def pastes(self, text: str) -> None:
        """Paste."""
        self.app.post_message(events.Paste(text))
        await self.settles()

    async def settles(self) -> None:
        """Wait until every key is taken, every worker has posted and the screen is painted."""
        for _ in range(200):
            await self._pilot.pause()
            await self.app.workers.wait_for_complete()
            await self._pilot.pause()
            if not self.app._typed and not self.app._holds and not jobs.pending():
                return
        raise AssertionError("keys are still held")

    @property
    def screen(self) -> CounterScreen:
        """The screen on top."""
        assert isinstance(self.app.screen, CounterScreen)
        return self.app.screen

    @property
    def rows(self) -> list[str]:
        """What stands on the screen, row by row, blanks at the end cut off."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def row(self, number: int) -> str:
        """One row, from 1."""
        return self.rows[number - 1]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.rows)

    @property
    def message(self) -> str:
        """Row 22 at 80×24."""
        return self.screen.message

    @property
    def at(self) -> str | None:
        """Name of what the cursor stands on."""
        return self.app.focused.name if self.app.focused is not None else None

    def reads(self, text: str) -> bool:
        """Whether a text stands on the screen."""
        return text in self.text


@asynccontextmanager
async def clerk_at(
    first_screen: Callable[[], Screen[Any]],
    *,
    counter: object = None,
    size: tuple[int, int] = (80, 24),
    keys: Mapping[str, str] | None = None,
    log_file: Path | None = None,
    dot: str = "·",
) -> AsyncIterator[Clerk]:
    """Open the program at a screen; to be used in the body of a test, not in a fixture."""
    app = CounterApp(counter, first_screen, keys=keys, log_file=log_file, dot=dot)
    async with app.run_test(size=size) as pilot:
        clerk = Clerk(app, pilot)
        await clerk.settles()
        yield clerk


ClerkAt: TypeAlias = Callable[..., AbstractAsyncContextManager[Clerk]]
