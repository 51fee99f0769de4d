"""Operators, their posts and certificates at the counter: who holds what, asking, signing, taking away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003  # a value of this type is kept
from typing import TYPE_CHECKING, Any, Protocol

from counter_tui.domain.citizens import read_identity
from counter_tui.domain.functions import limited
from counter_tui.domain.grants import REQUEST, Granted, a_year_from, next_step
from counter_tui.domain.names import clean_name
from counter_tui.domain.operators import OperatorState
from counter_tui.errors import CounterError
from counter_tui.operations.envelope import Proposal
from counter_tui.operations.granting import written
from counter_tui.services.figures import NoIncoming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_tui.domain.functions import FunctionGroup
    from counter_tui.domain.grants import Grant, GrantAct, GrantStep, LedgerEntry
    from counter_tui.domain.operators import Operator
    from counter_tui.domain.posts import Role
    from counter_tui.services.figures import Incoming
    from counter_tui.services.keys import PresentKey
    from counter_tui.services.ports import Clock, LocalStore, Reading
    from counter_tui.services.recording import Recorded, RecordOperations
    from counter_tui.services.seats import Seat

_TELLING = 4
"""Digits by which a certificate number may be named at its end."""


class NoSuchOperator(CounterError):
    """没有登记工号 {number}，请核对后重新输入"""

    number: str


class CertificateMissing(CounterError):
    """请选择证书：按 F4 从插入的介质和载入目录中选择"""


class PostChanged(CounterError):
    """工号 {number} 的岗位或证书已停用、吊销或变更，终端已锁定"""

    number: str


class NoSuchGrant(CounterError):
    """没有编号以 {id} 开头的授权申请，请用 counter-tui keys grants 查看"""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A certificate that may be bound to an operator: judged, and not revoked."""

    issuer: str
    """RFC 4514."""
    number: str
    """Lower-case hex."""
    key_hash: str
    holder: str
    """Common name of the subject; shown only."""
    until: date
    """Last whole day of its validity, Beijing time."""


class Certificates(Protocol):
    """Certificates that are offered for a post. Refusals of a certificate are CounterErrors."""

    async def keys(self) -> Sequence[PresentKey]:
        """Keys plugged in now, in a steady order."""

    async def on_key(self, fingerprint: str) -> Offered:
        """The certificate of a key that is plugged in. Raises KeyGone."""

    async def proven(self, fingerprint: str, pin: bytearray) -> Offered:
        """As `on_key`, after the key has proved itself with its PIN. The caller wipes the PIN."""

    def read(self, content: bytes) -> Offered:
        """The certificate in a file, PEM or DER."""


class Humans(Protocol):
    """Tells humans apart without keeping who they are."""

    def reference(self, identity: str) -> str:
        """The keyed reference of an identity number: the same for every account of one human."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Every operator as the mirror knows him now; whoever was silent for too long stands there as suspended."""

    store: LocalStore
    clock: Clock
    training: bool
    """In training nobody is suspended for his silence."""

    async def __call__(self) -> tuple[Operator, ...]:
        """By number."""
        return await self.store.read(
            lambda reading: tuple(self._as_of_now(reading, one) for one in reading.operators())
        )

    def _as_of_now(self, reading: Reading, operator: Operator) -> Operator:
        last = reading.register.last_sign_on(operator.number)
        if self.training or not operator.silent(last.at if last else None, self.clock.now()):
            return operator
        return replace(operator, state=OperatorState.SUSPENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a supervisor keys for a grant, as typed."""

    number: str
    name: str = ""
    identity: str = ""
    """Identity number; used for the reference and forgotten."""
    roles: tuple[Role, ...] = ()
    since: date | None = None
    """Today without one."""
    until: date | None = None
    """The last day that the law and the certificate allow without one."""
    groups: tuple[FunctionGroup, ...] | None = None
    """In which the roles act, none for all that they open. Without an answer: as they stand, for somebody new all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPosts:
    """What supervisors, control, the head of the bureau and administrators do with posts. All of it needs the hub."""

    record: RecordOperations
    store: LocalStore
    clock: Clock
    registered: Registered
    certificates: Certificates
    humans: Humans
    incoming: Incoming | None = None

    # Looking

    async def operator(self, number: str) -> Operator:
        """One operator. Raises NoSuchOperator."""
        found = [each for each in await self.registered() if each.number == number]
        if not found:
            raise NoSuchOperator(number=number)
        return found[0]

    async def ended(self, seat: Seat) -> str:
        """Why a sign-on no longer counts: the operator is not any more what he was then. Empty while he is."""
        operator = seat.session.operator
        found = await self.store.read(lambda reading: reading.register.operator(operator.number))
        return "" if found == operator else PostChanged(number=operator.number).sentence

    async def grants(self) -> tuple[Grant, ...]:
        """Grants in any state: those that wait, oldest first, then the newest."""
        found = await self.store.read(lambda reading: tuple(reading.register.grants()))
        waiting = [each for each in found if next_step(each.state)]
        return (*waiting, *reversed([each for each in found if not next_step(each.state)]))

    async def grant(self, start: str) -> Grant:
        """The one grant whose id begins so. Raises NoSuchGrant."""
        found = [each for each in await self.grants() if start and each.id.startswith(start)]
        if len(found) != 1:
            raise NoSuchGrant(id=start)
        return found[0]

    async def ledger(self) -> tuple[LedgerEntry, ...]:
        """The ledger of posts, newest first."""
        return await self.store.read(lambda reading: tuple(reversed(reading.register.ledger())))

    async def lying_there(self) -> Sequence[str]:
        """Names of the files that lie in the folder of incoming files."""
        return await asyncio.to_thread(self.incoming.names) if self.incoming else ()

    async def offered(self, typed: str) -> Offered:
        """The certificate that is meant: of a plugged-in key by its place or number, else in a file of the folder.

        Raises:
            CertificateMissing, KeyGone, and what the folder and the certificate refuse.
        """
        if not typed:
            raise CertificateMissing
        keys = await self.certificates.keys()
        if typed.isdecimal() and 1 <= int(typed) <= len(keys):
            return await self.certificates.on_key(keys[int(typed) - 1].fingerprint)
        ending = typed.lower()
        found = [key for key in keys if len(ending) >= _TELLING and key.certificate_number.endswith(ending)]
        if len(found) == 1:
            return await self.certificates.on_key(found[0].fingerprint)
        return await self.from_file(typed)

    async def from_file(self, name: str) -> Offered:
        """The certificate in a file of the folder of incoming files.

        Raises:
            NoIncoming, and what the folder and the certificate refuse.
        """
        if self.incoming is None:
            raise NoIncoming
        content = await asyncio.to_thread(self.incoming.read, name)
        return await asyncio.to_thread(self.certificates.read, content)

    # Asking

    def issued(self, wanted: Wanted, offered: Offered) -> Granted:
        """An account for somebody new. Raises the refusals of name and identity number."""
        return self._bound(
            Granted(
                number=wanted.number,
                name=clean_name(wanted.name, resident=True),
                human=self._human(wanted.identity),
                roles=_sorted(wanted.roles),
                issuer=offered.issuer,
                certificate_number=offered.number,
                key_hash=offered.key_hash,
                certificate_until=offered.until,
                since=wanted.since or self.clock.today(),
                until=offered.until,
                groups=limited(wanted.groups or ()),
            ),
            wanted,
        )

    async def renewed(self, wanted: Wanted, offered: Offered) -> Granted:
        """Another certificate for the posts and groups somebody holds; the identity is checked anew.

        Raises:
            NoSuchOperator, and the refusals of the identity number.
        """
        operator = await self.operator(wanted.number)
        again = replace(wanted, name=operator.name, roles=tuple(operator.roles), groups=tuple(operator.groups))
        return self.issued(again, offered)

    async def kept(self, wanted: Wanted) -> Granted:
        """The account as it is, with other roles and groups where they are named. Raises NoSuchOperator."""
        operator = await self.operator(wanted.number)
        earlier = await self.store.read(lambda reading: tuple(reading.register.grants()))
        bound = [each.granted for each in earlier if each.granted.key_hash == operator.key_hash]
        offered_until = bound[-1].certificate_until if bound else operator.last_day
        return self._bound(
            Granted(
                number=operator.number,
                name=operator.name,
                human=operator.human,
                roles=_sorted(wanted.roles or operator.roles),
                issuer=operator.issuer,
                certificate_number=operator.certificate_number,
                key_hash=operator.key_hash,
                certificate_until=offered_until,
                since=wanted.since or self.clock.today(),
                until=offered_until,
                groups=limited(operator.groups if wanted.groups is None else wanted.groups),
            ),
            wanted,
        )

    def _bound(self, granted: Granted, wanted: Wanted) -> Granted:
        longest = min(granted.certificate_until, a_year_from(granted.since))
        return replace(granted, until=wanted.until or longest)

    def _human(self, identity: str) -> str:
        return self.humans.reference(read_identity(identity, self.clock.today()).number)

    async def request(self, act: GrantAct, granted: Granted, *, seat: Seat, pin: bytearray) -> Recorded:
        """业务申请; the registry stays as it is. Raises Rejected, HubAway, and what the key raises."""
        return await self._record(REQUEST.kind, {"act": act.value, "granted": written(granted)}, (), seat, pin)

    # Signing

    async def sign(self, step: GrantStep, grant: Grant, *, seat: Seat, pin: bytearray) -> Recorded:
        """One of the other three steps. Raises Rejected, Conflicted, HubAway, and what the key raises."""
        return await self._record(step.kind, _seen(grant), (grant.id,), seat, pin)

    async def refuse(self, grant: Grant, *, reason: str, seat: Seat, pin: bytearray) -> Recorded:
        """Whoever is next says no, or who asked takes it back. Raises as `sign`."""
        return await self._record("grant.refuse", {**_seen(grant), "reason": reason}, (grant.id,), seat, pin)

    async def revoke(self, operator: Operator, *, reason: str, lost: bool, seat: Seat, pin: bytearray) -> Recorded:
        """Revoke the certificate, at once. Raises as `sign`."""
        body = {**_meant(operator), "reason": reason, "lost": lost}
        return await self._record("grant.revoke", body, (), seat, pin)

    async def suspend(self, operator: Operator, *, reason: str, seat: Seat, pin: bytearray) -> Recorded:
        """Suspend the account, at once. Raises as `sign`."""
        return await self._record("grant.suspend", {**_meant(operator), "reason": reason}, (), seat, pin)

    async def _record(
        self, kind: str, body: dict[str, Any], refs: tuple[str, ...], seat: Seat, pin: bytearray
    ) -> Recorded:
        return await self.record([Proposal(kind=kind, unit_id="B", body=body, refs=refs)], seat=seat, pin=pin)


def _seen(grant: Grant) -> dict[str, str]:
    return {"grant": grant.id, "granted_hash": grant.granted_hash}


def _meant(operator: Operator) -> dict[str, str]:
    return {"number": operator.number, "certificate_number": operator.certificate_number}


def _sorted(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(sorted(set(roles)))
