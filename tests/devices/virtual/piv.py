"""A PIV applet (NIST SP 800-73-4) with two or more key slots, for tests and training: its keys lie open in memory.

The PIN opens 9A and 9D until power or selection is lost, 9C for one signature, 9E needs none. The two instructions
that Yubico's tools ask for (FD version, F8 serial number) are answered as a YubiKey does.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from tests.devices.virtual.ber import objects, tlv
from tests.devices.virtual.card import NOT_FOUND, UNKNOWN_INSTRUCTION, WRONG_LENGTH, WRONG_PARAMETERS, Refused
from tests.devices.virtual.pins import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.devices.virtual.card import Command

PivKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

AID: Final = bytes.fromhex("A000000308000010000100")

NOT_VERIFIED = 0x6982
WRONG_DATA = 0x6A80
NO_SUCH_REFERENCE = 0x6A88


class Slot(IntEnum):
    """Key references (SP 800-73-4 part 1, table 4b)."""

    AUTHENTICATION = 0x9A
    SIGNATURE = 0x9C
    KEY_MANAGEMENT = 0x9D
    CARD_AUTHENTICATION = 0x9E

    @property
    def container(self) -> str:
        """Tag of its certificate, hex."""
        return {"9A": "5FC105", "9C": "5FC10A", "9D": "5FC10B", "9E": "5FC101"}[f"{self:02X}"]


@dataclass(frozen=True, slots=True)
class Holding:
    """What lies in one slot."""

    key: PivKey
    certificate: bytes
    """DER."""

    @property
    def algorithm(self) -> int:
        """11 for P-256, 07 for RSA-2048 (SP 800-78-4, table 6-2)."""
        return 0x11 if isinstance(self.key, ec.EllipticCurvePrivateKey) else 0x07


class Piv:
    """The applet. PIN and PUK are of six to eight digits; a fourth wrong one in a row blocks, unless told otherwise."""

    aids: tuple[bytes, ...] = (AID,)

    def __init__(
        self,
        slots: Mapping[Slot, Holding],
        *,
        pin: str = "123456",
        puk: str = "12345678",
        pin_tries: int = 3,
        puk_tries: int = 3,
        serial: int = 20261123,
    ) -> None:
        """Put keys, PIN and PUK on a card; tries are 3 to 6 on real cards, `serial` is of 32 bits."""
        self.slots = dict(slots)
        self.pin = Secret(pin, pin_tries)
        self.puk = Secret(puk, puk_tries)
        self.serial = serial
        self.signatures = 0
        """How often a key of the card was used so far: what was signed twice shows here."""
        self._verified = False
        self._fresh = False
        self._data = _card_objects()
        self._acts: dict[int, Callable[[Command], bytes]] = {
            0xCB: self._object,
            0x20: self._verify,
            0x24: self._change,
            0x2C: self._unblock,
            0x87: self._use_key,
            0xDB: _managers_only,
            0x47: _managers_only,
            0xFD: lambda _: bytes([5, 1, 2]),
            0xF8: lambda _: self.serial.to_bytes(4),
        }

    def selected(self) -> bytes:
        """Application property template: which application, by whom."""
        return tlv("61", tlv("4F", AID[5:]), tlv("79", tlv("4F", AID[:5])))

    def left(self) -> None:
        """The PIN is forgotten."""
        self._verified = self._fresh = False

    def answer(self, command: Command) -> bytes:
        """One PIV command. Raises Refused."""
        act = self._acts.get(command.ins)
        if act is None:
            raise Refused(UNKNOWN_INSTRUCTION)
        return act(command)

    def _object(self, command: Command) -> bytes:
        if (command.p1, command.p2) != (0x3F, 0xFF):
            raise Refused(WRONG_PARAMETERS)
        if command.data[:1] != b"\x5c" or command.data[1:2] != bytes([len(command.data) - 2]):
            raise Refused(WRONG_DATA)
        tag = command.data[2:].hex().upper()
        if tag == "7E":  # the discovery object stands without the usual wrapping
            return tlv("7E", tlv("4F", AID), tlv("5F2F", b"\x40\x00"))
        for slot, holding in self.slots.items():
            if tag == slot.container:
                return tlv("53", tlv("70", holding.certificate), tlv("71", b"\x00"), tlv("FE"))
        if tag not in self._data:
            raise Refused(NOT_FOUND)
        return tlv("53", self._data[tag])

    def _verify(self, command: Command) -> bytes:
        _only(command, p2=0x80)
        if command.p1 == 0xFF:
            self.left()
            return b""
        if not command.data:
            if not self._verified:
                raise Refused(self.pin.counter)
            return b""
        if len(command.data) != 8:
            raise Refused(WRONG_DATA)
        self.left()
        self.pin.compare(command.data)
        self._verified = self._fresh = True
        return b""

    def _change(self, command: Command) -> bytes:
        _only(command, p2=command.p2, p1=0x00)
        secret = {0x80: self.pin, 0x81: self.puk}.get(command.p2)
        if secret is None:
            raise Refused(NO_SUCH_REFERENCE)
        old, new = _halves(command.data)
        secret.compare(old)
        secret.replace(new)
        return b""

    def _unblock(self, command: Command) -> bytes:
        _only(command, p2=0x80, p1=0x00)
        puk, new = _halves(command.data)
        self.puk.compare(puk)
        self.pin.replace(new)
        self.left()
        return b""

    def _use_key(self, command: Command) -> bytes:
        """GENERAL AUTHENTICATE: a signature (81), or key agreement (85) with the slot for it."""
        holding = self.slots.get(Slot(command.p2)) if command.p2 in set(Slot) else None
        if holding is None or command.p1 != holding.algorithm:
            raise Refused(WRONG_PARAMETERS)
        fresh, self._fresh = self._fresh, False
        if not self._open(Slot(command.p2), fresh=fresh):
            raise Refused(NOT_VERIFIED)
        try:
            template = dict(objects(command.data))
            asked = dict(objects(template[0x7C]))
            answer = _answer(holding.key, asked)
        except (KeyError, ValueError):
            raise Refused(WRONG_DATA) from None
        self.signatures += 1
        return tlv("7C", tlv("82", answer))

    def _open(self, slot: Slot, *, fresh: bool) -> bool:
        if slot is Slot.CARD_AUTHENTICATION:
            return True
        return fresh if slot is Slot.SIGNATURE else self._verified


def _managers_only(command: Command) -> bytes:
    """Writing objects and making keys want the management key, which nobody holds."""
    del command
    raise Refused(NOT_VERIFIED)


def _only(command: Command, *, p2: int, p1: int | None = None) -> None:
    if command.p2 != p2:
        raise Refused(NO_SUCH_REFERENCE)
    if command.p1 not in ({0x00, 0xFF} if p1 is None else {p1}):
        raise Refused(WRONG_PARAMETERS)


def _halves(data: bytes) -> tuple[bytes, bytes]:
    if len(data) != 16:
        raise Refused(WRONG_LENGTH)
    return data[:8], data[8:]


def _answer(key: PivKey, asked: Mapping[int, bytes]) -> bytes:
    """Raises KeyError when nothing is asked, ValueError when it does not fit the key."""
    if isinstance(key, rsa.RSAPrivateKey):
        return _powered(key, asked[0x81])
    if 0x85 in asked:
        point = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, asked[0x85])
        return key.exchange(ec.ECDH(), point)
    if not 0 < len(asked[0x81]) <= 32:
        raise ValueError("no digest for P-256")
    return key.sign(asked[0x81].rjust(32, b"\0"), ec.ECDSA(Prehashed(SHA256())))


def _powered(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """The bare RSA operation: the padding is the asker's, as on every PIV card."""
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n
    if len(block) != key.key_size // 8 or int.from_bytes(block) >= modulus:
        raise ValueError("block does not fit the key")
    return pow(int.from_bytes(block), numbers.d, modulus).to_bytes(len(block))


def _card_objects() -> dict[str, bytes]:
    """CHUID and capability container of a card that belongs to no United States agency."""
    agency = bytes.fromhex("D4E739DA739CED39CE739D836858210842108421C84210C3EB")
    unsigned = tlv("30", agency), tlv("34", secrets.token_bytes(16)), tlv("35", b"20391231"), tlv("3E"), tlv("FE")
    card = bytes.fromhex("A000000116FF02") + secrets.token_bytes(14)
    versions = tlv("F1", b"\x21"), tlv("F2", b"\x21"), tlv("F3"), tlv("F4", b"\x00"), tlv("F5", b"\x10")
    empty = [tlv(tag) for tag in ("F6", "F7", "FA", "FB", "FC", "FD", "FE")]
    return {"5FC102": b"".join(unsigned), "5FC107": b"".join([tlv("F0", card), *versions, *empty])}
