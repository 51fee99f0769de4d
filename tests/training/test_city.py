"""The training city looks like a city, is valid everywhere, and is the same for the same seed."""

from __future__ import annotations

import hashlib
import tracemalloc
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.codes import codelist
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.identity import CreditCode, clean_name, document, phone
from counter_tui.domain.people import DataLock, PersonState
from counter_tui.policy.contributions import contribution
from counter_tui.training.city import build_city, build_employer, business_date, plan_city
from counter_tui.training.numbers import Series, counties
from counter_tui.training.plan import HISTORY, CityTooLarge, CityTooSmall, Role, heavy_tail
from tests.training.registers import REGIONS, TODAY, City, city_of, collected

if TYPE_CHECKING:
    from counter_tui.policy.regions import Policy

BOTH = pytest.mark.parametrize("region", sorted(REGIONS))
CODED_PERSON = {
    "id_type": "CL-IDTYPE",
    "sex": "CL-SEX",
    "nation": "CL-NATION",
    "hukou": "CL-HUKOU",
    "education": "CL-EDU",
    "marriage": "CL-MARRIAGE",
    "employment_form": "CL-EMPFORM",
    "status": "CL-STATUS",
    "post": "CL-POST",
    "title": "CL-TITLE",
    "skill": "CL-SKILL",
    "special_work": "CL-SPECIALWORK",
    "state": "CL-PERSTATE",
}
CODED_EMPLOYER = {
    "state": "CL-UNITSTATE",
    "unit_type": "CL-UNITTYPE",
    "industry": "CL-INDUSTRY",
    "subordination": "CL-SUBORD",
    "economic_type": "CL-ECON",
    "collect": "CL-COLLECT",
    "bank": "CL-BANK",
}
CODED_COVERAGE = {
    "scheme": "CL-INS",
    "state": "CL-PERINS",
    "reason": "CL-REASON",
    "scope": "CL-EMPSCOPE",
    "rate_class": "CL-RATECLASS",
}


def digest(region: str, seed: int) -> str:
    whole = hashlib.sha256()
    for record in build_city(REGIONS[region], employers=12, persons=140, seed=seed, today=TODAY):
        whole.update(repr(record).encode())
    return whole.hexdigest()


def codes(list_id: str) -> set[str]:
    return {entry.code for entry in codelist(list_id).codes}


def by_role(region: str, role: Role) -> list[str]:
    plan = plan_city(REGIONS[region], employers=50, persons=1_800, seed=7, today=TODAY)
    return [plan.employer_number(index) for index in range(1, 51) if plan.role(index) is role]


@BOTH
def test_the_same_seed_makes_the_same_city_and_another_seed_another(region: str) -> None:
    assert digest(region, 1) == digest(region, 1)
    assert digest(region, 1) != digest(region, 2)


def test_an_employer_is_the_same_whoever_was_built_before_it() -> None:
    whole = list(build_city(REGIONS["handan"], employers=30, persons=900, seed=3, today=TODAY))
    plan = plan_city(REGIONS["handan"], employers=30, persons=900, seed=3, today=TODAY)
    alone = list(build_employer(plan, 17))
    at = whole.index(alone[0])
    assert whole[at : at + len(alone)] == alone


@BOTH
def test_the_city_has_as_many_employers_and_persons_as_were_asked_for(region: str) -> None:
    city = city_of(region)
    assert (len(city.employers), len(city.persons)) == (50, 1_800)


@BOTH
def test_every_identity_number_is_valid_unlike_all_others_and_agrees_with_its_file(region: str) -> None:
    city = city_of(region)
    for person in city.persons.values():
        read = document(person.id_type, person.id_number, TODAY)
        assert (read.number, read.born, read.sex) == (person.id_number, person.born, person.sex)
    assert len({person.id_number for person in city.persons.values()}) == len(city.persons)
    assert {person.id_type for person in city.persons.values()} == {"01", "07", "16"}


def test_no_two_ranks_of_a_series_share_a_number_whatever_year_and_sex() -> None:
    series = Series(("130402", "132123"))
    places = {
        series.number(rank, 1950 + rank % 50, "12"[rank % 2])[0][:6]
        + series.number(rank, 1950 + rank % 2, "1")[0][6:17]
        for rank in range(0, series.capacity, 11)
    }
    assert len(places) == len(range(0, series.capacity, 11))


def test_numbers_of_current_and_of_abolished_counties_occur() -> None:
    prefixes = {person.id_number[:6] for person in city_of("tianjin").persons.values()}
    assert {"120101", "120107", "120221"} <= prefixes
    assert any(not prefix.startswith("12") for prefix in prefixes)


def test_a_city_has_room_for_five_million_numbers() -> None:
    assert min(counties(policy.region.code).capacity for policy in REGIONS.values()) > 5_000_000


@BOTH
def test_every_credit_code_is_valid_and_unlike_all_others(region: str) -> None:
    employers = city_of(region).employers.values()
    for employer in employers:
        read = CreditCode.parse(employer.credit_code)
        assert read.number == employer.credit_code
        assert read.organisation_part_fits
    assert len({employer.credit_code for employer in employers}) == len(employers)
    assert len({employer.name for employer in employers}) == len(employers)


@BOTH
def test_numbers_have_the_form_that_the_region_asks_for(region: str) -> None:
    import re

    city, policy = city_of(region), REGIONS[region]
    assert all(re.fullmatch(str(policy.parameter("unit_number")), number) for number in city.employers)
    assert all(re.fullmatch(str(policy.parameter("person_number")), number) for number in city.persons)


@BOTH
def test_every_code_stands_in_its_list(region: str) -> None:
    city = city_of(region)
    coverages = [entry for held in city.held.values() for entry in held]
    for records, coded in (
        (city.persons.values(), CODED_PERSON),
        (city.employers.values(), CODED_EMPLOYER),
        (coverages, CODED_COVERAGE),
    ):
        for name, list_id in coded.items():
            used = {str(getattr(record, name)) for record in records} - {""}
            assert used <= codes(list_id), name
    assert {entry.scheme for employer in city.employers.values() for entry in employer.schemes} <= codes("CL-INS")


@BOTH
def test_names_and_telephones_are_kept_as_a_clerk_would_keep_them(region: str) -> None:
    for person in city_of(region).persons.values():
        assert clean_name(person.name, resident=person.id_type == "01") == person.name
        assert phone(person.phone) == person.phone


def test_minority_names_rare_characters_and_name_sakes_occur() -> None:
    people = city_of("handan").persons.values()
    assert sum("·" in person.name for person in people) > 3
    assert any(ord(character) > 0xFFFF for person in people for character in person.name)
    assert any(unicodedata.name(character).startswith("CJK") for person in people for character in person.name)
    assert max(Counter(person.name for person in people).values()) > 3
    assert len({person.nation for person in people}) > 5


def test_sizes_have_a_heavy_tail() -> None:
    sizes = heavy_tail(40_000, 1_000_000)
    assert sum(sizes) == 1_000_000
    assert sum(size < 20 for size in sizes) > 20_000
    assert 3 <= sum(size > 1_000 for size in sizes) <= 200


def test_most_employers_of_the_demo_are_small_and_a_few_are_large() -> None:
    plan = plan_city(REGIONS["handan"], employers=60, persons=5_000, seed=2026, today=TODAY)
    assert sum(plan.sizes) == 5_000
    assert sum(size < 20 for size in plan.sizes) > 30
    assert max(plan.sizes) > 1_000


@BOTH
def test_every_coverage_has_its_person_and_employer_and_a_person_pays_at_one_employer_only(region: str) -> None:
    city = city_of(region)
    assert set(city.held) == set(city.persons)
    for person, held in city.held.items():
        assert {entry.employer for entry in held} == {city.persons[person].employer}
        assert city.persons[person].employer in city.employers
        assert len({entry.scheme for entry in held}) == len(held)
        unit = city.employers[held[0].employer]
        assert {entry.scheme for entry in held} <= {entry.scheme for entry in unit.schemes}


@BOTH
def test_dates_of_a_life_follow_each_other(region: str) -> None:
    city = city_of(region)
    for person in city.persons.values():
        assert person.first_job is not None
        assert person.first_enrolled is not None
        assert person.first_job >= person.born.replace(year=person.born.year + 16)
        assert person.first_job < person.first_enrolled <= city.held[person.number][0].since
        for entry in city.held[person.number]:
            unit = city.employers[entry.employer]
            assert unit.joined <= entry.first_month <= unit.settlement_month
            if entry.stopped_on:
                assert entry.since <= entry.stopped_on <= TODAY
                assert entry.first_unpaid is not None
                assert entry.first_month < entry.first_unpaid


@BOTH
def test_months_paid_are_paid_once_and_agree_with_the_coverage(region: str) -> None:
    city = city_of(region)
    paid = Counter((span.person, span.scheme, month) for span in city.spans for month in months(span.since, span.until))
    assert set(paid.values()) == {1}
    for person, held in city.held.items():
        for entry in held:
            unit = city.employers[entry.employer]
            for month in months(max(entry.first_month, YearMonth(2023, 11)), unit.settlement_month - 1):
                assert ((person, entry.scheme, month) in paid) == entry.pays(month), (entry, month)


def owed_by_the_exact_path(city: City, policy: Policy, employer: str, month: YearMonth) -> dict[str, tuple[int, ...]]:
    risk = city.employers[employer].scheme("410")
    sums: dict[str, list[int]] = {}
    for span in city.spans:
        if span.employer == employer and span.since <= month <= span.until:
            injury = risk.injury_class if risk else None
            owed = contribution(policy, span.scheme, month, span.wage, injury_class=injury)
            assert owed.base == span.base
            parts = (1, span.wage, owed.base, owed.employer, owed.person, owed.account_employer, owed.account_person)
            sums[span.scheme] = [a + b for a, b in zip(sums.get(span.scheme, [0] * 7), parts, strict=True)]
    return {scheme: tuple(values) for scheme, values in sums.items()}


@BOTH
def test_bills_equal_the_law_recomputed_person_by_person(region: str) -> None:
    city, policy = city_of(region), REGIONS[region]
    small = [number for number in city.employers if 0 < len(list(city.coverages_of_employer(number))) < 160]
    sample = [bill for number in small for bill in city.bills_of(number)[::11]]
    assert len(sample) > 60
    for bill in sample:
        owed = owed_by_the_exact_path(city, policy, bill.employer, bill.month)
        lines = {
            line.scheme: (
                line.heads,
                line.wages,
                line.employer_base,
                line.employer,
                line.person,
                line.account_employer,
                line.account_person,
            )
            for line in bill.lines
        }
        assert lines == owed
        assert bill.total == sum(values[3] + values[4] for values in owed.values())
        assert all(line.person_base in {0, line.employer_base} for line in bill.lines)


@BOTH
def test_every_month_between_joining_and_settlement_month_has_its_bill(region: str) -> None:
    city = city_of(region)
    for number, unit in city.employers.items():
        assessed = sorted(bill.month for bill in city.bills_of(number))
        if assessed:
            assert assessed == list(months(assessed[0], unit.settlement_month - 1))
            assert all(city.months[number, month].bill in city.issued for month in assessed)
        assert (number, unit.settlement_month) not in city.months


@BOTH
def test_employers_in_arrears_have_as_many_unpaid_bills_as_their_file_says(region: str) -> None:
    city = city_of(region)
    owing = by_role(region, Role.ARREARS)
    assert len(owing) > 1
    for number, unit in city.employers.items():
        unpaid = [bill for bill in city.bills_of(number) if bill.state == "B5"]
        assert len(unpaid) == unit.arrears_months
        assert bool(unpaid) == (number in owing)
        assert all(city.months[number, bill.month].state == "S5" for bill in unpaid)


@BOTH
def test_every_kind_of_trouble_occurs(region: str) -> None:
    city = city_of(region)
    people, employers = city.persons.values(), city.employers.values()
    assert {person.state for person in people} >= {PersonState.WORKING, PersonState.RETIRED, PersonState.ENDED}
    assert {person.lock for person in people} >= {DataLock.NONE, DataLock.KEY_DATA}
    states = Counter(entry.state for held in city.held.values() for entry in held)
    assert states[CoverageState.PAYING] > states[CoverageState.SUSPENDED] > states[CoverageState.ENDED] > 0
    assert sum(bool(unit.frozen) for unit in employers) == 1
    assert sum(unit.state == "3" for unit in employers) == 1
    (new,) = by_role(region, Role.NEW)
    assert city.employers[new].joined == city.employers[new].settlement_month == YearMonth.of(TODAY)
    (behind,) = by_role(region, Role.BEHIND)
    assert city.employers[behind].settlement_month == YearMonth.of(TODAY) - 2
    ages = {(TODAY - person.born).days * 100 // 36_525 for person in people}
    assert min(ages) in {16, 17, 18}
    assert 65 <= max(ages) <= 72


def test_only_a_region_that_asks_for_the_scope_has_a_three_scheme_employer() -> None:
    assert by_role("handan", Role.THREE_SCHEMES) == []
    (number,) = by_role("tianjin", Role.THREE_SCHEMES)
    city = city_of("tianjin")
    assert city.employers[number].paying == ("110", "310", "410")
    assert {entry.scope for entry in city.coverages_of_employer(number)} <= {"1", "2"}


@BOTH
def test_several_persons_have_paid_at_two_employers(region: str) -> None:
    at: dict[str, set[str]] = {}
    for span in city_of(region).spans:
        at.setdefault(span.person, set()).add(span.employer)
    assert sum(len(employers) == 2 for employers in at.values()) > 10


@BOTH
def test_wages_lie_below_on_between_and_above_the_limits_of_the_year(region: str) -> None:
    limits = REGIONS[region].limits("110", YearMonth(2026, 5))
    wages = [span.wage for span in city_of(region).spans if span.scheme == "110" and span.until.year == 2026]
    assert min(wages) < limits.floor < limits.ceiling < max(wages)
    assert {limits.floor, limits.ceiling} <= set(wages)
    assert any(wage % 100 for wage in wages)


def test_months_without_figures_are_not_billed() -> None:
    production = REGIONS["handan"]
    without = replace(production, floors={key: value for key, value in production.floors.items() if key != "310"})
    city = collected(build_city(without, employers=12, persons=120, seed=1, today=TODAY))
    assert city.issued == {}
    assert {span.scheme for span in city.spans} == {"110", "210", "410"}


def test_the_business_date_is_today_while_the_law_has_figures_and_then_stays() -> None:
    policy = REGIONS["tianjin"]
    assert business_date(policy, date(2026, 7, 26)) == date(2026, 7, 26)
    assert business_date(policy, date(2027, 3, 2)) == date(2026, 12, 15)


def test_a_city_too_small_for_its_fixed_employers_or_too_large_for_its_numbers_is_refused() -> None:
    with pytest.raises(CityTooSmall, match="10 个单位"):
        plan_city(REGIONS["handan"], employers=9, persons=500, seed=1, today=TODAY)
    with pytest.raises(CityTooLarge):
        plan_city(REGIONS["handan"], employers=500, persons=90_000_000, seed=1, today=TODAY)


def test_a_city_of_a_million_streams_without_growing() -> None:
    city = build_city(REGIONS["handan"], employers=40_000, persons=1_000_000, seed=5, today=TODAY)
    for _ in islice(city, 6_000):
        pass
    tracemalloc.start()
    try:
        for _ in islice(city, 6_000):
            pass
        settled, _peak = tracemalloc.get_traced_memory()
        for _ in islice(city, 12_000):
            pass
        later, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert later - settled < 2_000_000


def test_history_covers_three_years_before_the_settlement_month() -> None:
    city = city_of("handan")
    assert min(span.since for span in city.spans) == YearMonth.of(TODAY) - HISTORY
    assert max(span.until for span in city.spans) == YearMonth.of(TODAY) - 1
