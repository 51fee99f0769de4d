"""Who may decide what and what a ticked set does (P27)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.declarations import ItemState
from counter_tui.domain.posts import COMPARED
from counter_tui.operations.outcome import Status
from tests.operations.office import (
    CLERK,
    COLLEAGUE,
    HERE,
    LI,
    REVIEWER,
    SECOND_REVIEWER,
    SUPERVISOR,
    THERE,
    ZHANG,
    id_number,
)

if TYPE_CHECKING:
    from tests.operations.office import Acted, Office


def waiting(office: Office, id_: str = ZHANG, name: str = "张三") -> Acted:
    saved = office.save("P01", id_, name=name)
    office.submit(saved)
    return saved


@pytest.mark.parametrize("same", COMPARED)
def test_m59_one_equal_mark_makes_the_reviewer_the_maker(office: Office, same: str) -> None:
    saved = waiting(office)
    hand = replace(REVIEWER, **{same: getattr(CLERK, same)})
    assert office.review(saved, by=hand).messages == ["M59"]
    assert office.item(saved).state is ItemState.SUBMITTED


def test_m59_a_supervisor_who_submits_for_a_clerk_does_not_review_it(office: Office) -> None:
    saved = office.save("P01")
    office.act("reception.close", {"reception": office.receptions[CLERK.window, HERE]})
    office.receive(by=SUPERVISOR)
    assert office.submit(saved, by=SUPERVISOR).status is Status.APPLIED
    assert office.review(saved, by=SUPERVISOR).messages == ["M59"]


def test_a_clerk_does_not_review(office: Office) -> None:
    assert "岗位" in office.review(waiting(office), by=replace(CLERK, operator="0099")).sentence


def test_a_reviewer_who_put_an_item_back_may_still_decide_it(office: Office) -> None:
    saved = waiting(office)
    office.act("item.open", {"item": saved.id}, by=REVIEWER)
    office.act("item.put_back", {"item": saved.id}, by=REVIEWER)
    assert office.review(saved, by=REVIEWER).status is Status.APPLIED


def test_m60_a_rejection_without_a_reason_is_refused(office: Office) -> None:
    saved = waiting(office)
    assert office.review(saved, result="2", reason="  ").messages == ["M60"]
    assert office.item(saved).state is ItemState.SUBMITTED


def test_a_decision_that_is_neither_yes_nor_no_passes_nothing(office: Office) -> None:
    saved = waiting(office)
    assert office.review(saved, result="").status is Status.REJECTED
    assert office.item(saved).state is ItemState.SUBMITTED


def test_nothing_is_approved_that_changed_since_it_was_read(office: Office) -> None:
    saved = waiting(office)
    stale = {"item": saved.id, "body_hash": office.item(saved).body_hash}
    office.cancel(saved)
    office.act("P01.edit", {**office.filled_again(saved, wage="9000"), "item": saved.id})
    office.submit(saved)
    body = {"targets": [stale], "result": "1", "reason": "", "pages": 0}
    assert "已被修改" in office.act("item.decide", body, by=REVIEWER).sentence
    assert office.coverages() == {}


def test_of_two_reviewers_exactly_one_decides(office: Office) -> None:
    saved = waiting(office)
    assert office.review(saved, by=REVIEWER).status is Status.APPLIED
    assert office.review(saved, by=SECOND_REVIEWER).status is Status.CONFLICT


def test_a_set_over_two_employers_is_judged_item_by_item(office: Office) -> None:
    office.receive(at=THERE, by=COLLEAGUE)
    here, there = waiting(office), office.save("P01", LI, at=THERE, by=COLLEAGUE, name="李四")
    office.submit(there, at=THERE, by=COLLEAGUE)
    assert office.review(here, there).status is Status.APPLIED
    assert {row.employer for row in office.coverages(ZHANG).values()} == {HERE}
    assert {row.employer for row in office.coverages(LI).values()} == {THERE}


def test_what_cannot_be_decided_stays_and_says_why(office: Office) -> None:
    good, bad = waiting(office), waiting(office, LI, "李四")
    office.insure("130400990002", LI, employer=THERE)
    decided = office.review(good, bad)
    assert decided.status is Status.APPLIED
    assert [office.item(each).state for each in (good, bad)] == ["D4", "D2"]
    assert [problem.field for problem in decided.outcome.problems] == [bad.id]


def test_two_items_of_a_person_are_never_decided_against_the_same_state(office: Office) -> None:
    office.insure()
    renamed, stopped = office.save("P10", new_name="张叁"), office.save("P05")
    office.submit(renamed, stopped)
    decided = office.review(renamed, stopped)
    assert [office.item(each).state for each in (renamed, stopped)] == ["D4", "D2"]
    assert "同一人员" in decided.sentence
    assert office.review(stopped).status is Status.APPLIED


def test_two_items_of_a_person_may_be_rejected_together(office: Office) -> None:
    office.insure()
    renamed, stopped = office.save("P10", new_name="张叁"), office.save("P05")
    office.submit(renamed, stopped)
    office.review(renamed, stopped, result="2", reason="材料不全")
    assert [office.item(each).state for each in (renamed, stopped)] == ["D5", "D5"]


def test_nobody_decides_his_own_affair(office: Office) -> None:
    saved = waiting(office)
    assert "本人" in office.review(saved, by=replace(REVIEWER, human=ZHANG)).sentence


def test_his_own_affair_is_known_by_the_reference_that_the_registry_made_of_his_number(office: Office) -> None:
    office.human_of = lambda number: f"reference of {number[-4:]}"
    saved = waiting(office)
    assert "本人" in office.review(saved, by=replace(REVIEWER, human=f"reference of {ZHANG[-4:]}")).sentence
    assert office.review(saved, by=replace(REVIEWER, human="reference of another")).status is Status.APPLIED


def test_the_employers_agent_does_not_decide_what_he_brought(office: Office) -> None:
    office.receive(visitor_id=LI)
    saved = waiting(office)
    assert "本人" in office.review(saved, by=replace(REVIEWER, human=LI)).sentence


def test_ones_own_case_is_entered_by_a_supervisor(office: Office) -> None:
    body = office.filled("P01")
    assert "主管" in office.act("P01.save", body, by=replace(CLERK, human=ZHANG)).sentence


def test_an_override_takes_a_second_human_and_a_reason(office: Office) -> None:
    elder = id_number(7, born="19600101")
    old = office.filled("P01", elder)
    assert office.act("P01.save", old).messages == ["M04"]
    word = {"operator": "0005", "human": "human-0005", "certificate": "certificate-0005", "reason": "已核材料"}
    assert office.act("P01.save", {**old, "override": {**word, "reason": " "}}).status is Status.REJECTED
    own = office.act("P01.save", {**old, "override": {**word, "human": CLERK.human}})
    assert own.messages == ["M59"]
    kept = office.act("P01.save", {**old, "override": word})
    assert (kept.status, office.item(kept).override) == (Status.APPLIED, "已核材料")


def test_m59_who_only_edited_an_item_does_not_review_it(office: Office) -> None:
    saved = office.save("P01")
    office.receive(by=COLLEAGUE)
    body = {**office.filled_again(saved, wage="7000"), "item": saved.id}
    assert office.act("P01.edit", body, by=COLLEAGUE).status is Status.APPLIED
    office.submit(saved, by=CLERK)
    assert office.review(saved, by=replace(COLLEAGUE, roles=("R2",))).messages == ["M59"]
