"""Proofs that a key or its holder failed: each becomes a leaf of the audit log, by the next sign-on if nobody has one.

At the sign-on screen nobody can sign an operation yet. What was refused there is remembered in the counter's own file
and recorded as `signon.refused` by whoever signs on next, before he does anything else.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from counter_tui.errors import CounterError
from counter_tui.operations.envelope import Proposal
from counter_tui.services.keys import KeyBusy, KeyGone, KeySilent, NoLibrary, NoReaderService, PinNeeded, PinTooSoon
from counter_tui.services.signing import ConfirmTries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from counter_tui.services.keys import KeyState, PresentKey
    from counter_tui.services.overrides import Override
    from counter_tui.services.ports import Clock, LocalStore, Reading, Session, Work
    from counter_tui.services.signing import SigningOn

T = TypeVar("T")

SETTING: Final = "refused proofs"
MOST: Final = 100
"""Refusals that are remembered; of more, the first ones: somebody hammers at the counter, and that is on record."""
_NO_TRY: Final = (KeyBusy, KeyGone, KeySilent, NoLibrary, NoReaderService, PinNeeded, PinTooSoon, ConfirmTries)
"""Nothing was tried."""


def refused(refusal: CounterError, *, act: str, key: str, at: str) -> dict[str, Any]:
    """A refusal as it is recorded: what was tried, with which key (fingerprint), when, and why it failed."""
    return {"act": act, "key": key, "at": at, "why": type(refusal).__name__, "left": str(getattr(refusal, "left", ""))}


def is_worth_a_leaf(refusal: CounterError) -> bool:
    """Whether something was tried and failed."""
    return not isinstance(refusal, _NO_TRY)


def remembered(reading: Reading) -> list[dict[str, Any]]:
    """Refusals that nobody has recorded yet, oldest first."""
    kept = reading.setting(SETTING)
    return list(json.loads(kept)) if kept else []


def handed_over(refusals: Sequence[dict[str, Any]], window: str) -> Proposal:
    """The operation that records them."""
    return Proposal(kind="signon.refused", unit_id="B", body={"window": window, "refusals": list(refusals)})


def forget(work: Work, told: Sequence[dict[str, Any]]) -> None:
    """These are on record now; another program may have added some meanwhile."""
    _keep(work, [each for each in remembered(work) if each not in told])


def _keep(work: Work, refusals: Sequence[dict[str, Any]]) -> None:
    work.remember(SETTING, json.dumps(list(refusals), ensure_ascii=False) if refusals else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedSigning:
    """Signing on as its port has it; what is refused is remembered."""

    signing: SigningOn
    store: LocalStore
    clock: Clock

    async def keys(self) -> Sequence[PresentKey]:
        """Keys plugged in now."""
        return await self.signing.keys()

    async def sign_on(self, fingerprint: str, pin: bytearray, *, window: str) -> Session:
        """As the port."""
        return await self._noted("sign-on", fingerprint, self.signing.sign_on(fingerprint, pin, window=window))

    async def unlock(self, session: Session, pin: bytearray) -> Session:
        """As the port."""
        return await self._noted("unlock", session.key_serial, self.signing.unlock(session, pin))

    def key_state(self, session: Session) -> KeyState:
        """As the port."""
        return self.signing.key_state(session)

    async def override(
        self, fingerprint: str, pin: bytearray, *, function: str, content: bytes, reason: str
    ) -> Override:
        """As the port."""
        word = self.signing.override(fingerprint, pin, function=function, content=content, reason=reason)
        return await self._noted("override", fingerprint, word)

    async def confirm_tries(self, fingerprint: str) -> None:
        """As the port."""
        await self.signing.confirm_tries(fingerprint)

    async def change_pin(self, fingerprint: str, old: bytearray, new: bytearray) -> None:
        """As the port."""
        await self._noted("change-pin", fingerprint, self.signing.change_pin(fingerprint, old, new))

    async def unblock_pin(self, fingerprint: str, puk: bytearray, new: bytearray) -> None:
        """As the port."""
        await self._noted("unblock-pin", fingerprint, self.signing.unblock_pin(fingerprint, puk, new))

    def forget(self, session: Session) -> None:
        """As the port."""
        self.signing.forget(session)

    async def _noted(self, act: str, key: str, proof: Awaitable[T]) -> T:
        try:
            return await proof
        except CounterError as refusal:
            if is_worth_a_leaf(refusal):
                with suppress(CounterError):  # the refusal matters more than a file that cannot be written
                    await self._remember(refused(refusal, act=act, key=key, at=self.clock.now().isoformat()))
            raise

    async def _remember(self, told: dict[str, Any]) -> None:
        await self.store.write(lambda work: _keep(work, [*remembered(work), told][:MOST]))
