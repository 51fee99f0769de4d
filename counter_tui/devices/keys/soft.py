"""Soft keys (软证书) for training: sealed files that behave like a USB key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from math import ceil
from time import monotonic as system_monotonic
from typing import TYPE_CHECKING

from counter_tui.devices.keys.described import described
from counter_tui.devices.keys.soft_pairs import SUFFIXES, NotThisPin, opened_pair
from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.errors import CounterError
from counter_tui.services.keys import (
    KeyGone,
    NotOnThisKey,
    PinBlocked,
    PinNeeded,
    PinTooSoon,
    Plug,
    PresentKey,
    Use,
    WrongPin,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counter_tui.devices.keys.soft_pairs import SoftPair
    from counter_tui.services.keys import KeyWatch

TRIES = 6
"""Wrong PINs in a row before a soft key blocks, as many as the usual USB key allows."""

_FIRST_WAIT = 1.0
"""Seconds after the first wrong PIN; doubled after each further one."""


class TrainingOnly(CounterError):
    """软证书仅限演练使用，请插入 USB Key"""


@dataclass(slots=True)
class _Tries:
    """Wrong PINs of one file since the program started; a re-opened key goes on counting."""

    left: int = TRIES
    not_before: float = 0.0

    def spend(self, now: float) -> None:
        self.not_before = now + _FIRST_WAIT * 2 ** (TRIES - self.left)
        self.left -= 1

    def renew(self) -> None:
        self.left = TRIES
        self.not_before = 0.0


class SoftKeys:
    """A folder of soft keys, `0007.p12` or `0007.sm2` beside its certificate `0007.cer`, as if they were plugged in."""

    def __init__(
        self, folder: Path, *, training: bool = False, monotonic: Callable[[], float] = system_monotonic
    ) -> None:
        """Raise TrainingOnly unless the program is in training mode; `monotonic` measures the waits, in seconds."""
        if not training:
            raise TrainingOnly
        self._folder = folder
        self._monotonic = monotonic
        self._tries: dict[Path, _Tries] = {}

    def present(self) -> tuple[PresentKey, ...]:
        """The keys of the folder by file name; a certificate whose key file is gone counts as pulled."""
        return tuple(
            described(path.with_suffix(".cer").read_bytes(), backend="soft", reader=path.name) for path in self._files()
        )

    def open(self, fingerprint: str) -> SoftKey:
        """The key with that fingerprint. Raises KeyGone."""
        for path in self._files():
            certificate = path.with_suffix(".cer").read_bytes()
            if hashlib.sha256(certificate).hexdigest() == fingerprint:
                tries = self._tries.setdefault(path, _Tries())
                return SoftKey(path, certificate, tries, self._monotonic)
        raise KeyGone

    def watch(self) -> KeyWatch:
        """Look into the folder again and again."""
        return PolledWatch(lambda: [Plug(key.reader, key.fingerprint, 0) for key in self.present()])

    def _files(self) -> list[Path]:
        held = (path for path in self._folder.iterdir() if path.suffix in SUFFIXES)
        return sorted(path for path in held if path.with_suffix(".cer").is_file())


class SoftKey:
    """One soft key. A decision wants the PIN again each time, as PIV slot 9C does."""

    def __init__(self, path: Path, certificate: bytes, tries: _Tries, monotonic: Callable[[], float]) -> None:
        """Opened by `SoftKeys.open` alone."""
        self._path = path
        self._certificate = certificate
        self._tries = tries
        self._monotonic = monotonic
        self._key: SoftPair | None = None
        self._fresh_pin = False

    def present(self) -> str | None:
        """SHA-256 of the certificate, hex; None when the file is gone."""
        return hashlib.sha256(self._certificate).hexdigest() if self._path.is_file() else None

    def certificate(self, use: Use) -> bytes:  # noqa: ARG002  a soft key has one certificate for both uses
        """The certificate, DER. Raises KeyGone."""
        self._stay()
        return self._certificate

    def attempts_left(self) -> int | None:
        """PIN tries left; None once the PIN is verified."""
        return self._tries.left if self._key is None else None

    def verify_pin(self, pin: bytearray) -> None:
        """Open the file. Raises WrongPin, PinBlocked, PinTooSoon, KeyGone, KeyDamaged or NoSm2."""
        self._stay()
        if not self._tries.left:
            raise PinBlocked
        if (wait := self._tries.not_before - self._monotonic()) > 0:
            raise PinTooSoon(seconds=ceil(wait))
        self._forget()
        try:
            self._key = opened_pair(self._path, self._certificate, pin)
        except NotThisPin:
            raise self._refused() from None
        self._fresh_pin = True
        self._tries.renew()

    def sign(self, use: Use, digest: bytes) -> bytes:
        """Sign SHA-256, or SM3(Z‖M): DER (r, s). Raises PinNeeded or KeyGone."""
        self._stay()
        if self._key is None or (use is Use.DECISION and not self._fresh_pin):
            raise PinNeeded
        self._fresh_pin = False
        return self._key.sign_digest(digest)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        """Never: all training keys have one PIN. Raises NotOnThisKey."""
        del old, new
        raise NotOnThisKey(act="修改 PIN")

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        """Never: a soft key blocks only until the program ends. Raises NotOnThisKey."""
        del puk, new
        raise NotOnThisKey(act="解锁")

    def plug(self) -> Plug | None:
        """Its file, as long as it lies there."""
        fingerprint = self.present()
        return None if fingerprint is None else Plug(self._path.name, fingerprint, 0)

    def close(self) -> None:
        """Forget the opened key, as a card without power does."""
        self._forget()

    def _stay(self) -> None:
        if not self._path.is_file():
            self._forget()
            raise KeyGone

    def _forget(self) -> None:
        self._key = None
        self._fresh_pin = False

    def _refused(self) -> CounterError:
        self._tries.spend(self._monotonic())
        return WrongPin(left=self._tries.left) if self._tries.left else PinBlocked()
