"""The officials' cases of retirement: tests/regions/retirement.toml."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.errors import CounterError
from counter_tui.policy.retirement import retirement
from counter_tui.policy.retirement_choice import ChosenMonth, chosen_month, months_check

CASES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / "regions" / "retirement.toml").read_text(encoding="utf-8")
)


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in CASES[kind]]


def choice(case: dict[str, Any]) -> ChosenMonth:
    return chosen_month(case["category"], YearMonth.parse(case["birth"]), YearMonth.parse(case["month"]))


@pytest.mark.parametrize("case", cases("retirement"))
def test_the_age_and_its_terms_are_those_of_the_annex(case: dict[str, Any]) -> None:
    found = retirement(case["category"], YearMonth.parse(case["birth"]))
    assert {
        "age": f"{found.age_years}-{found.age_months:02d}",
        "statutory": str(found.statutory),
        "min_months": found.min_months,
        "earliest": str(found.earliest),
        "latest": str(found.latest),
        "payout_months": str(found.payout_months),
    }.items() <= case.items()
    assert found.flexible is case.get("flexible", True)


@pytest.mark.parametrize("case", cases("chosen"))
def test_a_chosen_month_has_the_terms_worked_out_by_hand(case: dict[str, Any]) -> None:
    found = choice(case)
    assert {
        "timing": found.timing.value,
        "age": f"{found.age_years}-{found.age_months:02d}",
        "min_months": found.min_months,
        "payout_months": str(found.payout_months),
    }.items() <= case.items()


@pytest.mark.parametrize("case", cases("not_choosable"))
def test_a_month_that_may_not_be_chosen_is_refused_in_words(case: dict[str, Any]) -> None:
    with pytest.raises(CounterError) as refusal:
        choice(case)
    assert refusal.value.sentence == case["sentence"]


@pytest.mark.parametrize("case", cases("months"))
def test_missing_months_are_those_counted_by_hand(case: dict[str, Any]) -> None:
    found = months_check(choice(case), case["paid"], date.fromisoformat(case["enrolled"]), extended=case["extended"])
    assert (found.short, found.may_pay_at_once) == (case["short"], case["at_once"])
    assert found.enough is (case["short"] == 0)


def test_each_calculation_brings_ten_cases_with_their_authority() -> None:
    for kind in ("retirement", "chosen", "months"):
        assert len(CASES[kind]) >= 10
        assert all(case["authority"] for case in CASES[kind])
