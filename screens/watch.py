"""What is looked at each second while somebody works: his key, his hands, and the counts."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from screens.base import CounterScreen
from screens.lock import IDLE, PULLED, Bolt, cover, lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.services.counter import Counter

LOOK_SECONDS: Final = 1.0
HEED_SECONDS: Final = 0.4
"""How often it is asked whether the sign-on still counts: a key used elsewhere locks here within a second."""


class Watch:
    """One for each sign-on. It paints only what changed, so that an idle counter sends nothing."""

    def __init__(self, home: CounterScreen, counter: Counter, bolt: Bolt, changed: Callable[[], None]) -> None:
        """Watch over a counter.

        Args:
            home: the screen whose program is watched.
            counter: keys and counts.
            bolt: drawn when the terminal is to be locked.
            changed: called when the counts are different from the last time.
        """
        self._home = home
        self._counter = counter
        self._bolt = bolt
        self._changed = changed
        self._seen: object = None

    async def look(self) -> None:
        """One look. A store that fails says nothing here: it tells the clerk with his next key."""
        if self._bolt.drawn:
            await cover(self._home, self._bolt)
            return
        here = await self._key_is_here()
        idle = monotonic() - self._home.desk.last_key >= self._counter.idle_minutes * 60
        if self._counter.taken is None:  # he signed off while the reader was asked
            return
        if not here or idle:
            await lock(self._home, self._bolt, IDLE if here else PULLED)
        else:
            await self._count()

    async def heed_the_end(self) -> None:
        """Lock when the sign-on counts no longer: its key signed on elsewhere, or its certificate was revoked."""
        if self._bolt.drawn or self._counter.taken is None:
            return
        if (why := await self._counter.ended()) and not self._bolt.drawn:
            await lock(self._home, self._bolt, why)

    async def _key_is_here(self) -> bool:
        """Fail-closed: whatever goes wrong means that the key is gone."""
        try:
            keys = await self._counter.signing.keys()
        except Exception:  # noqa: BLE001 - any error of the reader is "pulled"
            return False
        seat = self._counter.taken
        return seat is not None and seat.session.key_serial in {key.fingerprint for key in keys}

    async def _count(self) -> None:
        try:
            await self._counter.refresh()
        except CounterError:
            return
        counts = self._counter.counts
        seen = (counts and replace(counts, synced_at=None), self._counter.employer, self._counter.trust)
        if seen != self._seen:
            self._seen = seen
            self._changed()
        top = self._home.app.screen
        if isinstance(top, CounterScreen):
            top.refresh_status()
