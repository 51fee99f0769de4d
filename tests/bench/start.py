"""How long the program takes from the command to its login screen, against the smallest Textual program."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measures import Comparison, in_turns
from tests.bench.ptys import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROUNDS = 9
HELLO = (sys.executable, str(Path(__file__).parent / "hello.py"))
MODULE = (sys.executable, "-m", "counter_tui", "demo", "--data-dir")
FIRST_WORDS = "社保柜台终端"
"""Heading of the first screen, painted before any file is opened."""
LOGIN_WORDS = "窗口号"
"""A label of the login screen."""


def first_paint(command: Sequence[str], mark: str) -> float:
    """Milliseconds until a text of the first screen is on the line."""
    with Line(command) as line:
        return line.shows(mark)


def suite() -> Iterator[Comparison]:
    """First paint and login screen of the demo, its city made and both programs warm."""
    with tempfile.TemporaryDirectory() as folder:
        demo = (*MODULE, folder)
        for command, mark in ((HELLO, "Hello"), (demo, LOGIN_WORDS)):
            first_paint(command, mark)
        samples = in_turns(
            {
                "Textual hello": lambda: first_paint(HELLO, "Hello"),
                "counter, first paint": lambda: first_paint(demo, FIRST_WORDS),
                "counter, login screen": lambda: first_paint(demo, LOGIN_WORDS),
            },
            ROUNDS,
        )
    yield Comparison(title="start", unit="ms", reference="Textual hello", samples=samples)
