"""Accounts over the years: credits by dated ratios, and the ledger year after year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.account_credits import Insured, NegativeBase, account_credit, credit_histories, credit_ratio
from counter_tui.policy.accounts import NegativeBalance, NotTwelveMonths, account_year, interest_law
from counter_tui.policy.dated import Confidence, NotInForce
from counter_tui.policy.explanation import UNCONFIRMED
from counter_tui.policy.ledgers import NoLedgerYears, RateNotPublished, YearSkipped, ledger
from counter_tui.policy.sections import LawFault

LAW = Path(__file__).parents[2] / "counter_tui" / "policy" / "data" / "account_credit.toml"
RATES = interest_law().rates
NOTHING = (0,) * 12
HANDAN, LIAONING, DALIAN = "130400", "210000", "210200"
CREDITS = st.lists(st.integers(0, 10**7), min_size=12, max_size=12).map(tuple)


@pytest.mark.parametrize(
    ("code", "month", "insured", "ratio", "by"),
    [
        (HANDAN, "1998-01", Insured.EMPLOYEE, "0.11", "国发〔1997〕26号"),
        (HANDAN, "2005-12", Insured.EMPLOYEE, "0.11", "国发〔1997〕26号"),
        (HANDAN, "2006-01", Insured.EMPLOYEE, "0.08", "国发〔2005〕38号"),
        (HANDAN, "2026-12", Insured.EMPLOYEE, "0.08", "国发〔2005〕38号"),
        (DALIAN, "2001-06", Insured.EMPLOYEE, "0.11", "国发〔1997〕26号"),
        (DALIAN, "2001-07", Insured.EMPLOYEE, "0.08", "国发〔2000〕42号"),
        (LIAONING, "2005-12", Insured.EMPLOYEE, "0.08", "国发〔2000〕42号"),
        (LIAONING, "2006-01", Insured.EMPLOYEE, "0.08", "国发〔2005〕38号"),
        ("", "2004-05", Insured.EMPLOYEE, "0.11", "国发〔1997〕26号"),
        (DALIAN, "2006-01", Insured.FLEXIBLE, "0.08", "国发〔2005〕38号"),
        (DALIAN, "2014-10", Insured.PUBLIC, "0.08", "国发〔2015〕2号"),
    ],
)
def test_the_ratio_of_a_month_is_that_of_the_place_and_then_of_the_nation(
    code: str, month: str, insured: Insured, ratio: str, by: str
) -> None:
    found = credit_ratio(code, YearMonth.parse(month), insured)
    assert found.value == Decimal(ratio)
    assert found.by.startswith(by)


@pytest.mark.parametrize(
    ("month", "insured", "who"),
    [
        ("1997-12", Insured.EMPLOYEE, "企业职工"),
        ("2005-12", Insured.FLEXIBLE, "灵活就业人员"),
        ("2014-09", Insured.PUBLIC, "机关事业单位人员"),
    ],
)
def test_a_month_without_such_accounts_is_refused_by_name(month: str, insured: Insured, who: str) -> None:
    with pytest.raises(NotInForce, match=f"{month} 的「{who}个人账户记账比例」尚无数据"):
        account_credit(DALIAN, 100, YearMonth.parse(month), insured)


def test_the_pilot_of_liaoning_is_medium_and_the_rest_is_high() -> None:
    assert credit_ratio(DALIAN, YearMonth(2003, 1)).confidence is Confidence.MEDIUM
    assert credit_ratio(HANDAN, YearMonth(2003, 1)).confidence is Confidence.HIGH


def test_a_credit_is_rounded_once_half_up_to_fen() -> None:
    # 4201.06 * 8 % = 336.0848; 4201.31 * 8 % = 336.1048; 1000.05 * 11 % = 110.0055.
    assert account_credit(HANDAN, 420_106, YearMonth(2026, 3)).amount == 33_608
    assert account_credit(HANDAN, 420_131, YearMonth(2026, 3)).amount == 33_610
    old = account_credit(HANDAN, 100_005, YearMonth(1999, 5))
    assert old.amount == 11_001
    assert old.explanation.text()[0] == "1999-05 企业职工个人账户记账额"
    assert old.explanation.text()[1].startswith("记入个人账户：1,000.05 * 11%，四舍五入到分 = 110.01（国发〔1997〕26号")
    with pytest.raises(NegativeBase):
        account_credit(HANDAN, -1, YearMonth(2026, 3))


def test_a_ledger_carries_each_closing_balance_into_the_next_year() -> None:
    # 2024: 10000.00 * 2.62 % = 262.00; 100.00 in each month: 7800.00 month products * 2.62 % / 12 = 17.03.
    # 11479.03 carried over; 2025: * 1.5 % = 172.18545, with one credit of 100.00 in December 0.125: 172.31.
    found = ledger(RATES, 1_000_000, {2025: (*NOTHING[1:], 10_000), 2024: (10_000,) * 12})
    assert found.years[2024].closing == 1_147_903
    assert (found.years[2025].interest, found.closing) == (17_231, 1_175_134)
    assert (found.opening, found.paid_in, found.interest) == (1_000_000, 130_000, 45_134)


def test_each_year_of_the_explanation_opens_into_its_own_steps() -> None:
    found = ledger(RATES, 10_000_000, {2025: (48_000,) * 12})
    assert found.closing == 10_730_680
    year = found.explanation.lines[1]
    assert year.text().startswith("2025 年：100,000.00 + 5,760.00 + 1,546.80 = 107,306.80（2026 年公布")
    assert year.below is not None
    assert year.below() == account_year(RATES, 2025, 10_000_000, (48_000,) * 12).explanation
    last = "2025 年末余额：100,000.00 + 记账 5,760.00 + 利息 1,546.80 = 107,306.80"
    assert found.explanation.text()[-1] == last


def test_years_of_the_reference_series_mark_the_whole_ledger() -> None:
    found = ledger(RATES, 0, dict.fromkeys(range(2014, 2018), (1000,) * 12))
    assert [bool(line.marks) for line in found.explanation.lines] == [False, True, True, False, False, True]
    assert found.explanation.marks == (UNCONFIRMED,)


def test_a_year_whose_rate_is_not_out_is_refused_with_the_year_and_the_way_out() -> None:
    with pytest.raises(RateNotPublished) as refusal:
        ledger(RATES, 0, {2025: NOTHING, 2026: NOTHING})
    assert refusal.value.sentence == (
        "2026 年的个人账户记账利率尚未公布或未载入，台账只能算到 2025 年末；"
        "公布后由管理员在路径 99「参数与代码」载入再算"
    )
    assert isinstance(refusal.value, NotInForce)
    with pytest.raises(RateNotPublished, match="1995 年的个人账户记账利率尚未公布或未载入，该年不能计息"):
        ledger(RATES, 0, {1995: NOTHING})


def test_years_must_follow_each_other_and_have_twelve_months() -> None:
    with pytest.raises(NoLedgerYears):
        ledger(RATES, 0, {})
    with pytest.raises(YearSkipped, match="缺 2018 年"):
        ledger(RATES, 0, {2017: NOTHING, 2019: NOTHING})
    with pytest.raises(NotTwelveMonths):
        ledger(RATES, 0, {2017: NOTHING[1:]})
    with pytest.raises(NegativeBalance):
        ledger(RATES, -1, {2017: NOTHING})


@given(opening=st.integers(0, 10**9), rows=st.lists(CREDITS, min_size=2, max_size=10), cut=st.integers(1, 9))
def test_a_ledger_year_by_year_is_the_ledger_at_once(opening: int, rows: list[tuple[int, ...]], cut: int) -> None:
    years = dict(enumerate(rows, start=2016))
    whole = ledger(RATES, opening, years)
    split = 2016 + min(cut, len(rows) - 1)
    first = ledger(RATES, opening, {year: row for year, row in years.items() if year < split})
    second = ledger(RATES, first.closing, {year: row for year, row in years.items() if year >= split})
    assert second.closing == whole.closing
    assert first.interest + second.interest == whole.interest
    assert whole.closing == whole.opening + whole.paid_in + whole.interest
    assert whole.interest == sum(year.interest for year in whole.years.values())


@given(opening=st.integers(0, 10**9), row=CREDITS, month=st.integers(0, 10))
def test_paying_a_month_earlier_never_earns_less(opening: int, row: tuple[int, ...], month: int) -> None:
    later = list(row)
    later[month + 1], later[month] = later[month + 1] + later[month], 0
    assert ledger(RATES, opening, {2019: row}).interest >= ledger(RATES, opening, {2019: later}).interest


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('ratio = "0.11"', "ratio = 0.11", "histories[0].values[0].ratio", "浮点数"),
        ('ratio = "0.11"', 'share = "0.11"', "histories[0].values[0].ratio", "缺少此键"),
        ('ratio = "0.11"', 'ratio = "0.11", note = "x"', "histories[0].values[0].note", "不认识的键"),
        (
            'until = "2005-12", ratio = "0.11"',
            'until = "2006-01", ratio = "0.11"',
            "histories[0]",
            "2006-01 有两条重叠",
        ),
        (
            'until = "2005-12", ratio = "0.11"',
            'until = "2005-10", ratio = "0.11"',
            "histories[0]",
            "2005-11 至 2005-12",
        ),
        ('insured = "flexible"', 'insured = "employee"', "histories[2].code", "两条重叠"),
        ('insured = "flexible"', 'insured = "free"', "histories[2].insured", "应为"),
        ('code = "210000"', 'code = "21"', "histories[1].code", "六位"),
    ],
)
def test_ratios_out_of_order_are_refused_with_place_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    text = LAW.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "account_credit.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        credit_histories(broken)
    assert f"account_credit.toml 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence
