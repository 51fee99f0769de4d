"""Months whose limits are not yet published: last year's are carried, and the difference makes it good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.contributions import contribution
from counter_tui.policy.dated import Confidence, Dated, Gap, NotInForce, Value
from counter_tui.policy.differences import Footing, month_difference
from counter_tui.policy.explanation import CARRIED
from counter_tui.policy.provisional import as_known, provisional_policy
from counter_tui.policy.regions import Policy, load_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

POLICY = load_policy("handan", training=False)
JANUARY, PUBLISHED = YearMonth(2027, 1), date(2027, 7, 20)
BEFORE, AFTER = date(2027, 3, 10), date(2027, 8, 1)


def published(policy: Policy, floor: int, ceiling: int) -> Policy:
    """The law with limits of 2027 that came out in July."""

    def added(histories: Mapping[str, Dated[int]], fen: int) -> dict[str, Dated[int]]:
        value = Value(
            value=fen,
            since=JANUARY,
            until=YearMonth(2027, 12),
            known_from=PUBLISHED,
            by="演示文号〔2027〕1号",
            confidence=Confidence.HIGH,
        )
        return {**histories, "110": replace(histories["110"], values=(*histories["110"].values, value))}

    return replace(policy, floors=added(policy.floors, floor), ceilings=added(policy.ceilings, ceiling))


def test_a_figure_published_later_was_not_known_before() -> None:
    law = published(POLICY, 420000, 2100000)
    with pytest.raises(NotInForce, match="2027-01"):
        as_known(law, BEFORE).limits("110", JANUARY)
    assert as_known(law, PUBLISHED).limits("110", JANUARY).floor == 420000
    assert as_known(law, BEFORE).limits("110", YearMonth(2026, 12)).floor == 407600


def test_last_years_limits_are_carried_and_say_so() -> None:
    law = provisional_policy(POLICY, BEFORE)
    owed = contribution(law, "110", JANUARY, 100000)
    assert (owed.base, owed.employer, owed.person) == (407600, 65216, 32608)
    assert CARRIED in owed.marks
    text = "\n".join(owed.explanation.text())
    assert "暂按 2026-01 至 2026-12 的数值 4,076.00，公布后补差" in text
    assert "冀人社字〔2026〕57号" in text
    assert "〔暂定〕" in text


def test_once_published_the_limits_are_final() -> None:
    owed = contribution(provisional_policy(published(POLICY, 420000, 2100000), AFTER), "110", JANUARY, 100000)
    assert (owed.base, owed.marks) == (420000, ())


def test_limits_are_carried_for_one_year_only() -> None:
    law = provisional_policy(POLICY, date(2028, 2, 1))
    assert law.limits("110", YearMonth(2027, 12)).floor == 407600
    with pytest.raises(NotInForce, match="2028-01"):
        law.limits("110", YearMonth(2028, 1))


def test_a_region_that_does_not_carry_refuses_the_month() -> None:
    switch = POLICY.settings["provisional_carry"]
    off = replace(switch, values=tuple(replace(each, value=False) for each in switch.values))
    law = provisional_policy(replace(POLICY, settings={**POLICY.settings, "provisional_carry": off}), BEFORE)
    with pytest.raises(NotInForce, match="2027-01"):
        contribution(law, "110", JANUARY, 500000)
    unset = {name: each for name, each in POLICY.settings.items() if name != "provisional_carry"}
    with pytest.raises(NotInForce, match="2027-01"):
        provisional_policy(replace(POLICY, settings=unset), BEFORE).limits("110", JANUARY)


def test_months_declared_missing_and_damaged_figures_are_never_carried_over() -> None:
    floor = POLICY.floors["110"]
    gap = replace(floor, gaps=(Gap(since=JANUARY, until=None, note="未取得"),))
    damaged = replace(floor, damaged="figures.toml")
    for history in (gap, damaged):
        law = provisional_policy(replace(POLICY, floors={**POLICY.floors, "110": history}), BEFORE)
        with pytest.raises(NotInForce):
            law.limits("110", JANUARY)
    with pytest.raises(NotInForce):
        provisional_policy(POLICY, BEFORE).limits("310", JANUARY)


def test_a_corrected_figure_is_carried_as_it_was_corrected() -> None:
    floor = POLICY.floors["110"]
    corrected = replace(floor.values[-1], value=408000, known_from=date(2026, 11, 1))
    law = replace(POLICY, floors={**POLICY.floors, "110": replace(floor, values=(*floor.values, corrected))})
    assert provisional_policy(law, BEFORE).limits("110", JANUARY).floor == 408000
    assert provisional_policy(law, date(2026, 10, 1)).limits("110", JANUARY).floor == 407600


@given(
    wage=st.integers(1, 10**11),
    floor=st.integers(300000, 600000),
    ceiling=st.integers(1500000, 3000000),
)
def test_provisional_and_difference_make_final_to_the_fen(wage: int, floor: int, ceiling: int) -> None:
    law = published(POLICY, floor, ceiling)
    then, now = provisional_policy(law, BEFORE), provisional_policy(law, AFTER)
    first = contribution(then, "110", JANUARY, wage)
    last = contribution(now, "110", JANUARY, wage)
    found = month_difference("110", JANUARY, Footing(policy=then, wage=wage), Footing(policy=now, wage=wage))
    assert (first.employer + found.employer, first.person + found.person) == (last.employer, last.person)
    assert found.pool + found.account == found.total
    assert first.account_person + found.account == last.account_person


@given(day=st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_nothing_that_is_published_is_ever_changed_by_carrying(day: date) -> None:
    law = provisional_policy(POLICY, day)
    for scheme, history in POLICY.floors.items():
        assert law.floors[scheme].values[: len(history.values)] == history.values
