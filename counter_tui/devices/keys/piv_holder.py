"""Who holds a PIV card, as the card itself says without a PIN: its certificates, by slot (NIST SP 800-73-4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from counter_tui.devices.apdus import OK, Exchange, refused
from counter_tui.devices.keys import piv_data
from counter_tui.devices.keys.described import described
from counter_tui.services.keys import KeyEmpty, KeyFault, PresentKey, Use
from counter_tui.x509 import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.devices.cards import Cards
    from counter_tui.services.keys import Plug

APPLET: Final = bytes.fromhex("A000000308000010000100")

_NOT_FOUND: Final = frozenset({0x6A81, 0x6A82, 0x6A88})


class Slot(IntEnum):
    """Key references, each with the tag of its certificate's data object."""

    AUTHENTICATION = 0x9A
    SIGNATURE = 0x9C

    @property
    def container(self) -> bytes:
        """Tag of the data object."""
        return bytes.fromhex({0x9A: "5FC105", 0x9C: "5FC10A"}[self])


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What one card says of itself without a PIN; true as long as it stays plugged in."""

    shown: PresentKey
    certificates: Mapping[Slot, bytes]
    """DER."""

    def slot(self, use: Use) -> Slot:
        """The slot for that use."""
        decides = use is Use.DECISION and Slot.SIGNATURE in self.certificates
        return Slot.SIGNATURE if decides else Slot.AUTHENTICATION


def read(cards: Cards, plug: Plug) -> Holder | None:
    """What a card says of itself, None when it is no PIV key; its power is cut afterwards.

    Raises KeyEmpty, KeyFault, NoCertificate, KeyBusy, KeyGone, NoReaderService.
    """
    if not plug.token:
        raise KeyFault(step="上电", code="没有应答")
    card = cards.power(plug)
    try:
        exchange = Exchange(card)
        if not selected(exchange):
            return None
        certificates = {slot: der for slot in Slot if (der := _certificate(exchange, slot))}
    finally:
        card.close()
    if Slot.AUTHENTICATION not in certificates:
        raise KeyEmpty
    for der in certificates.values():
        said(der)
    shown = described(certificates[Slot.AUTHENTICATION], backend="piv", reader=plug.reader)
    return Holder(shown=shown, certificates=certificates)


def selected(exchange: Exchange) -> bool:
    """Whether the card has a PIV application, selected now; some cards answer 9000 to any name, with nothing in it."""
    answer, status = exchange.ask("选择应用", 0xA4, 0x04, 0x00, APPLET)
    return status == OK and answer[:1] == b"\x61"


def _certificate(exchange: Exchange, slot: Slot) -> bytes:
    step = f"读取证书 {slot:02X}"
    answer, status = exchange.ask(step, 0xCB, 0x3F, 0xFF, piv_data.tlv(0x5C, slot.container))
    if status in _NOT_FOUND:
        return b""
    if status != OK:
        raise refused(step, status)
    try:
        return piv_data.certificate(answer)
    except ValueError:
        raise KeyFault(step=step, code="应答残缺") from None
