"""A watch over keys that nobody announces: a thread that lists them again and again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from counter_tui.devices.sightings import Sightings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counter_tui.services.keys import Plug

INTERVAL: Final = 0.3
"""Seconds between two lists."""


class PolledWatch:
    """Watches by asking (`services.keys.KeyWatch`): soft keys, vendors' modules. A call that hangs is silence."""

    def __init__(self, listed: Callable[[], Iterable[Plug]], *, interval: float = INTERVAL) -> None:
        """Call `listed` each `interval` seconds, in a thread of its own. Whatever it raises is "nothing there"."""
        self._listed = listed
        self._interval = interval
        self._sightings = Sightings()
        self._closing = threading.Event()
        self._failing = False

    @property
    def plugged(self) -> frozenset[Plug]:
        """As last listed."""
        return self._sightings.plugged

    @property
    def silent_for(self) -> float:
        """Seconds since the last list was there."""
        return self._sightings.silent_for

    @property
    def generation(self) -> int:
        """Raised when the lists began to fail, or when one was too long in coming."""
        return self._sightings.generation

    def start(self) -> None:
        """Begin to list."""
        threading.Thread(target=self._run, name="polled watch", daemon=True).start()

    def close(self) -> None:
        """List no more; a call that hangs keeps a thread that nobody waits for."""
        self._closing.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._look()
            self._closing.wait(self._interval)

    def _look(self) -> None:
        try:
            self._sightings.seen(self._listed())
        except Exception:  # noqa: BLE001 - fail closed: a source that fails has no keys
            self._sightings.lost(line=not self._failing)
            self._failing = True
        else:
            self._failing = False
