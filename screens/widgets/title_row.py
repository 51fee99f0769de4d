"""Row 1: path and name of the function, whom it is for, the month; and the training band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.text import fit, width
from screens.widgets.line import Line, painted, shown

if TYPE_CHECKING:
    from textual.strip import Strip


class TitleRow(Line):
    """Name on the left, reception and settlement month on the right."""

    DEFAULT_CSS = "TitleRow { height: 1; width: 100%; }"

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._right = ""

    def show_right(self, text: str) -> None:
        """Replace the right half: reception and settlement month, `演练` in training."""
        if text != self._right:
            self._right = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The row as cells; the name wins where both do not fit."""
        del y
        style, cells = self.rich_style, self.size.width
        left = fit(shown(self.text), cells)
        right = fit(shown(self._right), max(cells - width(left) - 1, 0))
        gap = cells - width(left) - width(right)
        return painted([(left, style), (" " * gap, style), (right, style)], cells, style)
