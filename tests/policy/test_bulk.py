"""Whole rosters at once: the same fen as one by one, for any rule, any wage and every person of a city."""

from __future__ import annotations

import subprocess
import sys
from array import array
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import MOST_FEN, Rounding
from counter_tui.policy import rosters
from counter_tui.policy.monthly_rules import MANY, SOME, BadWage, Columns, MonthlyRule, WageAboveCeiling, WageBelowFloor

if TYPE_CHECKING:
    from counter_tui.errors import CounterError

TOP = Path(__file__).parents[2]
JULY = YearMonth(2026, 7)
BILLION_YUAN = 10**11
FLOOR, CEILING = 400_000, 2_400_000

ppm = st.integers(0, 1_000_000)
limits = st.tuples(st.integers(1, MOST_FEN), st.integers(1, MOST_FEN)).map(sorted) | st.just([FLOOR, CEILING])
rules = st.builds(
    lambda both, **facts: MonthlyRule(scheme="110", month=JULY, floor=both[0], ceiling=both[1], **facts),
    limits,
    reject=st.booleans(),
    employer_ppm=ppm,
    person_ppm=ppm,
    account_employer_ppm=ppm,
    account_person_ppm=ppm,
    base_rounding=st.sampled_from(Rounding),
    employer_rounding=st.sampled_from(Rounding),
    person_rounding=st.sampled_from(Rounding),
)


@st.composite
def rules_and_rosters(draw: st.DrawFn) -> tuple[MonthlyRule, list[int]]:
    """A rule and wages around what matters to it; without those it refuses."""
    rule = draw(rules)
    edges = (1, 99, rule.floor - 1, rule.floor, rule.floor + 1, rule.ceiling - 1, rule.ceiling, rule.ceiling + 1)
    wage = st.sampled_from((*edges, BILLION_YUAN, MOST_FEN)) | st.integers(1, 10_000_000) | st.integers(1, MOST_FEN)
    roster = draw(st.lists(wage, min_size=1, max_size=30))
    return rule, [fen for fen in roster if not rule.refuses(fen)]


def one_by_one(rule: MonthlyRule, roster: list[int]) -> list[tuple[int | str | None, ...]]:
    return [tuple(rule.amounts(wage)) for wage in roster]


def rows(columns: Columns) -> list[tuple[int | str | None, ...]]:
    return list(zip(*columns, strict=True))


@given(rules_and_rosters())
def test_arrays_come_to_what_each_wage_comes_to(drawn: tuple[MonthlyRule, list[int]]) -> None:
    rule, roster = drawn
    columns = rosters.columns(rule, roster)
    if columns is not None:
        assert rows(columns) == one_by_one(rule, roster)
        assert columns.sums() == tuple(map(sum, columns[:5]))
    assert rows(rule.amounts_of_each(roster)) == one_by_one(rule, roster)


@given(rules_and_rosters())
def test_a_roster_of_any_length_takes_either_way_to_the_same_fen(drawn: tuple[MonthlyRule, list[int]]) -> None:
    rule, few = drawn
    many = few * (SOME // max(len(few), 1) + 1)
    columns = rule.amounts_of_each(many)
    assert rows(columns) == one_by_one(rule, few) * (len(many) // max(len(few), 1))
    assert columns.sums() == tuple(map(sum, columns[:5]))


@given(base=st.integers(1, 2**62), rate=ppm, mode=st.sampled_from(Rounding), base_mode=st.sampled_from(Rounding))
@example(base=(2**63 - 1) // 4, rate=999_999, mode=Rounding.HALF_UP_FEN, base_mode=Rounding.HALF_UP_FEN)
@example(base=2**62, rate=1, mode=Rounding.UP_TO_EVEN, base_mode=Rounding.UP_TO_EVEN)
def test_a_product_that_leaves_64_bits_is_refused_and_never_wraps_round(
    base: int, rate: int, mode: Rounding, base_mode: Rounding
) -> None:
    rule = MonthlyRule(
        scheme="110",
        month=JULY,
        floor=1,
        ceiling=2**62,
        employer_ppm=rate,
        person_ppm=1_000_000 - rate,
        base_rounding=base_mode,
        employer_rounding=mode,
        person_rounding=mode,
    )
    columns = rosters.columns(rule, [1, base])
    if columns is not None:
        assert rows(columns) == one_by_one(rule, [1, base])
    assert rows(rule.amounts_of_each([1, base] * SOME)) == one_by_one(rule, [1, base]) * SOME


def rule_of(**facts: object) -> MonthlyRule:
    return replace(
        MonthlyRule(
            scheme="110",
            month=JULY,
            floor=FLOOR,
            ceiling=CEILING,
            employer_ppm=160_000,
            person_ppm=80_000,
            account_person_ppm=80_000,
        ),
        **facts,  # type: ignore[arg-type]
    )


def test_a_wage_of_a_billion_yuan_is_computed_in_arrays() -> None:
    columns = rosters.columns(rule_of(ceiling=2 * BILLION_YUAN), [BILLION_YUAN, 1])
    assert columns is not None
    assert list(columns.employer) == [16_000_000_000, 64_000]
    assert columns.clamp == [None, "raised"]


@pytest.mark.parametrize("wage", [2**63, 10**30])
def test_a_wage_beyond_64_bits_is_still_right(wage: int) -> None:
    rule = rule_of(ceiling=10**40)
    assert rosters.columns(rule, [wage]) is None
    columns = rule.amounts_of_each([wage] * SOME)
    assert set(columns.employer) == {rule.amounts(wage).employer}
    assert columns.sums().employer == SOME * rule.amounts(wage).employer


def test_a_sum_beyond_64_bits_is_still_right() -> None:
    assert rosters.total(array("q", [2**62, 2**62, 2**62])) == 3 * 2**62


def test_amounts_leave_the_arrays_as_plain_whole_numbers() -> None:
    columns = rosters.columns(rule_of(), [FLOOR, CEILING])
    assert columns is not None
    assert {type(fen) for fen in (*columns.base, *columns.employer, *columns.person, *columns.sums())} == {int}


def test_wages_are_read_where_they_lie_and_stay_as_they_are() -> None:
    paid = array("q", [1, 500_000, CEILING + 1] * SOME)
    kept = paid[:]
    columns = rule_of().amounts_of_each(paid)
    assert list(columns.base[:3]) == [FLOOR, 500_000, CEILING]
    assert paid == kept
    paid.append(7)


def test_a_wage_that_is_no_whole_number_is_no_wage() -> None:
    with pytest.raises(TypeError):
        rosters.columns(rule_of(), [500_000.5])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("wage", "later", "refusal"),
    [
        (0, -1, BadWage),
        (-1, 0, BadWage),
        (FLOOR - 1, FLOOR - 2, WageBelowFloor),
        (FLOOR - 1, CEILING + 1, WageBelowFloor),
        (CEILING + 1, CEILING + 2, WageAboveCeiling),
        (CEILING + 1, FLOOR - 1, WageAboveCeiling),
    ],
)
def test_the_first_refused_wage_refuses_its_city(wage: int, later: int, refusal: type[CounterError]) -> None:
    with pytest.raises(refusal) as refused:
        rule_of(reject=True).amounts_of_each([*[500_000] * SOME, wage, later])
    if refusal is not BadWage:
        assert f"{wage // 100:,}.{wage % 100:02d}" in refused.value.sentence


def test_a_yearly_amount_looks_at_no_wage_however_many_there_are() -> None:
    columns = rule_of(fixed=(0, 26_000), reject=True).amounts_of_each([1] * SOME)
    assert rows(columns) == [(0, 0, 26_000, 0, 0, None)] * SOME
    assert columns.sums().person == 26_000 * SOME


LOADED_BY = """
import sys
from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.contributions import monthly_rules
from counter_tui.policy.regions import load_policy
rule = monthly_rules(load_policy("handan", training=True), "110", YearMonth(2026, 1))
columns = rule.amounts_of_each([500_000] * {persons})
assert columns.sums().employer == {persons} * rule.amounts(500_000).employer
print("numpy" in sys.modules)
"""


@pytest.mark.parametrize(("persons", "loads"), [(10_000, "False"), (MANY - 1, "False"), (MANY, "True")])
def test_only_the_roster_of_a_city_loads_the_library_of_arrays(persons: int, loads: str) -> None:
    program = LOADED_BY.format(persons=persons)
    outcome = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == loads
