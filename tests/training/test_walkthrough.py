"""What the README promises a first-time reader is what the rules of the counter find."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.identity import CitizenId
from counter_tui.domain.problems import Rejected
from counter_tui.forms.spec import form
from counter_tui.operations.facts import gather
from counter_tui.operations.settling import settlement_problems
from counter_tui.training.city import build_city
from counter_tui.training.walkthrough import walkthrough
from tests.training.registers import REGIONS, TODAY, City, city_of, collected

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts

BOTH = pytest.mark.parametrize("region", sorted(REGIONS))


def facts_of(city: City, employer: str, id_number: str) -> Facts:
    return gather(city, employer=employer, id_number=id_number, today=TODAY, training=True)  # type: ignore[arg-type]  # as much of it as is asked


def outcome(region: str, function: str, id_number: str, **typed: str) -> str:
    """The verdict of a form at the walk-through's employer, or the numbers of what stops it."""
    policy, told = REGIONS[region], walkthrough(REGIONS[region], TODAY)
    facts = facts_of(city_of(region), told.employer_number, id_number)
    asked = form(function).in_region(policy)
    texts = {**asked.defaults(facts, policy), "id_number": id_number, "registration": "1", **typed}
    try:
        return asked.read(texts, facts, policy).verdict_word(facts)
    except Rejected as refusal:
        return " ".join(problem.message or problem.sentence for problem in refusal.problems)


ENROLS = {"phone": "13900000000", "wage": "8000", "wage_items": "5000 2000 500 500"}


@BOTH
def test_the_newcomer_is_enrolled_for_the_first_time(region: str) -> None:
    told = walkthrough(REGIONS[region], TODAY)
    assert city_of(region).person_by_id(told.new_id) is None
    typed = {**ENROLS, "name": told.new_name, "first_job": "20250701", "hukou": "11"}
    assert outcome(region, "P01", told.new_id, **typed) == "参保登记"


@BOTH
def test_the_suspended_person_is_resumed(region: str) -> None:
    assert outcome(region, "P01", walkthrough(REGIONS[region], TODAY).resume_id, **ENROLS) == "续保"


@BOTH
def test_the_person_stopped_at_the_neighbour_is_transferred(region: str) -> None:
    assert outcome(region, "P01", walkthrough(REGIONS[region], TODAY).transfer_id, **ENROLS) == "单位间转移"


@BOTH
def test_the_person_paying_at_the_neighbour_is_refused(region: str) -> None:
    told = walkthrough(REGIONS[region], TODAY)
    assert "M08" in outcome(region, "P01", told.elsewhere_id, **ENROLS)
    facts = facts_of(city_of(region), told.employer_number, told.elsewhere_id)
    assert facts.employer_names[told.third_employer_number] == told.third_employer_name


@BOTH
def test_the_paying_person_is_suspended(region: str) -> None:
    assert outcome(region, "P05", walkthrough(REGIONS[region], TODAY).suspend_id).endswith("停保")


@BOTH
def test_names_are_those_of_the_register(region: str) -> None:
    told, city = walkthrough(REGIONS[region], TODAY), city_of(region)
    for id_number, name in (
        (told.resume_id, told.resume_name),
        (told.suspend_id, told.suspend_name),
        (told.elsewhere_id, told.elsewhere_name),
        (told.transfer_id, told.transfer_name),
    ):
        person = city.person_by_id(id_number)
        assert person is not None
        assert person.name == name
    assert CitizenId.parse(told.agent_id, TODAY).sex == "2"
    assert city.employers[told.employer_number].agent == told.agent_name
    assert city.employers[told.employer_number].credit_code == told.credit_code
    assert city.employers[told.second_employer_number].credit_code == told.second_credit_code


@BOTH
def test_the_employer_is_up_to_date_and_everything_before_is_paid(region: str) -> None:
    told, city = walkthrough(REGIONS[region], TODAY), city_of(region)
    for number in (told.employer_number, told.second_employer_number):
        unit = city.employers[number]
        assert unit.settlement_month == YearMonth.of(TODAY)
        assert (unit.frozen, unit.arrears_months, unit.sealed) == ("", 0, False)
        bills = city.bills_of(number)
        assert [bill.month for bill in bills] == list(months(YearMonth(2023, 11), YearMonth(2026, 10)))
        assert {bill.state for bill in bills} == {"B4"}
    assert len({entry.person for entry in city.coverages_of_employer(told.employer_number)}) == 12


@BOTH
def test_the_second_employer_settles_its_month_without_changes(region: str) -> None:
    told, city, policy = walkthrough(REGIONS[region], TODAY), city_of(region), REGIONS[region]
    unit = city.employers[told.second_employer_number]
    problems = settlement_problems(city, policy, unit, unit.settlement_month, "P31", TODAY)  # type: ignore[arg-type]  # as above
    assert list(problems) == []


def test_the_facts_are_the_same_whatever_the_seed_and_the_size() -> None:
    policy = REGIONS["handan"]
    told = walkthrough(policy, TODAY)
    other = collected(build_city(policy, employers=10, persons=130, seed=99, today=TODAY))
    same = city_of("handan")
    for number in (told.employer_number, told.second_employer_number, told.third_employer_number):
        assert other.employers[number] == same.employers[number]
        assert other.bills_of(number) == same.bills_of(number)
    assert other.person_by_id(told.resume_id) == same.person_by_id(told.resume_id)


def test_the_numbers_stay_while_the_days_go_by() -> None:
    policy = REGIONS["tianjin"]
    assert walkthrough(policy, TODAY) == walkthrough(policy, TODAY - timedelta(days=120))
