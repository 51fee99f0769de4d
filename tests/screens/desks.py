"""A terminal that starts at the login, on the files of the stories; and what can go wrong around it."""

from __future__ import annotations

import unicodedata
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.security.signing_on import KeySigningOn
from counter_tui.services.refused_proofs import NotedSigning
from screens.home import Home
from screens.key_list import KeyList
from screens.lock import Lock
from screens.login import Login
from storage.trouble import DamagedStore
from tests.screens.stories import PIN, USUAL, Clerk, StoryApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from counter_tui.errors import CounterError
    from counter_tui.services.counter import Counter
    from counter_tui.services.keys import PresentKey
    from counter_tui.services.ports import Session
    from screens.base import CounterScreen


class CountedApp(StoryApp):
    """Counts what is sent to the terminal."""

    def __init__(self, counter: object) -> None:
        super().__init__(counter)
        self.frames = 0
        self._first_screen = Login

    def _display(self, screen: Any, renderable: Any) -> None:
        self.frames += 1
        super()._display(screen, renderable)


@asynccontextmanager
async def terminal(counter: Counter, *, size: tuple[int, int] = USUAL) -> AsyncIterator[Clerk]:
    """The program at its login; to be used in the body of a test."""
    app = CountedApp(counter)
    async with app.run_test(size=size) as pilot:
        clerk = Clerk(app, pilot)
        await clerk.settled()
        yield clerk
    for fault in app.faults:
        raise fault


async def signs_on(clerk: Clerk, number: str = "1", window: str = "") -> None:
    """Choose a key by its number in the list, accept or type the window, type the PIN."""
    await clerk.enters(number)
    await clerk.enters(window)
    await clerk.enters(PIN)


@asynccontextmanager
async def at_home(
    counter: Counter, *, size: tuple[int, int] = USUAL, number: str = "1", window: str = ""
) -> AsyncIterator[Clerk]:
    """The program after a sign-on with the key of that number in the list, at the remembered window or another."""
    async with terminal(counter, size=size) as clerk:
        await signs_on(clerk, number, window)
        assert isinstance(clerk.app.screen, Home), clerk.page
        yield clerk


async def opens(clerk: Clerk, screen: CounterScreen) -> None:
    """Another function's screen opens this one."""
    await clerk.app.push_screen(screen)
    await clerk.settled()


def pull(folder: Path, *operators: str) -> None:
    """Pull the keys of these operators."""
    for operator in operators:
        (folder / "keys" / f"{operator}.p12").rename(folder / "keys" / f"{operator}.pulled")


def insert(folder: Path, operator: str) -> None:
    """Plug a pulled key in again."""
    (folder / "keys" / f"{operator}.pulled").rename(folder / "keys" / f"{operator}.p12")


async def looks(clerk: Clerk) -> None:
    """The second goes by after which keys, hands and counts are looked at again."""
    counter = cast("Counter", clerk.app.counter)
    signing = counter.signing.signing if isinstance(counter.signing, NotedSigning) else None
    if isinstance(signing, KeySigningOn) and isinstance(signing.watch, PolledWatch):
        signing.watch._look()
    for screen in clerk.app.screen_stack:
        if isinstance(screen, Home | KeyList | Lock):
            screen._look()
        if isinstance(screen, Home):
            screen._heed()
    await clerk.settled()


@dataclass
class RefusingKeys:
    """Signing on that always refuses for one reason; what it was given is remembered."""

    refusal: CounterError
    present: Sequence[PresentKey] = ()
    pins: list[bytearray] = field(default_factory=list)

    async def keys(self) -> Sequence[PresentKey]:
        return self.present

    async def sign_on(self, fingerprint: str, pin: bytearray, *, window: str) -> Session:
        del fingerprint, window
        self.pins.append(pin)
        pin[:] = bytes(len(pin))
        raise self.refusal

    def forget(self, session: Session) -> None:
        del session


class DamagedFile:
    """A counter's file that can be read but not written."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def read(self, work: Any) -> Any:
        return await self._store.read(work)

    async def write(self, work: Any) -> Any:
        del work
        raise DamagedStore(file="counter.sqlite")


def fits(clerk: Clerk) -> bool:
    """Whether nothing on the screen is of ambiguous width, so that every terminal draws it alike."""
    return not [one for one in clerk.page if unicodedata.east_asian_width(one) == "A"]
