"""Golden keystrokes: what the most frequent work costs, counted from the keys that did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.policy.regions import load_policy
from tests.story.cities import facts_of
from tests.story.walk import Walk
from tests.story.window import strokes

if TYPE_CHECKING:
    from tests.story.cities import City
    from tests.story.window import Window

pytestmark = pytest.mark.serial


def test_enrolling_stopping_and_finding_cost_no_more_keys_than_promised(city: City, window: Window) -> None:
    facts = facts_of("handan")
    window.starts(city())
    walk = Walk(window, facts)
    walk.first_clerk()

    enrol = f"{facts.resume_id}<enter>5200<enter><f2>"
    assert len(strokes(enrol)) <= 26
    window.does("11<enter>", until="证件号码")
    walk._saved(enrol)
    walk.home()

    stop = f"{facts.suspend_id}<enter><f2>"
    assert len(strokes(stop)) <= 20
    window.does("12<enter>", until="变更原因")
    walk._saved(stop)

    find = f"{facts.suspend_id[-4:]}<enter>"
    assert len(strokes(find)) <= 6
    window.does(find, until=facts.suspend_name)
    assert facts.suspend_id in window.text


@pytest.mark.parametrize("region", ["handan", "tianjin"])
def test_every_function_is_at_most_five_keys_away(region: str) -> None:
    for entry in load_policy(region, training=False).menu:
        assert len(strokes(f"{entry.path}<enter>")) <= 5, entry
