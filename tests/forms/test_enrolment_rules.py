"""人员参保 (P01): each message on its occasion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.employers import EmployerState, SchemeState
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import Grade, Problem, Rejected
from counter_tui.forms.catalog.enrolment import Enrol
from counter_tui.forms.verdicts import Verdict, offered, verdict
from counter_tui.policy.regions import load_policy
from tests.forms.cases import (
    ELSEWHERE,
    EMPLOYER,
    FACTS,
    HANDAN,
    INSURED,
    MONTH,
    NOTHING,
    OTHER,
    PERSON,
    STOPPED,
    TIANJIN,
    TODAY,
    ZHANG,
    Also,
    coverage,
    employer,
    id_number,
    in_region,
    item,
    problems,
    read,
    said,
    texts,
)

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts

STOP, ASK, HINT = Grade.STOP, Grade.ASK, Grade.HINT


def enrolled(facts: Facts = FACTS, also: Also = NOTHING, **typed: str) -> Enrol:
    declaration = read("P01", facts=facts, also={**also, **typed})
    assert isinstance(declaration, Enrol)
    return declaration


def test_a_newcomer_needs_an_identity_number_a_wage_and_little_more() -> None:
    enrolment = enrolled()
    assert (enrolment.id_type, enrolment.born, enrolment.sex) == ("01", date(1990, 1, 1), "1")
    assert (enrolment.schemes, enrolment.wage) == (("110", "210", "310", "410"), 843250)
    assert (enrolment.since, enrolment.first_enrolled) == (date(2026, 7, 1), date(2026, 7, 1))
    assert not enrolment.back_collect
    assert not problems("P01")


@pytest.mark.parametrize(
    "number", ["130400199001010018", "13040019900101001", "130400199013010019", "990000197909090011"]
)
def test_m01_a_wrong_identity_number_is_refused(number: str) -> None:
    assert ("M01", "id_number", STOP) in said("P01", id_number=number)


def test_m01_a_passport_is_checked_by_its_own_rule() -> None:
    typed = {"id_type": "08", "sex": "1", "born": "19900101"}
    assert enrolled(id_number="E12345678", also=typed).id_number == "E12345678"
    assert ("M01", "id_number", STOP) in said("P01", id_number="E-1", also=typed)


def test_m03_nobody_is_enrolled_before_his_sixteenth_birthday() -> None:
    young = {"id_number": id_number("20100702"), "first_job": "20260101"}
    assert ("M03", "id_number", STOP) in said("P01", also=young, since="20260701")
    assert ("M03", "id_number", STOP) not in said("P01", also=young, since="20260702")


@pytest.mark.parametrize(
    ("born", "sex", "status", "grade"),
    [
        ("19660301", "1", "1", ASK),
        ("19660726", "1", "1", None),
        ("19750601", "2", "1", ASK),
        ("19760401", "2", "1", None),
        ("19750601", "2", "4", None),
    ],
)
def test_m04_a_supervisor_is_asked_once_retirement_age_is_reached(
    born: str, sex: str, status: str, grade: Grade | None
) -> None:
    found = problems("P01", id_number=id_number(born, sex), status=status, first_job="20000101")
    assert next((problem.grade for problem in found if problem.message == "M04"), None) is grade


def test_m04_passes_with_a_supervisor() -> None:
    old = texts("P01", id_number=id_number("19600101"))
    asked = in_region("P01")
    with pytest.raises(Rejected):
        asked.read(old, FACTS, HANDAN)
    assert asked.read_overridden(old, FACTS, HANDAN)


def test_m04_the_earlier_date_of_the_personnel_file_counts() -> None:
    born = {"id_number": id_number("19670101"), "first_job": "19900101"}
    assert ("M04", "id_number", ASK) not in said("P01", also=born)
    assert ("M04", "id_number", ASK) in said("P01", also=born, file_born="19650101")


def test_m05_an_employer_that_is_off_the_register_declares_nothing() -> None:
    gone = replace(FACTS, employer=employer(state=EmployerState.DEREGISTERED))
    assert ("M05", "", STOP) in said("P01", facts=gone)


def test_m06_a_scheme_the_employer_does_not_pay_cannot_be_declared() -> None:
    resting = tuple(
        replace(entry, state=SchemeState.SUSPENDED) if entry.scheme == "210" else entry for entry in EMPLOYER.schemes
    )
    around = replace(FACTS, employer=employer(schemes=resting))
    assert enrolled(around).schemes == ("110", "310", "410")
    declared = replace(enrolled(), schemes=("110", "210"))
    assert [problem.message for problem in in_region("P01").judge(declared, around, HANDAN)] == ["M06"]


def test_m08_whoever_is_paid_elsewhere_is_refused_with_employer_and_schemes() -> None:
    around = replace(ELSEWHERE, coverages=tuple(coverage(s, employer=OTHER) for s in ("110", "210", "410")))
    found = verdict(around)
    assert isinstance(found, Problem)
    assert found.sentence.startswith(
        "该人员正在其他单位参保（单位：邯郸演练商贸有限公司，险种：企业职工基本养老保险、失业保险、工伤保险），须先办理停保"
    )
    declared = enrolled()
    assert "M08" in [problem.message for problem in in_region("P01").judge(declared, around, HANDAN)]


def test_m08_injury_insurance_alone_may_be_added_meanwhile() -> None:
    assert offered(ELSEWHERE) == ("410",)
    assert enrolled(ELSEWHERE).schemes == ("410",)
    assert enrolled(ELSEWHERE).verdict_word(ELSEWHERE) == "险种新增"
    more = replace(enrolled(), schemes=("310", "410"))
    assert "M08" in [problem.message for problem in in_region("P01").judge(more, ELSEWHERE, HANDAN)]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (ItemState.TO_SUBMIT, "M09"),
        (ItemState.SUBMITTED, "M10"),
        (ItemState.IN_REVIEW, "M10"),
        (ItemState.REJECTED, "M11"),
    ],
)
def test_m09_m10_m11_an_open_item_of_the_same_kind_comes_first(state: ItemState, message: str) -> None:
    waiting = item("P01", state)
    assert (message, "id_number", STOP) in said("P01", facts=replace(FACTS, open_items=(waiting,)))
    assert not said("P01", facts=replace(FACTS, open_items=(waiting,), editing=waiting))
    assert not said("P01", facts=replace(FACTS, open_items=(item("P05", state),)))


def test_m12_work_begins_before_the_enrolment() -> None:
    assert ("M12", "since", STOP) in said("P01", first_job="20260701", since="20260701")
    assert not said("P01", first_job="20260630", since="20260701")


def test_m13_nobody_is_enrolled_after_the_settlement_month() -> None:
    assert ("M13", "since", STOP) in said("P01", since="20260801")
    assert not said("P01", since="20260731")


def test_m14_one_answer_collects_the_past_for_all_kinds_alike() -> None:
    assert enrolled(since="20260415").back_collect
    assert not enrolled(since="20260415", back_collect="0").back_collect
    assert enrolled(since="20260415").back_months(FACTS) == tuple(YearMonth(2026, month) for month in (4, 5, 6))
    assert enrolled(since="20260415", back_collect="0").back_months(FACTS) == ()
    assert enrolled(since="20260701", back_collect="1").back_months(FACTS) == ()


def test_m14_a_kind_the_employer_joined_later_starts_with_the_employer() -> None:
    late = tuple(
        replace(entry, since=YearMonth(2026, 6)) if entry.scheme == "310" else entry for entry in EMPLOYER.schemes
    )
    around = replace(FACTS, employer=employer(schemes=late))
    enrolment = enrolled(around, since="20260415")
    assert len(enrolment.back_months(around, "110")) == 3
    assert enrolment.back_months(around, "310") == (YearMonth(2026, 6),)


def test_m17_at_least_one_scheme_is_ticked() -> None:
    assert said("P01", schemes=",") == {("M17", "schemes", STOP)}
    assert said("P01", schemes="") == {("M17", "schemes", STOP)}


def test_m06_an_employer_without_a_paying_scheme_enrols_nobody() -> None:
    around = replace(FACTS, employer=employer(schemes=()))
    assert ("M06", "id_number", STOP) in said("P01", facts=around)


def test_somebody_with_every_scheme_has_nothing_to_add() -> None:
    assert "没有可新增的" in problems("P01", facts=INSURED)[0].sentence
    ended = tuple(replace(entry, state=CoverageState.ENDED) for entry in INSURED.coverages)
    assert "终止参保" in problems("P01", facts=replace(INSURED, coverages=ended))[0].sentence


def test_what_the_employer_may_not_do_is_said_before_anything_is_typed() -> None:
    frozen = replace(FACTS, employer=employer(frozen="稽核"))
    assert [problem.message for problem in in_region("P01").opening(frozen)] == ["M52"]
    assert problems("P01", facts=frozen, wage="")[0].message == "M52"
    assert not in_region("P01").opening(FACTS)


@pytest.mark.parametrize("wage", ["0", "-5", "八千", "1.234"])
def test_m18_a_wage_is_a_positive_amount(wage: str) -> None:
    assert said("P01", wage=wage) == {("M18", "wage", STOP)}


def test_m19_a_wage_below_the_floor_is_told_with_the_figures() -> None:
    assert said("P01", wage="3000") == {("M19", "wage", HINT)}
    sentences = [problem.sentence for problem in problems("P01", wage="3000")]
    floor = HANDAN.limits("110", MONTH).floor // 100
    assert any(f"{floor:,}.00 元（企业职工基本养老保险" in sentence for sentence in sentences)


def test_m20_a_wage_above_the_ceiling_is_told_with_the_figures() -> None:
    assert said("P01", wage="99999") == {("M20", "wage", HINT)}


def test_m19_a_region_that_rejects_stops_the_save() -> None:
    mode = HANDAN.settings["base_mode"]
    rejecting = replace(mode, values=tuple(replace(value, value="reject") for value in mode.values))
    strict = replace(HANDAN, settings={**HANDAN.settings, "base_mode": rejecting})
    assert said("P01", strict, wage="3000") == {("M19", "wage", STOP)}


def test_a_figure_the_law_does_not_have_stops_its_scheme_in_a_sentence() -> None:
    production = load_policy("handan", training=False)
    silent = [problem for problem in problems("P01", production) if problem.field == "schemes"]
    assert silent
    assert all(problem.grade is STOP and "尚无数据" in problem.sentence for problem in silent)


def test_m21_the_rate_class_fits_the_persons_status() -> None:
    assert said("P01", status="5", rate_class="1") == {("M21", "rate_class", STOP)}
    assert not said("P01", status="5", rate_class="3")


def test_m27_a_settled_month_takes_no_more_enrolments() -> None:
    assert ("M27", "", STOP) in said("P01", facts=replace(FACTS, settled=True))


def test_m46_a_person_locked_against_transfer_is_not_taken_over() -> None:
    moving = replace(STOPPED, person=replace(PERSON, employer=OTHER, lock=DataLock.TRANSFER))
    assert ("M46", "id_number", STOP) in said("P01", facts=moving)
    staying = replace(STOPPED, person=replace(PERSON, lock=DataLock.TRANSFER))
    assert not said("P01", facts=staying)


def test_m52_a_frozen_employer_declares_nothing() -> None:
    frozen = replace(FACTS, employer=employer(frozen="稽核"))
    assert ("M52", "", STOP) in said("P01", facts=frozen)


def test_a_sealed_employer_declares_nothing() -> None:
    found = problems("P01", facts=replace(FACTS, employer=employer(sealed=True)))
    assert "封存" in found[0].sentence


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (FACTS, "参保登记"),
        (replace(FACTS, person=PERSON), "参保登记"),
        (STOPPED, "续保"),
        (replace(STOPPED, person=replace(PERSON, employer=OTHER)), "单位间转移"),
        (replace(INSURED, coverages=(coverage("110"),)), "险种新增"),
        (replace(INSURED, coverages=(coverage("110", state=CoverageState.NOT_INSURED),)), "参保登记"),
    ],
)
def test_the_banner_tells_which_of_four_kinds_it_is(facts: Facts, word: str) -> None:
    assert verdict(facts) is Verdict(word)
    assert enrolled(facts).verdict_word(facts) == word


def test_only_missing_kinds_are_added_for_somebody_insured_here() -> None:
    around = replace(INSURED, coverages=(coverage("110"), coverage("410")))
    assert enrolled(around).schemes == ("210", "310")
    assert in_region("P01").field("schemes").read("1", around) == ("210",)


def test_what_ended_for_good_is_not_offered_again() -> None:
    around = replace(INSURED, coverages=(coverage("110", state=CoverageState.ENDED),))
    assert "110" not in offered(around)


def test_a_key_change_under_way_blocks_the_resumption() -> None:
    around = replace(STOPPED, open_items=(item("P10", ItemState.SUBMITTED),))
    assert "关键信息修改" in problems("P01", facts=around)[0].sentence
    assert not problems("P01", facts=replace(FACTS, open_items=around.open_items))


def test_an_earlier_date_without_back_collection_is_kept() -> None:
    enrolment = enrolled(since="20260415", back_collect="0")
    assert enrolment.since == date(2026, 4, 15)
    assert not problems("P01", since="20260415", back_collect="0")


def test_a_region_may_limit_how_far_back_an_enrolment_reaches() -> None:
    history = HANDAN.settings["enrolment_back_months"]
    three = replace(history, values=tuple(replace(value, value=3) for value in history.values))
    near = replace(HANDAN, settings={**HANDAN.settings, "enrolment_back_months": three})
    assert not problems("P01", near, since="20260401")
    assert [problem.field for problem in problems("P01", near, since="20260331")] == ["since"]


def test_a_government_body_types_the_wage_item_by_item() -> None:
    around = replace(FACTS, employer=employer(unit_type="30"))
    enrolment = enrolled(around, wage_items="3000 1500.50 2000 0", wage="", status="5", rate_class="3")
    assert enrolment.wage_items == (300000, 150050, 200000, 0)
    assert enrolment.wage == 650050
    missing = problems("P01", facts=around, wage="", status="5", rate_class="3")
    assert [problem.field for problem in missing] == ["wage_items", "wage"]


def test_the_file_of_a_known_person_fills_the_form() -> None:
    enrolment = enrolled(STOPPED, name="另一个", phone="13900000001")
    assert (enrolment.number, enrolment.name) == (PERSON.number, "张三")
    assert (enrolment.first_enrolled, enrolment.phone) == (date(2012, 8, 1), "13900000001")


def test_tianjin_asks_whether_the_hiring_is_registered() -> None:
    found = problems("P01", TIANJIN, registration="2")
    assert [(problem.field, problem.grade) for problem in found] == [("registration", ASK)]
    assert [problem.field for problem in problems("P01", TIANJIN, registration="")] == ["registration"]
    assert not problems("P01", TIANJIN, registration="9")


def test_handan_does_not_ask_for_the_hiring_registration() -> None:
    assert not {"registration", "scope"} & {field.name for field in in_region("P01").fields}


def test_tianjin_asks_a_three_scheme_employer_for_the_scope_of_employment() -> None:
    three = replace(FACTS, employer=employer(schemes=EMPLOYER.schemes[:3]))
    assert [problem.field for problem in problems("P01", TIANJIN, facts=three)] == ["scope"]
    assert not problems("P01", TIANJIN, facts=three, scope="2")
    assert not problems("P01", TIANJIN)


def test_tianjin_reminds_of_pre_entry_for_people_of_other_provinces() -> None:
    found = problems("P01", TIANJIN, hukou="22")
    assert [(problem.field, problem.grade) for problem in found] == [("hukou", HINT)]
    assert not problems("P01", hukou="22")


def test_tianjin_shows_number_and_wage_and_folds_the_rest_away() -> None:
    shown = {field.name for field in in_region("P01", TIANJIN).fields if not field.ask.collapsed}
    assert {"id_number", "wage", "registration"} <= shown
    assert "nation" not in shown


def test_the_facts_of_today_are_those_of_the_cases() -> None:
    assert (FACTS.today, FACTS.month, PERSON.id_number) == (TODAY, MONTH, ZHANG)
