"""What a watch has seen: written by its thread, read by whoever asks, without a wait for either."""

from __future__ import annotations

import threading
from time import monotonic as system_monotonic
from typing import TYPE_CHECKING

from counter_tui.services.keys import GONE_AFTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counter_tui.services.keys import Plug


class Sightings:
    """Plugs as last seen, when that was, and how often the thread between then and now broke."""

    def __init__(self, monotonic: Callable[[], float] = system_monotonic) -> None:
        """Nothing seen yet; silence is measured from now, by `monotonic` in seconds."""
        self._monotonic = monotonic
        self._beat = monotonic()
        self._plugged: frozenset[Plug] = frozenset()
        self._generation = 0

    @property
    def plugged(self) -> frozenset[Plug]:
        """As last seen."""
        return self._plugged

    @property
    def silent_for(self) -> float:
        """Seconds since the last sign of life."""
        return self._monotonic() - self._beat

    @property
    def generation(self) -> int:
        """How often what was known before became worthless."""
        return self._generation

    def seen(self, plugs: Iterable[Plug]) -> None:
        """The service answered: this is plugged in."""
        if self.silent_for > GONE_AFTER:  # too late: the card may have been out meanwhile
            self._generation += 1
        self._plugged = frozenset(plugs)
        self._beat = self._monotonic()

    def lost(self, *, line: bool) -> None:
        """The service failed: nothing is there. `line` is whether there had been a line to it."""
        self._plugged = frozenset()
        if line:
            self._generation += 1
        self._beat = self._monotonic()


class SeeingWatch:
    """A watch that tells what its thread has seen (`services.keys.KeyWatch`); how it looks is for each kind to say."""

    def __init__(self) -> None:
        """Touches nothing before `start`."""
        self._sightings = Sightings()
        self._closing = threading.Event()

    @property
    def plugged(self) -> frozenset[Plug]:
        """As last seen."""
        return self._sightings.plugged

    @property
    def silent_for(self) -> float:
        """Seconds since the last sign of life."""
        return self._sightings.silent_for

    @property
    def generation(self) -> int:
        """Raised when the line broke, or when a sign of life was too long in coming."""
        return self._sightings.generation

    def close(self) -> None:
        """Look no more, from the next turn of the thread; a call that hangs keeps a thread that nobody waits for."""
        self._closing.set()
