"""Asking the PIN again during a session: for each decision, and to unlock the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.security.refusals import LastTryKept, OtherKey, ProofRefused, SignOnEnded, StopAtTwo
from counter_tui.security.signatures import DIGEST_SIZE, key_input, labelled, verify_signature
from counter_tui.services.keys import KeyGone, KeyRing, PinBlocked, Use
from counter_tui.x509 import said

if TYPE_CHECKING:
    from counter_tui.security.challenges import Challenges
    from counter_tui.security.sessions import Session

STOP_AT = 2
"""Tries left at which the program stops by itself."""


@dataclass(frozen=True, slots=True)
class Decider:
    """One key on an operator's medium, by what it is for."""

    use: Use
    certificate: bytes
    """DER."""


def decisive_signature(
    keyring: KeyRing,
    pin: bytearray,
    content_digest: bytes,
    *,
    session: Session,
    confirmed_tries: int | None = None,
) -> bytes:
    """Decisive tier: the operator's own key signs a decision, or the root of a ticked set, after a PIN of its own.

    `content_digest` is the hash of the operation's content by the suite. The caller wipes the PIN. Blocks.
    Raises SignOnEnded, OtherKey, StopAtTwo, LastTryKept, ProofRefused, and what the key raises.
    """
    digest = _decision_digest(content_digest, training=session.place.training, suite=session.suite)
    return _signed(keyring, pin, session.decides, digest, session, confirmed_tries)


def verify_decision(
    public_key: bytes, content_digest: bytes, signature: bytes, *, training: bool, suite: Suite = INTERNATIONAL
) -> bool:
    """Whether that key (SPKI, DER) decided exactly that content, in that mode."""
    if len(content_digest) != DIGEST_SIZE:
        return False
    digest = _decision_digest(content_digest, training=training, suite=suite)
    return verify_signature(public_key, digest, signature)


def unlock(
    keyring: KeyRing,
    pin: bytearray,
    *,
    session: Session,
    challenges: Challenges,
    confirmed_tries: int | None = None,
) -> None:
    """Prove, for a locked screen, that the operator of the session is back with his key and PIN.

    The caller wipes the PIN. Blocks. Raises as `decisive_signature` does.
    """
    challenge = challenges.issue(session.place)
    same = Decider(Use.SIGN_ON, session.certificate)
    _signed(keyring, pin, same, challenge.digest(session.suite), session, confirmed_tries)
    challenges.redeem(challenge)


def signed_by(keyring: KeyRing, use: Use, digest: bytes) -> bytes:
    """The key's signature over 32 bytes, held at once against the certificate that it shows for that use.

    The PIN is verified. Raises ProofRefused, NoCertificate, and what the key raises.
    """
    public_key = said(keyring.certificate(use)).public_key
    signature = keyring.sign(use, key_input(public_key, digest))
    if not verify_signature(public_key, digest, signature):
        raise ProofRefused
    return signature


def guard_tries(left: int | None, confirmed: int | None) -> None:
    """Stop at two tries, go on only after the warning was confirmed, and never spend the last one."""
    if left is None or left > STOP_AT:
        return
    if left == 0:
        raise PinBlocked
    if left < STOP_AT:
        raise LastTryKept
    if confirmed != left:
        raise StopAtTwo(left=left)


def _signed(
    keyring: KeyRing, pin: bytearray, by: Decider, digest: bytes, session: Session, confirmed: int | None
) -> bytes:
    """A signature of the very key that signed on, after its PIN; the key keeps no verified PIN afterwards."""
    if not session.alive:
        raise SignOnEnded
    try:
        if keyring.present() is None:
            raise KeyGone
        if keyring.certificate(Use.SIGN_ON) != session.certificate or keyring.certificate(by.use) != by.certificate:
            raise OtherKey
        guard_tries(keyring.attempts_left(), confirmed)
        keyring.verify_pin(pin)
        return signed_by(keyring, by.use, digest)
    finally:
        keyring.close()


def _decision_digest(content_digest: bytes, *, training: bool, suite: Suite) -> bytes:
    return labelled("counter-decision", content_digest, training=training, suite=suite)
