"""One row of the screen that repaints itself and nothing else; and the one place where text becomes cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from counter_tui.domain.text import pad, safe, width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.style import Style


_shown_dot = ["·"]


def show_dot_as(dot: str) -> None:
    """Show the dot within names as this character: `・` on terminals that draw `·` two cells wide. Never stored."""
    _shown_dot[0] = dot


def shown(text: str) -> str:
    """The text as it is painted: nothing that steers, the dot in the form this terminal draws."""
    return safe(text).replace("·", _shown_dot[0])


def painted(parts: Iterable[tuple[str, Style]], cells: int, rest: Style) -> Strip:
    """A strip of exactly so many cells; every part passes `shown`, what does not fit is cut off."""
    segments: list[Segment] = []
    left = cells
    for text, style in parts:
        text = shown(text)  # noqa: PLW2901 - the unsafe text must not be reachable below this line
        taken = width(text)
        if taken > left:
            segments.append(Segment(pad(text, left), style))
            left = 0
            break
        segments.append(Segment(text, style))
        left -= taken
    if left > 0:
        segments.append(Segment(" " * left, rest))
    return Strip(segments, cells)


class Line(Widget):
    """One row of text, full width. `show` replaces it and costs only the cells that changed."""

    DEFAULT_CSS = "Line { height: 1; width: 100%; }"

    def __init__(self, text: str = "", *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = text

    @property
    def text(self) -> str:
        """What stands there."""
        return self._text

    def show(self, text: str) -> None:
        """Replace the text; nothing is laid out again."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The row as cells."""
        return self._painted(self._text if y == 0 else "")

    def _painted(self, text: str) -> Strip:
        style = self.rich_style
        return painted([(text, style)], self.size.width, style)


class Words(Widget):
    """Several rows of fixed text (labels, paragraphs, previews); `show` replaces it."""

    DEFAULT_CSS = "Words { height: auto; width: 100%; }"

    def __init__(self, text: str = "", *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._rows = text.split("\n")

    @property
    def text(self) -> str:
        """What stands there."""
        return "\n".join(self._rows)

    def show(self, text: str) -> None:
        """Replace the text; the screen is laid out again only when the number of rows changes."""
        rows = text.split("\n")
        if rows != self._rows:
            grown = len(rows) != len(self._rows)
            self._rows = rows
            self.refresh(layout=grown)

    def get_content_width(self, container: object, viewport: object) -> int:
        """The widest row, in cells."""
        del container, viewport
        return max(width(shown(row)) for row in self._rows)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """The number of rows."""
        del container, viewport, width
        return len(self._rows)

    def render_line(self, y: int) -> Strip:
        """One row as cells."""
        style = self.rich_style
        return painted([(self._rows[y], style)] if y < len(self._rows) else [], self.size.width, style)
