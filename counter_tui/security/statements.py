"""The sign-on statement: the operator's key certifies a fresh sign-on key for one device and one terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from counter_tui.operations.canonical import canonical, pack, unpack
from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.security.certificates import CertificateFacts, bind, judge, judge_decision
from counter_tui.security.refusals import SignOnElsewhere, SignOnForged, SignOnNotInForce, SignOnOtherSuite
from counter_tui.security.revocations import check_revoked
from counter_tui.security.signatures import labelled, suite_of_key, verify_signature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_tui.domain.operators import Operator
    from counter_tui.security.certificates import Authority, Operators
    from counter_tui.security.revocations import RevocationList

LIFE = timedelta(hours=8)
"""The longest a sign-on key lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a sign-on happens and holds."""

    bureau: str
    device: str
    terminal: str
    training: bool
    """True only in training mode, which also changes the signing domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the operator's key certifies."""

    signon: str
    """Id of the sign-on."""
    place: Place
    operator: str
    """Operator number; shown, the binding is by certificate."""
    issuer: str
    certificate_number: str
    key_hash: str
    public_key: str
    """The sign-on key, SPKI in hex."""
    nonce: str
    """Of the challenge that was answered, hex."""
    since: datetime
    until: datetime
    decision: str = ""
    """The certificate of a second key of the operator, which decides, DER in hex; empty when the first one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A claim as it was signed. The text is kept as it came, so that no reading changes what was signed."""

    claim: str
    """Canonical JSON."""
    certificate: str
    """The operator's certificate, DER in hex."""
    signature: str
    """Of the operator's key over `claim_digest`, hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSignOn:
    """A sign-on as the hub knows it after verifying its statement."""

    id: str
    operator: Operator
    place: Place
    certificate: CertificateFacts
    decision: CertificateFacts
    """Of the key that decides; mostly the same."""
    public_key: bytes
    """The sign-on key, SPKI in DER: it verifies the ordinary signatures."""
    since: datetime
    until: datetime


def claim_text(claim: Claim) -> str:
    """The canonical text of a claim."""
    return canonical(claim).decode()


def claim_digest(text: str, *, training: bool, suite: Suite = INTERNATIONAL) -> bytes:
    """What is signed for the operator, 32 bytes."""
    return labelled("counter-signon-key", text.encode(), training=training, suite=suite)


def packed(claim: str, certificate: bytes, signature: bytes) -> bytes:
    """The statement as it travels with the first operation of a sign-on, or of each."""
    return pack(Statement(claim=claim, certificate=certificate.hex(), signature=signature.hex()))


def claimed(statement: bytes) -> Claim:
    """What a statement says, unproven. Raises msgspec.DecodeError for one that cannot be read."""
    return unpack(Claim, unpack(Statement, statement).claim)


def verify_session(
    statement: bytes,
    *,
    place: Place,
    at: datetime,
    authorities: Iterable[Authority],
    operators: Operators,
    revocations: Iterable[RevocationList] = (),
    suite: Suite = INTERNATIONAL,
) -> VerifiedSignOn:
    """The sign-on a statement proves for a moment `at` (aware), or a refusal.

    `place` is what the verifier expects; its terminal is not compared, since only the device is known to a hub.
    Raises SignOnForged, SignOnElsewhere, SignOnNotInForce, SignOnOtherSuite or a CertificateRefused; of these Revoked
    comes last, when all else is in order, so that a hub may hold the operation instead of rejecting it.
    """
    try:
        read = unpack(Statement, statement)
        claim = unpack(Claim, read.claim)
        certificate, signature = bytes.fromhex(read.certificate), bytes.fromhex(read.signature)
        public_key, decider = bytes.fromhex(claim.public_key), bytes.fromhex(claim.decision)
    except (msgspec.DecodeError, ValueError):
        raise SignOnForged from None
    facts = judge(certificate, authorities, at, suite)
    _check_claim(claim, facts, place, at)
    digest = claim_digest(read.claim, training=place.training, suite=suite)
    if not verify_signature(facts.public_key, digest, signature):
        raise SignOnForged
    if suite_of_key(public_key) is not suite:
        raise SignOnOtherSuite(suite=suite.title)
    operator = bind(facts, operators, at)
    if operator.number != claim.operator:
        raise SignOnForged
    decision = judge_decision(decider, authorities, at, suite, signon=facts) if decider else facts
    for each in (facts, decision):
        check_revoked(each, revocations)
    return VerifiedSignOn(
        id=claim.signon,
        operator=operator,
        place=claim.place,
        certificate=facts,
        decision=decision,
        public_key=public_key,
        since=claim.since,
        until=claim.until,
    )


def _check_claim(claim: Claim, facts: CertificateFacts, place: Place, at: datetime) -> None:
    here = (claim.place.bureau, claim.place.device, claim.place.training)
    if here != (place.bureau, place.device, place.training):
        raise SignOnElsewhere
    if (claim.issuer, claim.certificate_number, claim.key_hash) != (facts.issuer, facts.number, facts.key_hash):
        raise SignOnForged
    if claim.since.tzinfo is None or claim.until.tzinfo is None:
        raise SignOnForged
    if not claim.since <= at < claim.until or claim.until - claim.since > LIFE:
        raise SignOnNotInForce
