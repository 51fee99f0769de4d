"""Windows that are large, and windows that change their size under the clerk's hands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.story.cities import facts_of
from tests.story.window import CLERK
from tests.terminals.story import Picture, picture, text, works

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.window import Window

pytestmark = pytest.mark.serial

SIZES = ((132, 43), (60, 15), (200, 60), (40, 8), (80, 24))
TINY = ((1, 1), (20, 3), (3, 20), (79, 23))


def words(shown: Picture) -> set[str]:
    """What stands on the screen, wherever the place that was left put it; names cut short do not count."""
    return {word for word in re.split(r"\n|\s{2,}", text(shown)) if word and not word.endswith("..")}


@pytest.mark.parametrize(("columns", "rows"), [(132, 43), (200, 60)])
def test_a_larger_window_shows_all_that_a_small_one_shows(
    received: Path, window: Window, usual: dict[str, Picture], columns: int, rows: int
) -> None:
    window.starts(received, columns=columns, rows=rows)
    for name, shown in works(window).items():
        missing = words(usual[name]) - words(shown)
        if name != "帮助":  # a longer page has another page number
            assert not missing, f"{name}\n{text(shown)}"
        lines = text(shown).split("\n")
        assert lines[0].split()[0] == text(usual[name]).split()[0]
        assert lines[rows - 2].endswith("F12返回")
        assert name in ("证书", "PIN") or "0号窗 0000 经办" in lines[rows - 1]


def test_a_window_that_changes_its_size_between_any_two_keys_loses_and_spoils_nothing(
    received: Path, window: Window, usual: dict[str, Picture]
) -> None:
    facts = facts_of("handan")
    window.starts(received)
    window.signs_on(CLERK)
    window.does("11<enter>", until="证件号码")
    for place, typed in enumerate(facts.resume_id):
        window.types(typed)
        window.resizes(*SIZES[place % len(SIZES)], wait=place % 3 == 0)
    window.types("\r")
    window.resizes(80, 24)
    window.waits("业务类别：续保")
    for place, typed in enumerate("5200"):
        window.types(typed)
        window.resizes(*SIZES[place], wait=place == 0)
    window.types("\r")
    window.resizes(80, 24)
    window.waits("每月合计")
    assert picture(window) == usual["金额"], window.text


def test_a_window_too_small_to_read_costs_nothing_that_was_typed(
    received: Path, window: Window, usual: dict[str, Picture]
) -> None:
    facts = facts_of("handan")
    window.starts(received)
    window.signs_on(CLERK)
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.resume_id}<enter>", until="业务类别：续保")
    for size, typed in zip(TINY, "5200", strict=True):
        window.resizes(*size)
        window.types(typed)
    window.resizes(80, 24)
    window.does("<enter>", until="每月合计")
    assert picture(window) == usual["金额"], window.text
