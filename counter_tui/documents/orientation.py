"""How the paper lies."""

from __future__ import annotations

from enum import StrEnum


class Orientation(StrEnum):
    """Sizes of paper a document may ask for."""

    PORTRAIT = "A4 upright"
    LANDSCAPE = "A4 lying"
    HALF = "half A4 lying"
