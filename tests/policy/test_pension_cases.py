"""The officials' cases of pensions: tests/regions/pension.toml."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.money import read_yuan, yuan
from counter_tui.errors import CounterError
from counter_tui.policy.explanation import UNCONFIRMED
from counter_tui.policy.pension import Multiplicand, Pension, Transitional, pension
from counter_tui.policy.pension_index import average_index
from counter_tui.policy.pension_rules import regional_transitional
from counter_tui.policy.provisional_pension import base_to_use, settlement
from counter_tui.policy.yearly_figures import shipped_yearly

CASES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / "regions" / "pension.toml").read_text(encoding="utf-8")
)


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in CASES[kind]]


def rule_of(case: dict[str, Any]) -> Transitional:
    chosen, own = case.get("multiplicand"), case.get("own")
    return regional_transitional(
        case["code"],
        case["months"],
        multiplicand=Multiplicand(chosen) if chosen else None,
        index=Decimal(own) if own else None,
    )


@pytest.mark.parametrize("case", cases("pension"))
def test_the_national_formula_pays_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    rule = None
    if "years" in case:
        rule = Transitional(years=Decimal(case["years"]), coefficient=Decimal(case["coefficient"]))
    found = pension(
        read_yuan(case["base"]),
        Decimal(case["index"]),
        case["months"],
        read_yuan(case["balance"]),
        Decimal(case["payout"]),
        rule,
    )
    assert (yuan(found.basic), yuan(found.account), yuan(found.transitional), yuan(found.total)) == (
        case["basic"],
        case["account"],
        case.get("transitional", "0.00"),
        case["total"],
    )


@pytest.mark.parametrize("case", cases("index"))
def test_the_index_is_the_mean_worked_out_by_hand(case: dict[str, Any]) -> None:
    bases = {
        month: read_yuan(span["base"])
        for span in case["paid"]
        for month in months(YearMonth.parse(span["since"]), YearMonth.parse(span["until"]))
    }
    found = average_index(shipped_yearly(case["code"]), bases)
    assert str(found.value) == case["value"]
    years = found.explanation.lines[:-1]
    assert sorted({mark for line in years for mark in line.marks}) == case.get("marks", [])


@pytest.mark.parametrize("case", cases("transitional"))
def test_a_regions_transitional_part_is_the_amount_worked_out_by_hand(case: dict[str, Any]) -> None:
    rule = rule_of(case)
    assert str(rule.years) == case["years"]
    found = pension(read_yuan(case["base"]), Decimal(case["index"]), 360, 0, Decimal(139), rule)
    assert yuan(found.transitional) == case["amount"]
    assert found.explanation.marks == (UNCONFIRMED,)


@pytest.mark.parametrize("case", cases("no_transitional"))
def test_what_is_not_settled_is_refused_in_words(case: dict[str, Any]) -> None:
    with pytest.raises(CounterError) as refusal:
        rule_of(case)
    assert refusal.value.sentence == case["sentence"]


@pytest.mark.parametrize("case", cases("base"))
def test_the_base_of_a_year_or_of_the_one_before_is_used(case: dict[str, Any]) -> None:
    used = base_to_use(shipped_yearly(case["code"]), case["year"])
    assert (used.year, yuan(used.value.value), used.provisional) == (
        case["used"],
        case["monthly"],
        case["provisional"],
    )


@pytest.mark.parametrize("case", cases("settlement"))
def test_a_provisional_pension_is_settled_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    def by(base: str) -> Pension:
        return pension(read_yuan(base), Decimal(1), 180, 8_000_000, Decimal(139), None)

    found = settlement(
        by(case["paid"]), by(case["due"]), YearMonth.parse(case["since"]), YearMonth.parse(case["until"])
    )
    assert (yuan(found.per_month), found.months, yuan(found.total)) == (
        case["per_month"],
        case["months"],
        case["total"],
    )


def test_each_calculation_brings_ten_cases_with_their_authority() -> None:
    for kind in ("pension", "index", "transitional", "base", "settlement"):
        assert len(CASES[kind]) >= 10
        assert all(case["authority"] for case in CASES[kind])
