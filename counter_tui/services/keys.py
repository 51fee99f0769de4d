"""The port to the operators' keys (证书介质): what the counter asks of a key, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from counter_tui.errors import CounterError


class KeyGone(CounterError):
    """未检测到证书介质，请插入 USB Key 后重新输入 PIN"""


class WrongPin(CounterError):
    """PIN 错误，还可尝试 {left} 次"""

    left: int


class PinBlocked(CounterError):
    """介质已锁定，请联系证书管理员解锁"""


class PinNeeded(CounterError):
    """此操作需要再次输入 PIN，请输入后按回车"""


class PinTooSoon(CounterError):
    """PIN 连续输错，请等待 {seconds} 秒后再输入"""

    seconds: int


class Use(Enum):
    """What a signature is for; a key may keep a key pair for each."""

    SIGN_ON = "sign-on"
    """PIV slot 9A."""
    DECISION = "decision"
    """PIV slot 9C where the key has one, else the same as SIGN_ON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentKey:
    """One plugged-in key as the sign-on screen lists it. Shown only: it proves nothing before the key has signed."""

    fingerprint: str
    """SHA-256 of the sign-on certificate, hex."""
    name: str
    """Common name of the certificate's subject."""
    post: str
    """Title of the certificate's subject; empty when it has none."""
    certificate_number: str
    """Serial number of the certificate, lower-case hex."""


class KeyRing(Protocol):
    """One plugged-in key. Calls block: a thread runs them, one at a time."""

    def present(self) -> str | None:
        """SHA-256 of the certificate, hex; None without key, without service, on any error."""
        ...

    def certificate(self, use: Use) -> bytes:
        """The certificate for that use, DER. Raises KeyGone."""
        ...

    def attempts_left(self) -> int | None:
        """PIN tries before the key blocks; None where the key does not tell, or the PIN is already verified."""
        ...

    def verify_pin(self, pin: bytearray) -> None:
        """Raises WrongPin, PinBlocked, PinTooSoon or KeyGone. The caller wipes the PIN."""
        ...

    def sign(self, use: Use, digest: bytes) -> bytes:
        """Sign a digest of 32 bytes: DER (r, s) or an RSA block. Raises PinNeeded or KeyGone."""
        ...

    def close(self) -> None:
        """Cut the card's power, so that a verified PIN does not survive; the ring may be used again, with a new PIN."""
        ...


class KeySource(Protocol):
    """Where keys are plugged in. Calls block."""

    def present(self) -> tuple[PresentKey, ...]:
        """All keys plugged in now, in a steady order. Raises CounterError where none can be read."""
        ...

    def open(self, fingerprint: str) -> KeyRing:
        """The key with that certificate fingerprint. Raises KeyGone."""
        ...
