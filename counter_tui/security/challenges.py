"""Challenges for sign-on: 32 random bytes, good for 60 seconds and for one answer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from time import monotonic as system_monotonic
from typing import TYPE_CHECKING

from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.security.refusals import ChallengeExpired, ChallengeUsed
from counter_tui.security.signatures import labelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.security.statements import Place

SECONDS = 60
"""How long an answer is awaited."""
NONCE_SIZE = 32
"""Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the operator's key is asked to sign: `counter-signon ‖ bureau ‖ device ‖ terminal ‖ nonce`."""

    place: Place
    nonce: bytes

    def digest(self, suite: Suite = INTERNATIONAL) -> bytes:
        """The 32 bytes that are signed."""
        place = self.place
        parts = (place.bureau.encode(), place.device.encode(), place.terminal.encode(), self.nonce)
        return labelled("counter-signon", *parts, training=place.training, suite=suite)


class Challenges:
    """The open challenges of whoever checks a sign-on: the hub, or this host when the line is down."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = system_monotonic,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """`monotonic` tells seconds; `random` gives that many bytes."""
        self._monotonic = monotonic
        self._random = random
        self._open: dict[bytes, tuple[Place, float]] = {}

    def issue(self, place: Place) -> Challenge:
        """A fresh challenge for one place; those nobody answered in time are dropped."""
        now = self._monotonic()
        self._open = {nonce: entry for nonce, entry in self._open.items() if now - entry[1] <= SECONDS}
        challenge = Challenge(place=place, nonce=self._random(NONCE_SIZE))
        self._open[challenge.nonce] = (place, now)
        return challenge

    def redeem(self, challenge: Challenge) -> None:
        """Take the one answer. Raises ChallengeUsed (also when it was never issued here) or ChallengeExpired."""
        place, issued = self._open.pop(challenge.nonce, (None, 0.0))
        if place != challenge.place:
            raise ChallengeUsed
        if self._monotonic() - issued > SECONDS:
            raise ChallengeExpired(seconds=SECONDS)
