"""Keys out of a drawer: soft keys that are put in, pulled and blocked like cards, with a PIN and a PUK of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counter_tui.devices.keys.soft import SoftKey, SoftKeys
from counter_tui.devices.keys.training import TRAINING_PIN
from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.services.keys import (
    KeyGone,
    PinBlocked,
    PinUnfit,
    Plug,
    PresentKey,
    PukBlocked,
    Use,
    WrongPin,
    WrongPuk,
)

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.keys import KeyWatch

PIN, PUK = b"123456", b"87654321"
PIN_TRIES, PUK_TRIES = 3, 3


@dataclass(slots=True)
class Card:
    """What a card keeps, in or out of the reader."""

    pin: bytes = PIN
    puk: bytes = PUK
    tries: int = PIN_TRIES
    puk_tries: int = PUK_TRIES
    inside: bool = True
    pulled_at_once: bool = False
    """It leaves the reader with a PIN just changed, before it can say so."""
    insertions: int = 1
    given: list[bytearray] = field(default_factory=list)
    """Every PIN and PUK it was given, as the caller's own buffer."""


class DrawerKey:
    """One card in its reader."""

    def __init__(self, soft: SoftKey, card: Card, *, tells_count: bool) -> None:
        self._soft = soft
        self._card = card
        self._tells_count = tells_count
        self._verified = False

    def present(self) -> str | None:
        return self._soft.present() if self._card.inside else None

    def certificate(self, use: Use) -> bytes:
        self._stay()
        return self._soft.certificate(use)

    def attempts_left(self) -> int | None:
        self._stay()
        return None if self._verified else self._card.tries

    def verify_pin(self, pin: bytearray) -> None:
        self._stay()
        self._check(pin)
        self._verified = True

    def sign(self, use: Use, digest: bytes) -> bytes:
        self._stay()
        assert self._verified
        self._soft.verify_pin(bytearray(TRAINING_PIN.encode()))
        return self._soft.sign(use, digest)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        self._stay()
        self._fit(new)
        self._check(old)
        self._card.given.append(new)
        self._card.pin = bytes(new)
        if self._card.pulled_at_once:
            self._card.inside = False
            raise KeyGone

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        self._stay()
        self._fit(new)
        self._card.given += [puk, new]
        if not self._card.puk_tries:
            raise PukBlocked
        if bytes(puk) != self._card.puk:
            self._card.puk_tries -= 1
            raise WrongPuk(left=self._card.puk_tries) if self._card.puk_tries else PukBlocked()
        self._card.pin, self._card.tries, self._card.puk_tries = bytes(new), PIN_TRIES, PUK_TRIES

    def plug(self) -> Plug | None:
        if (fingerprint := self.present()) is None:
            return None
        return Plug("drawer", fingerprint, self._card.insertions if self._tells_count else 0)

    def close(self) -> None:
        self._verified = False
        self._soft.close()

    def _stay(self) -> None:
        if not self._card.inside:
            raise KeyGone

    def _check(self, pin: bytearray) -> None:
        self._card.given.append(pin)
        if not self._card.tries:
            raise PinBlocked
        if bytes(pin) != self._card.pin:
            self._card.tries -= 1
            raise WrongPin(left=self._card.tries) if self._card.tries else PinBlocked()
        self._card.tries = PIN_TRIES

    @staticmethod
    def _fit(new: bytearray) -> None:
        if not 6 <= len(new) <= 8:
            raise PinUnfit(rule="6 至 8 位数字")


class DrawerKeys:
    """The training bureau's keys as cards, by operator number."""

    def __init__(self, folder: Path, *, tells_count: bool = True) -> None:
        self._soft = SoftKeys(folder, training=True)
        self._tells_count = tells_count
        self.cards: dict[str, Card] = {}

    def card(self, operator: str) -> Card:
        return self.cards.setdefault(operator, Card())

    def present(self) -> tuple[PresentKey, ...]:
        return tuple(key for key in self._soft.present() if self.card(key.reader.removesuffix(".p12")).inside)

    def open(self, fingerprint: str) -> DrawerKey:
        key = next((key for key in self.present() if key.fingerprint == fingerprint), None)
        if key is None:
            raise KeyGone
        card = self.card(key.reader.removesuffix(".p12"))
        return DrawerKey(self._soft.open(fingerprint), card, tells_count=self._tells_count)

    def watch(self) -> KeyWatch:
        return PolledWatch(self._plugs)

    def _plugs(self) -> list[Plug]:
        plugs = (self.open(key.fingerprint).plug() for key in self.present())
        return [plug for plug in plugs if plug is not None]

    def pull(self, operator: str) -> None:
        self.card(operator).inside = False

    def put_in(self, operator: str) -> None:
        card = self.card(operator)
        card.inside = True
        card.insertions += 1
