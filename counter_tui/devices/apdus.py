"""Commands to a card in whole (ISO 7816-4): long data goes out in pieces, long answers come in portions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.services.keys import KeyFault

if TYPE_CHECKING:
    from counter_tui.devices.cards import Card

OK: Final = 0x9000

_SHORT: Final = 255
"""Most bytes of data in a short command."""
_LARGEST: Final = 65536
"""Bytes of the longest answer that is fetched; a card that goes on and on is broken."""
_CHAINED: Final = 0x10
_GET_RESPONSE: Final = 0xC0
_WRONG_LENGTH: Final = 0x6700
_MORE_WAITS: Final = 0x61
_OTHER_LENGTH: Final = 0x6C
"""Upper half of a status word whose lower half says how much of the answer waits, or how much to ask for."""
_CAPABILITIES: Final = 7
"""Compact tag of the card capabilities among the historical bytes; the third one tells of extended lengths."""
_EXTENDED: Final = 0x40


class Exchange:
    """Asks one powered card. Not shared between threads."""

    def __init__(self, card: Card) -> None:
        """Talk to this card, with extended lengths where its answer to reset offers them."""
        self._card = card
        self._extended = not card.t0 and takes_extended(card.atr)

    def ask(
        self, step: str, ins: int, p1: int, p2: int, data: bytes | bytearray = b"", *, answers: bool = True
    ) -> tuple[bytes, int]:
        """The whole answer and its status word, whatever that is.

        `answers` is False for commands that have none, such as those with a PIN. What was sent is wiped.
        Raises KeyGone, KeyFault and what else the line to the card raises.
        """
        if len(data) > _SHORT and self._extended:
            answer, status = self._send(_extended(ins, p1, p2, data))
            if status != _WRONG_LENGTH:
                return self._rest(step, answer, status)
        last = max(len(data) - 1, 0) // _SHORT * _SHORT
        for at in range(0, last, _SHORT):
            _, status = self._send(_command(_CHAINED, ins, p1, p2, data[at : at + _SHORT]))
            if status != OK:
                return b"", status
        end = data[last:] if last else data  # no copy of a PIN
        expects = answers and not (self._card.t0 and data)
        answer, status = self._send(self._last(ins, p1, p2, end, 0 if expects else None))
        if expects and status >> 8 == _OTHER_LENGTH:
            answer, status = self._send(self._last(ins, p1, p2, end, status & 0xFF))
        return self._rest(step, answer, status)

    def fetch(self, step: str, ins: int, p1: int, p2: int, data: bytes | bytearray = b"") -> bytes:
        """The whole answer; as `ask`, and anything but 9000 raises KeyFault with the status word."""
        answer, status = self.ask(step, ins, p1, p2, data)
        if status != OK:
            raise refused(step, status)
        return answer

    def _last(self, ins: int, p1: int, p2: int, data: bytes | bytearray, expected: int | None) -> bytearray:
        command = _command(0x00, ins, p1, p2, data)
        if expected is not None:
            command.append(expected)
        elif self._card.t0 and not data:
            command.append(0)  # T=0 has no command of four bytes
        return command

    def _rest(self, step: str, answer: bytes, status: int) -> tuple[bytes, int]:
        """All portions that 61xx announces."""
        while status >> 8 == _MORE_WAITS:
            more, status = self._send(bytearray([0x00, _GET_RESPONSE, 0x00, 0x00, status & 0xFF]))
            answer += more
            if len(answer) > _LARGEST or (status >> 8 == _MORE_WAITS and not more):
                raise KeyFault(step=step, code="应答没有尽头")
        return answer, status

    def _send(self, command: bytearray) -> tuple[bytes, int]:
        try:
            return self._card.transmit(command)
        finally:
            command[:] = bytes(len(command))


def refused(step: str, status: int) -> KeyFault:
    """A status word that means nothing better."""
    return KeyFault(step=step, code=f"{status:04X}")


def takes_extended(atr: bytes) -> bool:
    """Whether an answer to reset says that the card takes commands of extended length (ISO 7816-4, 12.1.1)."""
    told = _historical(atr)
    if not told or told[0] not in {0x00, 0x80}:
        return False
    objects = told[1:-3] if told[0] == 0x00 else told[1:]
    while objects:
        tag, size = objects[0] >> 4, objects[0] & 0x0F
        value, objects = objects[1 : 1 + size], objects[1 + size :]
        if tag == _CAPABILITIES and len(value) == 3:  # noqa: PLR2004  selection, coding, lengths
            return bool(value[2] & _EXTENDED)
    return False


def _historical(atr: bytes) -> bytes:
    """The historical bytes of an answer to reset (ISO 7816-3, 8.2); empty when it breaks off."""
    if len(atr) < 2:  # noqa: PLR2004  TS and T0
        return b""
    follows, at = atr[1] >> 4, 2
    while follows & 0x08:
        at += follows.bit_count()
        if at > len(atr):
            return b""
        follows = atr[at - 1] >> 4
    at += follows.bit_count()
    return atr[at : at + (atr[1] & 0x0F)]


def _command(cla: int, ins: int, p1: int, p2: int, data: bytes | bytearray) -> bytearray:
    command = bytearray([cla, ins, p1, p2])
    if data:
        command.append(len(data))
        command += data
    return command


def _extended(ins: int, p1: int, p2: int, data: bytes | bytearray) -> bytearray:
    return bytearray([0x00, ins, p1, p2, 0x00, *len(data).to_bytes(2, "big")]) + data + bytearray(2)
