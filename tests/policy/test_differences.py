"""Base differences: month by month, never for who has left, always the difference of rounded amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.contributions import contribution
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.differences import (
    Footing,
    MonthsReversed,
    NoDifferenceForRetired,
    NoDifferenceForStopped,
    base_difference,
)
from counter_tui.policy.monthly_rules import BadWage
from counter_tui.policy.regions import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.policy.explanation import Explanation

POLICY = load_policy("handan", training=False)
JANUARY = YearMonth(2026, 1)
wages = st.integers(1, 10**11)


def at(wage: int) -> Footing:
    return Footing(policy=POLICY, wage=wage)


@given(old=wages, new=wages, since=st.integers(0, 80), count=st.integers(0, 12))
def test_old_and_difference_make_new_to_the_fen(old: int, new: int, since: int, count: int) -> None:
    first = YearMonth(2019, 5) + since
    last = min(first + count, YearMonth(2026, 12))
    found = base_difference(("110", "210"), first, last, at(old), at(new))
    for each in found.months:
        was = contribution(POLICY, each.scheme, each.month, old)
        now = contribution(POLICY, each.scheme, each.month, new)
        assert (was.employer + each.employer, was.person + each.person) == (now.employer, now.person)
    assert found.total == found.collected - found.refunded == found.pool + found.account
    assert (found.total >= 0) or new < old


@given(old=wages, new=wages)
def test_what_is_collected_one_way_is_refunded_the_other(old: int, new: int) -> None:
    there = base_difference(("110",), JANUARY, JANUARY + 3, at(old), at(new))
    back = base_difference(("110",), JANUARY, JANUARY + 3, at(new), at(old))
    assert (there.employer, there.person, there.account) == (-back.employer, -back.person, -back.account)


def test_a_difference_is_explained_down_to_the_law() -> None:
    found = base_difference(("110", "210"), JANUARY, JANUARY + 1, at(888888), at(950000))
    text = found.explanation.text()
    assert text[0] == "补差 2026-01 至 2026-02"
    # Twice 97.78 and 48.89; twice 4.28 and 1.83.
    assert text[1] == "企业职工基本养老保险：单位 195.56 + 个人 97.78 = 补收 293.34"
    assert text[-1] == "补差合计：补收 305.56"
    months = below(found.explanation, 0)
    assert [line.label for line in months.lines] == ["2026-01", "2026-02"]
    month = below(months, 0)
    assert [line.label for line in month.lines[:2]] == ["原应缴", "新应缴"]
    assert "申报工资：8,888.88" in below(month, 0).text()
    assert "申报工资：9,500.00" in below(month, 1).text()


def below(explanation: Explanation, place: int) -> Explanation:
    leads: Callable[[], Explanation] | None = explanation.lines[place].below
    assert leads is not None
    return leads()


def test_refunds_are_said_in_words() -> None:
    found = base_difference(("210",), JANUARY, JANUARY, at(950000), at(888888))
    assert found.explanation.lines[-1].value == "退 6.11"
    assert (found.collected, found.refunded) == (0, 611)


def test_who_has_left_or_retired_gets_no_difference() -> None:
    with pytest.raises(NoDifferenceForStopped, match="不计算补差"):
        base_difference(("110",), JANUARY, JANUARY, at(500000), at(600000), paying=False)
    with pytest.raises(NoDifferenceForRetired, match="已退休"):
        base_difference(("110",), JANUARY, JANUARY, at(500000), at(600000), retired=True)


def test_months_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(MonthsReversed, match="终止年月 2026-01 不能早于开始年月 2026-02"):
        base_difference(("110",), JANUARY + 1, JANUARY, at(500000), at(600000))


def test_a_month_without_law_and_a_wage_of_nothing_are_refused() -> None:
    with pytest.raises(NotInForce, match="2027-01"):
        base_difference(("110",), JANUARY, YearMonth(2027, 1), at(500000), at(600000))
    with pytest.raises(BadWage):
        base_difference(("110",), JANUARY, JANUARY, at(0), at(600000))
    with pytest.raises(BadWage):
        base_difference(("110",), JANUARY, JANUARY, at(500000), at(-1))


def test_a_merged_scheme_has_no_difference_of_its_own() -> None:
    assert base_difference(("510",), JANUARY, JANUARY, at(500000), at(600000)).months == ()
