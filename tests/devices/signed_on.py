"""What a counter does with any kind of key: it signs on, decides and unlocks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from counter_tui.security.proofs import decisive_signature, unlock, verify_decision
from counter_tui.x509 import said
from tests.devices.training_kit import PLACE, Counter, pin

if TYPE_CHECKING:
    from counter_tui.services.keys import KeyRing

CONTENT = hashlib.sha256(b"a bill").digest()


def signs_on_and_decides(at: Counter, ring: KeyRing, typed: str) -> None:
    """The first clerk of the training bureau signs on with a key that holds his certificate, decides and unlocks."""
    session = at.sign_on(ring, pin(typed), at.challenges.issue(PLACE))
    signature = decisive_signature(ring, pin(typed), CONTENT, session=session)
    unlock(ring, pin(typed), session=session, challenges=at.challenges)

    assert session.operator.number == "0007"
    public_key = said(session.certificate).public_key
    assert verify_decision(public_key, CONTENT, signature, training=True, suite=at.suite)
    assert not verify_decision(public_key, bytes(32), signature, training=True, suite=at.suite)
