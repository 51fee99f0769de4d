"""Drives the real training counter through the walk-through and prints every screen that is worth a look.

Run as `python -m tests.story.walkthrough --region handan --columns 80 --rows 24`; ends with 1 when a step fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.story.cities import facts_of
from tests.story.walk import Walk
from tests.story.window import Window

TIANJIN = "tianjin"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def through(window: Window, folder: Path, region: str, columns: int, rows: int) -> None:
    """Walk from the first start to the settled month and the printed notice."""

    def show(title: str) -> None:
        say(f"\n== {title}（已按 {window.keys} 键）")
        say("\n".join(window.rows))

    window.starts(folder, region, columns=columns, rows=rows)
    walk = Walk(window, facts_of(region), tianjin=region == TIANJIN, show=show)
    walk.first_clerk()
    walk.resume()
    walk.refused_elsewhere()
    walk.newcomer()
    walk.suspend()
    walk.submit(3)
    walk.review()
    walk.correct()
    walk.assess("55" if walk.tianjin else "54")
    walk.print_notice()
    walk.leave()


def main() -> int:
    """Walk once in a fresh folder."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--region", default="handan", choices=("handan", TIANJIN))
    asked.add_argument("--columns", type=int, default=80)
    asked.add_argument("--rows", type=int, default=24)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, Window() as window:
        try:
            through(window, Path(folder) / "data", given.region, given.columns, given.rows)
        except AssertionError as failed:
            say(f"\n{failed}")
            return 1
    say(f"\n走完全程，共按 {window.keys} 键")
    return 0


if __name__ == "__main__":
    sys.exit(main())
