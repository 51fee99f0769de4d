"""Cities and windows for every test of this folder, and a city in which a clerk has an employer at his window."""

from __future__ import annotations

import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from tests.story.cities import City, facts_of, made_once, window
from tests.story.window import CLERK, Window
from tests.terminals.story import Picture, works

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["made_once", "window"]


@pytest.fixture(scope="session")
def received_once(made_once: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city in which the first clerk has received an employer."""
    folder = tmp_path_factory.mktemp("received") / "data"
    shutil.copytree(made_once(), folder)
    facts = facts_of("handan")
    with Window() as window:
        window.starts(folder)
        window.signs_on(CLERK)
        window.receives(facts.employer_number, facts.agent_name, facts.agent_id)
        window.signals(signal.SIGHUP)
        window.ends()
    return folder


@pytest.fixture
def received(received_once: Path, tmp_path: Path) -> Path:
    """A copy for one test."""
    return shutil.copytree(received_once, tmp_path / "data")


@pytest.fixture(scope="session")
def usual(received_once: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Picture]:
    """What the story shows on the usual terminal, 80 × 24."""
    folder = shutil.copytree(received_once, tmp_path_factory.mktemp("usual") / "data")
    with Window() as window:
        window.starts(folder)
        return works(window)
