"""Dated figures: never guessed, never extrapolated."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.dated import Confidence, Dated, NotInForce, Value

JANUARY = YearMonth(2026, 1)


def value(amount: int, since: YearMonth, until: YearMonth | None, known: date | None = None) -> Value[int]:
    return Value(value=amount, since=since, until=until, known_from=known, by="虚构", confidence=Confidence.HIGH)


def test_a_month_before_or_after_the_history_is_refused_by_name() -> None:
    floor = Dated(figure="缴费基数下限", values=(value(1, JANUARY, JANUARY + 11),))
    assert floor.on(JANUARY).value == floor.on(JANUARY + 11).value == 1
    for month in (JANUARY - 1, JANUARY + 12):
        with pytest.raises(NotInForce) as refusal:
            floor.on(month)
        told = f"{month} 的「缴费基数下限」尚无数据，请管理员在路径 99「参数与代码」载入后再办"
        assert refusal.value.sentence == told


def test_a_later_publication_rules_only_from_the_day_it_was_known() -> None:
    published = date(2026, 8, 31)
    floor = Dated(figure="下限", values=(value(1, JANUARY, None, date(2026, 1, 1)), value(2, JANUARY, None, published)))
    assert floor.on(JANUARY, date(2026, 8, 30)).value == 1
    assert floor.on(JANUARY, published).value == 2
    assert floor.on(JANUARY).value == 2


def test_a_figure_unknown_on_that_day_is_not_in_force() -> None:
    floor = Dated(figure="下限", values=(value(2, JANUARY, None, date(2026, 8, 31)),))
    with pytest.raises(NotInForce):
        floor.on(JANUARY, date(2026, 3, 1))


@given(steps=st.lists(st.integers(1, 30), min_size=1, max_size=8), offset=st.integers(-5, 260))
def test_exactly_one_figure_rules_every_month_of_a_history(steps: list[int], offset: int) -> None:
    since, values = JANUARY, []
    for number, step in enumerate(steps):
        values.append(value(number, since, since + (step - 1)))
        since += step
    history = Dated(figure="数值", values=tuple(values))
    month = JANUARY + offset
    if JANUARY <= month < since:
        assert history.on(month).rules(month)
    else:
        with pytest.raises(NotInForce):
            history.on(month)
