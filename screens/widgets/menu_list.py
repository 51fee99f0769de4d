"""The menu by groups, in columns; the prompt keeps the cursor, the mark shows which entry Enter would open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual.widget import Widget

from counter_tui.domain.text import pad, safe
from screens.widgets.line import painted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.strip import Strip

Key = TypeVar("Key")

COLUMN_CELLS: Final = 30
"""Cells of a column; as many columns as fit."""


class MenuList(Widget, Generic[Key]):
    """Headings and entries. What does not fit is on further pages."""

    COMPONENT_CLASSES = {"menu-list--cursor", "menu-list--heading"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = """
    MenuList { height: 1fr; min-height: 3; width: 100%; }
    MenuList > .menu-list--cursor { text-style: reverse; }
    MenuList > .menu-list--heading { text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[Key | None, str], ...] = ()
        self._cursor = 0

    def show(self, rows: Sequence[tuple[Key | None, str]]) -> None:
        """Show rows: an entry's key and text, or None and the heading of a group."""
        if tuple(rows) == self._rows:
            return
        key = self.current
        self._rows = tuple(rows)
        places = self._places()
        self._cursor = next((place for place in places if self._rows[place][0] == key), places[0] if places else 0)
        self.refresh()

    @property
    def current(self) -> Key | None:
        """The entry that the mark stands at."""
        return self._rows[self._cursor][0] if self._cursor < len(self._rows) else None

    @property
    def text(self) -> str:
        """The rows of all pages, for tests and for reading aloud."""
        return "\n".join(text for _, text in self._rows)

    def move(self, by: int) -> None:
        """The mark to another entry."""
        places = self._places()
        if places:
            now = places.index(self._cursor)
            self._cursor = places[min(max(now + by, 0), len(places) - 1)]
            self.refresh()

    def turn(self, by: int) -> bool:
        """The mark to the first entry of another page; False when there is none."""
        first = (self._page() + by) * self._page_rows
        place = next((place for place in self._places() if first <= place < first + self._page_rows), None)
        if first < 0 or place is None:
            return False
        self._cursor = place
        self.refresh()
        return True

    def _places(self) -> list[int]:
        return [place for place, (key, _) in enumerate(self._rows) if key is not None]

    @property
    def _columns(self) -> int:
        return max(self.size.width // COLUMN_CELLS, 1)

    @property
    def _page_rows(self) -> int:
        return max(self.size.height, 1) * self._columns

    def _page(self) -> int:
        return self._cursor // self._page_rows

    def render_line(self, y: int) -> Strip:
        """One row of every column of the page."""
        rest, cells = self.rich_style, self.size.width
        first = self._page() * self._page_rows
        parts: list[tuple[str, Style]] = []
        for column in range(self._columns):
            place = first + column * self.size.height + y
            if place < len(self._rows):
                parts.append(self._painted(place, rest, min(COLUMN_CELLS, cells)))
        return painted(parts, cells, rest)

    def _painted(self, place: int, rest: Style, cells: int) -> tuple[str, Style]:
        key, text = self._rows[place]
        if key is None:
            return pad(safe(text), cells), self.get_component_rich_style("menu-list--heading")
        if place == self._cursor:
            return pad(f"> {safe(text)}", cells), self.get_component_rich_style("menu-list--cursor")
        return pad(f"  {safe(text)}", cells), rest
