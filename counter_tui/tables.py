"""Tables on the command line: columns as wide as their texts, in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.text import pad, safe, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Heads and rows in columns; the last column runs on. Data are shown as `safe` shows them."""
    lines = [tuple(heads), *(tuple(map(safe, row)) for row in rows)]
    cells = [max(map(width, column)) for column in zip(*lines, strict=True)]
    cells[-1] = 0
    shown = (
        "  ".join(pad(text, most) if most else text for text, most in zip(line, cells, strict=True)) for line in lines
    )
    return "\n".join(line.rstrip() for line in shown)
