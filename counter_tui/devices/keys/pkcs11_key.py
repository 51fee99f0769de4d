"""One operator's key on a PKCS#11 token: open, sign and close in one act."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counter_tui.devices.keys.pkcs11_certificates import Listed, Pair, certificates, told
from counter_tui.devices.keys.pkcs11_power import unpower
from counter_tui.devices.keys.pkcs11_refusals import (
    AFTER_A_WRONG_ONE,
    new_pin_refusal,
    pin_refusal,
    puk_refusal,
    tries_told,
)
from counter_tui.devices.keys.rsa_block import digest_info
from counter_tui.devices.keys.vendors import der_signature, question
from counter_tui.errors import CounterError
from counter_tui.services.keys import (
    KeyFault,
    KeyGone,
    NotOnThisKey,
    PinNeeded,
    Plug,
    Use,
)
from counter_tui.x509 import P256, said

if TYPE_CHECKING:
    from counter_tui.devices.keys.pkcs11_module import Pkcs11Module

_NUMBER = 32
"""Bytes of each number in a signature on P-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPlace:
    """Where a key lies, and how it is known again."""

    plug: Plug
    slot: str
    """CK_SLOT_INFO.slotDescription."""
    serial: bytes
    """CK_TOKEN_INFO.serialNumber."""
    pair: Pair


@dataclass(slots=True)
class _Login:
    """A session with a verified PIN."""

    session: Any
    fresh: bool = True
    """Whether its PIN has decided nothing yet."""
    again: bytearray = field(default_factory=bytearray, repr=False)
    """The PIN, only for a key that wants it before each signature, until the key is closed in the same act."""

    def wipe(self) -> None:
        self.again[:] = bytes(len(self.again))


class Pkcs11Key:
    """One key of a token. A decision wants the PIN again each time, whatever the token would allow.

    python-pkcs11 takes PINs as text only, which nobody can overwrite: it is made in the call and let go with it.
    """

    def __init__(self, module: Pkcs11Module, place: TokenPlace, spoiled: set[Plug]) -> None:
        """Opened by `Pkcs11Keys.open` alone; `spoiled` tokens got a wrong PIN here since their last right one."""
        self._module = module
        self._place = place
        self._spoiled = spoiled
        self._login: _Login | None = None

    def present(self) -> str | None:
        """SHA-256 of the certificate, hex; None when the token is not in its slot, or on any error."""
        return None if self.plug() is None else self._place.pair.fingerprint

    def plug(self) -> Plug | None:
        """The slot it is in, as `Pkcs11Keys.plugs` tells it."""
        try:
            self._token()
        except CounterError:
            return None
        return self._place.plug

    def certificate(self, use: Use) -> bytes:
        """The certificate for that use, DER, as the token has it now. Raises KeyGone, KeyFault."""
        with question(self):
            self._same_token()
            return self._listed(use).certificate

    def attempts_left(self) -> int | None:
        """As far as a token tells: 0 locked, 1 the last try, 2 after any wrong PIN; else, or with a right one, None."""
        if self._login is not None:
            return None
        with question(self):
            return self._tries()

    def verify_pin(self, pin: bytearray) -> None:
        """Raises WrongPin (WrongPinUncounted), PinBlocked, KeyGone, KeyFault."""
        self.close()
        with question(self):
            token = self._same_token()
            try:
                with self._module.step("C_Login"):
                    session = token.open(rw=_writable(token), user_pin=pin.decode("utf-8", "replace"))
                    self._login = _Login(session)
            except KeyFault as fault:
                self._spoiled.add(self._place.plug)
                raise pin_refusal(fault, self._tries) from None
            self._spoiled.discard(self._place.plug)
            if self._wants_pin_each_time():
                self._login.again[:] = pin

    def sign(self, use: Use, digest: bytes) -> bytes:
        """Sign SHA-256: DER (r, s) on P-256, a block with RSA.

        Raises PinNeeded, KeyGone, KeyFault; NotOnThisKey for SM2, which PKCS#11 has no mechanism for.
        """
        login = self._login
        if login is None or (use is Use.DECISION and not login.fresh):
            raise PinNeeded
        login.fresh = False
        listed = self._listed(use)
        algorithm = said(listed.certificate).algorithm
        with question(self):
            if algorithm == P256:
                raw = self._signed(login, listed, "ECDSA", digest)
                if len(raw) != 2 * _NUMBER:
                    raise KeyFault(step="C_Sign", code=f"签名 {len(raw)} 字节")
                return der_signature(int.from_bytes(raw[:_NUMBER]), int.from_bytes(raw[_NUMBER:]))
            if algorithm.startswith("RSA-"):
                return self._signed(login, listed, "RSA_PKCS", digest_info(digest))
        raise NotOnThisKey(act=f"用 {algorithm} 签名")

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        """Raises WrongPin, PinBlocked, PinUnfit, NotOnThisKey, KeyGone, KeyFault."""
        self.verify_pin(old)
        try:
            with question(self):
                self._set_pin(old, new)
        finally:
            self.close()

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        """The unblocking code is the PIN of the security officer (SO PIN).

        Raises WrongPuk, PukBlocked, PinUnfit, NotOnThisKey, KeyGone, KeyFault.
        """
        self.close()
        with question(self):
            self._init_pin(self._same_token(), puk, new)
        self._spoiled.discard(self._place.plug)

    def close(self) -> None:
        """Log out, cut a card's power and forget: the next question opens the token anew and wants the PIN again."""
        login, self._login = self._login, None
        if login is None:
            return
        login.wipe()
        with suppress(CounterError), self._module.step("C_Logout"):
            login.session.close()
        with suppress(CounterError), self._module.step("C_Logout"):
            unpower(self._place.slot)

    def _listed(self, use: Use) -> Listed:
        return self._place.pair.decision if use is Use.DECISION else self._place.pair.sign_on

    def _token(self) -> Any:
        """The token, if it is still in its slot. Raises KeyGone."""
        with self._module.step("C_GetTokenInfo") as library:
            for slot in library.get_slots(token_present=True):
                if slot.slot_description == self._place.slot:
                    token = slot.get_token()
                    if token.serial == self._place.serial:
                        return token
        raise KeyGone

    def _same_token(self) -> Any:
        """The token, with the certificates it had: a PIN never goes to another one. Raises KeyGone."""
        token = self._token()
        with self._module.step("C_FindObjects"), token.open() as session:
            there = set(certificates(session))
        if not {self._place.pair.sign_on, self._place.pair.decision} <= there:
            raise KeyGone
        return token

    def _private(self, session: Any, listed: Listed) -> Any:
        """The private key of a certificate; within a step. Raises KeyFault."""
        from pkcs11 import Attribute, ObjectClass

        found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: listed.id}))
        if not found:
            raise KeyFault(step="C_FindObjects", code="没有与证书相配的私钥")
        return found[0]

    def _wants_pin_each_time(self) -> bool:
        """Whether a key of the pair does; PIV's slot 9C is one."""
        login, pair = self._login, self._place.pair
        with self._module.step("C_GetAttributeValue"):
            return login is not None and any(
                _always_authenticated(self._private(login.session, each)) for each in {pair.sign_on, pair.decision}
            )

    def _signed(self, login: _Login, listed: Listed, mechanism: str, data: bytes) -> bytes:
        from pkcs11 import Mechanism

        try:
            with self._module.step("C_Sign"):
                key = self._private(login.session, listed)
                pin = login.again.decode("utf-8", "replace") if _always_authenticated(key) else None
                raw: bytes = key.sign(data, mechanism=Mechanism[mechanism], pin=pin)
                return raw
        except KeyFault as fault:
            raise (PinNeeded() if fault.code == "UserNotLoggedIn" else fault) from None

    def _set_pin(self, old: bytearray, new: bytearray) -> None:
        try:
            with self._module.step("C_SetPIN"):
                if self._login is not None:
                    self._login.session.set_pin(old.decode("utf-8", "replace"), new.decode("utf-8", "replace"))
        except KeyFault as fault:
            raise new_pin_refusal(fault, act="修改 PIN") from None

    def _init_pin(self, token: Any, puk: bytearray, new: bytearray) -> None:
        try:
            with self._module.step("C_Login"):
                session = token.open(rw=True, so_pin=puk.decode("utf-8", "replace"))
        except KeyFault as fault:
            raise puk_refusal(fault, lambda: tries_told(self._token(), "SO_PIN")) from None
        try:
            with self._module.step("C_InitPIN"):
                session.init_pin(new.decode("utf-8", "replace"))
        except KeyFault as fault:
            raise new_pin_refusal(fault, act="解锁") from None
        finally:
            with suppress(CounterError), self._module.step("C_Logout"):
                session.close()

    def _tries(self) -> int | None:
        """Of the PIN, as far as told. Modules differ in when they say "count low", so a wrong PIN here counts, too."""
        told = tries_told(self._token(), "USER_PIN")
        return AFTER_A_WRONG_ONE if told is None and self._place.plug in self._spoiled else told


def _writable(token: Any) -> bool:
    """Sessions are opened for writing where they can be: one for reading alone would forbid unblocking later."""
    from pkcs11 import TokenFlag

    return not token.flags & TokenFlag.WRITE_PROTECTED


def _always_authenticated(key: Any) -> bool:
    from pkcs11 import Attribute

    return bool(told(key, Attribute.ALWAYS_AUTHENTICATE, otherwise=False))
