"""介质 PIN 维护 on record: another PIN for a key, or a blocked key opened, is a leaf of the audit log of its own.

It is noted in the counter's file before the key is asked: what cannot be noted is not done. Under a sign-on the leaf
follows at once; at the sign-on screen, where nobody can sign an operation yet, whoever signs on next records it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError
from counter_tui.operations.envelope import Proposal
from counter_tui.operations.witnessing import CHANGE_PIN, UNBLOCK_PIN
from counter_tui.services.keys import KeyFault, KeyGone, KeySilent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from counter_tui.services.keys import PresentKey
    from counter_tui.services.ports import Clock, LocalStore, Reading, Work
    from counter_tui.services.recording import RecordOperations
    from counter_tui.services.seats import Seat
    from counter_tui.services.signing import SigningOn

DONE, UNKNOWN = "done", "unknown"
"""How it ended. Unknown stays what was begun and never heard of again: the key was pulled, the program killed."""

SETTING: Final = "pin care"
MOST: Final = 100
"""Acts that may wait for a sign-on that records them."""
_MAYBE_DONE: Final = (KeyFault, KeyGone, KeySilent)
"""Refusals after which nobody knows which PIN the key has; after all others it is the old one."""


class NotNoted(CounterError):
    """介质 PIN 没有改动：{why}"""

    why: str


class TooManyNotes(CounterError):
    """本机已有 {count} 次介质 PIN 维护待入账，介质 PIN 没有改动；请先登录一次再办理"""

    count: int


class SetButNotNoted(CounterError):
    """新 PIN 已经生效，请用新 PIN；但本机没能记下办理结果，请报告管理员"""


def pin_care_to_record(reading: Reading) -> list[dict[str, Any]]:
    """What was done to keys and stands in no operation yet, oldest first."""
    kept = reading.setting(SETTING)
    return list(json.loads(kept)) if kept else []


def pin_care_recorded(work: Work, told: Sequence[dict[str, Any]]) -> None:
    """These are on record now; another program may have added some meanwhile."""
    _keep(work, [each for each in pin_care_to_record(work) if each not in told])


def pin_care_leaf(told: dict[str, Any]) -> Proposal:
    """The operation that records it: which key, where, when, who was signed on there, and how it ended."""
    return Proposal(kind=told["kind"], unit_id="B", body={name: told[name] for name in told if name != "kind"})


def _keep(work: Work, acts: Sequence[dict[str, Any]]) -> None:
    work.remember(SETTING, json.dumps(list(acts), ensure_ascii=False) if acts else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CareForPins:
    """Changes and unblocks PINs, and leaves no doubt about it in the log."""

    signing: SigningOn
    store: LocalStore
    clock: Clock
    record: RecordOperations
    seat: Seat | None
    """Who is signed on here; None at the sign-on screen."""

    async def change(self, key: PresentKey, old: bytearray, new: bytearray, *, window: str) -> None:
        """Set another PIN; both are wiped.

        Raises NotNoted or TooManyNotes before the key is asked, what `SigningOn.change_pin` raises, and SetButNotNoted
        when the new PIN counts all the same.
        """
        await self._on_record(
            CHANGE_PIN, key, window, (old, new), lambda: self.signing.change_pin(key.fingerprint, old, new)
        )

    async def unblock(self, key: PresentKey, puk: bytearray, new: bytearray, *, window: str) -> None:
        """Set a new PIN by the unblocking code; both are wiped. Raises as `change`, and what the key says of codes."""
        await self._on_record(
            UNBLOCK_PIN, key, window, (puk, new), lambda: self.signing.unblock_pin(key.fingerprint, puk, new)
        )

    async def _on_record(
        self,
        kind: str,
        key: PresentKey,
        window: str,
        secrets: Sequence[bytearray],
        act: Callable[[], Awaitable[None]],
    ) -> None:
        begun = self._begun(kind, key, window)
        try:
            await self._note(begun)
        except CounterError:
            for secret in secrets:  # the key, which wipes them, was not asked
                secret[:] = bytes(len(secret))
            raise
        try:
            await act()
        except CounterError as refusal:
            if not isinstance(refusal, _MAYBE_DONE):
                with suppress(CounterError):  # the refusal matters more; what stays noted says "unknown", not "done"
                    await self.store.write(lambda work: pin_care_recorded(work, [begun]))
            raise
        await self._done(begun)

    def _begun(self, kind: str, key: PresentKey, window: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "key": key.fingerprint,
            "certificate": key.certificate_number,
            "window": self.seat.window if self.seat is not None else window,
            "operator": self.seat.session.operator.number if self.seat is not None else "",
            "at": self.clock.now().isoformat(),
            "result": UNKNOWN,
        }

    async def _note(self, begun: dict[str, Any]) -> None:
        def add(work: Work) -> None:
            noted = pin_care_to_record(work)
            if len(noted) >= MOST:
                raise TooManyNotes(count=len(noted))
            _keep(work, [*noted, begun])

        try:
            await self.store.write(add)
        except TooManyNotes:
            raise
        except CounterError as trouble:
            raise NotNoted(why=trouble.sentence) from trouble

    async def _done(self, begun: dict[str, Any]) -> None:
        done = {**begun, "result": DONE}
        if self.seat is not None:
            with suppress(CounterError):  # a sign-on that ended meanwhile: the next one records it
                await self.record(
                    [pin_care_leaf(done)], seat=self.seat, alongside=lambda work, _: pin_care_recorded(work, [begun])
                )
                return
        try:
            await self.store.write(lambda work: _replace(work, begun, done))
        except CounterError as trouble:
            raise SetButNotNoted from trouble


def _replace(work: Work, begun: dict[str, Any], done: dict[str, Any]) -> None:
    """Say how it ended; where it was recorded as unknown meanwhile, the end is told too."""
    _keep(work, [*(each for each in pin_care_to_record(work) if each != begun), done])
