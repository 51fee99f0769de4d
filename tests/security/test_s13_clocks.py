"""S13: whatever a host's clock is set to, no certificate signs on outside its time, and no sign-on outlives its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_tui.security import refusals
from counter_tui.security.revocations import CLOCKS_DIFFER, RevocationList
from counter_tui.services.keys import WrongPin
from tests.devices.training_kit import NOON, PLACE, Counter, counter, pin
from tests.security.test_s10_revoked import Arrival, arrival

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.operations.envelope import Operation

__all__ = ["arrival"]

DAY = timedelta(days=1)
LIFE = timedelta(days=3650)
"""Of a training certificate, from the day before NOON."""


@pytest.fixture
def at(tmp_path: Path) -> Counter:
    return counter(tmp_path)


def set_to(at: Counter, by: timedelta) -> None:
    """Somebody sets the host's clock."""
    at.clock.seconds += by.total_seconds()


def listed(at: Counter) -> RevocationList:
    """A list that came at noon."""
    return RevocationList(issuer=at.bureau.operators[0].issuer, made_at=NOON, next_at=None, revoked={})


@pytest.mark.parametrize("by", [-2 * DAY, LIFE], ids=["too early", "too late"])
def test_a_certificate_signs_on_in_its_time_alone(at: Counter, by: timedelta) -> None:
    at.session()
    set_to(at, by)

    with pytest.raises(refusals.IssuerOutOfDate):
        at.session()


def test_a_clock_set_back_before_what_is_known_already_signs_nobody_on_and_spends_no_try(at: Counter) -> None:
    rule = replace(at.sign_on, revocations=lambda: [listed(at)])
    set_to(at, -CLOCKS_DIFFER)
    assert rule(at.key(), pin(), at.challenges.issue(PLACE)).alive

    set_to(at, -timedelta(hours=20))

    with pytest.raises(refusals.ClockBehind, match="请管理员校准本机时间"):
        rule(at.key(), pin("000000"), at.challenges.issue(PLACE))
    assert at.key().attempts_left() == 6


def test_a_clock_set_back_makes_no_sign_on_longer(at: Counter) -> None:
    """The wall clock goes back seven hours while nine go by."""
    now = {"wall": NOON}
    rule = replace(at.sign_on, clock=lambda: now["wall"])
    session = rule(at.key(), pin(), at.challenges.issue(PLACE))
    at.clock.seconds += 9 * 3600
    now["wall"] = NOON + timedelta(hours=2)

    assert not session.alive
    with pytest.raises(refusals.SignOnEnded):
        session.sign(bytes(32))


def test_a_clock_set_ahead_ends_a_sign_on_at_once(at: Counter) -> None:
    now = {"wall": NOON}
    rule = replace(at.sign_on, clock=lambda: now["wall"])
    session = rule(at.key(), pin(), at.challenges.issue(PLACE))
    now["wall"] = NOON + timedelta(hours=8)

    assert not session.alive


def test_a_wall_clock_cannot_keep_a_challenge_open(at: Counter) -> None:
    now = {"wall": NOON}
    rule = replace(at.sign_on, clock=lambda: now["wall"])
    challenge = at.challenges.issue(PLACE)
    at.clock.seconds += 61

    with pytest.raises(refusals.ChallengeExpired):
        rule(at.key(), pin(), challenge)
    with pytest.raises(WrongPin):
        rule(at.key(), pin("000000"), at.challenges.issue(PLACE))


hours = st.integers(-2 * 24 * 3650, 2 * 24 * 3650)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=hours, minutes=st.integers(-10, 10))
def test_the_hub_takes_a_sign_on_only_while_its_own_clock_says_so(arrival: Arrival, hours: int, minutes: int) -> None:
    """True time is the hub's; the host signed on at a time of its own choosing, so long before or after it."""
    opening = _opening(arrival)
    after = timedelta(hours=hours, minutes=minutes)
    true_time = arrival.made.made_at + after

    outcome = arrival.judged(opening, after=after)

    in_its_time = opening.made_at - CLOCKS_DIFFER <= true_time <= arrival.clerk.valid_until
    assert (outcome is None) is in_its_time


def _opening(arrival: Arrival) -> Operation:
    return next(each for each in arrival.kept if each.kind == "signon.open")
