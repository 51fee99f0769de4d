"""Every row of the tables of law and examples, asked through `counter-tui calc`."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from counter_tui.calc_kinds import CALCULATIONS
from counter_tui.domain.check_characters import credit_code_check
from tests.calc.lines import asked, rows, told

RETIREMENT = rows("policy/data/retirement_table.csv")
NUMBERS = rows("domain/data/numbers.csv")
CAPITALS = rows("domain/data/capitals.csv")
PAYOUT = rows("policy/data/payout_months.csv")


@pytest.mark.parametrize("kind", CALCULATIONS)
def test_the_example_of_every_kind_is_answered(kind: str) -> None:
    example = CALCULATIONS[kind].example
    assert json.loads(example)["calc"] == kind
    assert told(example)["ok"] is True


def test_every_row_of_the_retirement_table_comes_out() -> None:
    assert len(RETIREMENT) == 480
    assert {row["zone"] for row in RETIREMENT} == {"before", "annex", "after"}
    for row in RETIREMENT:
        assert asked("retirement", category=row["category"], birth=row["birth"]) == {
            "ok": True,
            "age": f"{row['age_years']}y{row['age_months']}m",
            "delay_months": int(row["delay"]),
            "statutory_month": row["statutory"],
            "min_months": int(row["min_months"]),
            "earliest": row["earliest"],
            "latest": row["latest"],
            "payout_months": row["payout_months"],
        }, row


def test_every_example_of_a_number_is_answered_as_its_standard_says() -> None:
    assert len(NUMBERS) == 120
    for row in NUMBERS:
        found = asked("check", kind=row["kind"], value=row["value"])
        assert set(found) == {"ok", "reason"}, row
        assert found["ok"] is (row["expected"] == "valid"), row
        assert bool(found["reason"]) is not found["ok"], row


def test_a_credit_code_without_a_fitting_organisation_part_passes_with_a_word() -> None:
    body = "91130400MA07ABCD1"
    found = asked("check", kind="uscc", value=body + credit_code_check(body))
    assert found["ok"] is True
    assert "组织机构代码" in found["reason"]


def test_every_example_of_capitals_comes_out() -> None:
    assert len(CAPITALS) == 28
    for row in CAPITALS:
        assert asked("capital", amount=row["amount"]) == {"ok": True, "text": row["capital"]}
        back = asked("capital", text=row["capital"])
        assert back["ok"] is True
        assert Decimal(back["amount"]) == Decimal(row["amount"])


def test_every_payout_month_divides_an_account_to_the_fen() -> None:
    assert len(PAYOUT) > 300
    for row in PAYOUT:
        tenths = int(row["payout_months"].replace(".", "")) * (1 if "." in row["payout_months"] else 10)
        found = asked(
            "pension",
            pension_base="7000",
            index="1",
            months=180,
            account_balance="80000.00",
            payout_months=row["payout_months"],
        )
        fen = (8_000_000 * 10 * 2 + tenths) // (2 * tenths)
        assert found["account"] == f"{fen // 100}.{fen % 100:02d}", row


@pytest.mark.parametrize(
    ("principal", "due", "paid", "days", "amount"),
    [
        ("10000.00", "2011-05-25", "2011-08-10", 77, "925.00"),
        ("12345.67", "2026-03-25", "2026-04-10", 16, "98.77"),
        ("5000.00", "2024-02-25", "2024-03-01", 5, "12.50"),
        ("820.35", "2026-10-25", "2026-10-25", 0, "0.00"),
        ("820.35", "2026-10-25", "2026-10-26", 1, "0.41"),
        ("100000.00", "2019-12-25", "2025-12-25", 2192, "109600.00"),
        ("2000.00", "2010-12-31", "2011-07-01", 182, "725.00"),
        ("5,000", "20240225", "20240301", 5, "12.50"),
    ],
)
def test_every_check_value_of_the_late_fee_comes_out(
    principal: str, due: str, paid: str, days: int, amount: str
) -> None:
    assert asked("late_fee", principal=principal, due=due, paid=paid) == {"ok": True, "amount": amount, "days": days}


def test_an_account_earns_by_month_products_and_not_by_the_rounded_form() -> None:
    found = asked("account_interest", year=2025, opening="100000.00", credits=["480.00"] * 12)
    assert found == {"ok": True, "interest": "1546.80", "closing": "107306.80"}


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        # 7700 is the indexed wage; 7350 * 20.83 % = 1531.005; 80000 / 139 = 575.5395...; 7350 * 2.5 * 1.3 % = 238.875
        ({"transitional": {"years": "2.50", "coefficient": "0.013"}}, ("1531.01", "575.54", "238.88")),
        ({}, ("1531.01", "575.54", "0.00")),
        ({"transitional": None}, ("1531.01", "575.54", "0.00")),
        # 208 months are 17.33 years: 7350 * 17.33 % = 1273.755
        ({"months": 208}, ("1273.76", "575.54", "0.00")),
    ],
)
def test_a_pension_has_its_three_parts_rounded_half_up(fields: dict[str, object], parts: tuple[str, str, str]) -> None:
    person = {"pension_base": "7000", "index": "1.1", "months": 250, "account_balance": "80000", "payout_months": "139"}
    found = asked("pension", **{**person, **fields})
    assert (found["basic"], found["account"], found["transitional"]) == parts


def test_contributions_rest_on_the_floor_of_the_month_and_name_their_authority() -> None:
    found = asked(
        "contribution",
        region="handan",
        fee_month="2026-03",
        schemes=["110", "210", "410"],
        wage="3500.00",
        injury_class=1,
    )
    # 4076 is above the wage: 16 % and 8 %, 0.7 % and 0.3 %, 0.2 %.
    assert [(line["scheme"], line["base"], line["employer"], line["person"]) for line in found["lines"]] == [
        ("110", "4076.00", "652.16", "326.08"),
        ("210", "4076.00", "28.53", "12.23"),
        ("410", "4076.00", "8.15", "0.00"),
    ]
    assert all(line["by"] for line in found["lines"])


def test_what_the_law_has_no_figure_for_is_said_and_never_made_up() -> None:
    missing = asked("account_interest", year=2026, opening="1.00", credits=["0"] * 12)
    assert missing["ok"] is False
    assert "尚无数据" in missing["error"]
