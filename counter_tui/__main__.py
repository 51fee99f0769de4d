"""Starts the program; sets what the screen library reads from the environment when it is imported."""

from __future__ import annotations

import os
import sys


def set_environment() -> None:
    """Defaults for the terminal; whoever set a variable knows why. Must run before textual is imported."""
    colours = "256" if "256color" in os.environ.get("TERM", "") else "standard"
    for name, value in {
        "TEXTUAL_DISABLE_KITTY_KEY": "1",  # terminals drop or double what input methods commit under it
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_FPS": "1000",  # a low cap delays every second frame of a key; nothing repaints by itself here
        "TEXTUAL_COLOR_SYSTEM": colours,
    }.items():
        os.environ.setdefault(name, value)


def main() -> int:
    """Run the command line."""
    set_environment()
    from counter_tui.cli import main as run

    return int(run() or 0)


if __name__ == "__main__":
    sys.exit(main())
