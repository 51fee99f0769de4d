"""Signing on at this host (`services.signing`): keys, sessions, locks, and a supervisor's word."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from counter_tui.domain.posts import Right
from counter_tui.errors import CounterError
from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.security.careful_keys import CarefulKeys
from counter_tui.security.caution import Caution
from counter_tui.security.certificates import OperatorList, bind, judge
from counter_tui.security.desk import KeyDesk, wipe
from counter_tui.security.proofs import decisive_signature, guard_tries, signed_by, unlock
from counter_tui.security.refusals import AnotherOperator, CertificateRefused
from counter_tui.security.revocations import check_revoked
from counter_tui.security.signatures import labelled
from counter_tui.security.standing import Standing
from counter_tui.services.keys import KeyGone, Use
from counter_tui.services.overrides import Override

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from counter_tui.domain.operators import Operator
    from counter_tui.security.challenges import Challenges
    from counter_tui.security.sessions import Session, SignOn
    from counter_tui.security.ssh_key import Admission
    from counter_tui.security.statements import Place
    from counter_tui.services.keys import KeyRing, KeySource, KeyState, KeyWatch, Plug, PresentKey
    from counter_tui.services.ports import Session as PortSession


class NoSupervisor(CounterError):
    """{name}不是主管，不能授权。请主管插入证书后按 F8"""

    name: str


class OutsideGroups(CounterError):
    """{name}没有「{group}」业务组的授权，不能授权。请有该组授权的主管插入证书后按 F8"""

    name: str
    group: str


@dataclass(frozen=True, slots=True)
class SignedOn:
    """A session as the use cases see it (`ports.Session`)."""

    session: Session
    keys: CarefulKeys
    challenges: Challenges
    standing: Standing

    @property
    def id(self) -> str:
        """Sign-on id."""
        return self.session.id

    @property
    def operator(self) -> Operator:
        """Who signed on."""
        return self.session.operator

    @property
    def key_serial(self) -> str:
        """Fingerprint of the certificate in use."""
        return self.session.key_serial

    @property
    def statement(self) -> bytes:
        """What proves the sign-on key to the hub."""
        return self.session.statement

    @property
    def alive(self) -> bool:
        """Whether it can still sign."""
        return self.session.alive

    @property
    def window(self) -> str:
        """The window at which it was opened."""
        return self.session.place.terminal

    @property
    def key_state(self) -> KeyState:
        """How the key that signed on stands now."""
        return self.standing.state

    def sign(self, digest: bytes) -> bytes:
        """Ordinary tier. Raises SignOnEnded, KeyGone or KeySilent."""
        self.standing.require()
        return self.session.sign(digest)

    def forget(self) -> None:
        """Drop the sign-on key at once."""
        self.session.forget()

    async def unlock(self, pin: bytearray) -> None:
        """The operator proves himself again; the PIN is wiped. Raises what the key raises."""
        await self.keys.with_pin(
            self.key_serial,
            pin,
            lambda keyring, own, confirmed: unlock(
                keyring, own, session=self.session, challenges=self.challenges, confirmed_tries=confirmed
            ),
        )

    async def decide(self, content: bytes, pin: bytearray) -> bytes:
        """Decisive tier: the operator's own key, PIN asked each time; the PIN is wiped. Raises what the key raises."""
        digest = self.session.suite.hash(content)

        def act(keyring: KeyRing, own: bytearray, confirmed: int | None) -> bytes:
            return decisive_signature(keyring, own, digest, session=self.session, confirmed_tries=confirmed)

        try:
            self.standing.require()
            return await self.keys.with_pin(self.key_serial, pin, act)
        finally:
            wipe(pin)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySigningOn:
    """Sign-on with whatever keys a source has."""

    source: KeySource
    watch: KeyWatch
    """Over the places of that source; started and closed by whoever made it."""
    rule: SignOn
    place: Place
    """Bureau, device and mode; the terminal is the window."""
    registry: Callable[[], Awaitable[Iterable[Operator]]]
    """The operators as they are registered now: who was granted a moment ago signs on, who was revoked does not."""
    admission: Admission
    """Whom of them the connection lets sign on; raises a refusal."""
    desk: KeyDesk = field(default_factory=KeyDesk)
    caution: Caution = field(default_factory=Caution)

    @property
    def careful(self) -> CarefulKeys:
        """The keys, with the rule of the last tries."""
        return CarefulKeys(source=self.source, desk=self.desk, caution=self.caution)

    async def keys(self) -> Sequence[PresentKey]:
        """Keys plugged in now."""
        return await self.careful.present()

    async def sign_on(self, fingerprint: str, pin: bytearray, *, window: str) -> SignedOn:
        """Prove a key with its PIN; the PIN is wiped. Raises what `SignOn` raises, KeyGone when it left since."""
        place, generation = replace(self.place, terminal=window), self.watch.generation

        def act(keyring: KeyRing, own: bytearray, confirmed: int | None) -> tuple[Session, Plug | None]:
            challenge = rule.challenges.issue(place)
            return rule(keyring, own, challenge, confirmed_tries=confirmed), keyring.plug()

        try:
            rule = await self._rule()
            session, plug = await self.careful.with_pin(fingerprint, pin, act)
        finally:
            wipe(pin)
        standing = Standing(self.watch, plug, generation)
        if not await standing.seen():
            session.forget()
            raise KeyGone
        return SignedOn(session, self.careful, self.rule.challenges, standing)

    async def unlock(self, session: PortSession, pin: bytearray) -> PortSession:
        """The operator of a locked screen proves himself again. A dropped sign-on is made anew."""
        if session.alive:
            await session.unlock(pin)
            return session
        try:
            fingerprint = await self._key_of(session)
        except BaseException:
            wipe(pin)
            raise
        return await self.sign_on(fingerprint, pin, window=session.window)

    async def _key_of(self, session: PortSession) -> str:
        """Fingerprint of the key of a session, or of another one of the same operator.

        Raises KeyGone without any key, AnotherOperator when there are none but those of others.
        """
        rule = await self._rule()

        def act() -> str:
            here = [each.fingerprint for each in self.source.present()]
            if not here:
                raise KeyGone
            for fingerprint in sorted(here, key=lambda each: each != session.key_serial):
                if fingerprint == session.key_serial or self._belongs(fingerprint, session.operator, rule):
                    return fingerprint
            raise AnotherOperator(number=session.operator.number, name=session.operator.name)

        return await self.desk.call(act)

    def _belongs(self, fingerprint: str, operator: Operator, rule: SignOn) -> bool:
        keyring = self.source.open(fingerprint)
        try:
            facts = judge(keyring.certificate(Use.SIGN_ON), rule.authorities, rule.clock(), rule.suite)
            return bind(facts, rule.operators, rule.clock()).number == operator.number
        except CertificateRefused:
            return False
        finally:
            keyring.close()

    def key_state(self, session: PortSession) -> KeyState:
        """How the key of a session stands now."""
        return session.key_state

    async def override(
        self, fingerprint: str, pin: bytearray, *, function: str, content: bytes, reason: str
    ) -> Override:
        """A supervisor's key signs what he lets pass. Raises NoSupervisor, OutsideGroups and what the key raises."""
        suite = self.rule.suite
        digest = override_digest(content, reason, training=self.place.training, suite=suite)

        def act(keyring: KeyRing, own: bytearray, confirmed: int | None) -> Override:
            now = rule.clock()
            try:
                certificate = keyring.certificate(Use.SIGN_ON)
                facts = judge(certificate, rule.authorities, now, suite)
                check_revoked(facts, rule.revocations())
                supervisor = bind(facts, rule.operators, now)
                if not supervisor.holds(Right.OVERRIDE):
                    raise NoSupervisor(name=supervisor.name)
                if (missing := supervisor.lacks(function)) is not None:
                    raise OutsideGroups(name=supervisor.name, group=missing.named)
                guard_tries(keyring.attempts_left(), confirmed)
                keyring.verify_pin(own)
                signature = signed_by(keyring, Use.SIGN_ON, digest)
            finally:
                keyring.close()
            return Override(
                operator=supervisor.number,
                human=supervisor.human,
                certificate=facts.number,
                certificate_der=certificate.hex(),
                reason=reason,
                signature=signature.hex(),
            )

        try:
            rule = await self._rule()
            return await self.careful.with_pin(fingerprint, pin, act)
        finally:
            wipe(pin)

    async def confirm_tries(self, fingerprint: str) -> None:
        """The warning about two tries left was read."""
        await self.careful.confirm(fingerprint)

    async def change_pin(self, fingerprint: str, old: bytearray, new: bytearray) -> None:
        """Set another PIN; both are wiped. Raises what the key raises, and as `sign_on` with few tries left."""
        await self.careful.change_pin(fingerprint, old, new)

    async def unblock_pin(self, fingerprint: str, puk: bytearray, new: bytearray) -> None:
        """Set a new PIN by the unblocking code; both are wiped. Raises what the key raises, and LastPukTryKept."""
        await self.careful.unblock_pin(fingerprint, puk, new)

    async def _rule(self) -> SignOn:
        registered = tuple(await self.registry())
        admits = partial(self.admission, registered=registered)
        return replace(self.rule, operators=OperatorList(registered), admits=admits)

    def forget(self, session: PortSession) -> None:
        """Drop a sign-on key at once."""
        session.forget()


def override_digest(content: bytes, reason: str, *, training: bool, suite: Suite = INTERNATIONAL) -> bytes:
    """The 32 bytes that are signed for a supervisor: the declaration and the reason."""
    return labelled("counter-override", suite.hash(content), reason.encode(), training=training, suite=suite)
