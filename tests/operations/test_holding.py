"""What the hub holds and who may end it: another human of the right post, who saw what he answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counter_tui.domain.held import HeldAct, HeldAnswer, Hold
from counter_tui.domain.posts import COMPARED, Right, Role, holds
from counter_tui.operations.decide import is_decisive
from counter_tui.operations.holding import MOST, leans_on
from counter_tui.operations.outcome import Status
from tests.operations.holding import answer, holding, saved
from tests.operations.office import CLERK, HERE, REVIEWER, SUPERVISOR, ZHANG, Office, maker

OTHER_SUPERVISOR = maker("0006", "R3", window="008")


@pytest.fixture
def office() -> Office:
    office = Office()
    office.insure()
    office.receive()
    return office


def test_a_supervisor_releases_what_another_made(office: Office) -> None:
    held = holding(office, saved(office))
    released = answer(office, HeldAct.RELEASE, held)
    assert released.status is Status.APPLIED
    assert released.outcome.answers == (HeldAnswer(operation=held.operation.op_id, act=HeldAct.RELEASE, reason=""),)
    assert released.outcome.effects == ()


def test_release_and_refusal_take_the_own_key_and_judging_again_does_not(office: Office) -> None:
    held = holding(office, saved(office))
    assert is_decisive(answer(office, HeldAct.RELEASE, held).operation)
    assert is_decisive(answer(office, HeldAct.REFUSE, held).operation)
    assert not is_decisive(answer(office, HeldAct.AGAIN, held).operation)


@pytest.mark.parametrize("act", HeldAct)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_no_other_post_answers_what_is_held(office: Office, act: HeldAct, role: Role) -> None:
    held = holding(office, saved(office))
    refused = answer(office, act, held, by=maker("0099", role, window="009"))
    assert refused.status is Status.REJECTED
    assert "请由主管登录后办理" in refused.sentence
    assert not holds([role], Right.ANSWER_HELD)


@pytest.mark.parametrize("act", [HeldAct.RELEASE, HeldAct.REFUSE])
@pytest.mark.parametrize("fact", COMPARED)
def test_the_maker_never_answers_his_own_whatever_he_changes_but_one_fact(
    office: Office, act: HeldAct, fact: str
) -> None:
    own = holding(office, saved(office, by=SUPERVISOR))
    again = replace(OTHER_SUPERVISOR, **{fact: getattr(SUPERVISOR, fact)})
    for by in (SUPERVISOR, again):
        refused = answer(office, act, own, by=by)
        assert refused.status is Status.REJECTED
        assert refused.messages == ["M59"]
    assert answer(office, act, own, by=OTHER_SUPERVISOR).status is Status.APPLIED


def test_the_supervisor_who_let_a_problem_pass_does_not_vouch_for_it(office: Office) -> None:
    override = {
        "operator": SUPERVISOR.operator,
        "human": SUPERVISOR.human,
        "certificate": SUPERVISOR.certificate,
        "reason": "已核对",
    }
    held = holding(office, saved(office, override=override))
    assert answer(office, HeldAct.RELEASE, held).messages == ["M59"]
    assert answer(office, HeldAct.RELEASE, held, by=OTHER_SUPERVISOR).status is Status.APPLIED


def test_nobody_vouches_for_what_is_about_himself(office: Office) -> None:
    office.human_of = lambda number: SUPERVISOR.human if number == ZHANG else number
    held = holding(office, saved(office))
    refused = answer(office, HeldAct.RELEASE, held)
    assert refused.status is Status.REJECTED
    assert "本人的业务" in refused.sentence
    assert answer(office, HeldAct.REFUSE, held).status is Status.APPLIED


@pytest.mark.parametrize("act", HeldAct)
def test_nobody_answers_what_he_has_not_seen(office: Office, act: HeldAct) -> None:
    held = holding(office, saved(office))
    conflicting = answer(office, act, replace(held, op_hash="00" * 32))
    assert conflicting.status is Status.CONFLICT
    assert "按 F5 刷新" in conflicting.sentence


@pytest.mark.parametrize("act", HeldAct)
def test_what_is_held_no_more_is_a_conflict_that_names_the_key(office: Office, act: HeldAct) -> None:
    held = holding(office, saved(office))
    office.register.held.clear()
    conflicting = answer(office, act, held)
    assert conflicting.status is Status.CONFLICT
    assert conflicting.sentence == "该业务已不再暂缓，请按 F5 刷新"


@pytest.mark.parametrize("hold", [each for each in Hold if each is not Hold.STANDING])
def test_only_the_standing_of_a_certificate_can_be_vouched_for(office: Office, hold: Hold) -> None:
    held = holding(office, saved(office), hold)
    refused = answer(office, HeldAct.RELEASE, held)
    assert refused.status is Status.REJECTED
    assert "请按 F8 再判" in refused.sentence
    for act in (HeldAct.AGAIN, HeldAct.REFUSE):
        assert answer(office, act, held).status is Status.APPLIED


def test_a_refusal_needs_a_reason(office: Office) -> None:
    held = holding(office, saved(office))
    refused = answer(office, HeldAct.REFUSE, held, reason="  ")
    assert refused.status is Status.REJECTED
    assert refused.sentence == "不同意必须填写原因"


def test_a_decision_about_held_work_is_made_again_and_never_vouched_for(office: Office) -> None:
    own = holding(office, saved(office, by=SUPERVISOR))
    mutual = holding(office, answer(office, HeldAct.RELEASE, own, by=OTHER_SUPERVISOR).operation)
    refused = answer(office, HeldAct.RELEASE, mutual)
    assert refused.status is Status.REJECTED
    assert "重新裁定" in refused.sentence
    assert answer(office, HeldAct.REFUSE, mutual).status is Status.APPLIED


def test_what_leans_on_held_work_waits_for_it_or_goes_with_it(office: Office) -> None:
    save = holding(office, saved(office))
    body = {"items": [save.operation.op_id]}
    submit = holding(office, office._operation("item.submit", body, CLERK, f"E:{HERE}", HERE, None, None, None))
    assert save.operation.op_id in leans_on(submit.operation)
    alone = answer(office, HeldAct.RELEASE, submit)
    assert alone.status is Status.CONFLICT
    assert "一并勾选" in alone.sentence
    both = answer(office, HeldAct.RELEASE, submit, save)
    assert [each.operation for each in both.outcome.answers] == [save.operation.op_id, submit.operation.op_id]


def test_of_a_set_what_can_be_answered_is_and_the_rest_says_why(office: Office) -> None:
    theirs = holding(office, saved(office))
    own = holding(office, saved(office, by=SUPERVISOR))
    released = answer(office, HeldAct.RELEASE, theirs, own)
    assert released.status is Status.APPLIED
    assert [each.operation for each in released.outcome.answers] == [theirs.operation.op_id]
    assert released.messages == ["M59"]


def test_an_empty_and_an_endless_set_are_refused(office: Office) -> None:
    assert answer(office, HeldAct.RELEASE).status is Status.REJECTED
    targets = [{"operation": f"op-{number}", "hash": ""} for number in range(MOST + 1)]
    refused = office.act("held.release", {"targets": targets}, by=SUPERVISOR, unit="B")
    assert "一次最多处理 200 笔" in refused.sentence


def test_a_reviewer_cannot_release_what_he_decided_himself(office: Office) -> None:
    decided = office._operation("item.decide", {"targets": [], "result": "1"}, REVIEWER, "B", HERE, None, None, None)
    held = holding(office, decided)
    assert answer(office, HeldAct.RELEASE, held, by=replace(REVIEWER, roles=("R3",))).messages == ["M59"]
