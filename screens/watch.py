"""What is looked at each second while somebody works: his key, his hands, and the counts."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError
from screens.base import CounterScreen
from screens.lock import IDLE, PULLED, Bolt, cover, lock
from screens.widgets.hint_line import HintLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from counter_tui.services.counter import Counter

LOOK_SECONDS: Final = 1.0
IDLE_SETTING: Final = "idle_minutes"
IDLE_MINUTES: Final = 5


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
        self._still: tuple[object, ...] = ()
        self._since = monotonic()

    async def look(self) -> None:
        """One look. A store that fails says nothing here: it tells the clerk with his next key."""
        if self._bolt.drawn:
            await cover(self._home, self._bolt)
            self._since = monotonic()
            return
        here = await self._key_is_here()
        idle = await self._is_idle()
        if self._counter.taken is None:  # he signed off while the reader was asked
            return
        if not here or idle:
            await lock(self._home, self._bolt, IDLE if here else PULLED)
        else:
            await self._count()

    async def _key_is_here(self) -> bool:
        """Fail-closed: whatever goes wrong means that the key is gone."""
        try:
            keys = await self._counter.signing.keys()
        except Exception:  # noqa: BLE001 - any error of the reader is "pulled" (security.md §3)
            return False
        seat = self._counter.taken
        return seat is not None and seat.session.key_serial in {key.fingerprint for key in keys}

    async def _is_idle(self) -> bool:
        now, still = monotonic(), trace(self._home.app.screen)
        if still != self._still:
            self._still, self._since = still, now
            return False
        minutes = int(now - self._since) // 60
        return minutes > 0 and minutes >= await self._idle_minutes()

    async def _idle_minutes(self) -> int:
        try:
            kept = await self._counter.store.read(lambda reading: reading.setting(IDLE_SETTING))
        except CounterError:
            return IDLE_MINUTES
        return int(kept) if kept.isdigit() and int(kept) else IDLE_MINUTES

    async def _count(self) -> None:
        try:
            await self._counter.refresh()
        except CounterError:
            return
        counts = self._counter.counts
        seen = (counts and replace(counts, synced_at=None), self._counter.employer)
        if seen != self._seen:
            self._seen = seen
            self._changed()
        top = self._home.app.screen
        if isinstance(top, CounterScreen):
            top.refresh_status()


def trace(screen: Screen[Any]) -> tuple[object, ...]:
    """What a clerk's keys move on any screen: the cursor, what stands there, the panel, hint and message."""
    focused = screen.focused
    moved = (getattr(focused, "value", None), getattr(focused, "cursor_screen_offset", None))
    if not isinstance(screen, CounterScreen):
        return (screen, focused, *moved)
    hint = screen.query_one(HintLine).text
    return (screen, focused, *moved, hint, screen.message, screen.panel.is_open, screen.panel.chosen)
