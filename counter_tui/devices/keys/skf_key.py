"""One national key: a container of a device that an SKF library reaches."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from counter_tui.devices.keys import skf_library
from counter_tui.devices.keys.rsa_block import digest_info
from counter_tui.devices.keys.vendors import der_signature, question, shown
from counter_tui.errors import CounterError
from counter_tui.services.keys import (
    KeyFault,
    KeyGone,
    PinBlocked,
    PinNeeded,
    PinUnfit,
    Plug,
    PukBlocked,
    Use,
    WrongPin,
    WrongPuk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.devices.keys.skf_library import Handle, Skf

T = TypeVar("T")

_MOST_NUMBER = 1 << 256
"""Above both numbers of an SM2 signature."""
_RULES = {skf_library.PIN_LENGTH: "长度不在介质允许的范围内", skf_library.PIN_INVALID: "含有介质不允许的字符"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SkfPlace:
    """Where a certificate with its key lies."""

    device: bytes
    application: bytes
    container: bytes
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hex."""
        return hashlib.sha256(self.certificate).hexdigest()

    @property
    def reader(self) -> str:
        """The device by its own name, as it is shown."""
        return shown(self.device, "gbk")


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a key holds open from its first question until it is closed."""

    device: Handle
    application: Handle
    container: Handle


class SkfKey:
    """One container of one device. A decision wants the PIN again each time, whatever the device would allow."""

    def __init__(self, skf: Skf, place: SkfPlace, plug: Plug) -> None:
        """Opened by `SkfKeys.open` alone."""
        self._skf = skf
        self._place = place
        self._plug = plug
        self._opened: _Opened | None = None
        self._verified = False
        self._fresh_pin = False

    def present(self) -> str | None:
        """SHA-256 of the certificate, hex; None when the device is not plugged in, or on any error."""
        return None if self.plug() is None else self._place.fingerprint

    def plug(self) -> Plug | None:
        """The device it is in, as `SkfKeys.plugs` tells it."""
        try:
            return self._plug if self._is_plugged() else None
        except CounterError:
            return None

    def certificate(self, use: Use) -> bytes:  # noqa: ARG002  a container has one key to sign with, for both uses
        """The certificate, DER. Raises KeyGone, KeyFault."""
        with self._asked() as opened:
            self._check_same(opened.container)
            return self._place.certificate

    def attempts_left(self) -> int | None:
        """PIN tries left; None once the PIN is verified, or where the library does not tell."""
        with self._asked() as opened:
            return None if self._verified else self._skf.tries_left(opened.application)

    def verify_pin(self, pin: bytearray) -> None:
        """Raises WrongPin, PinBlocked, KeyGone, KeyFault."""
        self._verified = self._fresh_pin = False
        with self._asked() as opened:
            code, left = self._skf.verify_pin(opened.application, pin)
            if code in _RULES:
                raise WrongPin(left=self._skf.tries_left(opened.application) or left)
            if code:
                raise _wrong_pin(code, left)
        self._verified = self._fresh_pin = True

    def sign(self, use: Use, digest: bytes) -> bytes:
        """Sign SM3(Z‖M) with SM2: DER (r, s); or SHA-256 with RSA: a block. Raises PinNeeded, KeyGone, KeyFault."""
        if not self._verified or (use is Use.DECISION and not self._fresh_pin):
            raise PinNeeded
        self._fresh_pin = False
        with self._asked() as opened:
            kind = self._skf.kind(opened.container)
            if kind == skf_library.SM2:
                return self._sm2_signature(opened.container, digest)
            if kind == skf_library.RSA:
                return _pin_given(self._skf.sign_rsa(opened.container, digest_info(digest)))
            raise KeyFault(step="SKF_GetContainerType", code=f"类型 {kind}")

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        """Raises WrongPin, PinBlocked, PinUnfit, KeyGone, KeyFault."""
        with self._asked() as opened:
            code, left = self._skf.change_pin(opened.application, old, new)
        if code in _RULES:
            raise PinUnfit(rule=_RULES[code])
        if code:
            raise _wrong_pin(code, left)

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        """The unblocking code is the administrator's PIN. Raises WrongPuk, PukBlocked, PinUnfit, KeyGone, KeyFault."""
        with self._asked() as opened:
            code, left = self._skf.unblock_pin(opened.application, puk, new)
        if code in _RULES:
            raise PinUnfit(rule=_RULES[code])
        if code:
            raise PukBlocked if code == skf_library.PIN_LOCKED or not left else WrongPuk(left=left)

    def close(self) -> None:
        """Forget the verified PIN and let the device go; the next question connects anew and wants the PIN again."""
        self._verified = self._fresh_pin = False
        opened, self._opened = self._opened, None
        if opened is None:
            return
        with suppress(CounterError):
            self._skf.close_container(opened.container)
        with suppress(CounterError):
            self._skf.close_application(opened.application)
        with suppress(CounterError):
            self._skf.disconnect(opened.device)

    def _sm2_signature(self, container: Handle, digest: bytes) -> bytes:
        r, s = _pin_given(self._skf.sign_sm2(container, digest))
        if not (0 < r < _MOST_NUMBER and 0 < s < _MOST_NUMBER):
            raise KeyFault(step="SKF_ECCSignData", code="签名值不在范围内")
        return der_signature(r, s)

    def _is_plugged(self) -> bool:
        return self._place.device in self._skf.devices() and self._skf.plugged(self._place.device)

    @contextmanager
    def _asked(self) -> Iterator[_Opened]:
        """The open key for one question."""
        with question(self):
            if self._opened is None:
                self._opened = self._open()
            yield self._opened

    def _open(self) -> _Opened:
        """Connect, and make sure that it is still the same key: a PIN never goes to another one."""
        device = self._skf.connect(self._place.device)
        try:
            application = self._skf.open_application(device, self._place.application)
            container = self._skf.open_container(application, self._place.container)
            self._check_same(container)
        except CounterError:
            with suppress(CounterError):
                self._skf.disconnect(device)
            raise
        return _Opened(device, application, container)

    def _check_same(self, container: Handle) -> None:
        if self._skf.certificate(container) != self._place.certificate:
            raise KeyGone


def _wrong_pin(code: int, left: int) -> CounterError:
    return PinBlocked() if code == skf_library.PIN_LOCKED or not left else WrongPin(left=left)


def _pin_given(signature: T | None) -> T:
    if signature is None:
        raise PinNeeded
    return signature
