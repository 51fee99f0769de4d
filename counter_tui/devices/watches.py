"""Several watches as one: each kind of key has its own way to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_tui.services.keys import KeyWatch, Plug


class WatchOf:
    """What several watches see together (`services.keys.KeyWatch`). The most silent one counts: fail closed."""

    def __init__(self, *watches: KeyWatch) -> None:
        """Look with these."""
        self._watches = watches

    @property
    def plugged(self) -> frozenset[Plug]:
        """Everything that any of them sees."""
        return frozenset(plug for watch in self._watches for plug in watch.plugged)

    @property
    def silent_for(self) -> float:
        """Seconds since the most silent one gave a sign of life."""
        return max((watch.silent_for for watch in self._watches), default=0.0)

    @property
    def generation(self) -> int:
        """Raised when one of them had to begin anew."""
        return sum(watch.generation for watch in self._watches)

    def start(self) -> None:
        """Begin to look with all."""
        for watch in self._watches:
            watch.start()

    def close(self) -> None:
        """Stop all."""
        for watch in self._watches:
            watch.close()
