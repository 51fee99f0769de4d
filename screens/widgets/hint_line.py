"""Row 21: format, length and an example for the field under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.widgets.line import Line

if TYPE_CHECKING:
    from textual.strip import Strip


class HintLine(Line):
    """The hint of the focused field."""

    DEFAULT_CSS = "HintLine { height: 1; width: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self._covering = ""

    def cover(self, text: str) -> None:
        """Lie under the beginning of a long message; an empty text brings the hint back."""
        if text != self._covering:
            self._covering = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The hint, or what covers it."""
        return self._painted(self._covering) if self._covering and y == 0 else super().render_line(y)
