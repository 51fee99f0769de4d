"""What the hub makes of work that was overtaken on its way up (conflict policy by function)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from counter_tui.operations.decide import NEEDS_HUB, STRICT, is_decisive
from counter_tui.operations.outcome import Status
from tests.operations.office import CLERK, COLLEAGUE, LI, MONTH, REVIEWER, THERE

if TYPE_CHECKING:
    from tests.operations.office import Office


def two_windows(office: Office) -> Office:
    office.receive(by=COLLEAGUE)
    return office


def test_the_same_enrolment_twice_takes_effect_once_and_is_linked(office: Office) -> None:
    two_windows(office)
    body = office.filled("P01")
    first = office.act("P01.save", body)
    second = office.act("P01.save", body, by=COLLEAGUE)
    assert (second.status, second.outcome.effects, second.outcome.link) == (Status.APPLIED, (), first.id)
    office.submit(first)
    office.review(first)
    third = office.act("P01.save", body, by=COLLEAGUE)
    assert (third.status, third.outcome.effects, third.outcome.link) == (Status.APPLIED, (), first.id)


def test_another_enrolment_of_the_same_person_is_a_conflict(office: Office) -> None:
    two_windows(office)
    other = office.filled("P01", wage="9000")
    office.save("P01")
    clash = office.act("P01.save", other, by=COLLEAGUE)
    assert clash.status is Status.CONFLICT
    assert "已有待提交的同类申报" in clash.sentence


def test_who_was_enrolled_elsewhere_meanwhile_is_a_conflict(office: Office) -> None:
    body = office.filled("P01")
    office.insure(employer=THERE)
    assert office.act("P01.save", body).status is Status.CONFLICT


def test_a_rule_of_form_is_a_rejection_at_the_hub_too(office: Office) -> None:
    body = office.filled("P01")
    body["form"]["schemes"] = []
    assert office.act("P01.save", body).status is Status.REJECTED


def test_a_second_stop_in_the_same_month_is_linked_and_in_another_a_conflict(office: Office) -> None:
    two_windows(office)
    office.insure()
    same, other = office.filled("P05", on="20261120"), office.filled("P05", on="20261020")
    stopped = office.pass_through("P05", on="20261110")
    again = office.act("P05.save", same, by=COLLEAGUE)
    took_effect = office.register.transitions(stopped.id)[-1].operation
    assert (again.status, again.outcome.effects, again.outcome.link) == (Status.APPLIED, (), took_effect)
    assert office.act("P05.save", other, by=COLLEAGUE).status is Status.CONFLICT
    assert office.act("P05.save", same, at_hub=False).messages == ["M07"]


def test_the_same_general_correction_twice_takes_effect_once(office: Office) -> None:
    two_windows(office)
    office.insure()
    body = office.filled("P11", new_phone="13911112222")
    office.act("P11.save", body)
    again = office.act("P11.save", body, by=COLLEAGUE)
    assert (again.status, again.outcome.effects) == (Status.APPLIED, ())


def test_of_two_general_corrections_the_hub_order_wins_and_history_keeps_both(office: Office) -> None:
    two_windows(office)
    filed = office.insure()
    one = office.filled("P11", new_phone="13911112222")
    other = office.filled("P11", new_phone="13933334444")
    office.act("P11.save", one)
    assert office.act("P11.save", other, by=COLLEAGUE).status is Status.APPLIED
    now = office.register.person(filed.number)
    assert now is not None
    assert now.phone == "13933334444"


def test_a_change_for_a_month_that_was_settled_meanwhile_is_a_conflict(office: Office) -> None:
    two_windows(office)
    body, seen, then = office.filled("P01"), office.register.version("E:130400000001"), office.now
    office.settle("P31", by=COLLEAGUE)
    late = office.act("P01.save", body, seen=seen, made_at=then)
    assert late.status is Status.CONFLICT
    assert f"{MONTH} 在本机送达前已结算" in late.sentence
    current = office.act("P01.save", body, made_at=office.now + timedelta(minutes=1))
    assert current.status is Status.APPLIED


def test_ones_own_settlement_is_no_surprise(office: Office) -> None:
    seen, then = office.register.version("E:130400000001"), office.now
    office.settle("P31", by=CLERK)
    body = office.filled("P01", LI)
    assert office.act("P01.save", body, seen=seen, made_at=then).status is Status.APPLIED


def test_decisions_wait_for_the_hub_and_strict_kinds_for_a_fresh_look() -> None:
    settling = {"month.settle", "rollback.ask", "rollback.confirm"}
    loading = {"figures.propose", "figures.confirm", "figures.refuse"}
    granting = {
        f"grant.{step}" for step in ("request", "review", "approve", "carry_out", "refuse", "revoke", "suspend")
    }
    holding = {"held.release", "held.refuse", "held.again"}
    assert (
        settling | loading | granting | holding | {"item.open", "item.put_back", "item.decide", "item.reverse"}
        == NEEDS_HUB
    )
    assert settling | {"P10.save", "P10.edit"} == STRICT


def test_a_batch_handed_in_is_decisive_and_a_single_item_is_not(office: Office) -> None:
    one, other = office.save("P01"), office.save("P01", LI, name="李四")
    assert not is_decisive(office.submit(one).operation)
    assert is_decisive(office.submit(one, other).operation)
    assert is_decisive(office.review(one, by=REVIEWER).operation)
