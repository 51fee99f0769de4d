"""The port to the operators' keys (证书介质): what the counter asks of a key, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # values of this type are kept
from enum import Enum
from typing import Final, Protocol

from counter_tui.errors import CounterError

SILENT_AFTER: Final = 0.8
"""Seconds without a sign of life after which nothing is shown and nothing signs; a watch gives one each 0.6 s."""
GONE_AFTER: Final = 5.0
"""Seconds without a sign of life after which nobody can vouch any more that a key stayed."""


class NoReaderService(CounterError):
    """读卡服务未启动，请联系管理员（pcscd）"""


class NoLibrary(CounterError):
    """本机没有安装读卡组件，请管理员执行 apt install gcc libpcsclite-dev pcscd，再执行 uv sync --extra usbkey"""


class KeyFault(CounterError):
    """证书介质没有正确应答（{step}，{code}），请拔出后重新插入；仍不行请更换介质"""

    step: str
    """What was asked of the key."""
    code: str
    """Its answer, as its maker writes it."""


class KeyGone(CounterError):
    """未检测到证书介质，请插入 USB Key 后重新输入 PIN"""


class KeyBusy(CounterError):
    """证书介质正被其他程序使用，请稍候再试；仍不行请拔出后重新插入"""


class KeySilent(CounterError):
    """读卡服务没有应答，这次没有签名，请等屏幕恢复后重新办理"""


class KeyEmpty(CounterError):
    """证书介质中没有登录证书，请联系证书管理员写入证书"""


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


class PinUnfit(CounterError):
    """新 PIN 不符合介质的要求：{rule}，请重新输入"""

    rule: str


class WrongPuk(CounterError):
    """解锁码（PUK）错误，还可尝试 {left} 次"""

    left: int


class PukBlocked(CounterError):
    """解锁码（PUK）已锁定，此介质不能再用，请联系证书管理员更换"""


class PukUnfit(CounterError):
    """解锁码（PUK）是 {rule}，请核对后重新输入；这次没有计入次数"""

    rule: str


class NotOnThisKey(CounterError):
    """此类介质不能在柜台{act}，请用介质厂商的工具或联系证书管理员"""

    act: str


class Use(Enum):
    """What a signature is for; a key may keep a key pair for each."""

    SIGN_ON = "sign-on"
    """PIV slot 9A."""
    DECISION = "decision"
    """PIV slot 9C where the key has one, else the same as SIGN_ON."""


class KeyState(Enum):
    """How the key that signed on stands now."""

    PRESENT = "present"
    SILENT = "silent"
    """Nobody has said for a moment whether it is there: nothing is shown and nothing signs until somebody does."""
    GONE = "gone"
    """It left, or nobody can vouch that it stayed."""


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
    backend: str
    """`piv`, `pkcs11`, `skf` or `soft`."""
    reader: str
    """Where it is plugged in: reader, slot or device by its own name; a soft key's file name."""
    subject: str
    """RFC 4514."""
    algorithm: str
    """`P-256`, `RSA-2048`, `SM2` …"""
    since: datetime
    until: datetime
    """Validity of the certificate."""


@dataclass(frozen=True, slots=True)
class Plug:
    """One key standing in one place since one moment: what a sign-on is bound to."""

    reader: str
    """Reader, slot or device by its own name."""
    token: str
    """What tells the key from others without a PIN: answer to reset, serial number or fingerprint, hex."""
    count: int
    """Insertions and removals in that place so far, where it counts them: a twin put in between two looks differs."""


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
        """Sign a digest of 32 bytes: DER (r, s) or an RSA block. Raises PinNeeded or KeyGone.

        The digest is SHA-256 for P-256 and RSA, SM3(Z‖M) for SM2; which one, `security` knows by the certificate.
        """
        ...

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        """Set another PIN. Raises WrongPin, PinBlocked, PinUnfit, NotOnThisKey or KeyGone. The caller wipes both."""
        ...

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        """Set a new PIN by the unblocking code. The caller wipes both.

        Raises WrongPuk, PukBlocked, PukUnfit, PinUnfit, NotOnThisKey or KeyGone.
        """
        ...

    def plug(self) -> Plug | None:
        """Where it is plugged in, as the watch tells it; None without key, without service, on any error."""
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

    def watch(self) -> KeyWatch:
        """A new watch over the places where these keys are plugged in; not started."""
        ...


class KeyWatch(Protocol):
    """Looks at what is plugged in, in a thread of its own; never blocks its asker. Every error is "nothing there"."""

    @property
    def plugged(self) -> frozenset[Plug]:
        """What is plugged in, as far as known."""
        ...

    @property
    def silent_for(self) -> float:
        """Seconds since the service last gave a sign of life; a hung one gives no error, only silence."""
        ...

    @property
    def generation(self) -> int:
        """Raised whenever the line to the service had to be made anew: what was known before vouches for nothing."""
        ...

    def start(self) -> None:
        """Begin to look."""
        ...

    def close(self) -> None:
        """Stop; returns at once, whatever hangs."""
        ...
