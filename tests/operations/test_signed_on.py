"""One sign-on for each key, as counter and hub decide it alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from counter_tui.operations.outcome import Status
from counter_tui.operations.signed_on import superseded
from tests.operations.office import SUPERVISOR, Acted, Office

if TYPE_CHECKING:
    from datetime import datetime

    from counter_tui.operations.envelope import Maker


def signs_on(office: Office, by: Maker, session: str, *, made_at: datetime | None = None) -> tuple[Maker, Acted]:
    """Somebody opens a sign-on; the hand under which he works from now on."""
    acted = office.act("signon.open", {"window": by.window, "session": session}, by=by, unit="B", made_at=made_at)
    return replace(by, signon=acted.id), acted


def decides(office: Office, by: Maker, *, made_at: datetime | None = None) -> Acted:
    """A decision that fails for want of its request unless it is refused before that is looked for."""
    body = {"employer": "none", "month": "2026-11", "request": "none", "agree": True}
    return office.act("rollback.confirm", body, by=by, made_at=made_at)


def refused_as_ended(acted: Acted) -> bool:
    return acted.outcome.status is Status.REJECTED and "登录已结束" in acted.outcome.sentence


@pytest.fixture
def office() -> Office:
    return Office()


HERE, THERE = replace(SUPERVISOR, window="001"), replace(SUPERVISOR, window="005")


def test_the_second_sign_on_with_a_key_ends_the_first_and_says_where_and_when(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    assert superseded(office.register, first.signon) is None

    second, _ = signs_on(office, THERE, "s2", made_at=office.now + timedelta(minutes=30))

    told = superseded(office.register, first.signon)
    assert told is not None
    assert told.sentence.startswith("本柜员已于 09:31 在 5 号窗口登录，这里的登录已结束")
    assert superseded(office.register, second.signon) is None
    assert [each.operation for each in office.register.open_sign_ons(HERE.key_serial)] == [second.signon]


def test_another_key_at_another_window_ends_nothing(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    signs_on(office, replace(THERE, key_serial="another"), "s2")

    assert superseded(office.register, first.signon) is None


def test_who_comes_back_with_a_renewed_key_ends_his_sign_on_with_the_old_one_at_this_window(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    second, _ = signs_on(office, replace(HERE, key_serial="renewed"), "s2")

    assert office.register.open_sign_ons(HERE.key_serial) == []
    assert refused_as_ended(decides(office, first))
    assert not refused_as_ended(decides(office, second))


def test_another_operator_at_the_same_window_ends_nothing(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    signs_on(office, replace(HERE, key_serial="another", operator="0099"), "s2")

    assert superseded(office.register, first.signon) is None


@pytest.mark.parametrize("how", ["lock", "close"])
def test_a_sign_on_that_was_left_is_over_and_was_not_taken_away(office: Office, how: str) -> None:
    first, _ = signs_on(office, HERE, "s1")
    office.act(f"signon.{how}", {"window": "001"}, by=first, unit="B")
    signs_on(office, THERE, "s2")

    assert superseded(office.register, first.signon) is None
    assert refused_as_ended(decides(office, first))


def test_a_decision_under_a_sign_on_that_has_ended_is_refused_by_the_hub(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    assert not refused_as_ended(decides(office, first))
    second, _ = signs_on(office, THERE, "s2")

    assert refused_as_ended(decides(office, first))
    assert not refused_as_ended(decides(office, second))


def test_a_decision_made_elsewhere_before_the_second_sign_on_and_delivered_after_it_stands(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    before = office.now
    signs_on(office, THERE, "s2")

    assert not refused_as_ended(decides(office, first, made_at=before + timedelta(seconds=30)))
    assert refused_as_ended(decides(office, first, made_at=office.now + timedelta(seconds=30)))


def test_on_one_device_the_chain_decides_whatever_its_clock_says(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    before = office.now
    signs_on(office, HERE, "s2")

    assert refused_as_ended(decides(office, first, made_at=before))


def test_ordinary_work_of_an_ended_sign_on_that_was_under_way_is_not_lost(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    signs_on(office, THERE, "s2")

    assert office.receive(by=first).outcome.status is Status.APPLIED


def test_a_statement_opens_one_sign_on_and_no_second(office: Office) -> None:
    first, _ = signs_on(office, HERE, "s1")
    second, _ = signs_on(office, THERE, "s2")

    _, again = signs_on(office, HERE, "s1")

    assert again.outcome.status is Status.REJECTED
    assert "已经用过" in again.outcome.sentence
    assert superseded(office.register, first.signon) is not None
    assert superseded(office.register, second.signon) is None
