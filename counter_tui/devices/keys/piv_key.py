"""One operator's PIV key in a reader: powered, opened by its PIN, and cut off again (NIST SP 800-73-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.devices.apdus import OK, Exchange, refused
from counter_tui.devices.keys import piv_data
from counter_tui.devices.keys.piv_holder import selected
from counter_tui.devices.keys.rsa_block import padded
from counter_tui.errors import CounterError
from counter_tui.services.keys import (
    KeyFault,
    NotOnThisKey,
    PinBlocked,
    PinNeeded,
    PinUnfit,
    PukBlocked,
    PukUnfit,
    Use,
    WrongPin,
    WrongPuk,
)
from counter_tui.x509 import said

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.devices.cards import Card, Cards
    from counter_tui.devices.keys.piv_holder import Holder
    from counter_tui.services.keys import Plug

PIN_LENGTHS: Final = range(6, 9)
"""Characters of a PIN or PUK."""

_PIN: Final = 0x80
_BLOCKED: Final = 0x6983
_PIN_NEEDED: Final = 0x6982
_UNFIT: Final = frozenset({0x6700, 0x6A80, 0x6985})
"""What cards answer to a new PIN that is too simple or too short for them."""
_ALGORITHMS: Final = {"P-256": 0x11, "RSA-2048": 0x07}
_RSA_SIZE: Final = 256
"""Bytes of an RSA-2048 block."""


class PivKey:
    """One PIV key, bound to where and since when it is plugged in. Powered by the first call that needs it."""

    def __init__(self, cards: Cards, plug: Plug, holder: Holder) -> None:
        """Opened by `PivKeys.open` alone."""
        self._cards = cards
        self._plug = plug
        self._holder = holder
        self._card: Card | None = None
        self._exchange: Exchange | None = None
        self._fresh_pin = False

    def present(self) -> str | None:
        """SHA-256 of the certificate, hex; None when the card has left since, or nobody can tell."""
        return self._holder.shown.fingerprint if self.plug() else None

    def plug(self) -> Plug | None:
        """Where it is plugged in, while it is."""
        try:
            return self._plug if self._plug in self._cards.plugged() else None
        except CounterError:
            return None

    def certificate(self, use: Use) -> bytes:
        """The certificate of the slot for that use, DER. Raises KeyGone, KeyBusy or KeyFault."""
        self._powered()
        return self._holder.certificates[self._holder.slot(use)]

    def attempts_left(self) -> int | None:
        """PIN tries left, 0 when blocked; None while the PIN is verified. Raises as `certificate`."""
        step = "查询 PIN 剩余次数"
        _, status = self._ask(step, 0x20, 0x00, _PIN, answers=False)
        if status == OK:
            return None
        left = _left(status)
        if left is None:
            raise refused(step, status)
        return left

    def verify_pin(self, pin: bytearray) -> None:
        """Open the key. A PIN that cannot be one costs no try. Raises WrongPin, PinBlocked, KeyGone or KeyFault."""
        self._fresh_pin = False
        self._refuse_impossible(pin)
        self._with_pins("核对 PIN", 0x20, pin)
        self._fresh_pin = True

    def sign(self, use: Use, digest: bytes) -> bytes:
        """Sign a SHA-256 digest: DER (r, s) or an RSA block; whole or not at all.

        Raises PinNeeded, NotOnThisKey for an algorithm of which the counter makes no use, KeyGone or KeyFault.
        """
        step = "签名"
        slot = self._holder.slot(use)
        algorithm = said(self._holder.certificates[slot]).algorithm
        if algorithm not in _ALGORITHMS:
            raise NotOnThisKey(act=f"用 {algorithm} 签名")
        fresh, self._fresh_pin = self._fresh_pin, False
        if use is Use.DECISION and not fresh:
            raise PinNeeded
        block = digest if algorithm == "P-256" else padded(digest, _RSA_SIZE)
        answer, status = self._ask(step, 0x87, _ALGORITHMS[algorithm], slot, piv_data.to_sign(block))
        if status == _PIN_NEEDED:
            raise PinNeeded
        if status != OK:
            raise refused(step, status)
        return self._understood(step, lambda: _whole(algorithm, piv_data.signature(answer)))

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        """Set another PIN of 6 to 8 digits. Raises WrongPin, PinBlocked, PinUnfit, KeyGone or KeyFault."""
        _check_new(new)
        self._refuse_impossible(old)
        self._with_pins("修改 PIN", 0x24, old, new)

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        """Set a new PIN by the PUK. Raises WrongPuk, PukBlocked, PukUnfit, PinUnfit, KeyGone or KeyFault."""
        _check_new(new)
        if len(puk) not in PIN_LENGTHS:
            raise PukUnfit(rule="6 至 8 位")
        try:
            self._with_pins("解锁", 0x2C, puk, new)
        except WrongPin as wrong:
            raise WrongPuk(left=wrong.left) from None
        except PinBlocked:
            raise PukBlocked from None

    def close(self) -> None:
        """Cut the card's power, so that a verified PIN does not survive."""
        self._fresh_pin = False
        card, self._card, self._exchange = self._card, None, None
        if card is not None:
            card.close()

    # The card

    def _refuse_impossible(self, pin: bytearray) -> None:
        """Never spend a try on a PIN that is too short or too long for any card."""
        if len(pin) in PIN_LENGTHS:
            return
        left = self.attempts_left()
        if left is None:  # still open from before: closed, it tells
            self.close()
            left = self.attempts_left()
        raise WrongPin(left=left) if left else PinBlocked()

    def _with_pins(self, step: str, ins: int, *pins: bytearray) -> None:
        block = piv_data.pin_block(*pins)
        try:
            _, status = self._ask(step, ins, 0x00, _PIN, block, answers=False)
        finally:
            block[:] = bytes(len(block))
        if status == OK:
            return
        left = _left(status)
        if left is not None:
            raise WrongPin(left=left) if left else PinBlocked()
        if len(pins) > 1 and status in _UNFIT:
            raise PinUnfit(rule="介质不接受这个新 PIN，请换一个不那么简单的")
        raise refused(step, status)

    def _ask(
        self, step: str, ins: int, p1: int, p2: int, data: bytes | bytearray = b"", *, answers: bool = True
    ) -> tuple[bytes, int]:
        """One command; a line that fails is cut, so that the next call begins anew."""
        try:
            return self._powered().ask(step, ins, p1, p2, data, answers=answers)
        except CounterError:
            self.close()
            raise

    def _powered(self) -> Exchange:
        if self._exchange is None:
            self._card = self._cards.power(self._plug)
            self._exchange = Exchange(self._card)
            try:
                if not selected(self._exchange):
                    raise KeyFault(step="选择应用", code="没有 PIV 应用")
            except CounterError:
                self.close()
                raise
        return self._exchange

    def _understood(self, step: str, read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        except ValueError:
            self.close()
            raise KeyFault(step=step, code="应答残缺") from None


def _check_new(new: bytearray) -> None:
    if len(new) not in PIN_LENGTHS or not new.isdigit():
        raise PinUnfit(rule="6 至 8 位数字")


def _left(status: int) -> int | None:
    """Tries left by a status word; None when it tells none."""
    if status == _BLOCKED:
        return 0
    return status & 0x0F if status & 0xFFF0 == 0x63C0 else None  # noqa: PLR2004  as the standard writes it


def _whole(algorithm: str, signature: bytes) -> bytes:
    """The signature, when it has the shape that its algorithm gives it. Raises ValueError."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    if algorithm == "P-256":
        decode_dss_signature(signature)
    elif len(signature) != _RSA_SIZE:
        raise ValueError("not a block")
    return signature
