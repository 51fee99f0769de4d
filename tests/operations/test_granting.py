"""Posts are granted by four humans in their order, and taken away by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.grants import APPROVE, CARRY_OUT, REVIEW, STEPS, GrantAct, GrantState, LedgerAct, a_year_from
from counter_tui.domain.operators import OperatorState
from counter_tui.domain.posts import COMPARED, Role
from counter_tui.operations.decide import DECISIVE, NEEDS_HUB, kinds
from counter_tui.operations.outcome import Status
from tests.operations.granting import (
    ADMINISTRATOR,
    CLERK,
    CONTROL,
    FOUR,
    FUND,
    HEAD,
    LAST_DAY,
    REVIEWER,
    SUPERVISOR,
    account,
    asks,
    granted,
    kept,
    signs,
    withdraws,
)
from tests.operations.office import TODAY, Office, maker

if TYPE_CHECKING:
    from counter_tui.domain.grants import Granted, GrantStep
    from counter_tui.operations.envelope import Maker


@pytest.fixture
def office() -> Office:
    return Office()


def test_four_humans_bring_an_account_into_the_registry_and_only_the_last_one_does(office: Office) -> None:
    asks(office)
    for step, by in zip(STEPS[1:], FOUR[1:], strict=True):
        assert office.register.operators() == []
        assert signs(office, step.kind, by).status is Status.APPLIED
        assert kept(office).state is step.after
    (operator,) = office.register.operators()
    assert (operator.number, *operator.roles, operator.state) == ("0101", Role.CLERK, OperatorState.ACTIVE)
    assert (operator.certificate_number, operator.key_hash) == (account().certificate_number, account().key_hash)
    assert f"{operator.valid_from:%F %T%z}" == "2026-11-23 00:00:00+0800"
    assert f"{operator.valid_until:%F %T%z}" == "2027-11-23 00:00:00+0800"
    (line,) = office.register.ledger()
    assert (line.act, line.number, line.posts, line.since, line.until) == (
        LedgerAct.ISSUE,
        "0101",
        "经办",
        TODAY,
        LAST_DAY,
    )
    assert [by.operator for by in line.signed] == ["0021", "0041", "0051", "0031"]


@pytest.mark.parametrize("by", [CLERK, REVIEWER, CONTROL, HEAD, ADMINISTRATOR, FUND], ids=lambda by: by.roles[0])
def test_only_a_supervisor_asks(office: Office, by: Maker) -> None:
    assert asks(office, by=by).sentence == "业务申请须由主管岗位办理"
    assert office.register.grants() == []


def test_a_step_out_of_turn_says_whose_turn_it_is(office: Office) -> None:
    asks(office)
    early = signs(office, CARRY_OUT.kind, ADMINISTRATOR)
    assert (early.status, early.sentence) == (
        Status.REJECTED,
        "该申请还没有内控审核，不能系统赋权；请先由稽核内控办理",
    )
    signs(office, REVIEW.kind, CONTROL)
    again = signs(office, REVIEW.kind, maker("0042", "C"))
    assert (again.status, again.sentence) == (
        Status.CONFLICT,
        "该申请的内控审核已办理，现在等待领导核准，请按 F5 刷新",
    )


@pytest.mark.parametrize("same", COMPARED)
@pytest.mark.parametrize(("step", "at"), [(REVIEW, 1), (APPROVE, 2), (CARRY_OUT, 3)], ids=lambda each: str(each)[:4])
def test_nobody_signs_twice_under_whatever_account(office: Office, step: GrantStep, at: int, same: str) -> None:
    asks(office)
    for done, by in zip(STEPS[1:at], FOUR[1:at], strict=True):
        signs(office, done.kind, by)
    for earlier in FOUR[:at]:
        refused = signs(office, step.kind, replace(FOUR[at], **{same: getattr(earlier, same)}))
        assert refused.status is Status.REJECTED
        assert f"不能由同一人办理（工号 {earlier.operator}）" in refused.sentence
    assert signs(office, step.kind, FOUR[at]).status is Status.APPLIED


@pytest.mark.parametrize("place", range(4))
def test_nobody_signs_for_himself(office: Office, place: int) -> None:
    asked = account(human="aa00")
    hands = [replace(by, human="aa00") if at == place else by for at, by in enumerate(FOUR)]
    acted = [asks(office, asked, by=hands[0])]
    if office.register.grants():
        acted += [signs(office, step.kind, by) for step, by in zip(STEPS[1:], hands[1:], strict=True)]
    refused = acted[place]
    assert (refused.status, refused.sentence) == (Status.REJECTED, "不能办理本人的岗位授权，请由另一人办理")
    assert office.register.operators() == []


def test_the_only_controller_lets_his_own_new_certificate_pass(office: Office) -> None:
    own = account("0041", Role.CONTROL, human="0b")
    granted(office, own)
    renewed = replace(own, certificate_number="c1", key_hash="1" * 64)
    asks(office, renewed, GrantAct.RENEW)
    assert signs(office, REVIEW.kind, replace(CONTROL, human="0b")).status is Status.APPLIED


@pytest.mark.parametrize(("step", "by"), list(zip(STEPS[1:], FOUR[1:], strict=True)), ids=[s.name for s in STEPS[1:]])
def test_whoever_is_next_may_refuse_with_a_reason_and_nothing_comes_of_it(
    office: Office, step: GrantStep, by: Maker
) -> None:
    asks(office)
    for done, hand in zip(STEPS[1:], FOUR[1:], strict=True):
        if done is step:
            break
        signs(office, done.kind, hand)
    others = [hand for hand in FOUR[1:] if hand is not by]
    for other in others:
        assert step.post in signs(office, "grant.refuse", other, reason="x").sentence
    assert signs(office, "grant.refuse", by, reason=" ").sentence == "不同意授权申请必须填写原因"
    assert signs(office, "grant.refuse", by, reason="岗位已满").status is Status.APPLIED
    assert (kept(office).state, kept(office).reason) == (GrantState.REFUSED, "岗位已满")
    assert signs(office, step.kind, by).status is Status.CONFLICT
    assert office.register.operators() == []
    assert asks(office).status is Status.APPLIED


def test_who_asked_may_take_it_back(office: Office) -> None:
    asks(office)
    assert signs(office, "grant.refuse", SUPERVISOR, reason="填错").status is Status.APPLIED


def test_who_saw_something_else_signs_nothing(office: Office) -> None:
    asks(office)
    assert signs(office, REVIEW.kind, CONTROL, granted_hash="00").status is Status.CONFLICT
    assert signs(office, REVIEW.kind, CONTROL, grant="op-9999").sentence == "没有这份授权申请，请按 F5 刷新"
    office.register.put(replace(kept(office), granted=account("0101", Role.SUPERVISOR)))
    assert signs(office, REVIEW.kind, CONTROL).status is Status.CONFLICT


def test_one_account_waits_once(office: Office) -> None:
    asks(office)
    assert "已有未办完的授权申请" in asks(office).sentence
    assert asks(office, account("0102")).status is Status.APPLIED


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (account("12"), "工号应为 4 至 8 位数字"),
        (account(name=" "), "姓名不能为空"),
        (account(human=""), "没有人员标识"),
        (account(key_hash=""), "没有可登记的证书"),
        (replace(account(), roles=()), "请选择岗位"),
        (account("0101", Role.CLERK, Role.CONTROL), "同一类别的岗位"),
        (account(since=TODAY - timedelta(days=1)), "不能早于今日"),
        (account(until=TODAY - timedelta(days=1)), "已过或早于起始日"),
        (account(until=LAST_DAY + timedelta(days=1)), "授权最长一年，截止日不能晚于 2027-11-22"),
        (account(certificate_until=date(2027, 1, 1)), "证书 2027-01-01 到期"),
    ],
)
def test_what_cannot_be_granted_is_said_when_it_is_asked_for(office: Office, asked: Granted, why: str) -> None:
    refused = asks(office, asked)
    assert refused.status is Status.REJECTED
    assert why in refused.sentence
    assert office.register.grants() == []


def test_a_year_that_begins_on_a_leap_day_ends_before_the_next_one() -> None:
    assert a_year_from(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_from(TODAY) == LAST_DAY


@pytest.mark.parametrize("role", [Role.FUND, Role.ADMINISTRATOR, Role.CONTROL, Role.HEAD])
def test_one_human_gets_no_post_of_another_class_under_a_second_number(office: Office, role: Role) -> None:
    granted(office)
    refused = asks(office, account("0102", role, human=account().human))
    assert refused.status is Status.REJECTED
    assert "业务运行岗" in refused.sentence
    assert "不能由同一人担任" in refused.sentence


def test_two_requests_for_one_human_under_way_at_once_end_in_one_class(office: Office) -> None:
    first, second = account(), account("0102", Role.FUND, human=account().human)
    asks(office, first)
    asks(office, second)
    one, other = office.register.grants()
    for step, by in zip(STEPS[1:], FOUR[1:], strict=True):
        signs(office, step.kind, by, one)
    refused = signs(office, REVIEW.kind, CONTROL, other)
    assert "不能由同一人担任" in refused.sentence
    assert [each.number for each in office.register.operators()] == ["0101"]


def test_who_has_given_a_post_back_may_get_one_of_another_class(office: Office) -> None:
    granted(office)
    withdraws(office)
    assert granted(office, account("0102", Role.FUND, human=account().human)).roles == {Role.FUND}


def test_a_certificate_belongs_to_one_account_for_ever(office: Office) -> None:
    granted(office)
    assert "已登记在工号 0101 名下" in asks(office, account("0102", key_hash=account().key_hash)).sentence
    renewed = account(certificate_number="c1", key_hash="1" * 64)
    granted(office, renewed, GrantAct.RENEW)
    assert "曾登记在工号 0101 名下" in asks(office, account("0102", key_hash=account().key_hash)).sentence
    assert "曾登记在工号 0101 名下" in asks(office, account(), GrantAct.RENEW).sentence


def test_a_lost_key_takes_one_call_and_a_new_one_takes_four(office: Office) -> None:
    granted(office)
    assert withdraws(office, by=SUPERVISOR, lost=True, reason="遗失").status is Status.APPLIED
    assert office.register.registry["0101"].state is OperatorState.REVOKED
    assert "换证须用新的证书" in asks(office, account(), GrantAct.RENEW).sentence
    renewed = account(certificate_number="c1", key_hash="1" * 64)
    assert granted(office, renewed, GrantAct.RENEW).state is OperatorState.ACTIVE
    assert [line.act for line in office.register.ledger()] == [LedgerAct.ISSUE, LedgerAct.LOSE, LedgerAct.RENEW]
    assert office.register.ledger()[1].reason == "遗失"


@pytest.mark.parametrize("by", [CLERK, REVIEWER, HEAD, ADMINISTRATOR, FUND], ids=lambda by: by.roles[0])
@pytest.mark.parametrize("kind", ["revoke", "suspend"])
def test_only_supervisors_and_control_take_away(office: Office, by: Maker, kind: str) -> None:
    granted(office)
    assert "须由主管或稽核内控岗位办理" in withdraws(office, by=by, kind=kind).sentence
    assert office.register.registry["0101"].state is OperatorState.ACTIVE


def test_taking_away_names_what_stands_there_and_why(office: Office) -> None:
    assert "没有登记工号 0101" in withdraws(office).sentence
    granted(office)
    assert withdraws(office, certificate_number="other").status is Status.CONFLICT
    assert "必须填写原因" in withdraws(office, reason="").sentence
    withdraws(office)
    assert withdraws(office).status is Status.CONFLICT
    assert withdraws(office, kind="suspend").status is Status.CONFLICT


def test_a_suspended_operator_comes_back_by_four_signatures(office: Office) -> None:
    granted(office)
    withdraws(office, kind="suspend")
    assert office.register.registry["0101"].state is OperatorState.SUSPENDED
    assert "请先恢复或换证" in asks(office, account("0101", Role.REVIEWER), GrantAct.CHANGE).sentence
    assert granted(office, account(), GrantAct.RESUME).state is OperatorState.ACTIVE


def test_rights_change_for_the_same_certificate(office: Office) -> None:
    granted(office)
    changed = granted(office, account("0101", Role.CLERK, Role.REVIEWER), GrantAct.CHANGE)
    assert changed.roles == {Role.CLERK, Role.REVIEWER}
    assert office.register.ledger()[-1].posts == "经办、复核"


@pytest.mark.parametrize(
    ("act", "asked", "why"),
    [
        (GrantAct.ISSUE, account(key_hash="2" * 64), "工号 0101 已登记"),
        (GrantAct.RENEW, account("0102"), "没有登记工号 0102"),
        (GrantAct.RENEW, account(key_hash="2" * 64, name="赵六"), "不是此人的工号"),
        (GrantAct.RENEW, account(key_hash="2" * 64, human="bb"), "不是此人的工号"),
        (GrantAct.RENEW, account("0101", Role.REVIEWER, key_hash="2" * 64), "换证不能同时变更岗位"),
        (GrantAct.CHANGE, account(key_hash="2" * 64), "变更岗位不能同时换证"),
        (GrantAct.RESUME, account(), "不需要或不能恢复"),
    ],
)
def test_an_act_does_one_thing(office: Office, act: GrantAct, asked: Granted, why: str) -> None:
    granted(office)
    assert why in asks(office, asked, act).sentence


def test_a_county_asks_and_carries_nothing_out(office: Office) -> None:
    office.policy = replace(office.policy, region=replace(office.policy.region, code="130403"))
    assert "县级经办机构不设系统管理岗" in asks(office, account("0102", Role.ADMINISTRATOR)).sentence
    asks(office)
    signs(office, REVIEW.kind, CONTROL)
    signs(office, APPROVE.kind, HEAD)
    assert "县级经办机构不办理系统赋权" in signs(office, CARRY_OUT.kind, ADMINISTRATOR).sentence
    assert office.register.operators() == []


def test_every_step_takes_the_own_key_and_the_hub() -> None:
    granting = {kind for kind in kinds() if kind.startswith("grant.")}
    assert {step.kind for step in STEPS} | {"grant.refuse", "grant.revoke", "grant.suspend"} == granting
    assert granting <= DECISIVE
    assert granting <= NEEDS_HUB


def test_a_sign_on_is_noted_and_ninety_silent_days_suspend(office: Office) -> None:
    operator = granted(office)
    hand = replace(CLERK, operator=operator.number)

    def signs_on(days: int) -> Status:
        at = operator.valid_from + timedelta(days=days)
        return office.act("signon.open", {}, by=hand, unit="B", reception="", made_at=at).status

    office.policy = replace(office.policy, training=False)
    assert signs_on(80) is Status.APPLIED
    last = office.register.last_sign_on("0101")
    assert last is not None
    assert last.at == operator.valid_from + timedelta(days=80)
    signs_on(170)
    assert office.register.registry["0101"].state is OperatorState.ACTIVE
    signs_on(261)
    assert office.register.operators()[0].state is OperatorState.SUSPENDED
    assert (office.register.ledger()[-1].act, office.register.ledger()[-1].reason) == (
        LedgerAct.SILENCE,
        "90 天没有登录",
    )


def test_nobody_is_suspended_in_training(office: Office) -> None:
    operator = granted(office)
    hand, late = replace(CLERK, operator=operator.number), operator.valid_from + timedelta(days=300)
    office.act("signon.open", {}, by=hand, unit="B", reception="", made_at=late)
    assert office.register.registry["0101"].state is OperatorState.ACTIVE
