"""A smart card's frame (ISO 7816-3 and -4): commands, selection, chaining and long answers; applets do the rest.

It needs neither reader nor service: `card.transmit(apdu)` answers in-process. `vpcd.py` puts it into a virtual reader.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import reduce
from operator import xor
from typing import Protocol

from tests.devices.virtual.faults import CardMute, CardPulled, Fault, Wrong

OK = 0x9000
WRONG_LENGTH = 0x6700
CHAIN_BROKEN = 0x6883
NOT_FOUND = 0x6A82
WRONG_PARAMETERS = 0x6A86
UNKNOWN_INSTRUCTION = 0x6D00
UNKNOWN_CLASS = 0x6E00

_SELECT, _GET_RESPONSE = 0xA4, 0xC0
_BY_NAME = 0x04
_CHAINED = 0x10
_SHORT = 256
"""Most bytes a short command may ask for."""


class Refused(Exception):
    """The card answers with this status word and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command APDU, taken apart."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    most: int | None
    """Bytes of answer that the asker takes; None when it did not say."""
    extended: bool = False

    @classmethod
    def read(cls, apdu: bytes) -> Command:
        """Short and extended forms of all four cases. Raises Refused(6700)."""
        if len(apdu) < 4:
            raise Refused(WRONG_LENGTH)
        cla, ins, p1, p2 = apdu[:4]
        extended = len(apdu) >= 7 and apdu[4] == 0
        data, most = _body(apdu[5:], 2, 65536) if extended else _body(apdu[4:], 1, _SHORT)
        return cls(cla=cla, ins=ins, p1=p1, p2=p2, data=data, most=most, extended=extended)


def _body(rest: bytes, width: int, top: int) -> tuple[bytes, int | None]:
    """Data and expected length behind the header, with lengths of `width` bytes; 0 stands for `top`."""
    if not rest:
        return b"", None
    size = int.from_bytes(rest[:width])
    if len(rest) == width:
        return b"", size or top
    data, tail = rest[width : width + size], rest[width + size :]
    if not size or len(data) < size or len(tail) not in {0, width}:
        raise Refused(WRONG_LENGTH)
    return data, (int.from_bytes(tail) or top) if tail else None


class Applet(Protocol):
    """One application of a card."""

    aids: tuple[bytes, ...]
    """Names by which it is selected; the beginning of one suffices."""

    def selected(self) -> bytes:
        """What it answers when it has been selected."""
        ...

    def answer(self, command: Command) -> bytes:
        """Carry out one command, chained data already joined. Raises Refused."""
        ...

    def left(self) -> None:
        """Forget what holds only while it is selected and powered, such as a verified PIN."""
        ...


def atr(historical: bytes) -> bytes:
    """Answer to reset of a card that speaks T=1 alone, with a right check byte."""
    body = bytes([0x80 | len(historical), 0x01]) + historical
    return b"\x3b" + body + bytes([reduce(xor, body)])


@dataclass(slots=True)
class _Awaited:
    """A fault that was ordered, and how many commands have come since that count for it."""

    fault: Fault
    count: int = 0

    def counts(self, apdu: bytes) -> bool:
        """Count a command; True when it suffers."""
        if self.fault.ins is not None and apdu[1:2] != bytes([self.fault.ins]):
            return False
        self.count += 1
        return self.fault.due(self.count)


class Card:
    """A card with its applets. A reset, a removal or another applet ends what was verified."""

    def __init__(
        self, *applets: Applet, historical: bytes = b"\x80", extended: bool = False, first: Applet | None = None
    ) -> None:
        """Make a card.

        Args:
            applets: what lies on it and is selected by name.
            historical: bytes of its answer to reset.
            extended: whether it takes extended APDUs; else they are refused with 6700.
            first: what answers after a reset, before anything is selected; else nothing does.
        """
        self.atr = atr(historical)
        """Answer to reset."""
        self.half_inserted = False
        """The reader feels the card, but gets no answer to reset: put in askew or the wrong way round."""
        self.heard: list[bytes] = []
        """Every command so far, for tests that ask what went over the line."""
        self.pulled = threading.Event()
        """Set while the card is out of the reader."""
        self._applets = applets
        self._extended = extended
        self._awaited: list[_Awaited] = []
        self._chain: Command | None = None
        self._rest = b""
        self._first = first
        self._selected: Applet | None = first

    # What tests do to it

    def suffers(self, *faults: Fault) -> None:
        """Let these things go wrong from now on, beside those set before."""
        self._awaited += map(_Awaited, faults)

    def heals(self) -> None:
        """Nothing goes wrong any more."""
        self._awaited.clear()

    def reset(self) -> None:
        """What a reader does on insertion, reset and power-off: all that was verified is forgotten."""
        self._leave(None)
        self._selected = self._first
        self._chain, self._rest = None, b""

    # What readers do to it

    def transmit(self, apdu: bytes) -> bytes:
        """Answer a command: data and status word. Raises CardPulled or CardMute."""
        if self.pulled.is_set():
            raise CardPulled
        self.heard.append(apdu)
        wrong = self._suffered(apdu)
        if wrong is None:
            return self._answered(apdu)
        match wrong.wrong:
            case Wrong.MUTE:
                raise CardMute
            case Wrong.STATUS:
                return wrong.status.to_bytes(2)
            case Wrong.SLOW:
                self.pulled.wait(wrong.seconds)
        answer = self._answered(apdu)
        if wrong.wrong is Wrong.PULLED:
            self.pulled.set()
        if self.pulled.is_set():
            self.reset()
            raise CardPulled
        match wrong.wrong:
            case Wrong.GARBAGE:
                return wrong.answer
            case Wrong.TRUNCATED:
                return answer[: (len(answer) - 2) // 2] + answer[-2:]
        return answer

    def _suffered(self, apdu: bytes) -> Fault | None:
        """The fault that is due at this command; all of them count it."""
        due = [awaited.fault for awaited in self._awaited if awaited.counts(apdu)]
        return due[0] if due else None

    def _answered(self, apdu: bytes) -> bytes:
        try:
            command = Command.read(apdu)
            if command.extended and not self._extended:
                raise Refused(WRONG_LENGTH)  # noqa: TRY301  # one place turns refusals into status words
            return self._portion(command, self._carried_out(command))
        except Refused as refusal:
            self._rest = b""
            return refusal.status.to_bytes(2)

    def _carried_out(self, command: Command) -> bytes:
        if command.ins == _GET_RESPONSE and self._rest:
            return self._rest
        self._rest = b""
        whole = self._joined(command)
        if whole is None:
            return b""
        if whole.ins == _SELECT and whole.p1 == _BY_NAME:
            return self._select(whole.data)
        if self._selected is None:
            raise Refused(UNKNOWN_INSTRUCTION)
        return self._selected.answer(whole)

    def _joined(self, command: Command) -> Command | None:
        """The command with the data of its chain; None while more is to come. Raises Refused."""
        before, self._chain = self._chain, None
        if command.cla & ~_CHAINED:
            raise Refused(UNKNOWN_CLASS)
        header = (command.ins, command.p1, command.p2)
        if before is not None:
            if (before.ins, before.p1, before.p2) != header:
                raise Refused(CHAIN_BROKEN)
            command = replace(command, data=before.data + command.data)
        if command.cla & _CHAINED:
            self._chain = command
            return None
        return command

    def _select(self, name: bytes) -> bytes:
        """The first applet of that name; an unknown name changes nothing."""
        for applet in self._applets:
            if name and any(aid.startswith(name) for aid in applet.aids):
                self._leave(applet)
                return applet.selected()
        raise Refused(NOT_FOUND)

    def _leave(self, following: Applet | None) -> None:
        if self._selected is not None and self._selected is not following:
            self._selected.left()
        self._selected = following

    def _portion(self, command: Command, answer: bytes) -> bytes:
        """As much as was asked for; 61xx tells how much waits for GET RESPONSE."""
        most = command.most or _SHORT
        self._rest = answer[most:]
        if not self._rest:
            return answer + OK.to_bytes(2)
        waiting = len(self._rest)
        return answer[:most] + bytes([0x61, waiting if waiting < _SHORT else 0])
