"""The watch over readers: a thread asks the reader service what is plugged in, and takes every error for "nothing".

The library's own monitors are no use here: when the service dies they print on the terminal, end, and report nothing.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any, Final

from counter_tui.devices.cards import library, plugs
from counter_tui.devices.sightings import SeeingWatch
from counter_tui.services.keys import NoLibrary

LOOK: Final = 600
"""Milliseconds that the service may be quiet before it is asked for a sign of life."""

_AGAIN: Final = 0.5
"""Seconds until a service that failed is tried again."""
_NEW_READER: Final = "\\\\?PnP?\\Notification"
"""Name under which the service tells that a reader came or went."""


class ReaderWatch(SeeingWatch):
    """Watches the cards that answer, in all readers of the service; a line that broke is made anew."""

    def start(self) -> None:
        """Begin to look; without the library there is nothing to look at."""
        with suppress(NoLibrary):
            threading.Thread(target=self._run, args=(library(),), name="reader watch", daemon=True).start()

    def _run(self, scard: Any) -> None:
        while not self._closing.is_set():
            context = None
            try:
                context = _value(scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
                self._follow(scard, context)
            except Exception:  # noqa: BLE001 - fail closed: any error of library or service is "nothing there"
                self._sightings.lost(line=context is not None)
                self._closing.wait(_AGAIN)
            finally:
                if context is not None:
                    with suppress(SystemError):  # after a failure the handle is garbage
                        scard.SCardReleaseContext(context)

    def _follow(self, scard: Any, context: int) -> None:
        """Tell what is plugged in at each change and at least once each `LOOK`."""
        known: dict[str, int] = {}
        while not self._closing.is_set():
            names = _value(scard.SCardListReaders(context, []), scard.SCARD_E_NO_READERS_AVAILABLE) or []
            asked = [(name, known.get(name, scard.SCARD_STATE_UNAWARE)) for name in [*names, _NEW_READER]]
            answer = scard.SCardGetStatusChange(context, LOOK, asked)
            states = _value(answer, scard.SCARD_E_TIMEOUT, scard.SCARD_E_UNKNOWN_READER)
            states = [each for each in states if each[0] != _NEW_READER]
            known = {name: state & ~scard.SCARD_STATE_CHANGED for name, state, _ in states}
            self._sightings.seen(plug for plug in plugs(scard, states) if plug.token)


def _value(answer: Any, *allowed: int) -> Any:
    """What a function of the library gave beside its result, which must be success or allowed. Raises OSError."""
    code, value = answer
    if code and code not in allowed:
        raise OSError(code, "SCard")
    return value
