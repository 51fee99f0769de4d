"""Personal accounts: a year's interest by month products, at published rates only."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.policy.accounts import NegativeBalance, NotTwelveMonths, account_year, interest_law
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.explanation import UNCONFIRMED
from counter_tui.policy.sections import LawFault

FACTS = Path(__file__).parent / "data" / "account_interest.csv"
LAW = Path(__file__).parents[2] / "counter_tui" / "policy" / "data" / "account_interest.toml"
RATES = interest_law().rates
NOTHING = (0,) * 12

PUBLISHED = {
    2016: "0.0831",
    2017: "0.0712",
    2018: "0.0829",
    2019: "0.0761",
    2020: "0.0604",
    2021: "0.0669",
    2022: "0.0612",
    2023: "0.0397",
    2024: "0.0262",
    2025: "0.0150",
}


def test_month_products_give_the_check_value_and_not_that_of_the_annual_form() -> None:
    year = account_year(RATES, 2025, 10_000_000, (48_000,) * 12)
    assert (year.interest, year.closing) == (154_680, 10_730_680)


def test_a_credit_earns_interest_from_its_own_month_on() -> None:
    january = account_year(RATES, 2025, 0, (120_000, *NOTHING[1:]))
    december = account_year(RATES, 2025, 0, (*NOTHING[1:], 120_000))
    assert (january.interest, december.interest) == (1_800, 150)
    assert (january.closing, december.closing) == (121_800, 120_150)


@pytest.mark.parametrize(("opening", "interest"), [(33, 0), (34, 1), (100, 2), (99, 1)])
def test_interest_is_rounded_half_up_to_fen(opening: int, interest: int) -> None:
    assert account_year(RATES, 2025, opening, NOTHING).interest == interest


def test_interest_is_rounded_once_and_not_by_part() -> None:
    # 0.30 fen on the opening balance and 0.30 fen on the credit are 0.60 fen together.
    assert account_year(RATES, 2025, 20, (20, *NOTHING[1:])).interest == 1


@pytest.mark.parametrize(("year", "rate"), PUBLISHED.items())
def test_published_rates_are_those_of_the_nation(year: int, rate: str) -> None:
    assert account_year(RATES, year, 1_000_000, NOTHING).interest == int(Decimal(rate) * 1_000_000)
    assert not account_year(RATES, year, 1_000_000, NOTHING).explanation.marks


@pytest.mark.parametrize(
    "fact", list(csv.DictReader(FACTS.read_text(encoding="utf-8").splitlines())), ids=lambda fact: fact["year"]
)
def test_each_year_has_its_rate_and_its_confidence(fact: dict[str, str]) -> None:
    rate = RATES.of(int(fact["year"]))
    assert (rate.value, rate.confidence.value) == (Decimal(fact["rate"]), fact["confidence"])
    assert rate.by


@pytest.mark.parametrize("year", [1996, 2015])
def test_a_year_of_the_reference_series_is_marked_as_not_confirmed(year: int) -> None:
    assert account_year(RATES, year, 1, NOTHING).explanation.marks == (UNCONFIRMED,)


@pytest.mark.parametrize("year", [0, -1, 1995, 2026, 2027, 9999])
def test_a_year_without_a_rate_is_refused_by_the_name_of_the_figure(year: int) -> None:
    with pytest.raises(NotInForce) as refusal:
        account_year(RATES, year, 0, NOTHING)
    assert f"{year} 年 的「个人账户记账利率」尚无数据" in refusal.value.sentence


@pytest.mark.parametrize("count", [0, 1, 11, 13])
def test_a_year_has_twelve_credits(count: int) -> None:
    with pytest.raises(NotTwelveMonths, match=f"现有 {count} 个"):
        account_year(RATES, 2025, 0, (1,) * count)


def test_negative_money_is_refused_with_its_place() -> None:
    with pytest.raises(NegativeBalance, match="年初余额不能为负数"):
        account_year(RATES, 2025, -1, NOTHING)
    with pytest.raises(NegativeBalance, match="3 月记账额不能为负数"):
        account_year(RATES, 2025, 0, (0, 0, -1, *NOTHING[3:]))


def test_an_empty_account_stays_empty() -> None:
    year = account_year(RATES, 2025, 0, NOTHING)
    assert (year.interest, year.closing) == (0, 0)


def test_the_explanation_reads_out_the_steps() -> None:
    text = account_year(RATES, 2025, 10_000_000, (48_000,) * 12).explanation.text()
    assert text[0] == "个人账户 2025 年计息"
    assert "月积数：各月记账额 *（12 - 月份 + 1）之和 = 37,440.00（劳办发〔1997〕116号；人社部发〔2017〕31号）" in text
    assert any(line.startswith("2025 年记账利率：1.5%（2026 年公布") for line in text)
    assert text[-1] == "年末余额：100,000.00 + 5,760.00 + 1,546.80 = 107,306.80"


def test_the_month_products_open_into_the_months_that_were_paid() -> None:
    line = account_year(RATES, 2025, 0, (120_000, *NOTHING[1:11], 50_000)).explanation.lines[2]
    assert line.below is not None
    assert [step.text().partition("（")[0] for step in line.below().lines] == [
        "1 月：1,200.00 * 12 = 14,400.00",
        "12 月：500.00 * 1 = 500.00",
    ]
    assert line.value == "14,900.00"


@given(
    year=st.sampled_from(sorted(PUBLISHED)),
    opening=st.integers(0, 10**10),
    credits_=st.lists(st.integers(0, 10**7), min_size=12, max_size=12),
)
def test_interest_is_never_further_than_half_a_fen_from_the_exact_amount(
    year: int, opening: int, credits_: list[int]
) -> None:
    closed = account_year(RATES, year, opening, credits_)
    months = zip(credits_, range(12, 0, -1), strict=True)
    exact = Fraction(PUBLISHED[year]) * (opening + sum(Fraction(credit * left, 12) for credit, left in months))
    assert -Fraction(1, 2) <= exact - closed.interest < Fraction(1, 2)
    assert closed.closing == opening + sum(credits_) + closed.interest


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('rate = "0.0150"', "rate = 0.0150", "years[29].rate", "浮点数"),
        ('rate = "0.0150"', 'rte = "0.0150"', "years[29].rate", "缺少此键"),
        ('rate = "0.0150"', 'rate = "1.5"', "years[29].rate", "不大于 1"),
        ('rate = "0.0150"', 'rate = "0.0150", note = "x"', "years[29].note", "不认识的键"),
        ("year = 2025", "year = 2024", "years[29].year", "2024 年有两条重叠的记录"),
        ("year = 2025", "year = 2025.0", "years[29].year", "整数"),
        ("year = 2025", "year = true", "years[29].year", "整数"),
        ("year = 2026", "year = 2027", "years", "2026 年没有数值"),
        ('missing = "', 'confidence = "low", missing = "', "years[30].confidence", "不认识的键"),
        ("[method]", "[methods]", "method.by", "缺少此键"),
        ("[method]", "[more]\n[method]", "more", "不认识的键"),
    ],
)
def test_a_rate_file_out_of_order_is_refused_with_place_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    text = LAW.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "account_interest.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        interest_law(broken)
    assert f"account_interest.toml 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence
