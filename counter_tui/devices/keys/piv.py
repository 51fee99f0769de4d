"""Keys that speak PIV (NIST SP 800-73-4) in readers: listed by their certificates, opened by their PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.devices.cards import PcscCards
from counter_tui.devices.key_watch import ReaderWatch
from counter_tui.devices.keys.piv_holder import Holder, read
from counter_tui.devices.keys.piv_key import PivKey
from counter_tui.errors import CounterError
from counter_tui.services.keys import KeyBusy, KeyEmpty, KeyFault, KeyGone, Plug, PresentKey
from counter_tui.x509 import NoCertificate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from counter_tui.devices.cards import Cards
    from counter_tui.services.keys import KeyWatch


class PivKeys:
    """All PIV keys in all readers. A card is read once for each time it is plugged in, then left in peace."""

    def __init__(self, *, cards: Cards | None = None, watch: Callable[[], KeyWatch] = ReaderWatch) -> None:
        """Look into the readers of the reader service, or into others that have a watch of their own. Touches none."""
        self._cards = cards or PcscCards()
        self._watch = watch
        self._known: dict[Plug, Holder | CounterError | None] = {}
        """What a plug turned out to be; None is a card of another kind."""

    def present(self) -> tuple[PresentKey, ...]:
        """The keys by reader; cards of other kinds are passed over.

        When no key can be listed, the first trouble is raised: KeyEmpty, KeyFault, KeyBusy, NoCertificate. Always
        raised: NoLibrary, NoReaderService.
        """
        found = tuple(self._look().values())
        keys = tuple(each.shown for each in found if isinstance(each, Holder))
        troubles = [each for each in found if isinstance(each, CounterError)]
        if not keys and troubles:
            raise troubles[0].with_traceback(None)
        return keys

    def open(self, fingerprint: str) -> PivKey:
        """The key with that fingerprint. Raises KeyGone, or what keeps all keys from being read."""
        for plug, found in self._look().items():
            if isinstance(found, Holder) and found.shown.fingerprint == fingerprint:
                return PivKey(self._cards, plug, found)
        raise KeyGone

    def watch(self) -> KeyWatch:
        """A watch over the readers."""
        return self._watch()

    def _look(self) -> Mapping[Plug, Holder | CounterError | None]:
        found: dict[Plug, Holder | CounterError | None] = {}
        passing: set[Plug] = set()
        for plug in self._cards.plugged():
            try:
                found[plug] = self._known[plug] if plug in self._known else read(self._cards, plug)
            except KeyGone:
                continue
            except KeyBusy as busy:
                passing.add(plug)
                found[plug] = busy
            except (KeyEmpty, KeyFault, NoCertificate) as trouble:
                found[plug] = trouble
        self._known = {plug: each for plug, each in found.items() if plug not in passing}
        return found
