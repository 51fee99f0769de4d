"""The officials' cases of accounts: tests/regions/accounts.toml."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import read_yuan, yuan
from counter_tui.errors import CounterError
from counter_tui.policy.account_credits import Insured, account_credit
from counter_tui.policy.accounts import account_year, interest_law
from counter_tui.policy.ledgers import ledger

CASES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent.parent / "regions" / "accounts.toml").read_text(encoding="utf-8"), parse_float=Decimal
)
RATES = interest_law().rates


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in CASES[kind]]


def credits_of(case: dict[str, Any]) -> list[int]:
    """Twelve credits in fen: the same each month, or those that are named."""
    if "monthly" in case:
        return [read_yuan(case["monthly"])] * 12
    return [read_yuan(case["credits"].get(str(month), "0")) for month in range(1, 13)]


def years_of(case: dict[str, Any]) -> dict[int, list[int]]:
    monthly = case.get("monthly", {})
    return {year: [read_yuan(monthly.get(str(year), "0"))] * 12 for year in range(case["from"], case["until"] + 1)}


@pytest.mark.parametrize("case", cases("credit"))
def test_a_month_is_credited_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    found = account_credit(
        case["code"], read_yuan(case["base"]), YearMonth.parse(case["month"]), Insured(case["insured"])
    )
    assert yuan(found.amount) == case["amount"]


@pytest.mark.parametrize("case", cases("no_credit"))
def test_a_month_without_accounts_is_refused_in_words(case: dict[str, Any]) -> None:
    with pytest.raises(CounterError) as refusal:
        account_credit(case["code"], 100, YearMonth.parse(case["month"]), Insured(case["insured"]))
    assert refusal.value.sentence == case["sentence"]


@pytest.mark.parametrize("case", cases("account_year"))
def test_a_year_earns_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    found = account_year(RATES, case["year"], read_yuan(case["opening"]), credits_of(case))
    assert (yuan(found.interest), yuan(found.closing)) == (case["interest"], case["closing"])
    assert list(found.explanation.marks) == case.get("marks", [])


@pytest.mark.parametrize("case", cases("ledger"))
def test_a_ledger_ends_with_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    found = ledger(RATES, read_yuan(case["opening"]), years_of(case))
    assert (yuan(found.interest), yuan(found.closing)) == (case["interest"], case["closing"])
    assert list(found.explanation.marks) == case.get("marks", [])


@pytest.mark.parametrize("case", cases("no_ledger"))
def test_a_ledger_without_a_rate_is_refused_in_words(case: dict[str, Any]) -> None:
    with pytest.raises(CounterError) as refusal:
        ledger(RATES, read_yuan(case["opening"]), years_of(case))
    assert refusal.value.sentence == case["sentence"]


def test_each_calculation_brings_ten_cases_with_their_authority() -> None:
    for kind in ("credit", "account_year", "ledger"):
        assert len(CASES[kind]) >= 10
        assert all(case["authority"] and case["steps"] for case in CASES[kind])
