"""A look that comes again and again on the loop itself, for what must be seen at once and is looked at all day."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pulse:
    """Calls a look, waits as long as it says, and calls it again. Cheaper than a timer of the screen library."""

    def __init__(self, look: Callable[[], float], failed: Callable[[Exception], None]) -> None:
        """Beat from now on, within a running loop.

        Args:
            look: returns the seconds until it is to be called again; never waits.
            failed: told what `look` raised; the pulse has ended then.
        """
        self._look = look
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._stopped = False
        self._next = self._loop.call_soon(self._beat)

    def stop(self) -> None:
        """Beat no more."""
        self._stopped = True  # by the look itself, perhaps: then there is no next one to cancel yet
        self._next.cancel()

    def _beat(self) -> None:
        try:
            pause = self._look()
        except Exception as error:  # noqa: BLE001 - told, not dropped: nothing may go on unwatched
            self._failed(error)
        else:
            if not self._stopped:
                self._next = self._loop.call_later(pause, self._beat)
