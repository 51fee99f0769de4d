"""A social security card (社保卡) as published reader programs see it, in three manners of answering.

No real card was at hand: files, tags and encodings are those of published programs that read such cards; what a real
one answers may differ by region and generation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from tests.devices.virtual.card import (
    NOT_FOUND,
    UNKNOWN_INSTRUCTION,
    WRONG_PARAMETERS,
    Card,
    Refused,
)

if TYPE_CHECKING:
    from tests.devices.virtual.card import Command

ENVIRONMENT: Final = "sx1.sh.社会保障".encode("gbk")
"""Name of the application."""

NO_RECORD = 0x6A83
NOT_ALLOWED = 0x6982


class Manner(Enum):
    """How a card lets its records be fetched."""

    AT_ONCE = "at once"
    """The record comes, whatever length was asked for."""
    IN_PORTIONS = "in portions"
    """61xx first, then GET RESPONSE, as cards with T=0 do; also for the selection of a file."""
    EXACT_LENGTH = "exact length"
    """6Cxx unless the very length of the record was asked for."""


class Naming(Enum):
    """How READ RECORD names a record: P2 and what P1 is then."""

    BY_TAG = "by tag"
    """P2 = 00, P1 the tag."""
    BY_PLACE = "by place"
    """P2 = 04, P1 the place in the file."""
    TAG_FOR_PLACE = "tag for place"
    """P2 = 04, P1 the tag all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose card it is: invented."""

    number: str = "130102199003070011"
    name: str = "张䶮"
    sex: str = "1"
    nation: str = "01"
    birthplace: str = "130102"
    born: str = "19900307"
    card_code: str = "13010000000000000000000000000001"
    card_number: str = "A12345678"
    issued: str = "20200101"
    valid_until: str = "20300101"
    name_encoding: str = "gb18030"


class SocialSecurity:
    """The application with its public files; `private` names files that want a PIN first, which nobody here has."""

    def __init__(
        self,
        holder: Holder | None = None,
        *,
        manner: Manner = Manner.AT_ONCE,
        naming: Naming = Naming.BY_TAG,
        selection: int = 0x02,
        private: frozenset[int] = frozenset(),
        records: dict[int, dict[int, bytes]] | None = None,
    ) -> None:
        """A card of `holder`, or with records (file, tag, value) that a test makes up.

        `selection` is the P1 with which it lets its files be selected.
        """
        self.aids: tuple[bytes, ...] = (ENVIRONMENT,)
        self._files = _files(holder or Holder()) if records is None else records
        self._manner = manner
        self._naming = naming
        self._selection = selection
        self._private = private
        self._file: int | None = None
        self._waiting = b""

    def selected(self) -> bytes:
        """The application's name."""
        return b"\x6f" + bytes([len(ENVIRONMENT) + 2]) + b"\x84" + bytes([len(ENVIRONMENT)]) + ENVIRONMENT

    def left(self) -> None:
        """No file is open any more."""
        self._file, self._waiting = None, b""

    def answer(self, command: Command) -> bytes:
        """SELECT of a file, READ RECORD by tag, GET RESPONSE."""
        waiting, self._waiting = self._waiting, b""
        match command.ins:
            case 0xA4:
                return self._select(command)
            case 0xB2:
                return self._record(command)
            case 0xC0 if waiting:
                return waiting
        raise Refused(UNKNOWN_INSTRUCTION)

    def _select(self, command: Command) -> bytes:
        if command.p1 != self._selection or len(command.data) != 2:
            raise Refused(WRONG_PARAMETERS)
        file = int.from_bytes(command.data)
        if file not in self._files:
            raise Refused(NOT_FOUND)
        self._file = file
        return self._handed_out(command, b"\x6f\x00") if self._manner is Manner.IN_PORTIONS else b""

    def _record(self, command: Command) -> bytes:
        if self._file is None or command.p2 != (0x00 if self._naming is Naming.BY_TAG else 0x04):
            raise Refused(WRONG_PARAMETERS)
        if self._file in self._private:
            raise Refused(NOT_ALLOWED)
        records = list(self._files[self._file].items())
        if self._naming is Naming.BY_PLACE:
            records = records[command.p1 - 1 : command.p1] if command.p1 else []
        else:
            records = [record for record in records if record[0] == command.p1]
        if not records:
            raise Refused(NO_RECORD)
        ((tag, value),) = records
        return self._handed_out(command, bytes([tag, len(value)]) + value)

    def _handed_out(self, command: Command, answer: bytes) -> bytes:
        match self._manner:
            case Manner.IN_PORTIONS:
                self._waiting = answer
                raise Refused(0x6100 | len(answer))
            case Manner.EXACT_LENGTH if command.most != len(answer):
                raise Refused(0x6C00 | len(answer))
            case _:
                return answer


def social_card(applet: SocialSecurity | None = None, *, under_master_file: bool = False) -> Card:
    """A card with that application alone; or with the files right under its master file and no application."""
    applet = applet or SocialSecurity()
    historical = b"\x00\x81\x46SSSE"
    return Card(first=applet, historical=historical) if under_master_file else Card(applet, historical=historical)


def _files(holder: Holder) -> dict[int, dict[int, bytes]]:
    return {
        0xEF05: {
            0x01: bytes.fromhex(holder.card_code),
            0x02: b"1",
            0x03: b"2.00",
            0x04: bytes.fromhex("130100000000000000000001"),
            0x05: bytes.fromhex(holder.issued),
            0x06: bytes.fromhex(holder.valid_until),
            0x07: holder.card_number.encode(),
        },
        0xEF06: {
            0x08: holder.number.encode().ljust(18, b"\0"),
            0x09: holder.name.encode(holder.name_encoding).ljust(30, b"\0"),
            0x0A: holder.sex.encode(),
            0x0B: bytes.fromhex(holder.nation),
            0x0C: bytes.fromhex(holder.birthplace),
            0x0D: bytes.fromhex(holder.born),
        },
    }
