"""Whether the very key that signed on still stands where it stood, as far as the watch can vouch for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.services.keys import GONE_AFTER, SILENT_AFTER, KeyGone, KeySilent, KeyState

if TYPE_CHECKING:
    from counter_tui.services.keys import KeyWatch, Plug

_SEEN_WITHIN: Final = 2.0
"""Seconds for the watch to see a key that has just signed."""
_LOOK: Final = 0.02


@dataclass(frozen=True, slots=True)
class Standing:
    """One sign-on's hold on its key. Fail closed: another plug, another generation, no answer are no key."""

    watch: KeyWatch
    plug: Plug | None
    """What signed on; None when it left at once."""
    generation: int
    """Of the watch, before the key signed."""

    @property
    def state(self) -> KeyState:
        """How the key stands now. Never waits, never fails."""
        silence = self.watch.silent_for
        if silence >= GONE_AFTER or self.watch.generation != self.generation or self.plug not in self.watch.plugged:
            return KeyState.GONE
        return KeyState.SILENT if silence >= SILENT_AFTER else KeyState.PRESENT

    def require(self) -> None:
        """Raise KeyGone or KeySilent unless the key is there now."""
        match self.state:
            case KeyState.GONE:
                raise KeyGone
            case KeyState.SILENT:
                raise KeySilent

    async def seen(self) -> bool:
        """Whether the watch sees the key as well, at the latest in two seconds: it may be put in a moment ago."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _SEEN_WITHIN
        while self.state is not KeyState.PRESENT:
            if self.plug is None or loop.time() > end:
                return False
            await asyncio.sleep(_LOOK)
        return True
