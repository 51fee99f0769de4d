"""Payout months: as published at whole ages, interpolated between them, refused outside."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.policy.explanation import UNCONFIRMED
from counter_tui.policy.payout_months import AgeWithoutPayoutMonths, payout_explanation, payout_law, payout_months
from counter_tui.policy.sections import LawFault

FACTS = Path(__file__).parent / "data" / "payout_months.csv"
LAW = Path(__file__).parents[2] / "counter_tui" / "policy" / "data" / "payout_months.toml"


def test_every_age_of_the_table_comes_out_to_the_digit() -> None:
    with FACTS.open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    assert len(facts) == 361
    for fact in facts:
        months = payout_months(int(fact["age_years"]) * 12 + int(fact["age_months"]))
        assert str(months) == fact["payout_months"], fact


@pytest.mark.parametrize(
    ("years", "extra", "months"), [(60, 0, "139"), (55, 0, "170"), (50, 0, "195"), (60, 1, "138.4"), (50, 1, "194.6")]
)
def test_the_ages_of_known_approvals_agree(years: int, extra: int, months: str) -> None:
    assert payout_months(years * 12 + extra) == Decimal(months)


@pytest.mark.parametrize(
    ("age", "shown"),
    [(0, "0 岁"), (-1, "-1 岁 11 个月"), (40 * 12 - 1, "39 岁 11 个月"), (70 * 12 + 1, "70 岁 1 个月")],
)
def test_an_age_outside_the_table_is_refused(age: int, shown: str) -> None:
    for ask in (payout_months, payout_explanation):
        with pytest.raises(AgeWithoutPayoutMonths) as refusal:
            ask(age)
        assert f"年龄 {shown} 没有计发月数，计发月数表只列 40 至 70 周岁" in refusal.value.sentence


def test_the_explanation_shows_both_neighbours_and_the_formula() -> None:
    assert payout_explanation(60 * 12 + 1).text() == [
        "60 岁 1 个月的计发月数",
        "60 岁计发月数：139（国发〔2005〕38号附件）",
        "61 岁计发月数：132（国发〔2005〕38号附件）",
        "60 岁 1 个月计发月数：139 -（139 - 132）* 1 / 12 = 138.4（按月线性插值，一位小数；参照济南市 2025 年答复）",
    ]
    assert payout_explanation(60 * 12).text() == ["60 岁的计发月数", "60 岁计发月数：139（国发〔2005〕38号附件）"]


@pytest.mark.parametrize(
    ("age", "doubtful"), [(46 * 12, False), (46 * 12 + 1, True), (47 * 12, True), (48 * 12 - 1, True), (48 * 12, False)]
)
def test_ages_that_rest_on_the_doubtful_47_are_marked(age: int, *, doubtful: bool) -> None:
    assert payout_explanation(age).marks == ((UNCONFIRMED,) if doubtful else ())


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("60 = 139", "60 = 139.0", "months.60", "整数"),
        ("60 = 139", '60 = "139"', "months.60", "整数"),
        ("60 = 139", "60 = 0", "months.60", "整数"),
        ("60 = 139", "", "months.60", "缺少此年龄"),
        ("60 = 139", "60 = 146", "months.60", "随年龄减少"),
        ("60 = 139", "sixty = 139", "months.sixty", "应为周岁"),
        ("60 = 139", "60 = 139\n60 = 138", "格式", "写了两次"),
        ('47 = "', '200 = "', "doubts.200", "应为周岁"),
        ("[between]", "[betwixt]", "between.by", "缺少此键"),
        ("[between]", "[between]\nnote = 1", "between.note", "不认识的键"),
        ("[doubts]", "[doubts2]", "doubts2", "不认识的键"),
    ],
)
def test_a_table_out_of_order_is_refused_with_place_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    text = LAW.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "payout_months.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        payout_law(broken)
    assert f"payout_months.toml 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence


def test_an_age_written_twice_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "payout_months.toml"
    broken.write_text(LAW.read_text(encoding="utf-8").replace("60 = 139", "60 = 139\n60 = 138"), encoding="utf-8")
    with pytest.raises(LawFault, match="同一个键或表写了两次"):
        payout_law(broken)


@given(age=st.integers(40 * 12, 70 * 12 - 1))
def test_a_month_more_of_age_never_gives_more_payout_months(age: int) -> None:
    assert payout_months(age + 1) <= payout_months(age)
    years = age // 12
    assert payout_months((years + 1) * 12) <= payout_months(age) <= payout_months(years * 12)
