"""Late fees by day, across the change of the rate on 2011-07-01."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import read_yuan, yuan
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.late_fees import NegativePrincipal, due_date, late_fee
from counter_tui.policy.regions import load_policy

POLICY = load_policy("handan", training=False)
CASES = tomllib.loads((Path(__file__).parent.parent / "regions" / "late-fees.toml").read_text(encoding="utf-8"))

days = st.dates(date(1999, 1, 22), date(2040, 12, 31))


@pytest.mark.parametrize("case", CASES["late_fee"], ids=lambda case: f"{case['due']}-{case['paid']}")
def test_the_fee_is_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    fee = late_fee(
        load_policy(CASES["region"], training=False),
        read_yuan(case["principal"]),
        date.fromisoformat(case["due"]),
        date.fromisoformat(case["paid"]),
    )
    assert (yuan(fee.amount), fee.days_old, fee.days_new) == (case["amount"], case["days_old"], case["days_new"])
    assert fee.exceeds_principal == case.get("warned", False)
    assert (fee.warning is not None) == fee.exceeds_principal


def test_the_fee_explains_its_days_and_authorities() -> None:
    text = late_fee(POLICY, 1000000, date(2011, 5, 25), date(2011, 8, 10)).explanation.text()
    assert text[0] == "滞纳金试算 2011-05-25 截止，2011-08-10 缴费"
    assert "每日 0.2%：36 天（社会保险费征缴暂行条例（国务院令第259号）第十三条）" in text
    assert "每日 0.05%：41 天（社会保险法第八十六条）" in text
    assert text[-1] == "滞纳金：10,000.00 *（36 * 0.2% + 41 * 0.05%），四舍五入到分 = 925.00"


def test_a_fee_above_the_principal_is_warned_of_and_capped_only_where_the_region_says_so() -> None:
    due, paid = date(2019, 12, 25), date(2025, 12, 25)
    fee = late_fee(POLICY, 10000000, due, paid)
    assert fee.warning == "滞纳金 109,600.00 已超过本金 100,000.00，请核对后再办"
    switch = POLICY.settings["late_fee_cap"]
    on = replace(switch, values=(replace(switch.values[0], value=True),))
    capping = replace(POLICY, settings={**POLICY.settings, "late_fee_cap": on})
    capped = late_fee(capping, 10000000, due, paid)
    assert capped.amount == 10000000
    assert "封顶" in capped.explanation.text()[-1]


def test_a_span_from_before_any_rate_is_refused() -> None:
    with pytest.raises(NotInForce, match="1998-12 的「滞纳金日费率」"):
        late_fee(POLICY, 100, date(1998, 12, 25), date(1999, 3, 1))
    assert late_fee(POLICY, 100, date(1998, 12, 25), date(1998, 12, 25)).amount == 0


def test_a_refund_bears_no_late_fee() -> None:
    with pytest.raises(NegativePrincipal):
        late_fee(POLICY, -1, date(2026, 1, 1), date(2026, 2, 1))


@given(due=days, overdue=st.integers(0, 5000), principal=st.integers(0, 10**10))
def test_days_are_all_counted_once_and_a_day_more_never_costs_less(due: date, overdue: int, principal: int) -> None:
    paid = due + timedelta(days=overdue)
    fee = late_fee(POLICY, principal, due, paid)
    assert fee.days == overdue
    assert fee.days_old == max(0, min(paid, date(2011, 6, 30)).toordinal() - due.toordinal())
    assert fee.amount <= late_fee(POLICY, principal, due, paid + timedelta(days=1)).amount


@given(due=days, early=st.integers(0, 400))
def test_paying_in_time_costs_nothing(due: date, early: int) -> None:
    assert late_fee(POLICY, 10**6, due, due - timedelta(days=early)).amount == 0


def test_the_due_day_is_the_regions_and_never_beyond_the_month() -> None:
    assert due_date(POLICY, YearMonth(2026, 7)) == date(2026, 7, 25)
    tianjin = load_policy("tianjin", training=False)
    assert due_date(tianjin, YearMonth(2026, 2)) == date(2026, 2, 28)
