"""Training cities for the tests: each made once by the program itself, then copied."""

from __future__ import annotations

import shutil
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol

import pytest

from counter_tui.domain.calendar import BEIJING
from counter_tui.policy.regions import load_policy
from counter_tui.training.city import business_date
from counter_tui.training.walkthrough import Walkthrough, walkthrough
from tests.story.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class City(Protocol):
    """Gives a folder with a city of a region in it, as the program left it."""

    def __call__(self, region: str = "handan") -> Path: ...


@cache
def facts_of(region: str) -> Walkthrough:
    """The people of the walk-through."""
    policy = load_policy(region, training=True)
    return walkthrough(policy, business_date(policy, datetime.now(BEIJING).date()))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The original of each region, which nobody works in."""
    made: dict[str, Path] = {}

    def make(region: str = "handan") -> Path:
        if region not in made:
            made[region] = tmp_path_factory.mktemp(f"{region}-original") / "data"
            with Window() as window:
                window.starts(made[region], region)
                window.leaves()
        return made[region]

    return make


@pytest.fixture
def city(made_once: City, tmp_path: Path) -> City:
    """A copy of the region's city for one test."""

    def copy(region: str = "handan") -> Path:
        folder = tmp_path / region
        if not folder.exists():
            shutil.copytree(made_once(region), folder)
        return folder

    return copy


@pytest.fixture
def window() -> Iterator[Window]:
    """A terminal at a window."""
    with Window() as opened:
        yield opened


@pytest.fixture
def other_window() -> Iterator[Window]:
    """Another terminal, at another window."""
    with Window() as opened:
        yield opened
