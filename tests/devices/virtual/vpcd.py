"""The line from a virtual card to vpcd, the virtual reader driver of vsmartcard inside pcscd.

vpcd waits on one TCP port for each reader. A message is a length of 16 bits, most significant first, and that many
bytes: a single byte is an order to the reader (0 power off, 1 power on, 2 reset, 4 tell the answer to reset), more are
a command APDU. Being connected is being inserted.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tests.devices.virtual.faults import CardMute, CardPulled

if TYPE_CHECKING:
    from tests.devices.virtual.card import Card

PORTS: Final = (35963, 35964)
"""Where vpcd listens: reader "Virtual PCD 00 00" and "Virtual PCD 00 01"."""

_TELL_ATR = b"\x04"
_WAKE = frozenset({b"\x01", b"\x02"})
_UNREADABLE = bytes(40)
"""Longer than any answer to reset: the driver says that power-on failed. An empty one would eject the card."""


class VirtualReader:
    """One virtual reader, seen from the hand that puts cards in and pulls them out."""

    def __init__(self, port: int = PORTS[0], *, host: str = "127.0.0.1") -> None:
        self._place = (host, port)
        self._card: Card | None = None
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def insert(self, card: Card) -> None:
        """Put a card in, pulling the one that was there. Raises OSError when no vpcd listens."""
        self.remove()
        line = socket.create_connection(self._place, timeout=5)
        line.settimeout(None)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        card.reset()
        card.pulled.clear()
        self._card, self._line = card, line
        self._thread = threading.Thread(target=_serve, args=(card, line), name="virtual card", daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Pull the card, in the middle of whatever it is doing; nothing when there is none."""
        if self._card is None or self._line is None or self._thread is None:
            return
        self._card.pulled.set()
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._card.reset()
        self._card = self._line = self._thread = None


def _serve(card: Card, line: socket.socket) -> None:
    """Answer until the card is pulled or the service ends."""
    woken = False
    with line, suppress(OSError, EOFError, CardPulled):
        while True:
            message = _heard(line)
            if len(message) > 1:
                with suppress(CardMute):
                    _say(line, card.transmit(message))
            elif message == _TELL_ATR:
                # vpcd also asks for it to see whether a card is there; only the one after power or reset counts.
                _say(line, _UNREADABLE if woken and card.half_inserted else card.atr)
            else:
                card.reset()
            woken = message in _WAKE
    card.pulled.set()


def _heard(line: socket.socket) -> bytes:
    return _exactly(line, int.from_bytes(_exactly(line, 2)))


def _exactly(line: socket.socket, size: int) -> bytes:
    """Acknowledged at once: vpcd sends length and bytes apart and waits for the acknowledgement, 44 ms each time."""
    taken = b""
    while len(taken) < size:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(size - len(taken))
        if not part:
            raise EOFError
        taken += part
    return taken


def _say(line: socket.socket, message: bytes) -> None:
    line.sendall(len(message).to_bytes(2) + message)
