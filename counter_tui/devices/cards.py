"""Cards in readers: the one place that speaks to the reader service (PC/SC) to power a card and talk to it.

One program at a time has a card, and its power is cut afterwards: what a PIN has opened is closed for whoever comes
next, on this host or on the terminal from which the readers are forwarded.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

from counter_tui.services.keys import KeyBusy, KeyFault, KeyGone, NoLibrary, NoReaderService, Plug

if TYPE_CHECKING:
    from collections.abc import Iterator

READING: Final = "读卡"

_BUSY_TRIES, _BUSY_WAIT = 10, 0.1
"""A card that another program has is asked for so often, with so many seconds between."""
_LEAVES_WITHIN: Final = 1000
"""Milliseconds within which the service notices that a card which does not answer is no longer there."""
_STATUS_SIZE: Final = 2


class Card(Protocol):
    """A powered card. Calls block: one thread at a time."""

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        ...

    @property
    def t0(self) -> bool:
        """Whether it speaks T=0, which takes no command with data and an expected length at once."""
        ...

    def transmit(self, apdu: bytes | bytearray) -> tuple[bytes, int]:
        """Exchange one command: the answer's data and its status word.

        Raises KeyGone when the card left, NoReaderService, KeyFault when no answer came.
        """
        ...

    def close(self) -> None:
        """Cut its power. Never fails."""
        ...


class Cards(Protocol):
    """Readers and what is in them. Calls block."""

    def plugged(self) -> tuple[Plug, ...]:
        """Cards in readers now, by reader; one that does not answer the reader has an empty token.

        Raises NoLibrary or NoReaderService.
        """
        ...

    def power(self, plug: Plug) -> Card:
        """Take this very card. Raises KeyGone when it is no longer there, KeyBusy, KeyFault, NoReaderService."""
        ...


def library() -> Any:
    """The functions of PC/SC. Raises NoLibrary."""
    try:
        from smartcard import scard
    except ImportError:
        raise NoLibrary from None
    return scard


def plugs(scard: Any, states: list[tuple[str, int, list[int]]]) -> Iterator[Plug]:
    """What the states of readers say: one plug for each card, mute ones with an empty token.

    The upper half of a state is the service's count of insertions and removals.
    """
    for reader, state, atr in states:
        if state & scard.SCARD_STATE_PRESENT:
            token = "" if state & scard.SCARD_STATE_MUTE else bytes(atr).hex()
            yield Plug(reader, token, state >> 16)


class PcscCards:
    """The readers of this host, or those that a terminal forwards to it."""

    def plugged(self) -> tuple[Plug, ...]:
        """As `Cards.plugged`."""
        scard = library()
        service = _Service(scard)
        try:
            return tuple(sorted(plugs(scard, service.states(service.readers())), key=lambda plug: plug.reader))
        finally:
            service.leave()

    def power(self, plug: Plug) -> PcscCard:
        """As `Cards.power`."""
        service = _Service(library())
        try:
            card = PcscCard(service, plug)
        except BaseException:
            service.leave()
            raise
        try:
            same = plug in plugs(service.scard, service.states([plug.reader]))
        except BaseException:
            card.close()
            raise
        if not same:  # another one, put in meanwhile
            card.close()
            raise KeyGone
        return card


class _Service:
    """One line to the reader service."""

    def __init__(self, scard: Any) -> None:
        self.scard = scard
        code, self.context = self.called(scard.SCardEstablishContext, scard.SCARD_SCOPE_USER)
        if code:
            raise NoReaderService

    def called(self, function: Any, *arguments: object) -> Any:
        """What a function of the library returns; the C layer's own complaints become refusals."""
        try:
            return function(*arguments)
        except (SystemError, TypeError, ValueError, OverflowError):
            raise KeyFault(step=READING, code=function.__name__) from None

    def readers(self) -> list[str]:
        code, names = self.called(self.scard.SCardListReaders, self.context, [])
        if code == self.scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        self.check(code)
        return list(names)

    def states(self, readers: list[str]) -> list[tuple[str, int, list[int]]]:
        """The state of each reader now."""
        return self._awaited([(reader, self.scard.SCARD_STATE_UNAWARE) for reader in readers], 0) if readers else []

    def leaves(self, plug: Plug) -> bool:
        """Whether a card is gone, or goes within a second: pcscd notices a little later than the one who asks it."""
        (now,) = self.states([plug.reader])
        if plug in plugs(self.scard, [now]):
            self._awaited([(plug.reader, now[1] & ~self.scard.SCARD_STATE_CHANGED)], _LEAVES_WITHIN)
        return plug not in plugs(self.scard, self.states([plug.reader]))

    def _awaited(self, known: list[tuple[str, int]], milliseconds: int) -> list[tuple[str, int, list[int]]]:
        code, states = self.called(self.scard.SCardGetStatusChange, self.context, milliseconds, known)
        if code != self.scard.SCARD_E_TIMEOUT:
            self.check(code)
        return list(states)

    def check(self, code: int) -> None:
        """Raise what a result other than success means."""
        if code:
            self.refuse(code)

    def refuse(self, code: int) -> NoReturn:
        scard = self.scard
        if code in {scard.SCARD_E_NO_SERVICE, scard.SCARD_E_SERVICE_STOPPED, scard.SCARD_E_INVALID_HANDLE}:
            raise NoReaderService
        if code in {
            scard.SCARD_E_NO_READERS_AVAILABLE,
            scard.SCARD_E_NO_SMARTCARD,
            scard.SCARD_E_READER_UNAVAILABLE,
            scard.SCARD_E_UNKNOWN_READER,
            scard.SCARD_W_REMOVED_CARD,
            scard.SCARD_W_RESET_CARD,  # by whom? what was verified is gone
        }:
            raise KeyGone
        if code == scard.SCARD_E_SHARING_VIOLATION:
            raise KeyBusy
        raise KeyFault(step=READING, code=f"{code & 0xFFFFFFFF:08X}")

    def leave(self) -> None:
        with suppress(KeyFault):
            self.called(self.scard.SCardReleaseContext, self.context)


class PcscCard:
    """A card of its own, until `close`."""

    def __init__(self, service: _Service, plug: Plug) -> None:
        """Power it; made by `PcscCards.power` alone."""
        self._service = service
        self._plug = plug
        scard = service.scard
        self._handle, protocol = self._connected()
        self._protocol = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        self._closed = False

    def _connected(self) -> tuple[int, int]:
        scard = self._service.scard
        mode = self._plug.reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        for _ in range(_BUSY_TRIES):
            code, handle, protocol = self._service.called(scard.SCardConnect, self._service.context, *mode)
            if code != scard.SCARD_E_SHARING_VIOLATION:
                break
            time.sleep(_BUSY_WAIT)
        self._service.check(code)
        return handle, protocol

    @property
    def atr(self) -> bytes:
        """Answer to reset."""
        return bytes.fromhex(self._plug.token)

    @property
    def t0(self) -> bool:
        """Whether it speaks T=0."""
        return bool(self._protocol == self._service.scard.SCARD_PCI_T0)

    def transmit(self, apdu: bytes | bytearray) -> tuple[bytes, int]:
        """As `Card.transmit`. The command goes to the library as numbers: no copy of a PIN stays in this process."""
        service, scard = self._service, self._service.scard
        code, answer = service.called(scard.SCardTransmit, self._handle, self._protocol, list(apdu))
        broken = (
            len(answer) < _STATUS_SIZE if not code else code in {scard.SCARD_E_NOT_TRANSACTED, scard.SCARD_F_COMM_ERROR}
        )
        if broken and service.leaves(self._plug):
            raise KeyGone
        service.check(code)
        if broken:
            raise KeyFault(step=READING, code="应答残缺")
        return bytes(answer[:-2]), answer[-2] << 8 | answer[-1]

    def close(self) -> None:
        """Cut its power."""
        if not self._closed:
            self._closed = True
            with suppress(KeyFault):
                self._service.called(
                    self._service.scard.SCardDisconnect, self._handle, self._service.scard.SCARD_UNPOWER_CARD
                )
            self._service.leave()
