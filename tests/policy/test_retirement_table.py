"""Retirement by birth month and category: every row of the annexes and the months around them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.retirement import UnknownCategory, retirement
from counter_tui.policy.retirement_terms import minimum_months, retirement_terms
from counter_tui.policy.sections import LawFault

DATA = Path(__file__).parent / "data"
LAW = Path(__file__).parents[2] / "counter_tui" / "policy" / "data" / "retirement_terms.toml"


def facts(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("category", ["M60", "F55", "F50"])
def test_every_row_of_the_table_comes_out(category: str) -> None:
    rows = [row for row in facts("retirement_table.csv") if row["category"] == category]
    assert len(rows) == (144 if category == "F50" else 168)
    for row in rows:
        found = retirement(category, YearMonth.parse(row["birth"]))
        age = found.age_years * 12 + found.age_months
        assert {
            "original_age": str(age - found.delay_months),
            "delay": str(found.delay_months),
            "age_years": str(found.age_years),
            "age_months": str(found.age_months),
            "original": str(found.statutory - found.delay_months),
            "statutory": str(found.statutory),
            "min_months": str(found.min_months),
            "earliest": str(found.earliest),
            "latest": str(found.latest),
            "payout_months": str(found.payout_months),
        }.items() <= row.items()
        assert found.flexible is (row["zone"] != "before")


def test_who_reached_the_old_age_before_2025_has_a_window_on_paper_and_no_right_to_it() -> None:
    last, first = retirement("M60", YearMonth(1964, 12)), retirement("M60", YearMonth(1965, 1))
    assert (last.flexible, str(last.earliest), str(last.latest)) == (False, "2024-12", "2027-12")
    assert (first.flexible, str(first.earliest), str(first.latest)) == (True, "2025-01", "2028-02")


@pytest.mark.parametrize(
    ("category", "birth", "years", "extra", "statutory"),
    [
        ("M60", "1964-12", 60, 0, "2024-12"),
        ("M60", "1965-01", 60, 1, "2025-02"),
        ("M60", "1967-05", 60, 8, "2028-01"),
        ("M60", "1976-12", 63, 0, "2039-12"),
        ("M60", "2000-12", 63, 0, "2063-12"),
        ("F55", "1971-04", 55, 4, "2026-08"),
        ("F55", "1974-10", 56, 3, "2031-01"),
        ("F50", "1975-03", 50, 2, "2025-05"),
        ("F50", "1980-01", 52, 7, "2032-08"),
        ("F50", "1995-12", 55, 0, "2050-12"),
    ],
)
def test_answers_given_elsewhere_agree(category: str, birth: str, years: int, extra: int, statutory: str) -> None:
    found = retirement(category, YearMonth.parse(birth))
    assert (found.age_years, found.age_months, str(found.statutory)) == (years, extra, statutory)


@pytest.mark.parametrize("fact", facts("minimum_months.csv"), ids=lambda fact: fact["year"])
def test_contribution_months_rise_with_the_year_of_retirement(fact: dict[str, str]) -> None:
    year = int(fact["year"])
    assert minimum_months(YearMonth(year, 1)).value == minimum_months(YearMonth(year, 12)).value == int(fact["months"])


def test_nobody_chooses_a_month_before_the_original_age_or_more_than_three_years_away() -> None:
    one = retirement("M60", YearMonth(1965, 1))
    assert (str(one.earliest), str(one.latest)) == ("2025-01", "2028-02")
    # A delay of 60 months: the window of 36 months ends before the original age is reached.
    other = retirement("F50", YearMonth(1984, 12))
    assert (str(other.earliest), str(other.statutory), str(other.latest)) == ("2036-12", "2039-12", "2042-12")


@pytest.mark.parametrize("category", ["", "M", "m60", "M55", "F60"])
def test_a_category_unknown_to_the_law_is_refused(category: str) -> None:
    with pytest.raises(UnknownCategory) as refusal:
        retirement(category, YearMonth(1970, 1))
    assert refusal.value.sentence == f"退休类别「{category}」不存在，只有 M60、F55、F50，请核对性别和岗位"


def test_a_retirement_before_the_loaded_terms_is_refused_by_the_name_of_the_figure() -> None:
    assert retirement("M60", YearMonth(1951, 7)).min_months == 180
    with pytest.raises(NotInForce, match="2011-06 的「最低缴费年限」尚无数据"):
        retirement("M60", YearMonth(1951, 6))


def test_the_explanation_says_age_month_years_and_window() -> None:
    text = retirement("M60", YearMonth(1967, 5)).explanation.text()
    assert text[0] == "男职工 1967-05 出生，法定退休年龄"
    for step in (
        "原法定退休年龄：60 岁",
        "法定退休年龄：60 岁 8 个月",
        "法定退休年月：1967-05 + 60 岁 8 个月 = 2028-01",
        "最低缴费年限：180 个月（国务院关于渐进式延迟法定退休年龄的办法附件四）",
        "弹性退休：2027-05 至 2031-01，不早于原法定退休年龄（人社部发〔2024〕94号）",
    ):
        assert step in text
    assert "弹性退休：2025-01 之前已达原法定退休年龄，不适用（人社部发〔2024〕94号）" in (
        retirement("M60", YearMonth(1964, 12)).explanation.text()
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("months = 186", "months = 186.0", "minimum[2].months", "整数"),
        ("months = 186", "month = 186", "minimum[2].months", "缺少此键"),
        ("months = 186", "months = 186, note = 1", "minimum[2].note", "不认识的键"),
        ('since = "2031-01"', 'since = "2030-12"', "minimum[3].since", "2030-12 有两条重叠的记录"),
        ('since = "2031-01"', 'since = "2031-03"', "minimum[3].since", "2031-01 至 2031-02 没有数值"),
        ('until = "2031-12"', 'until = "2030-12"', "minimum[3].until", "早于"),
        ("months = 36", "months = 0", "flexible.months", "整数"),
        ("[flexible]", "[flexibly]", "flexible.months", "缺少此键"),
        ("[short]", "[shorter]", "short.enrolled_before", "缺少此键"),
        ('"2011-07-01"', '"2011-7-1"', "short.enrolled_before", "应写成"),
        ("after_months = 60", "after_months = 60.0", "short.after_months", "整数"),
        ("[flexible]", "[more]\n[flexible]", "more", "不认识的键"),
        ("minimum = [", "minima = [", "minimum", "没有数值"),
    ],
)
def test_terms_out_of_order_are_refused_with_place_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    text = LAW.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "retirement_terms.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        retirement_terms(broken)
    assert f"retirement_terms.toml 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence
