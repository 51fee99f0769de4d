"""What the hub asks of an operation's signatures before it judges the operation itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.held import Hold
from counter_tui.domain.operators import OperatorState, check_human
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import stop_text
from counter_tui.errors import CounterError
from counter_tui.operations.canonical import canonical
from counter_tui.operations.decide import is_decisive
from counter_tui.operations.envelope import content
from counter_tui.operations.held import Turn
from counter_tui.operations.outcome import held, rejected
from counter_tui.operations.suites import INTERNATIONAL, Suite
from counter_tui.operations.witnessing import CHANGE_PIN, UNBLOCK_PIN
from counter_tui.security.certificates import OperatorList, bind, judge
from counter_tui.security.proofs import verify_decision
from counter_tui.security.refusals import Revoked
from counter_tui.security.revocations import CLOCKS_DIFFER, revoked_since
from counter_tui.security.signatures import verify_signature
from counter_tui.security.signing_on import override_digest
from counter_tui.security.statements import Place, VerifiedSignOn, claimed, verify_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from counter_tui.domain.operators import Operator
    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Outcome
    from counter_tui.security.certificates import Authority, CertificateFacts
    from counter_tui.security.revocations import RevocationList

SIGN_ON = "signon.open"
EVIDENCE = ("signon.lock", "signon.close", CHANGE_PIN, UNBLOCK_PIN, "access.")
"""Beginnings of the kinds that tell what was done: kept whatever became of the certificate since."""


class Registry(Protocol):
    """What the hub knows of operators and earlier operations."""

    def operators(self) -> Sequence[Operator]:
        """Every registered operator."""

    def operator(self, number: str) -> Operator | None:
        """A registered operator."""

    def operation(self, op_id: str) -> Operation | None:
        """An operation the hub has."""


class NoSignOn(CounterError):
    """业务没有有效的登录证明，不能接收"""


class PostEnded(CounterError):
    """工号 {number} 的岗位或证书已停用、吊销或变更，不能接收；请按现在的登记重新登录后办理"""

    number: str


class NotTheMaker(CounterError):
    """业务的经办人与登录证明不一致，不能接收"""


class BadSignature(CounterError):
    """业务签名校验未通过，不能接收"""


class KeyMustSign(CounterError):
    """此项业务须由本人证书介质签名，请插入介质并输入 PIN 后重新办理"""


class MadeAhead(CounterError):
    """登录时间 {at} 晚于上级时间，不能接收；请管理员校准本机时间后重新登录"""


class WaitsForJudgement(CounterError):
    """业务暂缓处理，请主管核实"""


class RevokedMeanwhile(WaitsForJudgement):
    """办理之后柜员证书已于 {since} 被吊销，业务暂缓处理，请主管核实"""


class RegistrationRevokedMeanwhile(WaitsForJudgement):
    """工号 {number} 的证书已在上级登记为吊销，业务暂缓处理，请主管核实"""

    number: str


class CertificateReplacedMeanwhile(WaitsForJudgement):
    """工号 {number} 的证书在办理之后已更换，业务暂缓处理，请主管核实"""

    number: str


class ExpiredMeanwhile(WaitsForJudgement):
    """业务送达时柜员的证书或岗位授权已于 {until} 到期，业务暂缓处理，请主管核实"""


class BadOverride(CounterError):
    """主管授权的签名校验未通过，请主管重新授权"""


class OverrideOutside(CounterError):
    """工号 {number} 没有「{group}」业务组的授权，不能授权；请有该组授权的主管重新授权"""

    number: str
    group: str


@dataclass(slots=True)
class SignatureCheck:
    """Verifies sign-on, group signature, decisions and overrides. One per hub; sign-ons are remembered."""

    authorities: tuple[Authority, ...]
    training: bool
    clock: Callable[[], datetime]
    """The hub's own time; what a counter says of the time is only evidence."""
    suite: Suite = INTERNATIONAL
    """Of the bureau: no other is accepted."""
    revocations: Callable[[], Iterable[RevocationList]] = tuple
    """The hub's own lists, asked for every operation."""
    _known: dict[tuple[str, str], VerifiedSignOn] = field(default_factory=dict)
    """By device and statement: a sign-on holds at one device only."""

    def __call__(
        self, operation: Operation, op_hash: str, registry: Registry, turn: Turn = Turn.ARRIVING
    ) -> Outcome | None:
        """Return why the operation is refused or held, or None when it may be judged.

        What is judged in a later turn was in order when it came, but for the standing of a certificate: what became
        of that since holds it still, or counts no longer when a supervisor has vouched for the operation.
        """
        try:
            signon = self._signon(operation, registry, turn)
            self._check_maker(operation, signon)
            if operation.group.index == operation.group.count - 1:
                self._check_group(operation, op_hash, signon)
            if is_decisive(operation):
                self._check_decision(operation, signon, registry)
            if operation.body.get("override"):
                self._check_override(operation, registry, turn)
            self._check_standing(operation, signon, registry, turn)
        except WaitsForJudgement as waits:
            return held(waits.sentence, Hold.STANDING)
        except CounterError as refusal:
            return rejected(stop_text(None, refusal.sentence))
        except (KeyError, TypeError, ValueError):
            return rejected(stop_text(None, BadSignature().sentence))
        return None

    def _signon(self, operation: Operation, registry: Registry, turn: Turn) -> VerifiedSignOn:
        opening = operation if operation.kind == SIGN_ON else registry.operation(operation.maker.signon)
        if opening is None or opening.kind != SIGN_ON:
            raise NoSignOn
        statement = bytes.fromhex(opening.body["statement"])
        key = (operation.device_id, hashlib.sha256(statement).hexdigest())
        found = self._known.get(key)
        if found is None:
            if opening.made_at > self.clock() + CLOCKS_DIFFER:
                raise MadeAhead(at=_moment(opening.made_at))
            place = Place(bureau=operation.bureau_id, device=operation.device_id, terminal="", training=self.training)
            known = [_before_revocation(each) for each in registry.operators()]
            found = verify_session(
                statement,
                place=place,
                at=opening.made_at,
                authorities=self.authorities,
                operators=OperatorList(_as_signed_on(known, statement, opening.made_at) if turn.late else known),
                suite=self.suite,
            )
            if not turn.late:
                self._known[key] = found
        if operation.kind == SIGN_ON and operation.body.get("session", found.id) != found.id:
            raise NoSignOn
        if not found.since <= operation.made_at.replace(microsecond=0) or operation.made_at > found.until:
            raise NoSignOn
        return found

    def _check_maker(self, operation: Operation, signon: VerifiedSignOn) -> None:
        maker, known = operation.maker, signon.operator
        claimed = (maker.operator, maker.human, set(maker.roles), maker.certificate, maker.key_serial)
        proven = (
            known.number,
            known.human,
            {str(role) for role in known.roles},
            known.certificate_number,
            signon.certificate.fingerprint,
        )
        if claimed != proven:
            raise NotTheMaker

    def _check_group(self, operation: Operation, op_hash: str, signon: VerifiedSignOn) -> None:
        if not verify_signature(signon.public_key, bytes.fromhex(op_hash), bytes.fromhex(operation.sig)):
            raise BadSignature

    def _check_decision(self, operation: Operation, signon: VerifiedSignOn, registry: Registry) -> None:
        """The own key signed it, and the human holds no post of another class at this moment."""
        if not operation.key_sig:
            raise KeyMustSign
        check_human(each for each in registry.operators() if each.human == signon.operator.human)
        digest, signature = self.suite.hash(content(operation)), bytes.fromhex(operation.key_sig)
        public_key = signon.decision.public_key
        if not verify_decision(public_key, digest, signature, training=self.training, suite=self.suite):
            raise BadSignature

    def _check_standing(self, operation: Operation, signon: VerifiedSignOn, registry: Registry, turn: Turn) -> None:
        """Last, when all else is in order: what became of post and certificate while the operation was on its way."""
        if operation.kind.startswith(EVIDENCE):
            return
        _check_registration(signon.operator, registry, turn)
        self._check_certificate(signon.certificate, operation, turn)
        if is_decisive(operation):
            self._check_certificate(signon.decision, operation, turn)
        if turn is Turn.VOUCHED:
            return
        until = min(signon.certificate.until, signon.operator.valid_until)
        if self.clock() > until:
            raise ExpiredMeanwhile(until=_moment(until))

    def _check_certificate(self, certificate: CertificateFacts, operation: Operation, turn: Turn) -> None:
        since = revoked_since(certificate.issuer, certificate.number, self.revocations())
        if since is not None and since <= operation.made_at:
            raise Revoked(since=_moment(since))
        if since is not None and turn is not Turn.VOUCHED:
            raise RevokedMeanwhile(since=_moment(since))

    def _check_override(self, operation: Operation, registry: Registry, turn: Turn) -> None:
        """The supervisor's word when it came; later only his certificate is looked at again."""
        override = operation.body["override"]
        facts = judge(bytes.fromhex(override["certificate_der"]), self.authorities, operation.made_at, self.suite)
        if turn.late:
            self._check_certificate(facts, operation, turn)
            return
        supervisor = bind(facts, OperatorList(registry.operators()), operation.made_at)
        form, reason = canonical(operation.body["form"]), override["reason"]
        digest = override_digest(form, reason, training=self.training, suite=self.suite)
        signed = verify_signature(facts.public_key, digest, bytes.fromhex(override["signature"]))
        if not signed or not supervisor.holds(Right.OVERRIDE) or supervisor.number != override["operator"]:
            raise BadOverride
        if (missing := supervisor.lacks(operation.kind.partition(".")[0])) is not None:
            raise OverrideOutside(number=supervisor.number, group=missing.named)
        self._check_certificate(facts, operation, turn)


def _before_revocation(operator: Operator) -> Operator:
    """The account as it was: a revocation is judged last, so that what was made before it is held, not refused."""
    revoked = operator.state is OperatorState.REVOKED
    return replace(operator, state=OperatorState.ACTIVE) if revoked else operator


def _as_signed_on(known: Iterable[Operator], statement: bytes, at: datetime) -> Iterator[Operator]:
    """The accounts with the certificate that one of them signed on with, if it has another by now.

    Only for operations whose sign-on was verified when they came: what stands in the statement was registered then.
    """
    claim = claimed(statement)
    theirs = (claim.issuer, claim.certificate_number, claim.key_hash)
    for each in known:
        same = (each.issuer, each.certificate_number, each.key_hash) == theirs
        if each.number != claim.operator or same:
            yield each
        else:
            earlier = replace(each, issuer=theirs[0], certificate_number=theirs[1], key_hash=theirs[2])
            yield replace(earlier, valid_from=min(each.valid_from, at))


def _check_registration(known: Operator, registry: Registry, turn: Turn) -> None:
    """Whether the account is what it was; while an operation is held, a new certificate ends nothing by itself."""
    registered = registry.operator(known.number)
    if registered == known:
        return
    if registered == replace(known, state=OperatorState.REVOKED):
        if turn is not Turn.VOUCHED:
            raise RegistrationRevokedMeanwhile(number=known.number)
        return
    if registered is None or not turn.late or _posts(registered) != _posts(known):
        raise PostEnded(number=known.number)
    if turn is Turn.WAITING:
        raise CertificateReplacedMeanwhile(number=known.number)


def _posts(operator: Operator) -> tuple[object, ...]:
    """What an account may do and whose it is, whatever its certificate."""
    suspended = operator.state is OperatorState.SUSPENDED
    return operator.human, operator.name, operator.roles, operator.post_class, operator.groups, suspended


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
