"""An item's life, one test for each transition T1-T15."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.declarations import Item, ItemState
from counter_tui.operations.outcome import Status
from tests.operations.office import (
    CLERK,
    COLLEAGUE,
    HERE,
    LI,
    MONTH,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    ZHANG,
    id_number,
)

if TYPE_CHECKING:
    from tests.operations.office import Acted, Office


def submitted(office: Office) -> Acted:
    saved = office.save("P01")
    assert office.submit(saved).status is Status.APPLIED
    return saved


def opened(office: Office) -> Acted:
    saved = submitted(office)
    assert office.act("item.open", {"item": saved.id}, by=REVIEWER).status is Status.APPLIED
    return saved


def test_t1_a_saved_form_is_an_item_to_submit(office: Office) -> None:
    saved = office.save("P01")
    item = office.item(saved)
    assert (item.state, item.verdict, item.month) == (ItemState.TO_SUBMIT, "参保登记", MONTH)
    assert (item.person, item.person_name, item.id_number) == ("", "张三", ZHANG)
    assert item.body_hash == saved.operation.body_hash
    assert item.acceptance_number == saved.operation.acceptance_number
    assert item.made.operator == CLERK.operator
    assert office.steps(saved) == [(None, "D1")]
    assert office.coverages() == {}


def test_t1_a_form_that_breaks_a_rule_is_not_kept(office: Office) -> None:
    body = office.filled("P01")
    body["form"]["schemes"] = []
    refused = office.act("P01.save", body)
    assert (refused.status, refused.messages) == (Status.REJECTED, ["M17"])
    assert office.register.item(refused.id) is None


def test_t1_a_body_that_no_form_makes_is_not_kept(office: Office) -> None:
    body = office.filled("P01")
    body["form"]["sex"] = "2"
    assert office.act("P01.save", body).sentence.startswith("申报内容与表单不符")
    del body["form"]["name"]
    assert office.act("P01.save", body).sentence.startswith("申报内容无法读取")


def test_t2_an_edited_item_keeps_its_number_and_gets_the_new_body(office: Office) -> None:
    saved = office.save("P01")
    edited = office.act("P01.edit", {**office.filled_again(saved, wage="7000"), "item": saved.id})
    item = office.item(saved)
    assert (item.state, item.body["wage"]) == (ItemState.TO_SUBMIT, 700000)
    assert item.acceptance_number == saved.operation.acceptance_number
    assert item.body_hash == edited.operation.body_hash != saved.operation.body_hash
    assert office.steps(saved) == [(None, "D1"), ("D1", "D1")]


def test_t2_an_item_of_another_function_is_not_edited(office: Office) -> None:
    saved = office.save("P01")
    office.insure("130400990002", LI)
    other = office.act("P05.edit", {**office.filled("P05", LI), "item": saved.id})
    assert other.status is Status.REJECTED


def test_t3_a_deleted_item_stays_void_for_the_audit(office: Office) -> None:
    saved = office.save("P01")
    deleted = office.act("item.delete", {"item": saved.id})
    assert office.item(saved).state is ItemState.VOID
    assert office.steps(saved) == [(None, "D1"), ("D1", "D9")]
    again = office.act("item.delete", {"item": saved.id})
    assert (again.status, again.outcome.effects, again.outcome.link) == (Status.APPLIED, (), deleted.id)


def test_t4_a_submitted_item_waits_for_review_in_its_batch(office: Office) -> None:
    one, other = office.save("P01"), office.save("P01", LI, name="李四")
    sent = office.submit(one, other)
    for saved in (one, other):
        item = office.item(saved)
        assert (item.state, item.batch) == (ItemState.SUBMITTED, sent.operation.acceptance_number)
        assert item.submitted is not None
    assert office.coverages() == {}


def test_t4_the_checks_run_again_and_a_stale_row_stays_with_its_message(office: Office) -> None:
    office.insure()
    stale, good = office.save("P05"), office.save("P01", LI, name="李四")
    for row in office.coverages().values():
        office.register.put(replace(row, state=CoverageState.SUSPENDED))
    sent = office.submit(stale, good)
    assert sent.status is Status.APPLIED
    assert [office.item(each).state for each in (stale, good)] == ["D1", "D2"]
    assert "没有正常参保" in sent.sentence


def test_t4_nothing_is_submitted_when_nothing_is_ticked(office: Office) -> None:
    assert "勾选" in office.submit().sentence


def test_t5_an_employer_without_review_has_its_items_approved_at_the_hub(office: Office) -> None:
    office.amend_employer(auto_review=True)
    saved = office.save("P01")
    office.submit(saved)
    assert office.item(saved).state is ItemState.APPROVED
    assert office.steps(saved) == [(None, "D1"), ("D1", "D4")]
    assert set(office.coverages()) == {"110", "210", "310", "410"}


def test_t5_general_data_need_no_submission(office: Office) -> None:
    office.insure()
    saved = office.save("P11", new_phone="13911112222")
    assert office.steps(saved) == [(None, "D4")]


def test_t5_the_counter_alone_never_approves(office: Office) -> None:
    office.amend_employer(auto_review=True)
    saved = office.save("P01")
    foreseen = office.act("item.submit", {"items": [saved.id]}, at_hub=False)
    assert [effect.state for effect in foreseen.outcome.effects if isinstance(effect, Item)] == ["D2"]


def test_t5_of_two_items_of_a_person_the_second_waits_for_a_look_at_the_first(office: Office) -> None:
    office.insure()
    office.amend_employer(auto_review=True)
    changed, stopped = office.save("P10", new_name="张叁"), office.save("P05")
    sent = office.submit(changed, stopped)
    assert [office.item(each).state for each in (changed, stopped)] == ["D4", "D1"]
    assert "同一人员" in sent.sentence


def test_t6_a_submitted_item_is_cancelled_until_a_reviewer_opens_it(office: Office) -> None:
    saved = submitted(office)
    assert office.cancel(saved).status is Status.APPLIED
    item = office.item(saved)
    assert (item.state, item.reason, item.submitted, item.batch) == (ItemState.TO_SUBMIT, "录错", None, "")
    office.submit(saved)
    office.act("item.open", {"item": saved.id}, by=REVIEWER)
    late = office.cancel(saved)
    assert late.status is Status.CONFLICT
    assert "已由审核人员打开" in late.sentence
    assert office.item(saved).state is ItemState.IN_REVIEW


def test_t6_a_cancellation_says_why(office: Office) -> None:
    saved = submitted(office)
    assert office.act("item.cancel", {"items": [saved.id], "reason": " "}).status is Status.REJECTED
    assert office.item(saved).state is ItemState.SUBMITTED


def test_t7_an_opened_item_is_in_review(office: Office) -> None:
    saved = opened(office)
    item = office.item(saved)
    assert item.state is ItemState.IN_REVIEW
    assert item.opened is not None
    assert item.opened.operator == REVIEWER.operator
    assert office.act("item.open", {"item": saved.id}, by=SECOND_REVIEWER).status is Status.CONFLICT


def test_t7_the_maker_does_not_open_his_own_item(office: Office) -> None:
    saved = submitted(office)
    same_human = replace(REVIEWER, human=CLERK.human)
    assert office.act("item.open", {"item": saved.id}, by=same_human).messages == ["M59"]


def test_t8_an_item_put_back_may_be_cancelled_again(office: Office) -> None:
    saved = opened(office)
    assert office.act("item.put_back", {"item": saved.id}, by=REVIEWER).status is Status.APPLIED
    assert (office.item(saved).state, office.item(saved).opened) == (ItemState.SUBMITTED, None)
    assert office.act("item.put_back", {"item": saved.id}, by=REVIEWER).status is Status.CONFLICT
    assert office.cancel(saved).status is Status.APPLIED


def test_t9_an_approved_item_takes_effect(office: Office) -> None:
    saved = opened(office)
    assert office.review(saved).status is Status.APPLIED
    item = office.item(saved)
    assert (item.state, item.person) == (ItemState.APPROVED, "999999900001")
    assert office.steps(saved) == [(None, "D1"), ("D1", "D2"), ("D2", "D3"), ("D3", "D4")]
    assert {row.state for row in office.coverages().values()} == {CoverageState.PAYING}


def test_t9_a_ticked_set_goes_through_every_state(office: Office) -> None:
    saved = submitted(office)
    office.review(saved)
    assert office.steps(saved)[2:] == [("D2", "D3"), ("D3", "D4")]


def test_t9_what_no_longer_fits_the_register_is_a_conflict_and_writes_nothing(office: Office) -> None:
    saved = submitted(office)
    office.insure(employer="130400000002")
    decided = office.review(saved)
    assert decided.status is Status.CONFLICT
    assert "其他单位参保" in decided.sentence
    assert office.item(saved).state is ItemState.SUBMITTED
    assert {row.employer for row in office.coverages().values()} == {"130400000002"}


def test_t10_a_rejected_item_tells_why(office: Office) -> None:
    saved = opened(office)
    office.review(saved, result="2", reason=" 身份证复印件不清 ")
    item = office.item(saved)
    assert (item.state, item.reason) == (ItemState.REJECTED, "身份证复印件不清")
    assert office.coverages() == {}


def test_t11_a_rejected_item_is_corrected_and_submitted_again(office: Office) -> None:
    saved = submitted(office)
    office.review(saved, result="2", reason="工资有误")
    office.act("P01.edit", {**office.filled_again(saved, wage="7000"), "item": saved.id})
    item = office.item(saved)
    assert (item.state, item.reason, item.decided) == (ItemState.TO_SUBMIT, "", None)
    office.submit(saved)
    assert office.review(saved).status is Status.APPLIED
    assert office.coverages()["110"].wage == 700000


def test_t11_a_rejected_item_may_be_taken_back_unchanged(office: Office) -> None:
    saved = submitted(office)
    office.review(saved, result="2", reason="材料不全")
    assert office.cancel(saved).status is Status.APPLIED
    assert office.item(saved).state is ItemState.TO_SUBMIT


def test_t12_a_rejected_item_is_deleted_and_declared_anew(office: Office) -> None:
    saved = submitted(office)
    office.review(saved, result="2", reason="材料不全")
    office.act("item.delete", {"item": saved.id})
    assert office.item(saved).state is ItemState.VOID
    assert office.save("P01").status is Status.APPLIED


def test_t13_a_settlement_settles_the_approved_changes_of_its_month(office: Office) -> None:
    office.insure("130400990002", LI)
    enrolled = office.pass_through("P01")
    general = office.save("P11", LI, new_phone="13911112222")
    assert office.settle("P29").status is Status.APPLIED
    item = office.item(enrolled)
    assert (item.state, item.bill) == (ItemState.SETTLED, office.bill_of().number)
    assert office.bill_of().items == (enrolled.id,)
    assert office.item(general).state is ItemState.APPROVED
    assert office.steps(enrolled)[-1] == ("D4", "D6")


def test_t14_a_roll_back_makes_settled_items_approved_again(office: Office) -> None:
    enrolled = office.pass_through("P01")
    office.settle("P29")
    asked = office.act("rollback.ask", {"bill": office.bill_of().number, "reason": "基数有误"})
    agreed = {"employer": HERE, "month": str(MONTH), "request": asked.id, "agree": True}
    assert office.act("rollback.confirm", agreed, by=REVIEWER).status is Status.APPLIED
    item = office.item(enrolled)
    assert (item.state, item.bill) == (ItemState.APPROVED, "")
    assert office.steps(enrolled)[-1] == ("D6", "D4")


def reverse(office: Office, saved: Acted, reason: str = "误审", by: object = SUPERVISOR) -> Acted:
    return office.act("item.reverse", {"item": saved.id, "reason": reason}, by=by)  # type: ignore[arg-type]


def test_t15_a_reversed_enrolment_leaves_nobody_insured(office: Office) -> None:
    enrolled = office.pass_through("P01", since="20260901", back_collect="1")
    assert reverse(office, enrolled).status is Status.APPLIED
    assert office.item(enrolled).state is ItemState.VOID
    assert {row.state for row in office.coverages().values()} == {CoverageState.NOT_INSURED}
    assert [row.state for row in office.register.entitlements(HERE)] == ["reversed"]
    assert [line.kind for line in office.register.changes(HERE, MONTH)] == ["11", "21"]
    assert office.save("P01").status is Status.APPLIED


def test_t15_a_reversed_stop_restores_the_coverage_as_it_was(office: Office) -> None:
    office.insure()
    before = office.coverages()
    stopped = office.pass_through("P05")
    assert reverse(office, stopped).status is Status.APPLIED
    assert office.coverages() == before


def test_t15_a_reversed_correction_restores_the_number_and_what_followed_it(office: Office) -> None:
    filed = office.insure()
    stop = office.save("P05")
    changed = office.pass_through("P10", new_id_number=id_number(5), paper_identity="1")
    office.save("P11", id_number(5), new_phone="13911112222")
    assert reverse(office, changed).status is Status.APPLIED
    now = office.register.person(filed.number)
    assert now is not None
    assert (now.id_number, now.former_numbers, now.phone) == (ZHANG, (), "13911112222")
    assert office.item(stop).id_number == ZHANG


def test_t15_nothing_later_is_overwritten_by_a_reversal(office: Office) -> None:
    office.insure()
    stopped = office.pass_through("P05")
    office.pass_through("P01")
    late = reverse(office, stopped)
    assert late.status is Status.CONFLICT
    assert {row.state for row in office.coverages().values()} == {CoverageState.PAYING}


@pytest.mark.parametrize("by", [CLERK, REVIEWER])
def test_t15_only_a_supervisor_reverses(office: Office, by: object) -> None:
    enrolled = office.pass_through("P01")
    assert "岗位" in reverse(office, enrolled, by=by).sentence


def test_t15_a_supervisor_does_not_reverse_what_he_entered(office: Office) -> None:
    office.receive(by=SUPERVISOR, at="130400000002")
    saved = office.save("P01", by=SUPERVISOR, at="130400000002")
    office.submit(saved, by=SUPERVISOR, at="130400000002")
    office.review(saved)
    body = {"item": saved.id, "reason": "误审"}
    assert office.act("item.reverse", body, by=SUPERVISOR, at="130400000002").messages == ["M59"]


def test_t15_neither_a_settled_month_nor_an_empty_reason_is_reversed(office: Office) -> None:
    enrolled = office.pass_through("P01")
    assert "原因" in reverse(office, enrolled, reason="  ").sentence
    office.settle("P29")
    assert reverse(office, enrolled).status is Status.REJECTED
    assert office.item(enrolled).state is ItemState.SETTLED


def test_a_clerk_edits_for_a_colleague_and_neither_reviews_it(office: Office) -> None:
    saved = office.save("P01")
    office.act("reception.close", {"reception": office.receptions[CLERK.window, HERE]})
    office.receive(by=COLLEAGUE)
    body = {**office.filled_again(saved, wage="7000"), "item": saved.id}
    assert office.act("P01.edit", body, by=COLLEAGUE).status is Status.APPLIED
    office.submit(saved, by=COLLEAGUE)
    for hand in (CLERK, COLLEAGUE):
        assert office.review(saved, by=replace(hand, roles=("R2",))).messages == ["M59"]
    assert office.review(saved).status is Status.APPLIED


def test_t15_a_name_corrected_again_since_is_not_reversed(office: Office) -> None:
    filed = office.insure()
    first = office.pass_through("P10", new_name="张叁", paper_identity="1")
    office.pass_through("P10", new_name="张伞", paper_identity="1")
    assert reverse(office, first).status is Status.CONFLICT
    now = office.register.person(filed.number)
    assert now is not None
    assert now.name == "张伞"
