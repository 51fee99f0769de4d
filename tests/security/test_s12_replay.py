"""S12: a thousand recorded messages played again, at the sign-on and at the hub: none is accepted a second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from counter_tui.errors import CounterError
from counter_tui.operations.canonical import pack, unpack
from counter_tui.operations.envelope import Proposal
from counter_tui.operations.outcome import Status
from counter_tui.security.proofs import verify_decision
from counter_tui.security.statements import Statement, verify_session
from counter_tui.services.numbers import uuid7
from counter_tui.x509 import said
from storage.register.fingerprint import fingerprint
from storage.wire import Push, Pushed
from tests.devices.training_kit import NOON, PLACE, Counter, counter, pin
from tests.services.bureau import counter_of, sign_on
from tests.sync.checks import decided

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.devices.keys.soft import SoftKey
    from counter_tui.operations.envelope import Operation
    from counter_tui.security.challenges import Challenge
    from counter_tui.security.sessions import Session
    from counter_tui.services.keys import KeyRing, Use
    from storage.hub import Hub

SIGN_ONS = 500
"""Each is two messages of the key: the answer to the challenge, and the certificate of the sign-on key."""
GROUPS, GROUP = 10, 100
"""A thousand operations at the hub."""


class Tapped:
    """A key whose answers somebody writes down, and may give again in place of its own."""

    def __init__(self, key: SoftKey, recorded: list[bytes]) -> None:
        self._key = key
        self.recorded = recorded
        self.again: list[bytes] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._key, name)

    def sign(self, use: Use, digest: bytes) -> bytes:
        if self.again:
            return self.again.pop(0)
        self.recorded.append(self._key.sign(use, digest))
        return self.recorded[-1]


class Tap:
    """A counter whose every sign-on is recorded."""

    def __init__(self, at: Counter) -> None:
        self.at = at
        self.answers: list[bytes] = []
        self.challenges: list[Challenge] = []
        self.statements: list[bytes] = []
        self.key = Tapped(at.key(), self.answers)
        for _ in range(SIGN_ONS):
            self.challenges.append(at.challenges.issue(PLACE))
            self.statements.append(self._signs_on(self.challenges[-1]).statement)

    def _signs_on(self, challenge: Challenge) -> Session:
        return self.at.sign_on(cast("KeyRing", self.key), pin(), challenge)

    def accepted(self, again: list[bytes], challenge: Challenge) -> bool:
        """Whether the host takes old answers of the key, given in this order, for this challenge."""
        self.key.again = list(again)
        try:
            self._signs_on(challenge)
        except CounterError:
            return False
        return True


@pytest.fixture(scope="module")
def tap(tmp_path_factory: pytest.TempPathFactory) -> Tap:
    return Tap(counter(tmp_path_factory.mktemp("tapped")))


def test_a_thousand_answers_of_the_key_open_no_second_sign_on(tap: Tap) -> None:
    assert len(tap.answers) == 2 * SIGN_ONS
    pairs = [tap.answers[place : place + 2] for place in range(0, len(tap.answers), 2)]

    assert not [pair for pair in pairs if tap.accepted(pair, tap.at.challenges.issue(PLACE))]


def test_the_challenges_they_answered_are_not_taken_again(tap: Tap) -> None:
    pairs = [tap.answers[place : place + 2] for place in range(0, len(tap.answers), 2)]

    assert not [pair for pair, challenge in zip(pairs, tap.challenges, strict=True) if tap.accepted(pair, challenge)]


def test_no_answer_fits_another_purpose(tap: Tap) -> None:
    public_key = said(tap.at.session().certificate).public_key
    digests = [challenge.digest() for challenge in tap.challenges]

    for digest, answer in zip(digests, tap.answers[::2], strict=True):
        assert not verify_decision(public_key, digest, answer, training=True)


def test_no_statement_holds_at_another_device_bureau_mode_or_day(tap: Tap) -> None:
    at = tap.at
    elsewhere = (
        replace(PLACE, device="host-2"),
        replace(PLACE, bureau="130400"),
        replace(PLACE, training=False),
    )

    for statement in tap.statements:
        for place, when in (*((one, NOON) for one in elsewhere), (PLACE, NOON + timedelta(hours=9))):
            with pytest.raises(CounterError):
                verify_session(statement, place=place, at=when, authorities=at.authorities, operators=at.operators)


def test_no_answer_to_a_challenge_signs_a_statement(tap: Tap) -> None:
    at = tap.at
    for statement, answer in zip(tap.statements, tap.answers[::2], strict=True):
        forged = pack(replace(unpack(Statement, statement), signature=answer.hex()))

        with pytest.raises(CounterError):
            verify_session(forged, place=PLACE, at=NOON, authorities=at.authorities, operators=at.operators)


# At the hub


class Recorded:
    """A hub, and a thousand operations that were pushed to it."""

    def __init__(self, hub: Hub, device: str, operations: list[Operation]) -> None:
        self.hub = hub
        self.device = device
        self.operations = operations

    def pushed(self, operations: list[Operation], *, device: str = "") -> Pushed:
        request = Push(device=device or self.device, from_seq=operations[0].dev_seq, operations=tuple(operations))
        return unpack(Pushed, self.hub.ingest(pack(request)))

    def state(self) -> tuple[object, ...]:
        """Everything that counts: register, decisions, and where the device's chain ends."""
        device = self.hub.device(self.device)
        assert device is not None
        with self.hub._reading() as connection:
            register = fingerprint(connection, self.hub.bureau)
        return register, tuple(decided(self.hub)), device.expected_seq, device.head_hash


async def test_a_thousand_recorded_operations_take_effect_no_second_time(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        seat = await sign_on(counter, "0007")
        kept: list[Operation] = []
        for _ in range(GROUPS):
            proposals = [Proposal(kind="access.enquiry", unit_id="B", body={"function": "P51"})] * GROUP
            kept += (await counter.record(proposals, seat=seat)).operations
        await counter.line.answer([kept[-1].op_id])
        hub = counter.line._pusher.client._hub  # type: ignore[attr-defined]
        recorded = Recorded(hub, counter.record.device, kept)
        before = recorded.state()
        groups = [kept[place : place + GROUP] for place in range(0, len(kept), GROUP)]

        for group in groups:
            answers = recorded.pushed(group)
            assert [answer.op_id for answer in answers.results] == [each.op_id for each in group]
        assert recorded.state() == before, "the answer to a repeat is the stored outcome, and nothing more"

        _anew_at_the_end(recorded)
        _from_another_device(recorded, groups)


def _anew_at_the_end(recorded: Recorded) -> None:
    """Each once more as the next of the chain, under an id of its own: its signature was for another place."""
    for operation in recorded.operations:
        device = recorded.hub.device(recorded.device)
        assert device is not None
        again = replace(
            operation,
            op_id=uuid7(operation.made_at),
            dev_seq=device.expected_seq,
            prev_hash=device.head_hash,
            group=replace(operation.group, index=0, count=1),
        )
        (answer,) = recorded.pushed([again]).results
        assert answer.outcome["status"] == Status.REJECTED.value


def _from_another_device(recorded: Recorded, groups: list[list[Operation]]) -> None:
    """The very bytes from a device that is enrolled but did not make them."""
    recorded.hub.enrol_device("host-2")
    before = recorded.state()
    for group in groups:
        refused = recorded.pushed(group, device="host-2")
        assert refused.refusal is not None
        assert refused.results == ()
    assert recorded.state() == before
