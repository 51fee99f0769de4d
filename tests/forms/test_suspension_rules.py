"""人员停保 (P05): each message on its occasion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import Grade
from counter_tui.forms.catalog.suspension import Suspend
from tests.forms.cases import (
    ELSEWHERE,
    FACTS,
    HANDAN,
    INSURED,
    PERSON,
    STOPPED,
    TIANJIN,
    coverage,
    employer,
    in_region,
    item,
    problems,
    read,
    said,
)

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts
    from counter_tui.policy.parameters import Setting
    from counter_tui.policy.regions import Policy

STOP, ASK = Grade.STOP, Grade.ASK


def stopped(policy: Policy = HANDAN, facts: Facts = INSURED, **typed: str) -> Suspend:
    declaration = read("P05", policy, facts, also=typed)
    assert isinstance(declaration, Suspend)
    return declaration


def having(policy: Policy, **values: Setting) -> Policy:
    """The region with other parameters."""
    settings = dict(policy.settings)
    for name, value in values.items():
        history = settings[name]
        settings[name] = replace(history, values=tuple(replace(each, value=value) for each in history.values))
    return replace(policy, settings=settings)


def test_a_number_is_enough_to_stop_everything_today() -> None:
    stop = stopped()
    assert (stop.schemes, stop.reason, stop.on) == (("110", "210", "310", "410"), "221", date(2026, 7, 26))
    assert (stop.name, stop.number) == ("张三", PERSON.number)
    assert not problems("P05")


def test_some_schemes_may_go_on() -> None:
    assert stopped(schemes="1 4").schemes == ("110", "410")


@pytest.mark.parametrize("around", [FACTS, STOPPED, ELSEWHERE])
def test_m07_somebody_not_paid_here_cannot_be_stopped(around: Facts) -> None:
    assert said("P05", facts=around) == {("M07", "id_number", STOP)}


def test_m01_a_mistyped_number_is_told_as_such() -> None:
    assert said("P05", facts=FACTS, id_number="130400199001010018") == {("M01", "id_number", STOP)}


def test_m09_m10_m11_an_open_stop_comes_first() -> None:
    for state, message in ((ItemState.TO_SUBMIT, "M09"), (ItemState.SUBMITTED, "M10"), (ItemState.REJECTED, "M11")):
        around = replace(INSURED, open_items=(item("P05", state),))
        assert said("P05", facts=around) == {(message, "id_number", STOP)}


def test_m15_nobody_is_stopped_tomorrow() -> None:
    assert said("P05", on="+1") == {("M15", "on", STOP)}
    assert not said("P05", on=".")


def test_m16_a_stop_does_not_precede_the_last_change() -> None:
    recent = replace(INSURED, coverages=(coverage("110"), coverage("210", changed_on=date(2026, 7, 10))))
    found = problems("P05", facts=recent, on="20260709")
    assert [problem.message for problem in found] == ["M16"]
    assert "2026-07-10" in found[0].sentence
    assert not problems("P05", facts=recent, on="20260710")
    assert not problems("P05", facts=recent, on="20260709", schemes="110")


def test_m17_at_least_one_scheme_is_ticked() -> None:
    assert said("P05", schemes="") == {("M17", "schemes", STOP)}
    assert ("M17", "schemes", STOP) in {
        (problem.message, problem.field, problem.grade)
        for problem in in_region("P05").judge(replace(stopped(), schemes=()), INSURED, HANDAN)
    }


def test_m33_arrears_are_for_the_supervisor_where_the_region_says_so() -> None:
    owing = replace(INSURED, employer=employer(arrears_months=2))
    assert said("P05", TIANJIN, owing) == {("M33", "id_number", ASK)}
    assert not said("P05", HANDAN, owing)


def test_m46_a_person_locked_against_transfer_stays() -> None:
    for lock, blocked in ((DataLock.TRANSFER, True), (DataLock.ALL, True), (DataLock.KEY_DATA, False)):
        around = replace(INSURED, person=replace(PERSON, lock=lock))
        assert (("M46", "id_number", STOP) in said("P05", facts=around)) is blocked


def test_m27_m52_neither_a_settled_month_nor_a_frozen_employer_takes_a_stop() -> None:
    assert ("M27", "", STOP) in said("P05", facts=replace(INSURED, settled=True))
    assert ("M52", "", STOP) in said("P05", facts=replace(INSURED, employer=employer(frozen="稽核")))


def test_only_reasons_that_stop_are_offered() -> None:
    for typed in ("111", "261", "411"):
        assert [problem.field for problem in problems("P05", reason=typed)] == ["reason"]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("221", CoverageState.SUSPENDED),
        ("229", CoverageState.SUSPENDED),
        ("212", CoverageState.ENDED),
        ("251", CoverageState.ENDED),
    ],
)
def test_death_emigration_and_retirement_end_and_all_else_suspends(reason: str, state: CoverageState) -> None:
    assert stopped(reason=reason).state_after is state


def test_a_death_asks_for_its_date() -> None:
    assert [problem.field for problem in problems("P05", reason="211")] == ["died_on"]
    assert [problem.field for problem in problems("P05", reason="211", died_on="+1")] == ["died_on"]
    dead = stopped(reason="211", died_on="20260720")
    assert (dead.died_on, dead.ends) == (date(2026, 7, 20), True)
    assert stopped(reason="221", died_on="20260720").died_on is None


def test_the_month_of_the_stop_is_still_paid_unless_the_region_says_otherwise() -> None:
    assert stopped(on="20260630").first_unpaid(HANDAN) == YearMonth(2026, 7)
    assert stopped(on="20260630").first_unpaid(having(HANDAN, stop_month_payable=False)) == YearMonth(2026, 6)


def test_a_stop_reaches_back_as_far_as_the_region_allows() -> None:
    assert not problems("P05", on="20250101")
    near = having(HANDAN, stop_back_months=3)
    assert not problems("P05", near, on="20260401")
    assert [problem.field for problem in problems("P05", near, on="20260331")] == ["on"]


def test_tianjin_stops_all_schemes_and_names_the_reason_its_own_way() -> None:
    stop = stopped(TIANJIN, schemes="1")
    assert stop.schemes == ("110", "210", "310", "410")
    asked = in_region("P05", TIANJIN)
    assert asked.field("schemes").fixed
    assert asked.defaults(INSURED, TIANJIN)["reason"] == "229 停缴费"


def test_tianjin_asks_whether_the_leaving_formalities_are_done() -> None:
    found = problems("P05", TIANJIN, registration="2")
    assert [(problem.field, problem.grade) for problem in found] == [("registration", ASK)]
    assert [problem.field for problem in problems("P05", TIANJIN, registration="")] == ["registration"]
