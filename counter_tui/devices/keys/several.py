"""Several kinds of keys on one host, listed as one: a kind that cannot be read does not hide the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.devices.watches import WatchOf
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyGone

if TYPE_CHECKING:
    from counter_tui.services.keys import KeyRing, KeySource, KeyWatch, PresentKey


@dataclass(frozen=True, slots=True)
class Look:
    """What all kinds together had to show: keys, and the kinds that could not be read."""

    keys: tuple[PresentKey, ...]
    troubles: tuple[CounterError, ...]


class SeveralKeys:
    """A source made of sources, in their order. Calls block."""

    def __init__(self, *sources: KeySource) -> None:
        """Look through these, one after another."""
        self._sources = sources

    def look(self) -> Look:
        """Everything that can be read now. A key that two kinds reach (a card by PIV and by PKCS#11) stands once."""
        keys: dict[str, PresentKey] = {}
        troubles: list[CounterError] = []
        for source in self._sources:
            try:
                found = source.present()
            except CounterError as trouble:
                troubles.append(trouble)
                continue
            for key in found:
                keys.setdefault(key.fingerprint, key)
        return Look(tuple(keys.values()), tuple(troubles))

    def present(self) -> tuple[PresentKey, ...]:
        """All keys plugged in now. Raises what the first kind raises when there is no key and a kind failed."""
        look = self.look()
        if not look.keys and look.troubles:
            raise look.troubles[0]
        return look.keys

    def watch(self) -> KeyWatch:
        """Look at the places of all kinds."""
        return WatchOf(*(source.watch() for source in self._sources))

    def open(self, fingerprint: str) -> KeyRing:
        """The key with that fingerprint, by the first kind that has it. Raises KeyGone, or what a kind raises."""
        trouble: CounterError = KeyGone()
        for source in self._sources:
            try:
                return source.open(fingerprint)
            except KeyGone:
                continue
            except CounterError as error:
                trouble = error
        raise trouble
