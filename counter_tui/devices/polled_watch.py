"""A watch over keys that nobody announces: a thread that lists them again and again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from counter_tui.devices.sightings import SeeingWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counter_tui.services.keys import Plug

INTERVAL: Final = 0.3
"""Seconds between two lists."""


class PolledWatch(SeeingWatch):
    """Watches by asking: soft keys, vendors' modules. A call that hangs is silence."""

    def __init__(self, listed: Callable[[], Iterable[Plug]], *, interval: float = INTERVAL) -> None:
        """Call `listed` each `interval` seconds, in a thread of its own. Whatever it raises is "nothing there"."""
        super().__init__()
        self._listed = listed
        self._interval = interval
        self._failing = False

    def start(self) -> None:
        """Begin to list."""
        threading.Thread(target=self._run, name="polled watch", daemon=True).start()

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
