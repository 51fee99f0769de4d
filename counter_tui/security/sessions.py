"""Signing on with a key and a PIN, and the session that follows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic as system_monotonic
from typing import TYPE_CHECKING, NoReturn

from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.security.certificates import CertificateFacts, bind, judge, judge_decision
from counter_tui.security.proofs import Decider, decisive_signature, guard_tries, signed_by, unlock, verify_decision
from counter_tui.security.refusals import CertificateRefused, SignOnEnded
from counter_tui.security.revocations import check_clock, check_revoked
from counter_tui.security.session_keys import new_session_key
from counter_tui.security.signatures import verify_signature
from counter_tui.security.statements import LIFE, Claim, Place, claim_digest, claim_text, packed, verify_session
from counter_tui.services.keys import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counter_tui.domain.operators import Operator
    from counter_tui.security.certificates import Authority, Operators
    from counter_tui.security.challenges import Challenge, Challenges
    from counter_tui.security.revocations import RevocationList
    from counter_tui.security.session_keys import SessionKey
    from counter_tui.services.keys import KeyRing

__all__ = [
    "Session",
    "SignOn",
    "decisive_signature",
    "unlock",
    "verify_decision",
    "verify_session",
    "verify_signature",
]


def _anybody(operator: Operator) -> None:
    """No connection to compare with: whoever is registered may sign on."""
    del operator


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Session:
    """One sign-on of one operator: a key pair in memory for the ordinary tier, gone with `forget`."""

    __slots__ = (
        "_claim",
        "_clock",
        "_decides",
        "_ends",
        "_facts",
        "_key",
        "_monotonic",
        "_operator",
        "_signed_certificate",
        "_statement",
        "_suite",
    )

    def __init__(
        self,
        *,
        operator: Operator,
        facts: CertificateFacts,
        certificate: bytes,
        decides: Decider,
        claim: Claim,
        statement: bytes,
        key: SessionKey,
        suite: Suite,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """Made by `SignOn` alone."""
        self._operator = operator
        self._facts = facts
        self._signed_certificate = certificate
        self._decides = decides
        self._claim = claim
        self._statement = statement
        self._key: SessionKey | None = key
        self._suite = suite
        self._clock = clock
        self._monotonic = monotonic
        self._ends = monotonic() + (claim.until - claim.since).total_seconds()

    def __repr__(self) -> str:
        return f"<Session {self.id} of {self._operator.number}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sign-on key never leaves the process")

    @property
    def id(self) -> str:
        """Id of the sign-on."""
        return self._claim.signon

    @property
    def operator(self) -> Operator:
        """Who signed on."""
        return self._operator

    @property
    def certificate(self) -> bytes:
        """The operator's certificate, DER."""
        return self._signed_certificate

    @property
    def decides(self) -> Decider:
        """Which key on the operator's medium signs decisions."""
        return self._decides

    @property
    def certificate_number(self) -> str:
        """Lower-case hex."""
        return self._facts.number

    @property
    def key_serial(self) -> str:
        """What tells the key from others: the fingerprint of its certificate, as `KeyRing.present` tells it."""
        return self._facts.fingerprint

    @property
    def place(self) -> Place:
        """Where the sign-on holds."""
        return self._claim.place

    @property
    def signed_on_at(self) -> datetime:
        """UTC."""
        return self._claim.since

    @property
    def ends_at(self) -> datetime:
        """UTC; at most eight hours after the sign-on."""
        return self._claim.until

    @property
    def statement(self) -> bytes:
        """What proves the session key to the hub; see `verify_session`."""
        return self._statement

    @property
    def public_key(self) -> bytes:
        """The sign-on key, SPKI in DER."""
        return bytes.fromhex(self._claim.public_key)

    @property
    def suite(self) -> Suite:
        """Of the bureau; everything that the sign-on signs is hashed by it."""
        return self._suite

    @property
    def alive(self) -> bool:
        """Whether it can still sign; by the wall clock and by the monotonic one."""
        return self._key is not None and self._monotonic() < self._ends and self._clock() < self.ends_at

    def sign(self, digest: bytes) -> bytes:
        """Ordinary tier: sign a digest of the suite, DER (r, s). Raises SignOnEnded."""
        if not self.alive:
            self.forget()
        if self._key is None:
            raise SignOnEnded
        return self._key.sign(digest)

    def forget(self) -> None:
        """Drop the sign-on key: lock, pulled key, sign-off. The library clears it when its last reference goes."""
        self._key = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """Sign on: the key proves itself with a PIN and certifies a fresh session key. Blocks; run it at a `KeyDesk`."""

    authorities: tuple[Authority, ...]
    operators: Operators
    challenges: Challenges
    revocations: Callable[[], Iterable[RevocationList]] = tuple
    """The lists on this host now."""
    clock: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = field(default=system_monotonic)
    suite: Suite = INTERNATIONAL
    admits: Callable[[Operator], None] = _anybody
    """Whom the connection lets sign on; raises a refusal."""

    def __call__(
        self, keyring: KeyRing, pin: bytearray, challenge: Challenge, *, confirmed_tries: int | None = None
    ) -> Session:
        """The session, or a refusal; the certificate is judged before a PIN try is spent. The caller wipes the PIN.

        `confirmed_tries` is the number of tries left that the operator confirmed after plugging the key in again.
        Raises what `judge`, `bind`, `admits`, `Challenges.redeem` and the key raise, ClockBehind, Revoked, StopAtTwo,
        LastTryKept, ProofRefused.
        """
        now = self.clock()
        try:
            certificate = keyring.certificate(Use.SIGN_ON)
            facts = judge(certificate, self.authorities, now, self.suite)
            lists = tuple(self.revocations())
            check_clock(now, lists)
            check_revoked(facts, lists)
            operator = bind(facts, self.operators, now)
            self.admits(operator)
            decides = self._decider(keyring, certificate, facts)
            guard_tries(keyring.attempts_left(), confirmed_tries)
            keyring.verify_pin(pin)
            self._prove(keyring, challenge)
            return self._open(keyring, certificate, facts, operator, challenge, decides)
        finally:
            keyring.close()

    def _decider(self, keyring: KeyRing, certificate: bytes, facts: CertificateFacts) -> Decider:
        """The medium's key for decisions, if its certificate is of the same holder and good; else the sign-on key."""
        other = keyring.certificate(Use.DECISION)
        if other == certificate:
            return Decider(Use.DECISION, certificate)
        try:
            decision = judge_decision(other, self.authorities, self.clock(), self.suite, signon=facts)
            check_revoked(decision, self.revocations())
        except CertificateRefused:
            return Decider(Use.SIGN_ON, certificate)
        return Decider(Use.DECISION, other)

    def _prove(self, keyring: KeyRing, challenge: Challenge) -> None:
        try:
            signed_by(keyring, Use.SIGN_ON, challenge.digest(self.suite))
        finally:
            self.challenges.redeem(challenge)

    def _open(
        self,
        keyring: KeyRing,
        certificate: bytes,
        facts: CertificateFacts,
        operator: Operator,
        challenge: Challenge,
        decides: Decider,
    ) -> Session:
        key = new_session_key(self.suite)
        since = self.clock().astimezone(UTC).replace(microsecond=0)
        claim = Claim(
            signon=secrets.token_hex(16),
            place=challenge.place,
            operator=operator.number,
            issuer=facts.issuer,
            certificate_number=facts.number,
            key_hash=facts.key_hash,
            public_key=key.public_key.hex(),
            nonce=challenge.nonce.hex(),
            since=since,
            until=min(since + LIFE, facts.until, operator.valid_until),
            decision="" if decides.certificate == certificate else decides.certificate.hex(),
        )
        text = claim_text(claim)
        digest = claim_digest(text, training=challenge.place.training, suite=self.suite)
        signature = signed_by(keyring, Use.SIGN_ON, digest)
        return Session(
            operator=operator,
            facts=facts,
            certificate=certificate,
            decides=decides,
            claim=claim,
            statement=packed(text, certificate, signature),
            key=key,
            suite=self.suite,
            clock=self.clock,
            monotonic=self.monotonic,
        )
