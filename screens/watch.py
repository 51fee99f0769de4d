"""What is looked at while somebody works: his key, his hands, and the counts."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyState
from screens.base import CounterScreen
from screens.blank import Blank, Silence
from screens.lock import IDLE, PULLED, Bolt, Lock, cover, draw, lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.services.counter import Counter

FEEL_SECONDS: Final = 0.15
"""How often the key is felt for: each time wakes the processor, and a key that is gone must lock within a second."""
DOUBT_SECONDS: Final = 0.05
"""How soon again after a first silent look."""
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
        self._silence = Silence()
        self._silent_looks = 0
        self._seen: object = None

    def feel(self) -> bool:
        """Some times a second: where is the key? Whether something must be covered now, by `cover`.

        When it is gone, the sign-on key is dropped here and at once, before anything is waited for.
        """
        seat = self._counter.taken
        if seat is None:
            return False
        state = self._counter.signing.key_state(seat.session)
        if state is KeyState.GONE:
            self._counter.signing.forget(seat.session)
            if not self._bolt.drawn:
                draw(self._home, self._bolt, PULLED)
        self._listen(state)
        top = self._home.app.screen
        if self._bolt.drawn:
            return not isinstance(top, Lock)
        return self._silence.lasts and not isinstance(top, Blank)

    @property
    def pause(self) -> float:
        """Seconds until the key is to be felt for again."""
        return DOUBT_SECONDS if self._silent_looks == 1 else FEEL_SECONDS

    def _listen(self, state: KeyState) -> None:
        """One silent look may be this program's own delay; the second is the service's."""
        self._silent_looks = self._silent_looks + 1 if state is KeyState.SILENT else 0
        lasts, self._silence.lasts = self._silence.lasts, self._silent_looks > 1
        if self._silence.lasts and not lasts:
            self._home.desk.drop_keys()
        top = self._home.app.screen
        if state is KeyState.PRESENT and isinstance(top, Blank):
            top.give_way()

    async def cover(self) -> None:
        """Lay the lock or the blank screen over the work."""
        if self._bolt.drawn:
            await cover(self._home, self._bolt)
        elif self._silence.lasts and not isinstance(self._home.app.screen, Blank):
            await self._home.app.push_screen(Blank(self._silence))

    async def look(self) -> None:
        """One look at hands and counts. A store that fails says nothing here: it tells the clerk with his next key."""
        if self.feel() or self._bolt.drawn:
            await self.cover()
            return
        if self._counter.taken is None or self._silence.lasts:
            return
        if monotonic() - self._home.desk.last_key >= self._counter.idle_minutes * 60:
            await lock(self._home, self._bolt, IDLE)
        else:
            await self._count()

    async def heed_the_end(self) -> None:
        """Lock when the sign-on counts no longer: its key signed on elsewhere, or its certificate was revoked."""
        if self._bolt.drawn or self._counter.taken is None:
            return
        if (why := await self._counter.ended()) and not self._bolt.drawn:
            await lock(self._home, self._bolt, why)

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
