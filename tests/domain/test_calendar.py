"""Months and the shorthand of days and months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import BadDay, BadMonth, YearMonth, months, read_day, read_month

TODAY = date(2026, 7, 26)
JULY = YearMonth(2026, 7)

any_month = st.builds(YearMonth, st.integers(1950, 2150), st.integers(1, 12))
any_day = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (".", date(2026, 7, 26)),
        ("+0", date(2026, 7, 26)),
        ("+5", date(2026, 7, 31)),
        ("-10", date(2026, 7, 16)),
        ("+6", date(2026, 8, 1)),
        ("3", date(2026, 7, 3)),
        ("03", date(2026, 7, 3)),
        ("502", date(2026, 5, 2)),
        ("0502", date(2026, 5, 2)),
        ("5-2", date(2026, 5, 2)),
        ("5.2", date(2026, 5, 2)),
        ("5/2", date(2026, 5, 2)),
        ("260502", date(2026, 5, 2)),
        ("20260502", date(2026, 5, 2)),
        ("2026-5-2", date(2026, 5, 2)),
        ("2026/05/02", date(2026, 5, 2)),
        ("26.5.2", date(2026, 5, 2)),
        ("240229", date(2024, 2, 29)),
    ],
)
def test_a_clerk_types_a_day_in_every_short_form(text: str, day: date) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "32",
        "631",
        "0230",
        "1301",
        "20250229",
        "2026-2-30",
        "26050",
        "2605021",
        "3a",
        "二",
        "+",
        "++1",
        "5-",
        "-",
        "2026",
        "2300-1-1",
    ],
)
def test_a_day_that_does_not_exist_is_refused_and_never_rolls_over(text: str) -> None:
    with pytest.raises(BadDay) as refusal:
        read_day(text, TODAY)
    assert f"「{text}」" in refusal.value.sentence


def test_december_typed_in_january_is_this_december() -> None:
    assert read_day("1231", date(2027, 1, 4)) == date(2027, 12, 31)


def test_the_31st_typed_in_a_month_of_30_days_names_the_days_there_are() -> None:
    with pytest.raises(BadDay, match="2026 年 6 月只有 1 至 30 日"):
        read_day("31", date(2026, 6, 1))


def test_a_shift_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BadDay, match="年份"):
        read_day("+9999", date(2190, 1, 1))


@given(day=any_day)
def test_the_full_forms_of_a_day_read_back(day: date) -> None:
    assert read_day(day.isoformat(), TODAY) == day == read_day(day.strftime("%Y%m%d"), TODAY)


@given(text=st.text(alphabet="0123456789+-./ x年", max_size=12))
def test_any_text_is_a_day_or_a_refusal(text: str) -> None:
    try:
        assert isinstance(read_day(text, TODAY), date)
    except BadDay as refusal:
        assert refusal.sentence  # noqa: PT017  both outcomes are allowed, silence is not


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("7", JULY),
        ("07", JULY),
        (".", JULY),
        ("-1", YearMonth(2026, 6)),
        ("-7", YearMonth(2025, 12)),
        ("+6", YearMonth(2027, 1)),
        ("2607", JULY),
        ("202607", JULY),
        ("2026-7", JULY),
        ("2026.07", JULY),
        ("201702", YearMonth(2017, 2)),
    ],
)
def test_a_clerk_types_a_month_in_every_short_form(text: str, month: YearMonth) -> None:
    assert read_month(text, JULY) == month


@pytest.mark.parametrize(
    "text", ["", "0", "13", "2613", "2026", "607", "202613", "2026-13", "7月", "20260701", "180001"]
)
def test_a_month_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(BadMonth) as refusal:
        read_month(text, JULY)
    assert f"「{text}」" in refusal.value.sentence


@pytest.mark.parametrize("text", ["202607", "2026-07"])
def test_a_month_is_parsed_in_its_two_full_forms(text: str) -> None:
    assert YearMonth.parse(text) == JULY


@pytest.mark.parametrize("text", ["2026-7", "20267", "2026/07", "202600", "", "２０２６０７"])
def test_parse_takes_no_shorthand(text: str) -> None:
    with pytest.raises(BadMonth):
        YearMonth.parse(text)


def test_a_month_shows_itself_and_its_days() -> None:
    february = YearMonth(2024, 2)
    assert (str(february), february.compact) == ("2024-02", "202402")
    assert (february.first_day, february.last_day) == (date(2024, 2, 1), date(2024, 2, 29))


@given(month=any_month, count=st.integers(-500, 500))
def test_moving_by_months_is_counted_by_months_until(month: YearMonth, count: int) -> None:
    moved = month + count
    assert month.months_until(moved) == count
    assert moved - count == month
    assert (moved > month) == (count > 0)


@given(day=any_day)
def test_a_day_lies_in_its_month(day: date) -> None:
    month = YearMonth.of(day)
    assert month.first_day <= day <= month.last_day
    assert YearMonth.of(month.last_day + timedelta(days=1)) == month + 1 if day.year < 2199 else True


def test_a_range_of_months_includes_both_ends() -> None:
    february = YearMonth(2017, 2)
    assert list(months(february, february)) == [february]
    assert [str(month) for month in months(YearMonth(2025, 11), YearMonth(2026, 2))] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert list(months(JULY, JULY - 1)) == []
