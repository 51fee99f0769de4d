"""Every function of every region's menu has a screen that opens on every terminal."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from counter_tui.policy.regions import load_policy
from screens.routes import ROUTES, NoScreen, open_function
from tests.screens.stories import LARGE, SMALL, USUAL, open_counter
from tests.services.bureau import PAYING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ELSEWHERE_SERVED = {"P85", "todo"}
"""Functions that the home screen serves by itself."""
REGIONS = ("handan", "tianjin", "dalian", "yuanbo", "generic")
SIZES = (SMALL, USUAL, LARGE)


@cache
def functions_of(region: str) -> frozenset[str]:
    """What a region's menu has."""
    return frozenset(entry.function for entry in load_policy(region, training=True).menu)


def sizes(function: str, region: str) -> Sequence[tuple[int, int]]:
    """At which sizes a region opens a function: together with the other regions that have it, at every one."""
    having = [each for each in REGIONS if function in functions_of(each)]
    return SIZES if len(having) < len(SIZES) else (SIZES[having.index(region) % len(SIZES)],)


@pytest.mark.parametrize("region", REGIONS)
async def test_every_function_of_a_menu_opens_and_leaves_at_every_size(tmp_path: Path, region: str) -> None:
    async with open_counter(tmp_path, region=region) as counter:
        await counter.declares("P05", PAYING, registration="1")
        functions = functions_of(region) - ELSEWHERE_SERVED
        assert functions <= set(ROUTES)
        for function in sorted(functions):
            for counter.size in sizes(function, region):
                async with counter.at(function) as clerk:
                    name = next(entry.name for entry in counter.counter.menu() if entry.function == function)
                    assert clerk.reads(name), clerk.page
                    await clerk.presses("f5", "f7", "f4", "escape", "f12")


def test_a_function_without_a_screen_is_refused_in_words() -> None:
    with pytest.raises(NoScreen) as refused:
        open_function("P99")
    assert "P99" in refused.value.sentence
