"""A medium with one key for signing on and another for decisions, as PIV has them in slots 9A and 9C."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from counter_tui.devices.keys.soft_pairs import P256Pair, Sm2Pair, SoftPair
from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import PostClass, Role
from counter_tui.operations.suites import NATIONAL, SUITES, Suite
from counter_tui.security import refusals
from counter_tui.security.certificates import Authority, OperatorList, judge
from counter_tui.security.challenges import Challenges
from counter_tui.security.proofs import decisive_signature, signed_by, verify_decision
from counter_tui.security.revocations import RevocationList
from counter_tui.security.sessions import Session, SignOn
from counter_tui.security.statements import Place, VerifiedSignOn, claim_digest, verify_session
from counter_tui.services.keys import Use
from tests.security.chains import (
    NOON,
    OPERATOR_KEY,
    OTHER_KEY,
    YEAR,
    Certificate,
    authority,
    name,
    purposes,
    usage,
)
from tests.security.national import national, twin

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

PLACE = Place(bureau="130400", device="host-1", terminal="003", training=False)
SIGNS_ON = Certificate()
DECIDES = (
    replace(Certificate(key=OTHER_KEY, number=0x2048), extensions=SIGNS_ON.extensions)
    .but(usage("content_commitment"), critical=True)
    .but(purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION))
)
"""For documents and e-mail, not for signing on: what the second slot of a real key holds."""


@dataclass
class TwoKeys:
    """A medium with both keys, each with its certificate."""

    suite: Suite
    decides: Certificate = DECIDES
    pin_given: bool = False
    signed: list[Use] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shows(self.decides)

    def shows(self, decides: Certificate) -> None:
        """Hold this one for decisions."""
        made = {Use.SIGN_ON: SIGNS_ON.der(), Use.DECISION: decides.der()}
        self._certificates = {use: national(der) for use, der in made.items()} if self.suite is NATIONAL else made

    def present(self) -> str:
        return hashlib.sha256(self.certificate(Use.SIGN_ON)).hexdigest()

    def certificate(self, use: Use) -> bytes:
        return self._certificates[use]

    def attempts_left(self) -> int:
        return 6

    def verify_pin(self, pin: bytearray) -> None:
        assert bytes(pin) == b"135790"
        self.pin_given = True

    def sign(self, use: Use, digest: bytes) -> bytes:
        assert self.pin_given
        self.signed.append(use)
        return self._pair(OPERATOR_KEY if use is Use.SIGN_ON else OTHER_KEY).sign_digest(digest)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        del old, new

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        del puk, new

    def plug(self) -> None:
        return None

    def close(self) -> None:
        self.pin_given = False

    def _pair(self, key: EllipticCurvePrivateKey) -> SoftPair:
        return Sm2Pair(twin(key)) if self.suite is NATIONAL else P256Pair(key)


@dataclass
class Counter:
    """One counter of a bureau, and what its hub believes."""

    suite: Suite

    def __post_init__(self) -> None:
        der = authority().der()
        self.authorities = (Authority(certificate=national(der) if self.suite is NATIONAL else der),)
        facts = judge(TwoKeys(self.suite).certificate(Use.SIGN_ON), self.authorities, NOON, self.suite)
        self.operators = OperatorList(
            [
                Operator(
                    number="1024",
                    name="张䶮",
                    human="human-1",
                    roles=frozenset({Role.REVIEWER}),
                    post_class=PostClass.BUSINESS,
                    issuer=facts.issuer,
                    certificate_number=facts.number,
                    key_hash=facts.key_hash,
                    valid_from=NOON - YEAR,
                    valid_until=NOON + YEAR,
                )
            ]
        )
        self.content = self.suite.hash(b"a decision")

    def session(self, key: TwoKeys, *revoked: int) -> Session:
        lists = [
            RevocationList(
                issuer="CN=社保签发CA", made_at=NOON, next_at=None, revoked={f"{one:x}": NOON for one in revoked}
            )
        ]
        sign_on = SignOn(
            authorities=self.authorities,
            operators=self.operators,
            challenges=Challenges(),
            clock=lambda: NOON,
            revocations=lambda: lists,
            suite=self.suite,
        )
        return sign_on(key, bytearray(b"135790"), sign_on.challenges.issue(PLACE))

    def decides(self, key: TwoKeys, session: Session) -> bytes:
        return decisive_signature(key, bytearray(b"135790"), self.content, session=session)

    def proved(self, session: Session, **more: Any) -> VerifiedSignOn:
        return self.proves(session.statement, **more)

    def proves(self, statement: bytes, **more: Any) -> VerifiedSignOn:
        return verify_session(
            statement,
            place=PLACE,
            at=NOON,
            authorities=self.authorities,
            operators=self.operators,
            suite=self.suite,
            **more,
        )

    def accepts(self, public_key: bytes, signature: bytes) -> bool:
        return verify_decision(public_key, self.content, signature, training=False, suite=self.suite)


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name)
def at(request: pytest.FixtureRequest) -> Counter:
    return Counter(request.param)


def test_the_second_key_decides_and_the_hub_knows_it_by_the_sign_on(at: Counter) -> None:
    key = TwoKeys(at.suite)
    session = at.session(key)
    proved = at.proved(session)
    signature = at.decides(key, session)

    assert key.signed == [Use.SIGN_ON, Use.SIGN_ON, Use.DECISION]
    assert proved.decision.number == "2048"
    assert at.accepts(proved.decision.public_key, signature)
    assert not at.accepts(proved.certificate.public_key, signature)


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param(replace(DECIDES, until=NOON - timedelta(days=1)), id="expired"),
        pytest.param(replace(DECIDES, subject=name("李四")), id="of somebody else"),
        pytest.param(replace(DECIDES, issuer=name("别处CA"), signer=OTHER_KEY), id="of another authority"),
        pytest.param(DECIDES.but(usage("key_encipherment"), critical=True), id="for encryption"),
    ],
)
def test_where_the_second_certificate_is_unfit_the_first_key_decides(at: Counter, unfit: Certificate) -> None:
    key = TwoKeys(at.suite, unfit)
    session = at.session(key)
    proved = at.proved(session)
    signature = at.decides(key, session)

    assert proved.decision == proved.certificate
    assert at.accepts(proved.certificate.public_key, signature)


def test_where_the_second_certificate_is_revoked_the_first_key_decides(at: Counter) -> None:
    key = TwoKeys(at.suite)

    assert at.session(key, DECIDES.number).decides.use is Use.SIGN_ON
    assert at.session(key, 0x999).decides.use is Use.DECISION


def test_a_second_certificate_revoked_afterwards_holds_the_sign_on_at_the_hub(at: Counter) -> None:
    session = at.session(TwoKeys(at.suite))
    later = RevocationList(issuer="CN=社保签发CA", made_at=NOON, next_at=None, revoked={"2048": NOON})

    with pytest.raises(refusals.Revoked):
        at.proved(session, revocations=[later])


def test_a_medium_that_shows_another_second_certificate_decides_nothing(at: Counter) -> None:
    key = TwoKeys(at.suite)
    session = at.session(key)
    key.shows(replace(DECIDES, number=0x4096))

    with pytest.raises(refusals.OtherKey):
        at.decides(key, session)
    assert Use.DECISION not in key.signed


def test_nobody_lends_his_second_key_to_another(at: Counter) -> None:
    """An operator certifies the key of somebody else, by a program of his own: the hub sees two holders."""
    key, borrowed = TwoKeys(at.suite), TwoKeys(at.suite, replace(DECIDES, subject=name("李四")))
    read = json.loads(at.session(key).statement)
    claim = json.loads(read["claim"]) | {"decision": borrowed.certificate(Use.DECISION).hex()}
    text = json.dumps(claim)
    key.verify_pin(bytearray(b"135790"))
    signature = signed_by(key, Use.SIGN_ON, claim_digest(text, training=False, suite=at.suite))
    statement = json.dumps(read | {"claim": text, "signature": signature.hex()}).encode()

    with pytest.raises(refusals.DecisionOfAnother, match="不是同一持有人"):
        at.proves(statement)


def test_a_certificate_for_documents_signs_nobody_on(at: Counter) -> None:
    certificate = TwoKeys(at.suite).certificate(Use.DECISION)

    with pytest.raises(refusals.MayNotSign):
        judge(certificate, at.authorities, NOON, at.suite)
    purposeless = DECIDES.but(usage("digital_signature"), critical=True).without(x509.ExtendedKeyUsage)
    der = national(purposeless.der()) if at.suite is NATIONAL else purposeless.der()
    with pytest.raises(refusals.PurposeMissing):
        judge(der, at.authorities, NOON, at.suite)
    assert judge(der, at.authorities, NOON, at.suite, Use.DECISION).number == "2048"
