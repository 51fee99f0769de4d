"""Training fills the months without a figure and never hides a published one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.dated import Confidence, Dated, Gap, NotInForce, Value
from counter_tui.policy.invented import filled
from counter_tui.policy.regions import load_policy

FIRST = YearMonth(2020, 1)
MONTHS = [FIRST + number for number in range(60)]


@st.composite
def histories(draw: st.DrawFn, *, training: bool) -> Dated[int]:
    """A history without overlaps over five years; what lies between its values is declared as a gap or not."""
    values, gaps, at = [], [], draw(st.integers(0, 12))
    while at < len(MONTHS):
        until = at + draw(st.integers(0, 20))
        if draw(st.booleans()):
            by = "演练数据" if training else "文号"
            last = None if draw(st.integers(0, 9)) == 0 else FIRST + until
            values.append(
                Value(
                    value=draw(st.integers(1, 9)),
                    since=FIRST + at,
                    until=last,
                    known_from=None,
                    by=by,
                    confidence=Confidence.LOW,
                    training=training,
                )
            )
            if last is None:
                break
        else:
            gaps.append(Gap(since=FIRST + at, until=FIRST + until, note="未取得"))
        at = until + 1
    return Dated(figure="失业保险缴费基数下限", values=tuple(values), gaps=tuple(gaps))


def ruling(history: Dated[int], month: YearMonth) -> tuple[int, bool] | None:
    try:
        found = history.on(month)
    except NotInForce:
        return None
    return found.value, found.training


@given(histories(training=False), histories(training=True))
def test_in_every_month_the_published_figure_rules_and_else_the_invented_one(
    published: Dated[int], invented: Dated[int]
) -> None:
    together = filled(published, invented)
    for month in MONTHS:
        assert ruling(together, month) == (ruling(published, month) or ruling(invented, month))
        named = any(gap.since <= month and (gap.until is None or month <= gap.until) for gap in together.gaps)
        declared = any(gap.since <= month and (gap.until is None or month <= gap.until) for gap in published.gaps)
        assert named == (declared and ruling(together, month) is None)


@pytest.mark.parametrize("region", ["handan", "tianjin", "dalian", "yuanbo", "generic"])
def test_a_clerk_in_training_sees_the_published_floors_wherever_there_are_some(region: str) -> None:
    production, training = (load_policy(region, training=flag) for flag in (False, True))
    compared = 0
    for scheme, history in production.floors.items():
        for value in history.values:
            assert training.floors[scheme].on(value.since) == history.on(value.since)
            compared += 1
    assert compared or region in {"yuanbo", "generic"}


def test_the_dalian_unemployment_floor_of_2026_is_the_published_one_in_training_too() -> None:
    limits = load_policy("dalian", training=True).limits("210", YearMonth(2026, 3))
    assert (limits.floor, limits.ceiling) == (453_300, 2_266_500)
    assert not any(source.training for source in limits.sources)
