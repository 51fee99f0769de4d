"""The national pension formula: worked by hand, its parts and its refusals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.policy.dated import Confidence
from counter_tui.policy.explanation import UNCONFIRMED, Line
from counter_tui.policy.pension import (
    BadAccountBalance,
    BadCoefficient,
    BadContributionMonths,
    BadIndex,
    BadPayoutMonths,
    BadPensionBase,
    BadTransitionalYears,
    Multiplicand,
    Transitional,
    contribution_years,
    pension,
)

BASES = st.integers(1, 5_000_000)
INDEXES = st.integers(1, 30_000).map(lambda number: Decimal(number).scaleb(-4))
MONTHS = st.integers(1, 600)
BALANCES = st.integers(0, 10**9)
PAYOUTS = st.integers(560, 2330).map(lambda tenths: Decimal(tenths).scaleb(-1))


def test_an_average_earner_of_fifteen_years_gets_fifteen_hundredths_of_the_base() -> None:
    # 7410.00 * 15 * 1 % = 1111.50; 80000.00 / 139 = 575.539...
    found = pension(741_000, Decimal("1.0000"), 180, 8_000_000, Decimal(139), None)
    assert (found.basic, found.account, found.transitional, found.total) == (111_150, 57_554, 0, 168_704)


def test_years_and_indexed_wage_are_rounded_before_they_are_used() -> None:
    # 9417.00 * 1.2035 = 11333.3595 -> 11333.36; average 10375.18; 208 months are 17.33 years: 1798.018694.
    # 123456.78 / 138.4 = 892.0287...
    found = pension(941_700, Decimal("1.2035"), 208, 12_345_678, Decimal("138.4"), None)
    assert (found.basic, found.account, found.total) == (179_802, 89_203, 269_005)


@pytest.mark.parametrize(
    ("rule", "amount"),
    [
        # 10375.18 * 2.50 * 1.3 % = 337.19335
        (Transitional(years=Decimal("2.50"), coefficient=Decimal("0.013")), 33_719),
        # 11333.36 * 3.25 * 1.0 % = 368.3342
        (
            Transitional.of_months(39, coefficient=Decimal("0.010"), by="x", multiplicand=Multiplicand.INDEXED),
            36_833,
        ),
        # An own index of 0.9: 8475.30 * 2.50 * 1.4 % = 296.6355
        (
            Transitional(
                years=Decimal("2.5"),
                coefficient=Decimal("0.014"),
                multiplicand=Multiplicand.INDEXED,
                index=Decimal("0.9"),
            ),
            29_664,
        ),
        # Both wages averaged, the own index again: (9417.00 + 8475.30) / 2 = 8946.15; * 2.50 * 1.4 % = 313.11525
        (Transitional(years=Decimal("2.5"), coefficient=Decimal("0.014"), index=Decimal("0.9")), 31_312),
    ],
)
def test_work_before_accounts_began_adds_its_part(rule: Transitional, amount: int) -> None:
    found = pension(941_700, Decimal("1.2035"), 208, 12_345_678, Decimal("138.4"), rule)
    assert (found.basic, found.account, found.transitional) == (179_802, 89_203, amount)
    assert found.total == 269_005 + amount


@pytest.mark.parametrize(
    ("months", "decimals", "years"),
    [(208, 2, "17.33"), (209, 2, "17.42"), (30, 2, "2.50"), (1, 2, "0.08"), (208, 4, "17.3333"), (180, 0, "15")],
)
def test_months_become_years_to_the_decimals_of_the_region(months: int, decimals: int, years: str) -> None:
    assert str(contribution_years(months, decimals)) == years


def test_a_region_with_four_decimals_pays_by_them() -> None:
    # 10375.18 * 17.3333 % = 1798.36107...
    found = pension(941_700, Decimal("1.2035"), 208, 0, Decimal(139), None, decimals=4)
    assert found.basic == 179_836


def test_the_explanation_reads_out_every_part_with_its_authority() -> None:
    rule = Transitional(years=Decimal("2.50"), coefficient=Decimal("0.013"), by="某省文件")
    figures = (Line(label="2025 年计发基数", value="9,417.00", by="津人社办发"),)
    found = pension(941_700, Decimal("1.2035"), 208, 12_345_678, Decimal("138.4"), rule, figures=figures)
    assert found.explanation.text() == [
        "月养老金试算，仅供参考",
        "2025 年计发基数：9,417.00（津人社办发）",
        "指数化月平均缴费工资：9,417.00 * 1.2035，四舍五入到分 = 11,333.36",
        "缴费年限：208 个月 / 12，保留 2 位小数 = 17.33 年",
        "基础养老金：（9,417.00 + 11,333.36）/ 2 * 17.33 * 1%，四舍五入到分 = 1,798.02（国发〔2005〕38号）",
        "个人账户养老金：123,456.78 / 138.4，四舍五入到分 = 892.03（国发〔2005〕38号）",
        "过渡性养老金：（9,417.00 + 11,333.36）/ 2 * 2.50 * 1.3%，四舍五入到分 = 337.19〔未确认〕（某省文件）",
        "月养老金合计：1,798.02 + 892.03 + 337.19 = 3,027.24",
    ]
    assert found.explanation.marks == (UNCONFIRMED,)


def test_an_index_of_these_years_alone_is_shown_beside_the_average_one() -> None:
    rule = Transitional(
        years=Decimal("2.50"), coefficient=Decimal("0.014"), multiplicand=Multiplicand.INDEXED, index=Decimal("0.9")
    )
    text = pension(941_700, Decimal("1.2035"), 208, 0, Decimal(139), rule).explanation.text()
    assert "指数化月平均缴费工资：9,417.00 * 1.2035，四舍五入到分 = 11,333.36" in text
    assert "过渡性养老金的指数化工资：9,417.00 * 0.9，四舍五入到分 = 8,475.30" in text
    assert "过渡性养老金：8,475.30 * 2.50 * 1.4%，四舍五入到分 = 296.64〔未确认〕" in text


def test_a_confirmed_rule_leaves_no_mark() -> None:
    rule = Transitional(years=Decimal(1), coefficient=Decimal("0.013"), by="某省文件", confidence=Confidence.HIGH)
    assert pension(100, Decimal(1), 12, 0, Decimal(139), rule).explanation.marks == ()


@pytest.mark.parametrize("base", [0, -1])
def test_a_base_that_is_nothing_is_refused(base: int) -> None:
    with pytest.raises(BadPensionBase):
        pension(base, Decimal(1), 180, 0, Decimal(139), None)


@pytest.mark.parametrize("index", ["0", "-1", "3.0001", "NaN", "Infinity"])
def test_an_index_nobody_can_have_is_refused(index: str) -> None:
    with pytest.raises(BadIndex, match="大于 0 且不超过 3"):
        pension(1, Decimal(index), 180, 0, Decimal(139), None)
    rule = Transitional(years=Decimal(1), coefficient=Decimal("0.01"), index=Decimal(index))
    with pytest.raises(BadIndex):
        pension(1, Decimal(1), 180, 0, Decimal(139), rule)


@pytest.mark.parametrize("payout", ["0", "-139", "NaN", "Infinity"])
def test_payout_months_that_are_none_are_refused(payout: str) -> None:
    with pytest.raises(BadPayoutMonths):
        pension(1, Decimal(1), 180, 0, Decimal(payout), None)


def test_missing_months_and_a_negative_balance_are_refused() -> None:
    with pytest.raises(BadContributionMonths, match="缴费年限 0 个月"):
        pension(1, Decimal(1), 0, 0, Decimal(139), None)
    with pytest.raises(BadAccountBalance):
        pension(1, Decimal(1), 1, -1, Decimal(139), None)
    with pytest.raises(BadContributionMonths, match="过渡性养老金的年限 0 个月"):
        Transitional.of_months(0, coefficient=Decimal("0.013"), by="x")


@pytest.mark.parametrize("years", ["0", "-1", "15.01", "NaN"])
def test_transitional_years_beyond_all_years_are_refused(years: str) -> None:
    rule = Transitional(years=Decimal(years), coefficient=Decimal("0.013"))
    with pytest.raises(BadTransitionalYears, match=f"年限 {years} 年不正确"):
        pension(1, Decimal(1), 180, 0, Decimal(139), rule)


def test_all_years_may_be_transitional_though_they_were_rounded_up() -> None:
    # 209 months are 17.41666..., shown as 17.42.
    rule = Transitional.of_months(209, coefficient=Decimal("0.013"), by="x")
    assert pension(100, Decimal(1), 209, 0, Decimal(139), rule).transitional == 23


@pytest.mark.parametrize("coefficient", ["0", "1", "-0.013", "1.3", "NaN"])
def test_a_coefficient_written_as_percent_is_refused(coefficient: str) -> None:
    rule = Transitional(years=Decimal(1), coefficient=Decimal(coefficient))
    with pytest.raises(BadCoefficient, match=r"应写成 0\.013"):
        pension(1, Decimal(1), 180, 0, Decimal(139), rule)


@given(base=BASES, index=INDEXES, months=MONTHS, balance=BALANCES, payout=PAYOUTS, part=st.integers(1, 600))
def test_the_total_is_the_sum_of_its_parts(
    base: int, index: Decimal, months: int, balance: int, payout: Decimal, part: int
) -> None:
    rule = Transitional.of_months(min(part, months), coefficient=Decimal("0.013"), by="x")
    found = pension(base, index, months, balance, payout, rule)
    assert found.total == found.basic + found.account + found.transitional
    plain = pension(base, index, months, balance, payout, None)
    assert (plain.basic, plain.account, plain.total) == (found.basic, found.account, found.total - found.transitional)


@given(base=BASES, index=INDEXES, months=MONTHS, balance=BALANCES, payout=PAYOUTS)
def test_one_month_more_or_a_higher_balance_never_lowers_a_pension(
    base: int, index: Decimal, months: int, balance: int, payout: Decimal
) -> None:
    now = pension(base, index, months, balance, payout, None)
    assert pension(base, index, months + 1, balance, payout, None).basic >= now.basic
    assert pension(base, index, months, balance + 1, payout, None).account >= now.account
    assert pension(base + 1, index, months, balance, payout, None).basic >= now.basic
