"""Signing on: the key proves itself once, certifies a session key, and nothing else is believed."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.devices.keys.soft_pairs import new_pair
from counter_tui.operations.suites import INTERNATIONAL, NATIONAL, SUITES, Suite
from counter_tui.security import refusals
from counter_tui.security.certificates import OperatorList, judge
from counter_tui.security.challenges import Challenge, Challenges
from counter_tui.security.proofs import signed_by
from counter_tui.security.sessions import decisive_signature, unlock, verify_decision, verify_signature
from counter_tui.security.signatures import labelled
from counter_tui.security.statements import LIFE, VerifiedSignOn, claim_digest, verify_session
from counter_tui.services.keys import KeyGone, PinNeeded, Use, WrongPin
from tests.devices.training_kit import NOON, PLACE, Clock, Counter, counter, pin

if TYPE_CHECKING:
    from pathlib import Path

DIGEST, OTHER_DIGEST = (hashlib.sha256(said).digest() for said in (b"an operation", b"another body"))


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name)
def at(tmp_path: Path, request: pytest.FixtureRequest) -> Counter:
    return counter(tmp_path, request.param)


def verified(at: Counter, statement: bytes, *, place: Any = PLACE, after: timedelta = timedelta()) -> VerifiedSignOn:
    return verify_session(
        statement,
        place=place,
        at=NOON + after,
        authorities=at.authorities,
        operators=at.operators,
        suite=at.suite,
    )


# Challenges


def test_a_challenge_is_answered_once() -> None:
    challenges = Challenges(monotonic=Clock().monotonic)
    challenge = challenges.issue(PLACE)
    challenges.redeem(challenge)

    with pytest.raises(refusals.ChallengeUsed):
        challenges.redeem(challenge)


@pytest.mark.parametrize(("seconds", "good"), [(0.0, True), (60.0, True), (60.1, False), (3600.0, False)])
def test_a_challenge_lives_sixty_seconds(seconds: float, good: bool) -> None:  # noqa: FBT001
    clock = Clock()
    challenges = Challenges(monotonic=clock.monotonic)
    challenge = challenges.issue(PLACE)
    clock.seconds += seconds

    if good:
        challenges.redeem(challenge)
    else:
        with pytest.raises(refusals.ChallengeExpired, match="60 秒"):
            challenges.redeem(challenge)


def test_a_challenge_nobody_issued_is_refused() -> None:
    with pytest.raises(refusals.ChallengeUsed):
        Challenges().redeem(Challenge(place=PLACE, nonce=bytes(32)))


@pytest.mark.parametrize(
    "elsewhere", [{"bureau": "130400"}, {"device": "host-2"}, {"terminal": "window-4"}, {"training": False}]
)
def test_a_challenge_answers_for_one_place(elsewhere: dict[str, Any]) -> None:
    challenges = Challenges()
    challenge = challenges.issue(PLACE)
    moved = replace(challenge, place=replace(PLACE, **elsewhere))

    assert moved.digest() != challenge.digest()
    with pytest.raises(refusals.ChallengeUsed):
        challenges.redeem(moved)


def test_a_thousand_challenges_are_all_different() -> None:
    challenges = Challenges()

    assert len({challenges.issue(PLACE).digest() for _ in range(1000)}) == 1000


def test_unanswered_challenges_are_not_kept_for_ever() -> None:
    clock = Clock()
    challenges = Challenges(monotonic=clock.monotonic)
    for _ in range(50):
        challenges.issue(PLACE)
        clock.seconds += 30

    assert len(challenges._open) <= 3


parts = st.lists(st.binary(max_size=8), max_size=4)


@given(st.text(max_size=8), parts, st.text(max_size=8), parts, st.booleans(), st.booleans(), st.sampled_from(SUITES))
def test_no_signature_fits_another_purpose_or_mode(
    label: str,
    one: list[bytes],
    other_label: str,
    other: list[bytes],
    training: bool,  # noqa: FBT001
    other_training: bool,  # noqa: FBT001
    suite: Suite,
) -> None:
    same = (label, one, training) == (other_label, other, other_training)

    digest = labelled(label, *one, training=training, suite=suite)
    other_digest = labelled(other_label, *other, training=other_training, suite=suite)

    assert (digest == other_digest) is same


# Signing on


def test_a_sign_on_gives_a_session_for_eight_hours(at: Counter) -> None:
    session = at.session()

    assert session.operator.number == "0007"
    assert session.signed_on_at == NOON
    assert session.ends_at == NOON + LIFE
    assert session.place == PLACE
    assert session.certificate == at.key().certificate(Use.SIGN_ON)
    assert session.key_serial == at.key().present()


def test_two_sign_ons_share_neither_id_nor_key(at: Counter) -> None:
    one, other = at.session(), at.session()

    assert one.id != other.id
    assert one.public_key != other.public_key


def test_the_key_keeps_no_verified_pin_after_sign_on(at: Counter) -> None:
    key = at.key()
    at.sign_on(key, pin(), at.challenges.issue(PLACE))

    with pytest.raises(PinNeeded):
        key.sign(Use.SIGN_ON, DIGEST)


def test_an_answer_cannot_be_used_again(at: Counter) -> None:
    challenge = at.challenges.issue(PLACE)
    at.sign_on(at.key(), pin(), challenge)

    with pytest.raises(refusals.ChallengeUsed):
        at.sign_on(at.key(), pin(), challenge)


def test_a_slow_sign_on_is_refused(at: Counter) -> None:
    challenge = at.challenges.issue(PLACE)
    at.clock.seconds += 61

    with pytest.raises(refusals.ChallengeExpired):
        at.sign_on(at.key(), pin(), challenge)


def test_an_unknown_certificate_costs_no_pin_try(at: Counter) -> None:
    key, stranger = at.key(), replace(at.sign_on, operators=OperatorList(()))

    with pytest.raises(refusals.NotRegistered):
        stranger(key, pin("000000"), at.challenges.issue(PLACE))
    assert key.attempts_left() == 6


def test_a_training_key_is_a_stranger_in_production(at: Counter) -> None:
    with pytest.raises(refusals.OtherBureau, match="演练社保中心"):
        replace(at.sign_on, authorities=())(at.key(), pin(), at.challenges.issue(PLACE))


class Impostor:
    """A key that shows a clerk's certificate and signs with a key of its own."""

    def __init__(self, certificate: bytes, suite: Suite) -> None:
        self._certificate = certificate
        self._pair = new_pair(suite)
        self.closed = False

    def present(self) -> str:
        return hashlib.sha256(self._certificate).hexdigest()

    def certificate(self, use: Use) -> bytes:
        del use
        return self._certificate

    def attempts_left(self) -> None:
        return None

    def verify_pin(self, pin: bytearray) -> None:
        del pin

    def sign(self, use: Use, digest: bytes) -> bytes:
        del use
        return self._pair.sign_digest(digest)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        del old, new

    def unblock_pin(self, puk: bytearray, new: bytearray) -> None:
        del puk, new

    def plug(self) -> None:
        return None

    def close(self) -> None:
        self.closed = True


def test_a_copied_certificate_without_its_key_does_not_sign_on(at: Counter) -> None:
    impostor = Impostor(at.key().certificate(Use.SIGN_ON), at.suite)

    with pytest.raises(refusals.ProofRefused):
        at.sign_on(impostor, pin(), at.challenges.issue(PLACE))
    assert impostor.closed


# The session key


def test_the_session_key_signs_and_the_hub_verifies_it(at: Counter) -> None:
    session = at.session()
    proved = verified(at, session.statement)

    assert verify_signature(proved.public_key, DIGEST, session.sign(DIGEST))
    assert (proved.id, proved.operator, proved.place) == (session.id, session.operator, PLACE)


def test_a_forgotten_session_signs_no_more(at: Counter) -> None:
    session = at.session()
    session.forget()

    assert not session.alive
    with pytest.raises(refusals.SignOnEnded):
        session.sign(DIGEST)


def test_after_eight_hours_the_session_has_ended(at: Counter) -> None:
    session = at.session()
    at.clock.seconds += LIFE.total_seconds() - 1
    session.sign(DIGEST)
    at.clock.seconds += 1

    with pytest.raises(refusals.SignOnEnded):
        session.sign(DIGEST)


def test_a_clock_set_back_does_not_revive_a_session(at: Counter) -> None:
    session = at.session()
    at.clock.seconds += LIFE.total_seconds()
    with pytest.raises(refusals.SignOnEnded):
        session.sign(DIGEST)
    at.clock.seconds = 1000.0

    with pytest.raises(refusals.SignOnEnded):
        session.sign(DIGEST)


def test_a_session_never_leaves_the_process(at: Counter) -> None:
    with pytest.raises(TypeError, match="never leaves"):
        pickle.dumps(at.session())


def test_a_sign_on_ends_with_the_grant(at: Counter) -> None:
    soon = NOON + timedelta(hours=1)
    short = OperatorList(replace(one, valid_until=soon) for one in at.bureau.operators)

    session = replace(at.sign_on, operators=short)(at.key(), pin(), at.challenges.issue(PLACE))

    assert session.ends_at == soon


# The statement, as the hub reads it


def forged(statement: bytes, **changes: Any) -> bytes:
    """The statement with some claims changed and the old signature kept."""
    read = json.loads(statement)
    claim = json.loads(read["claim"]) | changes
    return json.dumps(read | {"claim": json.dumps(claim)}).encode()


def own_key(suite: Suite) -> str:
    return new_pair(suite).public_key.hex()


def test_a_session_key_put_in_by_a_stranger_is_refused(at: Counter) -> None:
    with pytest.raises(refusals.SignOnForged):
        verified(at, forged(at.session().statement, public_key=own_key(at.suite)))


@pytest.mark.parametrize(
    "changes",
    [
        {"signon": "0" * 32},
        {"operator": "0021"},
        {"certificate_number": "9999990021"},
        {"key_hash": "0" * 64},
        {"nonce": "00" * 32},
        {"since": "2026-11-23T12:00:30Z"},
        {"until": "2026-11-23T19:59:59Z"},
        {"place": {"bureau": "999999", "device": "host-1", "terminal": "window-9", "training": True}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_claim_is_covered_by_the_signature(at: Counter, changes: dict[str, Any]) -> None:
    with pytest.raises(refusals.SignOnForged):
        verified(at, forged(at.session().statement, **changes), after=timedelta(minutes=1))


def test_the_statement_of_one_operator_with_the_certificate_of_another_is_refused(at: Counter) -> None:
    read = json.loads(at.session("0007").statement)
    swapped = read | {"certificate": at.key("0021").certificate(Use.SIGN_ON).hex()}

    with pytest.raises(refusals.SignOnForged):
        verified(at, json.dumps(swapped).encode())


@pytest.mark.parametrize("statement", [b"", b"{}", b"[]", b"\xff", b'{"claim":"{}","certificate":"","signature":""}'])
def test_what_is_no_statement_is_refused(at: Counter, statement: bytes) -> None:
    with pytest.raises(refusals.SignOnForged):
        verified(at, statement)


@given(place=st.integers(min_value=0), bit=st.integers(0, 7), suite=st.sampled_from(SUITES))
def test_a_statement_with_any_bit_changed_is_refused_or_means_the_same(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int, suite: Suite
) -> None:
    at, statement = _once(tmp_path_factory, suite)
    changed = bytearray(statement)
    changed[place % len(changed)] ^= 1 << bit

    try:
        proved = verified(at, bytes(changed))
    except (refusals.SignOnForged, refusals.SignOnElsewhere, refusals.SignOnNotInForce, refusals.CertificateRefused):
        return
    assert proved == verified(at, statement)


_ONE: dict[str, tuple[Counter, bytes]] = {}


def _once(tmp_path_factory: pytest.TempPathFactory, suite: Suite) -> tuple[Counter, bytes]:
    if suite.name not in _ONE:
        at = counter(tmp_path_factory.mktemp("once"), suite)
        _ONE[suite.name] = at, at.session().statement
    return _ONE[suite.name]


@pytest.mark.parametrize("elsewhere", [{"bureau": "130400"}, {"device": "host-2"}])
def test_a_sign_on_holds_on_its_own_host_only(at: Counter, elsewhere: dict[str, Any]) -> None:
    with pytest.raises(refusals.SignOnElsewhere):
        verified(at, at.session().statement, place=replace(PLACE, **elsewhere))


def test_a_training_sign_on_is_refused_by_a_production_hub(at: Counter) -> None:
    with pytest.raises(refusals.SignOnElsewhere):
        verified(at, at.session().statement, place=replace(PLACE, training=False))


def test_a_training_claim_relabelled_as_production_no_longer_fits_its_signature(at: Counter) -> None:
    production = replace(PLACE, training=False)
    changes = {"bureau": PLACE.bureau, "device": PLACE.device, "terminal": PLACE.terminal, "training": False}

    with pytest.raises(refusals.SignOnForged):
        verified(at, forged(at.session().statement, place=changes), place=production)


@pytest.mark.parametrize("after", [timedelta(seconds=-1), LIFE, timedelta(days=3)])
def test_an_operation_made_outside_the_sign_on_is_refused(at: Counter, after: timedelta) -> None:
    with pytest.raises(refusals.SignOnNotInForce):
        verified(at, at.session().statement, after=after)


def test_a_key_cannot_certify_a_session_of_more_than_eight_hours(at: Counter) -> None:
    read = json.loads(at.session().statement)
    claim = json.dumps(json.loads(read["claim"]) | {"until": "2026-11-23T20:00:01Z"})
    key = at.key()
    key.verify_pin(pin())
    digest = claim_digest(claim, training=True, suite=at.suite)
    signature = signed_by(key, Use.SIGN_ON, digest).hex()

    with pytest.raises(refusals.SignOnNotInForce):
        verified(at, json.dumps(read | {"claim": claim, "signature": signature}).encode())


def test_an_operator_struck_off_the_registry_has_no_sign_on(at: Counter) -> None:
    statement = at.session().statement
    others = OperatorList(one for one in at.bureau.operators if one.number != "0007")

    with pytest.raises(refusals.NotRegistered):
        verify_session(statement, place=PLACE, at=NOON, authorities=at.authorities, operators=others, suite=at.suite)


# The other suite


@pytest.mark.parametrize("at", [INTERNATIONAL], indirect=True)
def test_a_bureau_of_the_national_suite_signs_no_international_key_on(at: Counter) -> None:
    national = replace(at.sign_on, suite=NATIONAL)

    with pytest.raises(refusals.KeyOfOtherSuite, match=r"使用国密算法套件.*不能用 P-256 证书"):
        national(at.key(), pin("000000"), at.challenges.issue(PLACE))
    assert at.key().attempts_left() == 6


@pytest.mark.parametrize("at", [NATIONAL], indirect=True)
def test_a_bureau_of_the_international_suite_signs_no_sm2_key_on(at: Counter) -> None:
    international = replace(at.sign_on, suite=INTERNATIONAL)

    with pytest.raises(refusals.KeyOfOtherSuite, match=r"使用国际算法套件.*不能用 SM2 证书"):
        international(at.key(), pin("000000"), at.challenges.issue(PLACE))
    assert at.key().attempts_left() == 6


def test_a_hub_refuses_the_sign_on_of_the_other_suite(at: Counter) -> None:
    other = NATIONAL if at.suite is INTERNATIONAL else INTERNATIONAL

    with pytest.raises(refusals.KeyOfOtherSuite):
        verified(replace(at, suite=other), at.session().statement)


def test_a_session_key_of_the_other_suite_is_refused_even_when_the_operator_certified_it(at: Counter) -> None:
    other = NATIONAL if at.suite is INTERNATIONAL else INTERNATIONAL
    read = json.loads(at.session().statement)
    claim = json.dumps(json.loads(read["claim"]) | {"public_key": own_key(other)})
    key = at.key()
    key.verify_pin(pin())
    signature = signed_by(key, Use.SIGN_ON, claim_digest(claim, training=True, suite=at.suite)).hex()

    with pytest.raises(refusals.SignOnOtherSuite, match=f"本机构使用{at.suite.title[:6]}"):
        verified(at, json.dumps(read | {"claim": claim, "signature": signature}).encode())


def test_what_one_suite_signs_is_nothing_in_the_other(at: Counter) -> None:
    other = NATIONAL if at.suite is INTERNATIONAL else INTERNATIONAL
    signature = decisive_signature(at.key("0011"), pin(), DIGEST, session=at.session("0011"))

    assert not verify_decision(decided(at, "0011"), DIGEST, signature, training=True, suite=other)


# Decisions


def decided(at: Counter, number: str) -> bytes:
    return judge(at.key(number).certificate(Use.DECISION), at.authorities, NOON, at.suite).public_key


def test_a_decision_is_signed_by_the_key_itself(at: Counter) -> None:
    session = at.session("0011")
    signature = decisive_signature(at.key("0011"), pin(), DIGEST, session=session)

    assert verify_decision(decided(at, "0011"), DIGEST, signature, training=True, suite=at.suite)
    assert not verify_decision(session.public_key, DIGEST, signature, training=True, suite=at.suite)
    assert not verify_decision(decided(at, "0012"), DIGEST, signature, training=True, suite=at.suite)


def test_a_training_decision_is_none_in_production(at: Counter) -> None:
    signature = decisive_signature(at.key("0011"), pin(), DIGEST, session=at.session("0011"))

    assert not verify_decision(decided(at, "0011"), DIGEST, signature, training=False, suite=at.suite)


def test_what_changed_since_it_was_read_is_not_decided(at: Counter) -> None:
    signature = decisive_signature(at.key("0011"), pin(), DIGEST, session=at.session("0011"))

    assert not verify_decision(
        decided(at, "0011"), hashlib.sha256(b"another body").digest(), signature, training=True, suite=at.suite
    )


def test_an_ordinary_signature_decides_nothing(at: Counter) -> None:
    session = at.session("0011")

    assert not verify_decision(session.public_key, DIGEST, session.sign(DIGEST), training=True, suite=at.suite)


def test_nobody_decides_with_the_key_of_another(at: Counter) -> None:
    with pytest.raises(refusals.OtherKey, match="本人"):
        decisive_signature(at.key("0012"), pin(), DIGEST, session=at.session("0011"))
    assert at.key("0012").attempts_left() == 6


def test_nothing_is_decided_after_the_sign_on_has_ended(at: Counter) -> None:
    session = at.session("0011")
    session.forget()

    with pytest.raises(refusals.SignOnEnded):
        decisive_signature(at.key("0011"), pin(), DIGEST, session=session)


# The locked screen


def test_the_screen_is_unlocked_by_the_key_and_pin_that_signed_on(at: Counter) -> None:
    session = at.session()
    unlock(at.key(), pin(), session=session, challenges=at.challenges)

    assert session.alive
    session.sign(DIGEST)


def test_a_colleague_does_not_unlock_the_screen(at: Counter) -> None:
    with pytest.raises(refusals.OtherKey):
        unlock(at.key("0008"), pin(), session=at.session(), challenges=at.challenges)


def test_a_wrong_pin_does_not_unlock_the_screen(at: Counter) -> None:
    with pytest.raises(WrongPin, match="还可尝试 5 次"):
        unlock(at.key(), pin("000000"), session=at.session(), challenges=at.challenges)


def test_a_copied_certificate_does_not_unlock_the_screen(at: Counter) -> None:
    session = at.session()

    with pytest.raises(refusals.ProofRefused):
        unlock(Impostor(session.certificate, at.suite), pin(), session=session, challenges=at.challenges)


def test_a_pulled_key_neither_unlocks_nor_decides(at: Counter) -> None:
    session, key = at.session(), at.key()
    at.file().unlink()

    with pytest.raises(KeyGone):
        unlock(key, pin(), session=session, challenges=at.challenges)
    with pytest.raises(KeyGone):
        decisive_signature(key, pin(), DIGEST, session=session)


@given(signature=st.binary(max_size=80), digest=st.binary(min_size=30, max_size=34))
def test_a_malformed_signature_is_false_and_never_an_error(signature: bytes, digest: bytes) -> None:
    assert not any(verify_signature(key, digest, signature) for key in KEYS)
    assert not verify_signature(signature, digest, signature)


KEYS = [bytes.fromhex(own_key(suite)) for suite in SUITES]
