"""The small list over the work area from which one row is picked by number or arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widget import Widget

from counter_tui.domain.text import plain
from screens.widgets.line import painted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.strip import Strip

MOST_ROWS: Final = 20
"""More hits than this: the clerk types more instead."""


class Panel(Widget):
    """Numbered rows. The field below keeps focus and cursor; the screen sends the keys here while it is open."""

    COMPONENT_CLASSES = {"panel--cursor"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = "Panel { layer: panel; dock: bottom; display: none; width: 100%; height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[str, ...] = ()
        self._typed = ""
        self._cursor = 0
        self._first = 0

    @property
    def is_open(self) -> bool:
        """Whether it lies over the work area."""
        return bool(self.display)

    @property
    def chosen(self) -> int:
        """Index of the row that Enter picks."""
        return self._cursor

    @property
    def text(self) -> str:
        """The rows shown, for tests and for reading aloud."""
        return "\n".join(self._rows)

    def open(self, rows: Sequence[str]) -> None:
        """Show rows (texts); the first is the chosen one."""
        self._rows, self._typed, self._cursor, self._first = tuple(rows), "", 0, 0
        self.styles.height = min(len(rows), MOST_ROWS)
        self.display = True
        self.refresh()

    def close(self) -> None:
        """Take it away."""
        self.display = False

    def move(self, by: int) -> None:
        """Another row, by arrows or pages."""
        self._typed = ""
        self._point(min(max(self._cursor + by, 0), len(self._rows) - 1))

    def type(self, character: str) -> bool:
        """A digit of a row number; False when no row has a number that begins so."""
        number = self._typed + plain(character)
        if not number.isdecimal() or not 1 <= int(number) <= len(self._rows):
            return False
        self._typed = number
        self._point(int(number) - 1)
        return True

    def _point(self, row: int) -> None:
        self._cursor = row
        height = max(self.size.height, 1)
        self._first = min(max(self._first, row - height + 1), row)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row: mark, number, text. The mark says which one, the colour repeats it."""
        index = self._first + y
        if index >= len(self._rows):
            return painted([], self.size.width, self.rich_style)
        chosen = index == self._cursor
        style = self.get_component_rich_style("panel--cursor") if chosen else self.rich_style
        text = f"{'>' if chosen else ' '}{index + 1:>3} {self._rows[index]}"
        return painted([(text, style)], self.size.width, style)
