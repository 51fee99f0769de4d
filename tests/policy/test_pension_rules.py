"""Regional rules of pensions: deemed years, transitional parts, the index, and provisional pensions."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.money import yuan
from counter_tui.policy.dated import Confidence, NotInForce
from counter_tui.policy.explanation import UNCONFIRMED
from counter_tui.policy.pension import BadContributionMonths, Multiplicand, pension
from counter_tui.policy.pension_figures import index_wages, pension_bases
from counter_tui.policy.pension_index import BadDeemedMonths, BadIndexBase, NoPaidMonths, average_index
from counter_tui.policy.pension_rules import (
    MultiplicandNotSettled,
    MultiplicandNotUsed,
    OwnIndexNeeded,
    pension_rules,
    regional_transitional,
)
from counter_tui.policy.provisional_pension import MonthsReversed, base_to_use, regional_pension, settlement
from counter_tui.policy.sections import LawFault
from counter_tui.policy.yearly_figures import shipped_yearly

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2] / "counter_tui" / "policy" / "data"
FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "rules": (pension_rules, "pension_rules.toml"),
    "base": (pension_bases, "pension_base.toml"),
    "wage": (index_wages, "index_wage.toml"),
}
HEBEI, HANDAN, TIANJIN, LIAONING, DALIAN = "130000", "130400", "120000", "210000", "210200"


def year_of(number: int, base: int, count: int = 12) -> dict[YearMonth, int]:
    return {YearMonth(number, month): base for month in range(1, count + 1)}


def test_tianjin_has_its_rule_in_full_though_nobody_confirmed_it() -> None:
    rule = regional_transitional(TIANJIN, 39)
    assert (rule.years, rule.coefficient) == (Decimal("3.25"), Decimal("0.010"))
    assert (rule.multiplicand, rule.index, rule.confidence) == (Multiplicand.INDEXED, None, Confidence.LOW)
    assert rule.by.startswith("津政发〔1994〕92号")


def test_the_multiplicand_of_hebei_is_refused_until_an_approval_says_it() -> None:
    with pytest.raises(MultiplicandNotSettled) as refusal:
        regional_transitional(HANDAN, 30)
    assert refusal.value.sentence == (
        "河北省过渡性养老金的乘数尚未确认（乘数是指数化工资还是平均数，未见文件），请按已归档的核定表选定后再试算"
    )
    for chosen in Multiplicand:
        rule = regional_transitional(HANDAN, 30, multiplicand=chosen)
        assert (rule.years, rule.coefficient, rule.multiplicand) == (Decimal("2.50"), Decimal("0.013"), chosen)
        assert rule.confidence is Confidence.LOW


def test_one_way_of_liaoning_asks_for_an_index_of_these_years_alone() -> None:
    with pytest.raises(MultiplicandNotSettled):
        regional_transitional(DALIAN, 12)
    with pytest.raises(OwnIndexNeeded, match="请录入该指数"):
        regional_transitional(DALIAN, 12, multiplicand=Multiplicand.INDEXED)
    own = regional_transitional(DALIAN, 12, multiplicand=Multiplicand.INDEXED, index=Decimal("0.9"))
    assert (own.index, own.coefficient) == (Decimal("0.9"), Decimal("0.014"))
    # The other way uses the average index, whatever was typed.
    averaged = regional_transitional(DALIAN, 12, multiplicand=Multiplicand.AVERAGE, index=Decimal("0.9"))
    assert averaged.index is None


def test_a_way_that_the_region_never_used_and_a_region_without_rules_are_refused() -> None:
    with pytest.raises(MultiplicandNotUsed, match="天津市"):
        regional_transitional(TIANJIN, 12, multiplicand=Multiplicand.AVERAGE)
    for code in ("990000", "", "13"):
        with pytest.raises(NotInForce, match=f"行政区划 {code} 的养老金计发规则"):
            regional_transitional(code, 12)
    with pytest.raises(BadContributionMonths):
        regional_transitional(TIANJIN, 0)


@pytest.mark.parametrize(
    ("code", "first", "count"),
    [
        (HEBEI, "1995-12", 1),
        (HEBEI, "1996-01", 0),
        (HEBEI, "1993-07", 30),
        (TIANJIN, "1994-10", 39),
        (TIANJIN, "1998-01", 0),
        (DALIAN, "1997-01", 12),
        (LIAONING, "2010-01", 0),
    ],
)
def test_months_count_up_to_the_cut_off_of_the_region(code: str, first: str, count: int) -> None:
    assert pension_rules().of(code).transitional.months_since(YearMonth.parse(first)) == count


def test_the_index_is_the_mean_of_all_months_against_the_wage_of_their_year() -> None:
    # 12 months at the average (6678.00) and 6 at half of it (6794.00 / 2): (12 + 3) / 18.
    found = average_index(shipped_yearly(HEBEI), year_of(2025, 667_800) | year_of(2026, 339_700, 6))
    assert (found.value, found.paid, found.deemed) == (Decimal("0.8333"), 18, 0)
    assert average_index(shipped_yearly(HEBEI), year_of(2025, 500_000)).value == Decimal("0.7487")


def test_the_year_of_contribution_is_never_mixed_up_with_the_label_of_the_wage() -> None:
    assert average_index(shipped_yearly(TIANJIN), year_of(2025, 854_000)).value == 1
    assert average_index(shipped_yearly(TIANJIN), year_of(2026, 863_400)).value == 1
    assert average_index(shipped_yearly(HEBEI), year_of(2025, 667_800)).value == 1
    assert average_index(shipped_yearly(HANDAN), year_of(2026, 679_400)).value == 1


def test_a_year_counts_three_times_the_average_at_most() -> None:
    # Four times in 2025 counts as three, once in 2024: the mean is two.
    found = average_index(shipped_yearly(HEBEI), year_of(2024, 653_425) | year_of(2025, 4 * 667_800))
    assert found.value == 2
    assert "超过 3，按 3 计" in found.explanation.text()[2]


def test_a_year_below_the_usual_floor_is_pointed_out_and_not_lifted() -> None:
    found = average_index(shipped_yearly(HEBEI), year_of(2025, 333_900))
    assert found.value == Decimal("0.5")
    line = found.explanation.lines[0]
    assert "低于 0.6，未作提高" in line.value
    assert line.marks == (UNCONFIRMED,)
    usual = average_index(shipped_yearly(HEBEI), year_of(2025, 400_680)).explanation.lines[0]
    assert (usual.value, usual.marks) == ("0.6000", ())


def test_deemed_months_have_the_own_average_where_the_region_says_so() -> None:
    found = average_index(shipped_yearly(HEBEI), year_of(2025, 500_000), deemed=24)
    assert (found.value, found.deemed) == (Decimal("0.7487"), 24)
    assert "24 个月，指数同本人平均缴费指数" in found.explanation.lines[1].text()
    with pytest.raises(NotInForce, match="天津市视同缴费指数"):
        average_index(shipped_yearly(TIANJIN), year_of(2025, 500_000), deemed=1)


def test_every_year_can_be_opened_down_to_its_months() -> None:
    line = average_index(shipped_yearly(HEBEI), year_of(2025, 500_000, 2)).explanation.lines[0]
    assert line.below is not None
    assert line.below().text()[:2] == [
        "2025 年各月缴费指数",
        "2025-01：5,000.00 / 6,678.00 = 0.7487（公开汇总的全省序列）",
    ]
    assert len(line.below().lines) == 2


def test_a_record_that_gives_no_index_is_refused() -> None:
    with pytest.raises(NoPaidMonths):
        average_index(shipped_yearly(HEBEI), {})
    with pytest.raises(BadIndexBase, match="2025-01 的缴费基数应大于零"):
        average_index(shipped_yearly(HEBEI), year_of(2025, 0))
    with pytest.raises(BadDeemedMonths, match="视同缴费 -1 个月"):
        average_index(shipped_yearly(HEBEI), year_of(2025, 1), deemed=-1)
    with pytest.raises(NotInForce):
        average_index(shipped_yearly(DALIAN), year_of(2025, 500_000))
    with pytest.raises(NotInForce, match="1994 年"):
        average_index(shipped_yearly(HEBEI), year_of(1994, 500_000))


@given(
    wages=st.dictionaries(
        st.sampled_from(list(months(YearMonth(2015, 1), YearMonth(2026, 12)))),
        st.integers(1, 10_000_000),
        min_size=1,
        max_size=40,
    )
)
def test_an_index_lies_between_nothing_and_three_and_does_not_fall_with_a_base(wages: dict[YearMonth, int]) -> None:
    found = average_index(shipped_yearly(HEBEI), wages).value
    assert 0 <= found <= 3
    first = min(wages)
    assert average_index(shipped_yearly(HEBEI), wages | {first: wages[first] + 10_000}).value >= found


def test_the_base_of_the_year_is_used_when_it_is_published() -> None:
    used = base_to_use(shipped_yearly(HANDAN), 2025)
    assert (used.value.value, used.year, used.provisional) == (741_000, 2025, False)
    assert used.line().text() == "2025 年计发基数：7,410.00（冀人社字〔2025〕105号）"


def test_last_years_base_is_used_until_then_and_the_pension_says_it_is_provisional() -> None:
    found = regional_pension(
        shipped_yearly(HEBEI), 2026, index=Decimal(1), months=180, account_balance=8_000_000, payout_months=Decimal(139)
    )
    assert (found.provisional, found.pension.total) == (True, 168_704)
    text = found.explanation.text()
    assert text[0] == "月养老金试算（暂定），2026 年计发基数公布后重算"
    assert text[1] == "2025 年计发基数：7,410.00，2026 年尚未公布，暂定（冀人社字〔2025〕105号）"
    final = regional_pension(
        shipped_yearly(HEBEI), 2025, index=Decimal(1), months=180, account_balance=8_000_000, payout_months=Decimal(139)
    )
    assert (final.provisional, final.pension.total) == (False, 168_704)
    assert "暂定" not in "".join(final.explanation.text())


@pytest.mark.parametrize(("code", "year"), [(HEBEI, 2027), (HEBEI, 2018), (HEBEI, 2030), ("990000", 2026)])
def test_a_base_two_years_old_is_never_used(code: str, year: int) -> None:
    with pytest.raises(NotInForce, match=f"{year} 年"):
        base_to_use(shipped_yearly(code), year)


def test_a_provisional_pension_is_settled_month_by_month() -> None:
    paid = pension(741_000, Decimal(1), 180, 8_000_000, Decimal(139), None)
    # A base of 7558.00 gives 1133.70 for 1111.50: 22.20 more in each of ten months.
    due = pension(755_800, Decimal(1), 180, 8_000_000, Decimal(139), None)
    found = settlement(paid, due, YearMonth(2026, 2), YearMonth(2026, 11))
    assert (found.per_month, found.months, found.total) == (2_220, 10, 22_200)
    assert found.explanation.text() == [
        "2026-02 至 2026-11 暂定养老金重算",
        "基础养老金：1,133.70 - 1,111.50 = 22.20",
        "个人账户养老金：575.54 - 575.54 = 0.00",
        "每月差额：1,709.24 - 1,687.04 = 22.20",
        "应补：22.20 * 10 个月 = 222.00",
    ]
    back = settlement(due, paid, YearMonth(2026, 2), YearMonth(2026, 2))
    assert (back.total, back.explanation.text()[-1]) == (-2_220, "应退：22.20 * 1 个月 = 22.20")
    with pytest.raises(MonthsReversed, match="补发止月 2026-01 早于起月 2026-02"):
        settlement(paid, due, YearMonth(2026, 2), YearMonth(2026, 1))


def facts(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_published_base_and_wage_is_found_by_its_year() -> None:
    for fact in facts("pension_base.csv"):
        value = shipped_yearly(fact["region"]).pension_base.of(int(fact["year"]))
        assert (yuan(value.value), value.confidence.value) == (fact["monthly"], fact["confidence"]), fact
    for fact in facts("index_wage.csv"):
        value = shipped_yearly(fact["region"]).index_wage.of(int(fact["contribution_year"]))
        assert (yuan(value.value), value.confidence.value) == (fact["monthly"], fact["confidence"]), fact


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "reason"),
    [
        (
            "rules",
            'coefficient = "0.013"',
            "coefficient = 0.013",
            "regions[0].transitional.coefficient",
            "浮点",
        ),
        (
            "rules",
            'multiplicand = "indexed"',
            'multiplicand = "x"',
            "regions[1].transitional.multiplicand",
            "应为",
        ),
        ("rules", 'multiplicand = "indexed"', "", "regions[1].transitional.multiplicand", "缺少此键"),
        ("rules", 'own_index = ["indexed"]', 'own_index = ["x"]', "regions[2].transitional.own_index", "应为"),
        (
            "rules",
            'choices = ["indexed", "average"]',
            "choices = []",
            "regions[0].transitional.choices",
            "可选",
        ),
        ("rules", "own = true", "own = false", "regions[0].deemed.own", "本人平均"),
        ("rules", "own = true", "own = true\nnote = 1", "regions[0].deemed.note", "不认识的键"),
        ("rules", 'code = "120000"', 'code = "130000"', "regions[1].code", "两条重叠"),
        ("rules", 'code = "120000"', 'code = "12"', "regions[1].code", "六位"),
        ("rules", "decimals = 2", "decimals = 5", "default.years.decimals", "整数"),
        ("rules", "highest = 3", "highest = 3.0", "index.highest", "整数"),
        ("base", "year = 2024", "year = 2023", "regions[0].years[5].year", "两条重叠"),
        ("base", "year = 2026", "year = 2027", "regions[0].years", "2026 年没有数值"),
        ("base", 'monthly = "7410.00"', "monthly = 7410.00", "regions[0].years[6].monthly", "浮点"),
        ("base", 'monthly = "7410.00"', 'monthly = "0"', "regions[0].years[6].monthly", "大于零"),
        ("base", 'name = "河北省"', 'name = "河北省"\nlag = 1', "regions[0].lag", "不认识的键"),
        ("wage", "lag = 1", "lag = 9", "regions[1].lag", "整数"),
        ("wage", "lag = 1", "", "regions[1].lag", "缺少此键"),
    ],
)
def test_a_file_out_of_order_is_refused_with_place_and_reason(
    tmp_path: Path, file: str, old: str, new: str, key: str, reason: str
) -> None:
    read, name = FILES[file]
    text = (DATA / name).read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / name
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        read(broken)
    assert f"{name} 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence
