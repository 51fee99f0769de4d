"""What C_Logout leaves behind: a card that still knows its PIN."""

from __future__ import annotations

from contextlib import suppress
from typing import Any


def unpower(slot: str) -> None:
    """Cut the power of the card in a PC/SC reader, where the slot is one; never fails.

    OpenSC keeps its connection to a card and lets a verified PIN stand when it logs out (seen with 0.23): whoever asks
    the same reader next could sign. A card without power has forgotten it, and the module finds its way back.
    """
    try:
        from smartcard import scard
    except ImportError:
        return
    with suppress(SystemError, TypeError, ValueError):  # the C layer's own complaints
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if code:
            return
        try:
            _unpower(scard, context, slot)
        finally:
            scard.SCardReleaseContext(context)


def _unpower(scard: Any, context: Any, slot: str) -> None:
    code, readers = scard.SCardListReaders(context, [])
    for reader in [] if code or not slot else readers:
        if not reader.startswith(slot):  # a slot's name ends after 64 bytes, a reader's does not
            continue
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, _ = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, protocols)
        if not code:
            scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)
