"""Whether a cell can be read: its colours as the terminal draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyte.screens import Char

    from tests.wire.terminal import Terminal

SIXTEEN: Final = {
    "black": "000000", "red": "cd0000", "green": "00cd00", "brown": "cdcd00", "blue": "0000ee", "magenta": "cd00cd",
    "cyan": "00cdcd", "white": "e5e5e5", "brightblack": "7f7f7f", "brightred": "ff0000", "brightgreen": "00ff00",
    "brightbrown": "ffff00", "brightblue": "5c5cff", "brightmagenta": "ff00ff", "brightcyan": "00ffff",
    "brightwhite": "ffffff", "bfightmagenta": "ff00ff",
}  # fmt: skip
"""xterm's; pyte calls yellow brown."""
PAPERS: Final = (("ffffff", "000000"), ("000000", "ffffff"))
"""Ink and paper of a terminal's own, which "default" stands for: a dark one and a light one."""


def contrasts(terminal: Terminal) -> Iterator[tuple[float, Char]]:
    """The contrast of every cell that shows something, at its worst on a dark and on a light terminal."""
    for row in range(terminal.screen.lines):
        for column in range(terminal.screen.columns):
            cell = terminal.screen.buffer[row][column]
            if cell.data.strip():
                yield min(_contrast(cell, *paper) for paper in PAPERS), cell


def _contrast(cell: Char, ink: str, paper: str) -> float:
    front, back = (_luminance(_drawn(name, own)) for name, own in ((cell.fg, ink), (cell.bg, paper)))
    return (max(front, back) + 0.05) / (min(front, back) + 0.05)


def _drawn(name: str, own: str) -> str:
    return own if name == "default" else SIXTEEN.get(name, name)


def _luminance(colour: str) -> float:
    """WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
