"""Least privilege: a post acts only in the groups of functions (业务组) that were granted with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain import posts
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.functions import PASSED_THROUGH, FunctionGroup, NoSuchGroup, group_of, held, read_groups
from counter_tui.domain.grants import APPROVE, CARRY_OUT, REVIEW, Grant, GrantAct, Granted, LedgerEntry
from counter_tui.domain.held import HeldAct
from counter_tui.domain.operators import Operator
from counter_tui.domain.posts import Role, act_in
from counter_tui.forms.spec import forms
from counter_tui.operations.canonical import builtins, canonical, read
from counter_tui.operations.decide import Case
from counter_tui.operations.granting import written
from counter_tui.operations.outcome import Status
from counter_tui.operations.rights import REFUSED, in_groups, may_use
from counter_tui.operations.suites import INTERNATIONAL
from counter_tui.policy.regions import load_policy
from tests.operations.granting import (
    ADMINISTRATOR,
    CONTROL,
    FOUR,
    HEAD,
    account,
    asks,
    granted,
    kept,
    limit,
    signs,
    withdraws,
)
from tests.operations.granting import SUPERVISOR as ASKER
from tests.operations.holding import answer, holding, saved
from tests.operations.office import CLERK, HERE, LI, REVIEWER, SECOND_REVIEWER, SUPERVISOR, Office

EVERY = tuple(function for group in FunctionGroup for function in held(group))
A, B, D, H = (FunctionGroup(letter) for letter in "ABDH")
REGIONS = ("handan", "tianjin", "dalian", "yuanbo", "generic")


def missing(group: FunctionGroup) -> str:
    return f"您没有「{group.named}」业务组的授权，请由有授权的柜员办理，或由主管在 92 申请"


# The index


def test_every_function_of_the_index_is_in_one_group_and_every_group_holds_some() -> None:
    assert len(EVERY) == len(set(EVERY)) == 99
    assert {function: group_of(function) for function in EVERY} == {
        function: group for group in FunctionGroup for function in held(group)
    }
    assert [held(group)[0] for group in FunctionGroup] == [
        "P01", "P10", "P20", "P25", "P40", "P45", "P48", "P60", "P70", "P80", "P85", "P94", "P97", "P99",
    ]  # fmt: skip


def test_every_form_and_every_entry_of_every_menu_has_its_group_or_is_given_by_the_post_alone() -> None:
    known = {form.code for form in forms()} | {
        entry.function for region in REGIONS for entry in load_policy(region, training=True).menu
    }
    assert {function for function in known if group_of(function) is None} == {"posts", "figures", "todo"}


def test_letters_are_read_in_any_order_and_a_wrong_one_is_named() -> None:
    assert read_groups("d, A,a") == read_groups("AD") == (A, D)
    assert read_groups("all") == read_groups(",".join(FunctionGroup)) == ()
    with pytest.raises(NoSuchGroup, match="没有业务组「Z」"):
        read_groups("A,Z")
    with pytest.raises(NoSuchGroup):
        read_groups(" ")


# What the hub decides


@given(function=st.sampled_from(EVERY), groups=st.sets(st.sampled_from(FunctionGroup)), role=st.sampled_from(Role))
def test_the_hub_refuses_every_function_outside_the_groups_and_none_inside(
    function: str, groups: set[FunctionGroup], role: Role
) -> None:
    office = Office()
    by = replace(CLERK, roles=(role.value,))
    limit(office, by, *groups)
    acted = office.act("signon.lock", {}, by=by)
    case = Case(
        operation=acted.operation, register=office.register, policy=office.policy, today=office.today, at_hub=True
    )
    reached = not groups or function in PASSED_THROUGH or group_of(function) in groups
    refusal = may_use(case, function)
    if not posts.may_use({role}, function):
        assert refusal is not None
        assert refusal.sentence == REFUSED
    else:
        assert (refusal is None) is reached
    assert (in_groups(case, function) is None) is reached
    operator = office.register.registry[by.operator]
    assert operator.may_use(function) is (refusal is None)
    assert operator.may_confirm(function) is (reached and posts.may_confirm({role}, function))


@pytest.mark.parametrize(("function", "group"), [("P01", A), ("P11", B)])
def test_a_save_outside_the_groups_is_refused_with_the_group_and_whom_to_ask(
    office: Office, function: str, group: FunctionGroup
) -> None:
    office.insure(id_=LI)
    typed = {"id_": LI, "new_phone": "13911112222"} if function == "P11" else {}
    body = office.filled(function, **typed)
    limit(office, CLERK, H)
    refused = office.act(f"{function}.save", body)
    assert (refused.status, refused.sentence) == (Status.REJECTED, missing(group))
    limit(office, CLERK, group)
    assert office.act(f"{function}.save", body).status is Status.APPLIED


def test_what_is_handed_in_taken_back_and_deleted_counts_as_what_it_is(office: Office) -> None:
    enrolment = office.save("P01")
    limit(office, CLERK, B)
    assert office.submit(enrolment).sentence == missing(A)
    limit(office, CLERK, A)
    assert office.submit(enrolment).status is Status.APPLIED
    limit(office, CLERK, B)
    assert office.cancel(enrolment).sentence == missing(A)
    limit(office, CLERK, A)
    assert office.cancel(enrolment).status is Status.APPLIED
    limit(office, CLERK, B)
    assert office.act("item.delete", {"item": enrolment.id}).sentence == missing(A)


def test_a_reviewer_decides_only_items_of_his_groups(office: Office) -> None:
    office.insure(id_=LI)
    enrolment, correction = office.save("P01"), office.save("P10", id_=LI, new_name="李四")
    office.submit(enrolment, correction)
    limit(office, REVIEWER, B)
    assert office.act("item.open", {"item": enrolment.id}, by=REVIEWER).sentence == missing(A)
    decided = office.review(enrolment, correction)
    assert decided.status is Status.APPLIED
    assert missing(A) in decided.sentence
    assert (office.item(enrolment).state, office.item(correction).state) == (ItemState.SUBMITTED, ItemState.APPROVED)
    assert office.review(enrolment, by=SECOND_REVIEWER).status is Status.APPLIED


def test_a_reviewer_outside_the_group_puts_nothing_back(office: Office) -> None:
    enrolment = office.save("P01")
    office.submit(enrolment)
    office.act("item.open", {"item": enrolment.id}, by=REVIEWER)
    limit(office, REVIEWER, B)
    assert office.act("item.put_back", {"item": enrolment.id}, by=REVIEWER).sentence == missing(A)


def test_a_supervisor_answers_only_held_work_of_his_groups(office: Office) -> None:
    office.insure()
    office.receive()
    save = holding(office, saved(office))
    for act in (HeldAct.RELEASE, HeldAct.REFUSE):
        limit(office, SUPERVISOR, B)
        assert answer(office, act, save).sentence == missing(A)
        limit(office, SUPERVISOR, A)
        assert answer(office, act, save).status is Status.APPLIED
    limit(office, SUPERVISOR, B)
    assert answer(office, HeldAct.AGAIN, save).status is Status.APPLIED, "judging as always vouches for nothing"


@pytest.mark.parametrize("kind", ["month.settle", "rollback.ask", "rollback.confirm"])
def test_a_supervisor_answers_held_settlements_with_the_group_of_settlements(office: Office, kind: str) -> None:
    made = holding(office, office._operation(kind, {}, CLERK, f"E:{HERE}", HERE, None, None, None))
    limit(office, SUPERVISOR, A)
    assert answer(office, HeldAct.REFUSE, made).sentence == missing(D)
    limit(office, SUPERVISOR, D)
    assert answer(office, HeldAct.REFUSE, made).status is Status.APPLIED


def test_a_supervisor_reverses_only_items_of_his_groups(office: Office) -> None:
    enrolment = office.pass_through("P01")
    reverses: dict[str, Any] = {"item": enrolment.id, "reason": "录错"}
    limit(office, SUPERVISOR, B)
    assert office.act("item.reverse", reverses, by=SUPERVISOR).sentence == missing(A)
    limit(office, SUPERVISOR, A)
    assert office.act("item.reverse", reverses, by=SUPERVISOR).status is Status.APPLIED


def test_settling_and_agreeing_to_a_roll_back_take_the_group_of_settlements(office: Office) -> None:
    office.insure()
    limit(office, CLERK, A)
    assert office.settle("P29").sentence == missing(D)
    limit(office, CLERK, D)
    settled = office.settle("P29")
    assert settled.status is Status.APPLIED, settled.sentence
    bill = office.bill_of()
    assert office.act("bill.notify", {"bill": bill.number}).status is Status.APPLIED
    request = office.act("rollback.ask", {"bill": bill.number, "reason": "错"})
    answer = {"employer": HERE, "month": str(bill.month), "request": request.id, "agree": True}
    limit(office, REVIEWER, A)
    assert office.act("rollback.confirm", answer, by=REVIEWER).sentence == missing(D)
    limit(office, REVIEWER, D)
    assert office.act("rollback.confirm", answer, by=REVIEWER).status is Status.APPLIED


def test_a_settlement_does_not_pass_for_a_function_of_another_group(office: Office) -> None:
    office.insure()
    limit(office, CLERK, A)
    refused = office.settle("P01")
    assert refused.status is Status.REJECTED
    assert "不是结算业务" in refused.sentence


def test_a_notice_is_handed_out_by_whoever_settles_or_prints(office: Office) -> None:
    office.insure()
    office.settle("P29")
    bill = office.bill_of()
    for groups, status in (((A,), Status.REJECTED), ((H,), Status.APPLIED)):
        limit(office, CLERK, *groups)
        assert office.act("bill.notify", {"bill": bill.number}).status is status


def test_with_any_group_employers_are_received(office: Office) -> None:
    limit(office, CLERK, H)
    assert office.receive().status is Status.APPLIED


# How groups are granted


def test_four_humans_bring_the_groups_into_the_registry_and_the_ledger(office: Office) -> None:
    operator = granted(office, account(groups=(A, D)))
    assert operator.groups == {A, D}
    assert operator.scope == "A 人员增减、D 提交结算"
    assert kept(office).granted.scope == office.register.ledger()[-1].scope == operator.scope


def test_a_change_of_groups_takes_four_signatures(office: Office) -> None:
    granted(office, account(groups=(A,)))
    asks(office, account(groups=(A, B)), GrantAct.CHANGE)
    for step, by in ((REVIEW, CONTROL), (APPROVE, HEAD), (CARRY_OUT, ADMINISTRATOR)):
        assert office.register.registry["0101"].groups == {A}
        assert signs(office, step.kind, by).status is Status.APPLIED
    assert office.register.registry["0101"].groups == {A, B}
    assert [by.operator for by in office.register.ledger()[-1].signed] == [by.operator for by in FOUR]


def test_each_of_the_four_signs_the_groups_too(office: Office) -> None:
    asked = asks(office, account(groups=(A,)))
    grant = office.register.grant(asked.id)
    assert grant is not None
    office.register.put(replace(grant, granted=replace(grant.granted, groups=(A, B))))
    assert "申请内容与您看到的不同" in signs(office, REVIEW.kind, CONTROL).sentence


def test_renewing_and_resuming_keep_the_groups(office: Office) -> None:
    granted(office, account(groups=(A,)))
    new = {"certificate_number": "c1", "key_hash": "1" * 64}
    wider = asks(office, account(groups=(A, B), **new), GrantAct.RENEW)
    assert wider.sentence == "换证不能同时变更岗位或业务组，请分开办理"
    assert asks(office, account(**new), GrantAct.RENEW).status is Status.REJECTED
    assert granted(office, account(groups=(A,), **new), GrantAct.RENEW).groups == {A}
    withdraws(office, kind="suspend")
    assert office.register.registry["0101"].groups == {A}
    wider = asks(office, account(groups=(B,), **new), GrantAct.RESUME)
    assert wider.sentence == "恢复须用原来的证书、岗位和业务组"
    assert granted(office, account(groups=(A,), **new), GrantAct.RESUME).groups == {A}


@pytest.mark.parametrize(
    ("groups", "says"),
    [((D, A), "须按字母排列"), ((A, A), "不能重复"), (tuple(FunctionGroup), "全部业务组请不填")],
    ids=["order", "twice", "all"],
)
def test_groups_are_written_down_in_one_way_only(office: Office, groups: Any, says: str) -> None:
    assert says in asks(office, account(groups=groups)).sentence


def test_a_group_that_the_roles_have_no_part_in_is_not_granted(office: Office) -> None:
    asked = asks(office, account("0101", Role.REVIEWER, groups=(A, H)))
    assert asked.sentence == "复核岗位不办理「H 报表打印」，请去掉该业务组"
    assert asks(office, account("0102", Role.CONTROL, groups=(A,))).status is Status.REJECTED


def test_a_role_acts_in_the_groups_where_it_makes_checks_or_reads_something() -> None:
    acts = {role: "".join(group for group in FunctionGroup if act_in({role}, group)) for role in Role}
    assert acts == {
        Role.CLERK: "ABCDEFGHIJKLMN",
        Role.REVIEWER: "ABCDEFGIJKLMN",
        Role.SUPERVISOR: "ABCDEFGHIJKLMN",
        Role.ADMINISTRATOR: "L",
        Role.FUND: "L",
        Role.CONTROL: "GLM",
        Role.HEAD: "L",
    }


# Records from before there were groups


def without_groups(value: Any) -> Any:
    """A record as it was stored before."""
    if isinstance(value, dict):
        return {name: without_groups(each) for name, each in value.items() if name != "groups"}
    return type(value)(map(without_groups, value)) if isinstance(value, list | tuple) else value


def test_old_records_mean_all_groups(office: Office) -> None:
    operator = granted(office)
    old = read(Operator, without_groups(builtins(operator)))
    assert old == operator
    assert all(old.lacks(function) is None for function in EVERY)
    assert read(Grant, without_groups(builtins(kept(office)))) == kept(office)
    (line,) = office.register.ledger()
    assert read(LedgerEntry, without_groups(builtins(line))) == line
    assert {old.scope, kept(office).granted.scope, line.scope} == {"全部（岗位可办的）"}


def test_a_request_made_before_is_signed_as_it_was_hashed_then(office: Office) -> None:
    before = without_groups(builtins(account()))
    done = office.act("grant.request", {"act": "issue", "granted": before}, by=ASKER, unit="B", reception="")
    grant = office.register.grant(done.id)
    assert grant is not None
    then = canonical({"act": "issue", "granted": before})
    assert grant.granted_hash == INTERNATIONAL.digest("grant", then)
    assert signs(office, REVIEW.kind, CONTROL).status is Status.APPLIED


def test_an_account_for_all_groups_travels_and_hashes_as_before() -> None:
    assert written(account()) == without_groups(builtins(account()))
    limited = written(account(groups=(A,)))
    assert limited["groups"] == ("A",)
    assert read(Granted, limited) == account(groups=(A,))


def test_the_hash_of_a_grant_is_the_one_of_the_first_version() -> None:
    hashed = INTERNATIONAL.digest("grant", canonical({"act": GrantAct.ISSUE, "granted": written(account())}))
    assert hashed == "1910598b3b501a6909468deb9816d6f2758c9b95cfb551b4b1220e5d78c32888"
