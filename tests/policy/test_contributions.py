"""Contributions: the worked example, every month by its own law, and two ways to the same fen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import Rounding, round_fen
from counter_tui.policy.charges import InjuryClassMissing, MergedScheme, Shares, YearlyAmount, YearlyScheme
from counter_tui.policy.contributions import Contribution, back_months, contribution, contributions, monthly_rules
from counter_tui.policy.dated import Confidence, Dated, NotInForce, Value
from counter_tui.policy.monthly_rules import BadWage, MonthlyRule, WageAboveCeiling, WageBelowFloor, share
from counter_tui.policy.regions import Policy, load_policy

if TYPE_CHECKING:
    from counter_tui.errors import CounterError
    from counter_tui.policy.parameters import Setting

Fabricate: TypeAlias = Callable[..., Policy]

JULY = YearMonth(2026, 7)
SCHEMES = ("110", "210", "410")

wages = st.integers(1, 10_000_000)
months_of_law = st.builds(YearMonth, st.integers(2015, 2026), st.integers(1, 12))


def always(value: Setting) -> Dated[Setting]:
    ruling = Value(
        value=value, since=YearMonth(2000, 1), until=None, known_from=None, by="虚构", confidence=Confidence.HIGH
    )
    return Dated(figure="参数", values=(ruling,))


def test_the_worked_example_comes_out_to_the_fen(fabricate: Fabricate) -> None:
    policy = fabricate()
    expected = {
        350000: (420000, "raised", [(67200, 33600), (2100, 2100), (1680, 0)]),
        888888: (888888, None, [(142222, 71111), (4444, 4444), (3556, 0)]),
        3000000: (2100000, "cut", [(336000, 168000), (10500, 10500), (8400, 0)]),
    }
    total = 0
    for wage, (base, clamp, amounts) in expected.items():
        owed = contributions(policy, SCHEMES, JULY, wage, injury_class=2)
        assert [(each.employer, each.person) for each in owed] == amounts
        assert {(each.base, each.clamp) for each in owed} == {(base, clamp)}
        total += sum(each.total for each in owed)
    assert total == 865857


def test_the_roster_adds_up_to_the_bill_and_not_the_sum_of_bases(fabricate: Fabricate) -> None:
    owed = [contribution(fabricate(), "210", JULY, 420100) for _ in range(3)]
    assert sum(each.employer for each in owed) == 6303


def test_a_region_may_reject_what_others_clamp(fabricate: Fabricate) -> None:
    policy = fabricate(replaced=('"clamp"', '"reject"'))
    with pytest.raises(WageBelowFloor, match=r"3,500\.00 低于下限 4,200\.00"):
        contribution(policy, "110", JULY, 350000)
    with pytest.raises(WageAboveCeiling, match=r"30,000\.00 高于上限 21,000\.00"):
        monthly_rules(policy, "110", JULY).amounts(3000000)
    assert contribution(policy, "110", JULY, 420000).clamp is None


@pytest.mark.parametrize("wage", [0, -1])
def test_a_wage_is_more_than_nothing(fabricate: Fabricate, wage: int) -> None:
    policy = fabricate()
    with pytest.raises(BadWage):
        contribution(policy, "110", JULY, wage)
    with pytest.raises(BadWage):
        monthly_rules(policy, "110", JULY).amounts(wage)


def test_the_base_is_rounded_before_the_limits_so_that_it_never_leaves_them(fabricate: Fabricate) -> None:
    policy = fabricate(replaced=('base_rounding = { value = "half_up_fen"', 'base_rounding = { value = "half_up_yuan"'))
    assert contribution(policy, "110", JULY, 888850).base == 888900
    published = fabricate(replaced=('ceiling = "21000.00"', 'ceiling = "17366.25"'))
    published = replace(published, settings={**published.settings, "base_rounding": always(Rounding.JIAO_UP_TO_YUAN)})
    assert contribution(published, "110", JULY, 1736650).base == 1736625
    assert monthly_rules(published, "110", JULY).amounts(1736650).base == 1736625


@pytest.mark.parametrize("wage", [420000, 2100000])
def test_a_wage_exactly_at_a_limit_is_neither_raised_nor_cut(fabricate: Fabricate, wage: int) -> None:
    policy = fabricate()
    assert contribution(policy, "110", JULY, wage).clamp is None
    assert monthly_rules(policy, "110", JULY).amounts(wage).clamp is None


def test_back_months_take_each_month_by_its_own_figures() -> None:
    owed = back_months(load_policy("handan", training=False), ("110",), YearMonth(2019, 4), YearMonth(2019, 5), 300000)
    assert [(str(each.month), each.base, each.employer) for each in owed] == [
        ("2019-04", 326330, 65266),
        ("2019-05", 300000, 48000),
    ]
    first = YearMonth(2025, 12)
    assert [
        each.base for each in back_months(load_policy("tianjin", training=False), ("110",), first, first + 1, 515000)
    ] == [
        515000,
        518000,
    ]


def test_one_month_for_both_ends_is_one_month() -> None:
    february = YearMonth(2017, 2)
    assert len(back_months(load_policy("tianjin", training=False), ("110", "210"), february, february, 500000)) == 2


def test_back_months_stop_at_a_month_without_law() -> None:
    with pytest.raises(NotInForce, match="2019-01 的「企业职工基本养老保险缴费基数上限」尚无数据"):
        back_months(load_policy("tianjin", training=False), ("110",), YearMonth(2018, 12), YearMonth(2020, 1), 500000)


def test_medical_carries_maternity_after_the_merger() -> None:
    policy = load_policy("handan", training=True)
    month = YearMonth(2020, 1)
    assert [each.scheme for each in contributions(policy, ("310", "510"), month - 1, 500000)] == ["310", "510"]
    (medical,) = contributions(policy, ("310", "510"), month, 500000)
    assert dict(medical.components) == {"医疗": 37500, "生育": 2500}
    with pytest.raises(MergedScheme):
        policy.rates("510", month)


def test_an_amount_that_rests_on_invented_figures_says_so() -> None:
    training = load_policy("handan", training=True)
    medical = contribution(training, "310", JULY, 500000)
    assert medical.marks == ("演练数据", "未确认")
    assert any("〔演练数据〕" in line for line in medical.explanation.text())
    assert contribution(training, "110", JULY, 500000).marks == ()
    assert monthly_rules(training, "310", JULY).marks == medical.marks


def test_an_amount_explains_itself() -> None:
    owed = contribution(load_policy("handan", training=False), "110", JULY, 350000)
    assert owed.explanation.text() == [
        "企业职工基本养老保险 2026-07",
        "申报工资：3,500.00",
        "缴费下限：4,076.00（冀人社字〔2026〕57号）",
        "缴费上限：20,382.00（冀人社字〔2026〕57号）",
        "缴费基数：3,500.00 低于下限，按下限 = 4,076.00",
        "单位应缴：4,076.00 * 16%，四舍五入到分 = 652.16（国办发〔2019〕13号）",
        "个人应缴：4,076.00 * 8%，四舍五入到分 = 326.08（国办发〔2019〕13号）",
        "个人部分划入个人账户：326.08",
    ]


def test_months_of_a_relief_are_pointed_out() -> None:
    policy = load_policy("handan", training=False)
    relieved = contribution(policy, "110", YearMonth(2020, 2), 500000).explanation.text()
    assert any("阶段性减免" in line for line in relieved)
    assert not any(
        "减免" in line for line in contribution(policy, "110", YearMonth(2021, 1), 500000).explanation.text()
    )


def test_a_yearly_amount_is_collected_whole_in_its_month() -> None:
    tianjin = load_policy("tianjin", training=False)
    policy = replace(tianjin, settings={**tianjin.settings, "large_medical_month": always(7)})
    in_july = contribution(policy, "330", JULY, 500000)
    assert (in_july.employer, in_july.person, in_july.base, in_july.limits) == (0, 26000, 0, None)
    assert contribution(policy, "330", JULY + 1, 500000).total == 0
    owed = back_months(policy, ("330",), YearMonth(2026, 1), YearMonth(2026, 12), 500000)
    assert sum(each.person for each in owed) == 26000
    with pytest.raises(YearlyScheme):
        policy.rates("330", JULY)


def test_work_injury_asks_for_the_class_of_risk(fabricate: Fabricate) -> None:
    with pytest.raises(InjuryClassMissing):
        contributions(fabricate(), SCHEMES, JULY, 500000)


REGIONS = {name: load_policy(name, training=True) for name in ("handan", "tianjin")}


def exact(policy: Policy, scheme: str, month: YearMonth, wage: int) -> Contribution | None:
    try:
        return contribution(policy, scheme, month, wage, injury_class=1)
    except (NotInForce, MergedScheme):
        return None


@given(
    region=st.sampled_from(sorted(REGIONS)),
    scheme=st.sampled_from(("110", "120", "130", "210", "310", "410", "510")),
    month=months_of_law,
    wage=wages,
)
def test_rosters_and_single_persons_come_to_the_same_fen(region: str, scheme: str, month: YearMonth, wage: int) -> None:
    policy = REGIONS[region]
    owed = exact(policy, scheme, month, wage)
    if owed is None:
        with pytest.raises((NotInForce, MergedScheme)):
            monthly_rules(policy, scheme, month, 1)
        return
    rule = monthly_rules(policy, scheme, month, 1)
    assert rule.amounts(wage) == (
        owed.base,
        owed.employer,
        owed.person,
        owed.account_employer,
        owed.account_person,
        owed.clamp,
    )
    assert rule.marks == owed.marks


@given(
    paid=st.lists(wages, max_size=40),
    rates=st.tuples(*(st.integers(0, 1_000_000),) * 4),
    modes=st.tuples(*(st.sampled_from(Rounding),) * 3),
    limits=st.one_of(st.tuples(wages, wages).map(sorted), st.just([400_000, 2_400_000])),
    fixed=st.one_of(st.none(), st.tuples(wages, wages)),
)
def test_a_column_of_wages_comes_to_what_each_wage_comes_to(
    paid: list[int],
    rates: tuple[int, int, int, int],
    modes: tuple[Rounding, Rounding, Rounding],
    limits: list[int],
    fixed: tuple[int, int] | None,
) -> None:
    rule = MonthlyRule(
        scheme="110",
        month=JULY,
        floor=limits[0],
        ceiling=limits[1],
        employer_ppm=rates[0],
        person_ppm=rates[1],
        account_employer_ppm=rates[2],
        account_person_ppm=rates[3],
        base_rounding=modes[0],
        employer_rounding=modes[1],
        person_rounding=modes[2],
        fixed=fixed,
    )
    assert list(zip(*rule.amounts_of_each(paid), strict=True)) == [rule.amounts(wage) for wage in paid]


@given(fen=st.integers(0, 10**12), ppm=st.integers(0, 1_000_000), mode=st.sampled_from(Rounding))
def test_a_share_is_the_exact_product_rounded(fen: int, ppm: int, mode: Rounding) -> None:
    assert share(ppm, mode).of(fen) == round_fen(fen * Decimal(ppm) / 1_000_000, mode)


@pytest.mark.parametrize(
    ("wage", "refusal"), [(0, BadWage), (-1, BadWage), (399_999, WageBelowFloor), (2_400_001, WageAboveCeiling)]
)
def test_one_refused_wage_refuses_its_column(wage: int, refusal: type[CounterError]) -> None:
    rule = MonthlyRule(scheme="110", month=JULY, floor=400_000, ceiling=2_400_000, reject=True)
    with pytest.raises(refusal):
        rule.amounts_of_each([500_000, wage, 600_000])


@given(
    wage=wages,
    modes=st.tuples(*(st.sampled_from(Rounding),) * 3),
    ppm=st.tuples(st.integers(0, 300_000), st.integers(0, 300_000)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_they_agree_for_any_rate_and_any_rounding(
    fabricate: Fabricate, wage: int, modes: tuple[Rounding, ...], ppm: tuple[int, int]
) -> None:
    policy = fabricated_once(fabricate)
    names = ("base_rounding", "employer_rounding", "person_rounding")
    employer, person = (Decimal(each) / 1_000_000 for each in ppm)
    parts = (Decimal(each // 2) / 1_000_000 for each in ppm)
    shares = Shares(employer=employer, person=person, account_employer=next(parts), account_person=next(parts))
    charge = replace(policy.charges["110"].values[0], value=shares)
    policy = replace(
        policy,
        settings={**policy.settings, **{name: always(mode) for name, mode in zip(names, modes, strict=True)}},
        charges={"110": Dated(figure="比例", values=(charge,))},
    )
    owed = contribution(policy, "110", JULY, wage)
    assert monthly_rules(policy, "110", JULY).amounts(wage)[:5] == (
        owed.base,
        owed.employer,
        owed.person,
        owed.account_employer,
        owed.account_person,
    )
    assert owed.pool + owed.account_employer + owed.account_person == owed.employer + owed.person
    assert owed.pool >= 0


_ONCE: list[Policy] = []


def fabricated_once(fabricate: Fabricate) -> Policy:
    """The fabricated region, written once for all examples of a property."""
    if not _ONCE:
        _ONCE.append(fabricate())
    return _ONCE[0]


@given(region=st.sampled_from(sorted(REGIONS)), month=months_of_law, one=wages, other=wages)
def test_bases_stay_within_the_limits_and_grow_with_the_wage(
    region: str, month: YearMonth, one: int, other: int
) -> None:
    policy = REGIONS[region]
    lower, higher = (exact(policy, "110", month, wage) for wage in sorted((one, other)))
    if lower is None or higher is None:
        return
    assert lower.limits is not None
    assert lower.limits.floor <= lower.base <= higher.base <= lower.limits.ceiling
    assert lower.total <= higher.total
    assert (lower.clamp == "raised") == (min(one, other) < lower.limits.floor)


@given(month=months_of_law, wage=wages)
def test_components_add_up_to_the_employers_money(month: YearMonth, wage: int) -> None:
    owed = exact(REGIONS["tianjin"], "310", month, wage)
    if owed is not None and owed.components:
        assert sum(amount for _, amount in owed.components) == owed.employer
        assert all(amount >= 0 for _, amount in owed.components)


def test_a_fixed_amount_goes_through_the_bulk_path_too() -> None:
    tianjin = REGIONS["tianjin"]
    policy = replace(tianjin, settings={**tianjin.settings, "large_medical_month": always(7)})
    assert isinstance(policy.charge("330", JULY).value, YearlyAmount)
    assert monthly_rules(policy, "330", JULY).amounts(1)[:3] == (0, 0, 26000)
    assert monthly_rules(policy, "330", JULY + 1).amounts(1)[:3] == (0, 0, 0)
