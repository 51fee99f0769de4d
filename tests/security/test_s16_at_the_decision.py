"""S16 at the moment of deciding: a human with posts of two classes decides nothing, however the second came about."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, cast

import pytest

from counter_tui.devices.keys.training import training_bureau
from counter_tui.domain.operators import Operator, OperatorState
from counter_tui.domain.posts import Role
from counter_tui.operations.chain import Head, placed
from counter_tui.operations.envelope import Group, Proposal, content, operation_hash, signed
from counter_tui.operations.outcome import Status
from counter_tui.security.certificates import Authority
from counter_tui.security.verifying import SignatureCheck
from storage.local import SqliteLocalStore, journal
from tests.services.bureau import PIN, FixedClock, counter_of, sign_on
from tests.services.test_signed_operations import Known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Outcome

DECIDERS = {"0007": Role.CLERK, "0011": Role.REVIEWER, "0021": Role.SUPERVISOR, "0031": Role.ADMINISTRATOR}
"""Trainees whose keys are there, and their roles."""


class Decisions:
    """One signed decision of each trainee, and a hub at which they arrive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, Operation] = {}
        self.kept: Sequence[Operation] = ()

    async def make(self) -> None:
        async with counter_of(self.folder) as counter:
            for number in DECIDERS:
                seat = await sign_on(counter, number)
                proposal = Proposal(kind="rollback.confirm", unit_id="B", body={"request": "none"})
                (draft,) = await counter.record._drafts([proposal], seat)
                own = await seat.session.decide(content(draft), bytearray(PIN))
                draft = replace(draft, key_sig=own.hex())
                operation = placed(draft, Head(), group=Group(index=0, count=1), acceptance_number="")
                digest = bytes.fromhex(operation_hash(operation))
                self.made[number] = signed(operation, seat.session.sign(digest))
            store = cast("SqliteLocalStore", counter.store)
            self.kept = await store.look(lambda connection: journal.since(connection, 1, 100))
        self.bureau = training_bureau(self.folder, now=FixedClock().now())

    def judged(self, number: str, *others: Operator) -> Outcome | None:
        """What the hub says of a trainee's decision while these accounts are registered beside the trainees'."""
        operation = self.made[number]
        check = SignatureCheck(
            authorities=tuple(Authority(certificate=one) for one in self.bureau.issuing_cas),
            training=True,
            clock=lambda: operation.made_at,
        )
        known = Known(registered=[*self.bureau.operators, *others], kept=self.kept)
        return check(operation, operation_hash(operation), known)

    def second_account(self, number: str, role: Role, state: OperatorState = OperatorState.ACTIVE) -> Operator:
        """Another account of the same human, with a certificate and a key of its own."""
        own = next(each for each in self.bureau.operators if each.number == number)
        return replace(
            own,
            number="9901",
            roles=frozenset({role}),
            post_class=role.post_class,
            certificate_number="990001",
            key_hash="f" * 64,
            state=state,
        )


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Decisions:
    made = Decisions(tmp_path_factory.mktemp("decisions"))
    asyncio.run(made.make())
    return made


def test_each_trainee_decides_while_he_holds_one_class(decisions: Decisions) -> None:
    for number in DECIDERS:
        assert decisions.judged(number) is None


def test_no_pair_of_classes_decides_anything(decisions: Decisions) -> None:
    """All pairs of roles: the second account stands in the registry although no grant would have put it there."""
    for (number, own), other in product(DECIDERS.items(), Role):
        outcome = decisions.judged(number, decisions.second_account(number, other))

        if own.post_class is other.post_class:
            assert outcome is None, (own, other)
        else:
            assert outcome is not None, (own, other)
            assert outcome.status is Status.REJECTED
            assert "不能由同一人担任" in outcome.sentence


def test_a_post_that_was_taken_away_no_longer_excludes(decisions: Decisions) -> None:
    for number, own in DECIDERS.items():
        for other in (role for role in Role if role.post_class is not own.post_class):
            gone = decisions.second_account(number, other, OperatorState.REVOKED)
            assert decisions.judged(number, gone) is None


def test_somebody_elses_post_excludes_nobody(decisions: Decisions) -> None:
    for number, other in product(DECIDERS, Role):
        stranger = replace(decisions.second_account(number, other), human="somebody else")
        assert decisions.judged(number, stranger) is None
