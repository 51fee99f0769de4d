"""The port to signing on: which keys are here, who a key is, and a supervisor's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.services.keys import KeyState, PresentKey
    from counter_tui.services.overrides import Override
    from counter_tui.services.ports import Session


class ConfirmTries(CounterError):
    """此介质只剩 {left} 次 PIN 机会，再错一次本机不再尝试"""

    left: int
    fingerprint: str


class SigningOn(Protocol):
    """What the login screen, the lock and a supervisor's override need. Refusals are CounterErrors."""

    async def keys(self) -> Sequence[PresentKey]:
        """Keys plugged in now, in a steady order."""

    async def sign_on(self, fingerprint: str, pin: bytearray, *, window: str) -> Session:
        """Prove a key with its PIN; the certificate, the operator and the signature are judged.

        The PIN is wiped. Raises WrongPin(left), PinBlocked, KeyGone, and the refusals of the certificate. With two
        tries left the key must be put in anew; ConfirmTries is raised then, until `confirm_tries` was called.
        """

    async def unlock(self, session: Session, pin: bytearray) -> Session:
        """A fresh session of the same operator, with the same key or a renewed one, after a lock. As `sign_on`.

        Raises AnotherOperator before a try is spent when only keys of others are here.
        """

    def key_state(self, session: Session) -> KeyState:
        """How the key of a session stands now. Asked several times a second: never waits, never fails."""

    async def override(
        self, fingerprint: str, pin: bytearray, *, function: str, content: bytes, reason: str
    ) -> Override:
        """A supervisor's key signs a declaration and a reason. Raises as `sign_on`, and when he is no supervisor."""

    async def confirm_tries(self, fingerprint: str) -> None:
        """The operator has read the warning of ConfirmTries: the next PIN is sent to this key, once."""

    async def change_pin(self, fingerprint: str, old: bytearray, new: bytearray) -> None:
        """Set another PIN; both are wiped.

        Raises WrongPin, PinBlocked, PinUnfit, NotOnThisKey, KeyGone; with two tries left as `sign_on`.
        """

    async def unblock_pin(self, fingerprint: str, puk: bytearray, new: bytearray) -> None:
        """Set a new PIN by the unblocking code; both are wiped.

        Raises WrongPuk, PukBlocked, PinUnfit, NotOnThisKey, KeyGone; the last try of the code is never spent.
        """

    def forget(self, session: Session) -> None:
        """Drop the sign-on key at once: lock, pulled key, sign-off."""
