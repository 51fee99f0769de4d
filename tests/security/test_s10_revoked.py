"""S10: what a revoked or expired certificate made is held at the hub when it arrives, and new work is refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from counter_tui.devices.keys.training import training_bureau
from counter_tui.domain.operators import OperatorState
from counter_tui.operations.envelope import operation_hash
from counter_tui.operations.outcome import Status
from counter_tui.security.certificates import Authority
from counter_tui.security.revocations import RevocationList
from counter_tui.security.verifying import SignatureCheck
from counter_tui.services.ports import Delivery
from storage.local import SqliteLocalStore, journal
from tests.services.bureau import EMPLOYER, FixedClock, counter_of, sign_on
from tests.services.test_one_employer_from_key_to_bill import receive
from tests.services.test_signed_operations import Known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Outcome
    from counter_tui.services.counter import Counter

MINUTE = timedelta(minutes=1)


def revoking(issuer: str, number: str, since: datetime) -> RevocationList:
    return RevocationList(issuer=issuer, made_at=since, next_at=None, revoked={number: since})


class Arrival:
    """Operations that a clerk made, and the hub at which they arrive later."""

    def __init__(self, folder: Path, kept: Sequence[Operation]) -> None:
        self.bureau = training_bureau(folder, now=FixedClock().now())
        self.kept = kept
        self.made = next(each for each in kept if each.kind == "reception.open")
        self.clerk = next(each for each in self.bureau.operators if each.number == "0007")
        self.known = Known(registered=self.bureau.operators, kept=kept)

    def judged(
        self,
        operation: Operation | None = None,
        *,
        lists: Sequence[RevocationList] = (),
        after: timedelta = MINUTE,
    ) -> Outcome | None:
        """What the hub says when the operation arrives so long after it was made."""
        arriving = operation or self.made
        check = SignatureCheck(
            authorities=(Authority(certificate=self.bureau.issuing_ca),),
            training=True,
            clock=lambda: self.made.made_at + after,
            revocations=lambda: lists,
        )
        return check(arriving, operation_hash(arriving), self.known)

    def revoked(self, since: timedelta) -> list[RevocationList]:
        """The clerk's certificate, revoked so long after (or before) he made the operation."""
        return [revoking(self.clerk.issuer, self.clerk.certificate_number, self.made.made_at + since)]


@pytest.fixture
async def arrival(tmp_path: Path) -> Arrival:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007")
        await receive(counter, EMPLOYER)
        await counter.leave_seat()
        store = cast("SqliteLocalStore", counter.store)
        kept = await store.look(lambda connection: journal.since(connection, 1, 100))
    return Arrival(tmp_path, kept)


def test_an_operation_in_order_is_judged(arrival: Arrival) -> None:
    assert arrival.judged() is None


def test_a_certificate_revoked_while_the_operation_waited_holds_it(arrival: Arrival) -> None:
    outcome = arrival.judged(lists=arrival.revoked(MINUTE))

    assert outcome is not None
    assert outcome.status is Status.HELD
    assert outcome.sentence.startswith("办理之后柜员证书已于 2026-11-23 10:0")
    assert "请主管核实" in outcome.sentence


def test_a_certificate_revoked_before_the_operation_was_made_refuses_it(arrival: Arrival) -> None:
    outcome = arrival.judged(lists=arrival.revoked(-MINUTE))

    assert outcome is not None
    assert outcome.status is Status.REJECTED
    assert "被吊销" in outcome.sentence


def test_the_same_number_of_another_authority_is_not_meant(arrival: Arrival) -> None:
    lists = [replace(each, issuer="CN=别处CA") for each in arrival.revoked(-MINUTE)]

    assert arrival.judged(lists=lists) is None


def test_every_look_at_the_list_counts_not_only_the_first(arrival: Arrival) -> None:
    lists: list[RevocationList] = []
    check = SignatureCheck(
        authorities=(Authority(certificate=arrival.bureau.issuing_ca),),
        training=True,
        clock=lambda: arrival.made.made_at + MINUTE,
        revocations=lambda: lists,
    )
    assert check(arrival.made, operation_hash(arrival.made), arrival.known) is None

    lists.extend(arrival.revoked(MINUTE))

    assert check(arrival.made, operation_hash(arrival.made), arrival.known) is not None


def test_an_operation_that_arrives_after_its_certificate_expired_is_held(arrival: Arrival) -> None:
    left = arrival.clerk.valid_until - arrival.made.made_at

    assert arrival.judged(after=left - MINUTE) is None
    outcome = arrival.judged(after=left + MINUTE)
    assert outcome is not None
    assert outcome.status is Status.HELD
    assert "到期" in outcome.sentence


def test_a_key_reported_lost_while_the_operation_waited_holds_it(arrival: Arrival) -> None:
    lost = replace(arrival.clerk, state=OperatorState.REVOKED)
    others = [each for each in arrival.bureau.operators if each.number != lost.number]
    arrival.known = Known(registered=[*others, lost], kept=arrival.kept)

    outcome = arrival.judged()

    assert outcome is not None
    assert outcome.status is Status.HELD
    assert "工号 0007 的证书已在上级登记为吊销" in outcome.sentence


def test_a_forgery_is_refused_even_under_a_revoked_certificate(arrival: Arrival) -> None:
    forged = replace(arrival.made, maker=replace(arrival.made.maker, operator="0008"))

    outcome = arrival.judged(forged, lists=arrival.revoked(MINUTE))

    assert outcome is not None
    assert outcome.status is Status.REJECTED


def test_lock_and_sign_off_are_evidence_whatever_became_of_the_certificate(arrival: Arrival) -> None:
    closing = next(each for each in arrival.kept if each.kind == "signon.close")

    assert arrival.judged(closing, lists=arrival.revoked(-MINUTE)) is None


def test_a_sign_on_ahead_of_the_hubs_clock_is_refused(arrival: Arrival) -> None:
    opening = next(each for each in arrival.kept if each.kind == "signon.open")

    assert arrival.judged(opening, after=-4 * MINUTE) is None
    outcome = arrival.judged(opening, after=-6 * MINUTE)
    assert outcome is not None
    assert outcome.status is Status.REJECTED
    assert "请管理员校准本机时间" in outcome.sentence


async def test_held_work_is_visible_and_taken_up_when_the_cause_is_gone(tmp_path: Path) -> None:
    clock, lists = FixedClock(), list[RevocationList]()
    async with counter_of(tmp_path, clock=clock, revocations=lists) as counter:
        seat = await sign_on(counter, "0007")
        operator = seat.session.operator
        await counter.line.answer([seat.signon])
        lists.append(revoking(operator.issuer, operator.certificate_number, clock.now() + MINUTE))
        await receive(counter, EMPLOYER)
        operation = counter.seat.reception_id
        await counter.line.answer([operation])

        entry = await counter.store.read(lambda reading: reading.entry(operation))
        assert entry is not None
        assert entry.delivery is Delivery.HELD
        assert entry.outcome is not None
        assert "请主管核实" in entry.outcome.sentence
        assert await held_now(counter) == 1

    async with counter_of(tmp_path, clock=clock) as counter:
        await in_register(counter, operation)


async def in_register(counter: Counter, operation: str) -> None:
    """Wait until the feed has brought the final outcome down."""
    async with asyncio.timeout(10):
        while True:
            counter.line.wake()
            entry = await counter.store.read(lambda reading: reading.entry(operation))
            if entry is not None and entry.delivery is Delivery.IN_REGISTER:
                return
            await asyncio.sleep(0.02)


async def held_now(counter: Counter) -> int:
    """Operations of this host that the hub holds."""
    entries = await counter.store.read(lambda reading: reading.outbox())
    return sum(each.delivery is Delivery.HELD for each in entries)
