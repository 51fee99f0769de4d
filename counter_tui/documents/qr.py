"""QR codes as one path of black rectangles."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import segno

if TYPE_CHECKING:
    from counter_tui.documents.paper import Paper

SIDE: Final = 68.0
"""24 mm in points."""
QUIET: Final = 12.0
"""White around a code, in points: four modules of the smallest."""


def modules(content: str) -> tuple[tuple[bool, ...], ...]:
    """Dark modules row by row, level M, without the quiet zone."""
    return tuple(
        tuple(bool(module) for module in row)
        for row in segno.make(content, error="m", boost_error=False, micro=False).matrix_iter(border=0)
    )


def draw_code(paper: Paper, content: str, x: float, top: float, side: float = SIDE) -> None:
    """Draw a code with its upper left module at (x, top); each run of dark modules in a row is one rectangle."""
    rows = modules(content)
    unit = side / len(rows)
    rectangles = []
    for row, line in enumerate(rows):
        column = 0
        for dark, run in groupby(line):
            length = len(list(run))
            if dark:
                rectangles.append((x + column * unit, top + row * unit, length * unit, unit))
            column += length
    paper.fill(rectangles)
