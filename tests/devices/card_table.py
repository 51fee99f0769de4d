"""Virtual cards in readers without a reader service: what `devices.cards` promises, kept in-process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counter_tui.services.keys import KeyBusy, KeyFault, KeyGone, Plug
from tests.devices.virtual.faults import CardMute, CardPulled

if TYPE_CHECKING:
    from counter_tui.errors import CounterError
    from tests.devices.virtual.card import Card


@dataclass(slots=True)
class _Slot:
    card: Card
    count: int


@dataclass(slots=True)
class CardTable:
    """Readers by name (`Cards`). A card is in one hand at a time, and its power is cut when it is given back."""

    trouble: CounterError | None = None
    """What the service says instead of anything else."""
    busy: set[str] = field(default_factory=set)
    """Readers whose card another program has."""
    powered: list[PoweredCard] = field(default_factory=list)
    """Every time a card was powered."""
    t0: bool = False
    _slots: dict[str, _Slot] = field(default_factory=dict)

    def insert(self, card: Card, reader: str = "Reader 0") -> None:
        """Put a card in; the service counts the insertion, and the removal before it."""
        count = self._slots[reader].count + 2 if reader in self._slots else 1
        card.reset()
        card.pulled.clear()
        self._slots[reader] = _Slot(card, count)

    def pull(self, reader: str = "Reader 0") -> None:
        """Take the card out."""
        self._slots[reader].card.pulled.set()

    def plugged(self) -> tuple[Plug, ...]:
        """As `Cards.plugged`."""
        if self.trouble is not None:
            raise self.trouble
        return tuple(
            Plug(reader, "" if slot.card.half_inserted else slot.card.atr.hex(), slot.count)
            for reader, slot in sorted(self._slots.items())
            if not slot.card.pulled.is_set()
        )

    def watch(self) -> LiveWatch:
        """A watch over these readers that is never late."""
        return LiveWatch(self)

    def power(self, plug: Plug) -> PoweredCard:
        """As `Cards.power`."""
        if plug not in self.plugged():
            raise KeyGone
        if plug.reader in self.busy:
            raise KeyBusy
        card = PoweredCard(self._slots[plug.reader].card, self.t0)
        self.powered.append(card)
        return card


@dataclass(frozen=True, slots=True)
class LiveWatch:
    """Sees what is in the readers at the moment it is asked."""

    table: CardTable
    silent_for: float = 0.0
    generation: int = 0

    @property
    def plugged(self) -> frozenset[Plug]:
        """As the service tells it; nothing when it does not."""
        return frozenset() if self.table.trouble else frozenset(self.table.plugged())

    def start(self) -> None:
        """Nothing to begin."""

    def close(self) -> None:
        """Nothing to end."""


class PoweredCard:
    """One virtual card under power (`Card`)."""

    def __init__(self, card: Card, t0: bool) -> None:  # noqa: FBT001  as the port names it
        self._card = card
        self.atr = card.atr
        self.t0 = t0
        self.closed = False
        self.sent: list[bytes | bytearray] = []
        """The very buffers that were given, to see whether they are wiped."""

    def transmit(self, apdu: bytes | bytearray) -> tuple[bytes, int]:
        """As `Card.transmit`."""
        assert not self.closed
        self.sent.append(apdu)
        try:
            answer = self._card.transmit(bytes(apdu))
        except CardPulled:
            raise KeyGone from None
        except CardMute:
            raise KeyFault(step="读卡", code="80100016") from None
        if len(answer) < 2:
            raise KeyFault(step="读卡", code="应答残缺")
        return answer[:-2], int.from_bytes(answer[-2:])

    def close(self) -> None:
        """Cut its power."""
        self.closed = True
        self._card.reset()
