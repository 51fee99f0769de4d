"""Interest, tiers, undeclared months and late fees by month: what holds whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.bills import BillLine
from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.arrears_interest import NegativeArrears, arrears_interest
from counter_tui.policy.back_month_fees import FreeOfFee, back_month_fees
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.late_fees import NegativePrincipal, due_date, late_fee
from counter_tui.policy.regions import load_policy
from counter_tui.policy.tiers import FreeBaseNotOffered, choice, flexible_contribution, offered_tiers, tier
from counter_tui.policy.undeclared import NegativeLastMonth, NothingLastMonth, undeclared_due
from tests.policy.test_calculation_cases import with_interest_rates

if TYPE_CHECKING:
    from counter_tui.policy.explanation import Explanation

POLICY = load_policy("handan", training=False)
JANUARY = YearMonth(2026, 1)


def line(employer: int, person: int, late_fee: int = 0) -> BillLine:
    return BillLine(
        scheme="110",
        heads=1,
        wages=0,
        employer_base=0,
        person_base=0,
        employer=employer,
        person=person,
        late_fee=late_fee,
    )


def all_below(explanation: Explanation, depth: int = 4) -> list[str]:
    said = explanation.text()
    for each in explanation.lines:
        if depth and each.below is not None:
            said += all_below(each.below(), depth - 1)
    return said


def test_interest_without_a_rate_is_refused() -> None:
    with pytest.raises(NotInForce, match="年利率"):
        arrears_interest(POLICY, 100000, JANUARY, JANUARY + 3)
    with pytest.raises(NotInForce, match="年利率"):
        arrears_interest(POLICY, 100000, JANUARY, JANUARY)


def test_interest_on_a_refund_is_refused() -> None:
    with pytest.raises(NegativeArrears, match="退费不计利息"):
        arrears_interest(with_interest_rates(POLICY, {"2020-01": 24000}, "simple"), -1, JANUARY, JANUARY + 1)


def test_interest_is_explained_year_by_year() -> None:
    law = with_interest_rates(POLICY, {"2024-01": 26200, "2025-01": 15000}, "compound")
    text = arrears_interest(law, 1000000, YearMonth(2023, 12), YearMonth(2025, 12)).explanation.text()
    assert "2024-01 至 2024-12：10,000.00 * 年利率 2.62% ÷ 12 * 12 个月 = 262.00（演算）" in text
    assert "2025-01 至 2025-12：10,262.00 * 年利率 1.5% ÷ 12 * 12 个月 = 153.93（演算）" in text
    assert text[-1] == "补缴利息：逾期 24 个月 = 415.93"


@given(principal=st.integers(0, 10**11), months=st.integers(0, 60), ppm=st.integers(0, 200000))
def test_compound_interest_is_never_below_simple_and_a_month_more_never_less(
    principal: int, months: int, ppm: int
) -> None:
    simple, compound = (with_interest_rates(POLICY, {"2010-01": ppm}, form) for form in ("simple", "compound"))
    since = YearMonth(2019, 8)
    plain = arrears_interest(simple, principal, since, since + months).amount
    joined = arrears_interest(compound, principal, since, since + months)
    assert joined.amount >= plain
    assert joined.amount <= arrears_interest(compound, principal, since, since + months + 1).amount
    assert joined.months == months


@given(base=st.integers(407600, 2038200))
def test_what_a_flexible_person_pays_is_parted_without_remainder(base: int) -> None:
    owed = flexible_contribution(POLICY, JANUARY, choice("5", base))
    assert owed.base == base
    assert owed.pool + owed.account == owed.person
    assert abs(owed.person * 2 - owed.account * 5) <= 4


def test_every_tier_offered_lies_within_the_limits() -> None:
    for year in range(2020, 2027):
        month = YearMonth(year, 3)
        limits = POLICY.limits("110", month)
        for percents in offered_tiers(POLICY, month):
            assert limits.floor <= flexible_contribution(POLICY, month, tier(percents)).base <= limits.ceiling


def test_a_tier_is_explained_down_to_the_document_of_its_average() -> None:
    said = "\n".join(all_below(flexible_contribution(POLICY, JANUARY, choice("1")).explanation))
    assert "6,794.00 * 80%，四舍五入到分 = 5,435.20" in said
    assert "5,435.20 * 20%，四舍五入到分 = 1,087.04" in said
    assert "冀人社字〔2026〕57号" in said


def test_a_tier_without_its_average_wage_is_refused_but_the_floor_is_open() -> None:
    average = POLICY.settings["average_wage_fen"]
    silent = replace(POLICY, settings={**POLICY.settings, "average_wage_fen": replace(average, values=())})
    with pytest.raises(NotInForce, match="月平均工资"):
        flexible_contribution(silent, JANUARY, choice("1"))
    assert flexible_contribution(silent, JANUARY, choice("0")).base == 407600


def test_a_region_with_tiers_only_takes_no_base_of_ones_own() -> None:
    free = POLICY.settings["flexible_free_base"]
    off = replace(free, values=tuple(replace(each, value=False) for each in free.values))
    with pytest.raises(FreeBaseNotOffered, match="只能按档次缴费"):
        flexible_contribution(
            replace(POLICY, settings={**POLICY.settings, "flexible_free_base": off}), JANUARY, choice("5", 500000)
        )


def test_an_undeclared_month_needs_a_month_before_it() -> None:
    with pytest.raises(NothingLastMonth, match="该单位 2025-12 没有核定的缴费额"):
        undeclared_due(POLICY, JANUARY, ())
    with pytest.raises(NothingLastMonth):
        undeclared_due(POLICY, JANUARY, (replace(line(100, 100), fee_type="20"),))
    with pytest.raises(NegativeLastMonth):
        undeclared_due(POLICY, JANUARY, (line(-100, 0),))
    with pytest.raises(NotInForce, match="2011-06"):
        undeclared_due(POLICY, YearMonth(2011, 6), (line(100, 100),))


def test_an_undeclared_month_names_the_law() -> None:
    said = undeclared_due(POLICY, JANUARY, (line(142222, 71111, late_fee=9),)).explanation
    assert said.title == "2026-01 未申报，按 2025-12 缴费额的 110% 核定"
    assert any("上月 1,422.22 * 110% = 1,564.44（社会保险法第六十二条）" in text for text in all_below(said))


@given(employer=st.integers(0, 10**11), person=st.integers(1, 10**11))
def test_an_undeclared_month_costs_a_tenth_more_to_half_a_fen(employer: int, person: int) -> None:
    fixed = undeclared_due(POLICY, JANUARY, (line(employer, person),)).lines[0]
    assert abs(fixed.employer * 10 - employer * 11) <= 5
    assert abs(fixed.person * 10 - person * 11) <= 5


@given(
    owed=st.lists(st.integers(0, 10**9), min_size=1, max_size=6),
    paid=st.dates(date(2021, 1, 1), date(2030, 12, 31)),
    spared=st.sets(st.integers(0, 5)),
)
def test_fees_of_back_months_are_those_of_each_month_and_spared_ones_bear_none(
    owed: list[int], paid: date, spared: set[int]
) -> None:
    months = [(YearMonth(2021, 9) + place, principal) for place, principal in enumerate(owed)]
    free = {YearMonth(2021, 9) + place: FreeOfFee.DEFERRED for place in spared}
    found = back_month_fees(POLICY, months, paid, free=free)
    due = [late_fee(POLICY, fen, due_date(POLICY, month), paid).amount for month, fen in months if month not in free]
    assert found.amount == sum(due)
    assert all(each.amount == 0 for each in found.months if each.month in free)


def test_back_months_say_why_they_bear_no_fee_and_when_each_was_due() -> None:
    found = back_month_fees(
        POLICY,
        ((YearMonth(2022, 4), 100000), (YearMonth(2024, 2), 100000)),
        date(2024, 3, 1),
        free={YearMonth(2022, 4): FreeOfFee.DEFERRED},
    )
    text = "\n".join(all_below(found.explanation))
    assert "经批准缓缴的月份，不加收滞纳金" in text
    assert "缴费截止日：2024-02-25" in text
    assert "社会保险法第八十六条" in text


def test_a_back_month_that_is_a_refund_or_lies_before_any_rate_is_refused() -> None:
    with pytest.raises(NegativePrincipal):
        back_month_fees(POLICY, ((JANUARY, -1),), date(2026, 3, 1))
    with pytest.raises(NotInForce, match="滞纳金日费率"):
        back_month_fees(POLICY, ((YearMonth(1998, 12), 100),), date(1999, 3, 1))


def test_injury_of_an_uninsured_employer_cites_its_own_rule() -> None:
    said = late_fee(POLICY, 100000, date(2011, 3, 25), date(2011, 8, 10), injury_uninsured=True).explanation.text()
    assert any("工伤保险条例（2010 年修订）第六十二条" in text for text in said)
