"""Corrections, lists, settlement and prints: each message on its occasion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import Grade
from counter_tui.forms.catalog.information import ChangeGeneralData, ChangeKeyData
from tests.forms.cases import (
    FACTS,
    HANDAN,
    INSURED,
    PERSON,
    TIANJIN,
    employer,
    id_number,
    in_region,
    item,
    problems,
    read,
    said,
)

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts

STOP = Grade.STOP
NEW = id_number("19910203")


def key_change(facts: Facts = INSURED, **typed: str) -> ChangeKeyData:
    declaration = read("P10", facts=facts, also=typed)
    assert isinstance(declaration, ChangeKeyData)
    return declaration


def test_only_what_differs_is_a_change() -> None:
    change = key_change(new_name="张叁", new_hukou="11", new_status="4")
    assert change.changes(INSURED) == {"name": "张叁", "status": "4"}


def test_nothing_changed_is_not_saved() -> None:
    found = problems("P10", new_name="张三")
    assert [problem.sentence for problem in found] == ["没有改动，无需保存；改动后按 F2，或按 F12 返回"]
    assert problems("P11", new_phone=PERSON.phone)[0].sentence.startswith("没有改动")


def test_a_new_number_brings_its_birth_date_and_sex() -> None:
    change = key_change(new_name="", new_id_number=NEW)
    assert change.changes(INSURED) == {"id_number": NEW, "born": date(1991, 2, 3)}
    assert change.named == (NEW,)


def test_m01_a_new_number_is_checked() -> None:
    assert ("M01", "new_id_number", STOP) in said("P10", new_id_number="130400199102030018")


def test_a_number_that_belongs_to_somebody_else_is_refused() -> None:
    taken = replace(INSURED, holders={NEW: "1304000000999"})
    assert "其他人员" in problems("P10", facts=taken, new_id_number=NEW)[0].sentence
    own = replace(INSURED, holders={NEW: PERSON.number})
    assert not problems("P10", facts=own, new_id_number=NEW)


def test_birth_date_and_sex_do_not_contradict_the_number() -> None:
    found = problems("P10", new_name="", new_born="19900102", new_sex="2")
    assert [problem.field for problem in found] == ["new_sex", "new_born"]


def test_each_change_asks_for_its_paper() -> None:
    change = key_change(new_name="张叁", new_hukou="21", paper_household="2")
    assert (change.paper_identity, change.paper_household, change.paper_file) == (1, 2, 0)
    assert [problem.field for problem in problems("P10", paper_identity="0")] == ["paper_identity"]


def test_which_data_are_key_is_the_regions_choice() -> None:
    history = HANDAN.settings["key_items"]
    few = replace(history, values=tuple(replace(value, value=("name", "id_number")) for value in history.values))
    region = replace(HANDAN, settings={**HANDAN.settings, "key_items": few})
    asked = {field.ask.before for field in in_region("P10", region).fields if field.ask.before}
    assert asked == {"name", "id_number"}
    assert "new_hukou" in {field.name for field in in_region("P11", region).fields}
    assert "new_hukou" not in {field.name for field in in_region("P11").fields}


@pytest.mark.parametrize("code", ["P10", "P11"])
def test_m07_m09_the_person_is_insured_here_and_has_no_open_change(code: str) -> None:
    waiting = replace(INSURED, open_items=(item(code, ItemState.TO_SUBMIT),))
    assert ("M07", "id_number", STOP) in said(code, facts=FACTS)
    assert ("M09", "id_number", STOP) in said(code, facts=waiting)


def test_m46_a_lock_of_key_data_blocks_the_key_change_only() -> None:
    locked = replace(INSURED, person=replace(PERSON, lock=DataLock.KEY_DATA))
    assert ("M46", "id_number", STOP) in said("P10", facts=locked)
    assert not said("P11", facts=locked)
    closed = replace(INSURED, person=replace(PERSON, lock=DataLock.ALL))
    assert ("M46", "id_number", STOP) in said("P11", facts=closed)


def test_general_data_change_at_once_without_review() -> None:
    declaration = read("P11", new_phone="0310-3112345", new_education="20")
    assert isinstance(declaration, ChangeGeneralData)
    assert declaration.changes(INSURED) == {"education": "20", "phone": "0310-3112345"}
    assert not in_region("P11").review


def test_m60_a_refusal_gives_its_reason() -> None:
    assert said("P27", result="2", reason="") == {("M60", "reason", STOP)}
    assert not said("P27", result="1", reason="")


def test_a_list_does_not_end_before_it_begins() -> None:
    assert [problem.field for problem in problems("P25", since="20260702", until="20260701")] == ["until"]


def test_a_cancellation_gives_its_reason() -> None:
    assert [problem.field for problem in problems("P26", reason="")] == ["reason"]


def test_m27_m28_m29_months_are_assessed_in_their_order() -> None:
    assert said("P29", month="202606") == {("M27", "month", STOP)}
    assert said("P29", month="202608") == {("M29", "month", STOP)}
    behind = replace(FACTS, month=YearMonth(2026, 5), employer=employer(settlement_month=YearMonth(2026, 5)))
    found = problems("P29", facts=behind, month="202606")
    assert [problem.message for problem in found] == ["M28"]
    assert "2026-05" in found[0].sentence


def test_the_end_of_a_late_fee_is_asked_only_with_the_late_fee() -> None:
    assert read("P29", late_fee="1") != read("P29", late_fee="0")
    assert [problem.field for problem in problems("P29", late_fee="1", late_fee_until="")] == ["late_fee_until"]
    assert not problems("P29", late_fee="0", late_fee_until="")


@pytest.mark.parametrize("code", ["P30", "P31"])
def test_a_month_is_settled_only_after_the_employer_was_confirmed(code: str) -> None:
    assert [problem.field for problem in problems(code, TIANJIN, confirmed="0")] == ["confirmed"]
    assert not problems(code, TIANJIN)


def test_only_the_last_assessment_is_rolled_back() -> None:
    assert [problem.field for problem in problems("P34", month="202607")] == ["month"]
    assert [problem.field for problem in problems("P34", month="202605")] == ["month"]
    assert not problems("P34")


@pytest.mark.parametrize("code", ["P60", "P63", "P64"])
def test_m35_the_last_month_to_print_is_not_before_the_first(code: str) -> None:
    assert said(code, since="202603", until="202602") == {("M35", "until", STOP)}
    assert not said(code, since="202603", until="202603")


@pytest.mark.parametrize("code", ["P60", "P63", "P64"])
def test_m56_both_months_are_needed_to_print(code: str) -> None:
    assert said(code, since="", until="202602") == {("M56", "since", STOP)}
