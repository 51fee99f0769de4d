"""A page of records: numbered rows, marks, ticks, columns measured in cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from counter_tui.domain.text import pad, plain
from screens.widgets.line import painted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip

PAGE_ROWS: Final = 20
"""Rows of a page; queries fetch so many."""

_HEAD: Final = 10
"""Cells before the first column: cursor mark, tick, number, problem mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its head, its width in cells, and whether it is aligned right (money, counts)."""

    label: str
    cells: int
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: a key that the screen understands, the texts of its cells, and a mark for a problem."""

    key: str
    texts: tuple[str, ...]
    mark: str = " "
    tickable: bool = True


class RecordTable(Widget, can_focus=True):
    """At most 20 rows and no scrolling: another page is another query.

    Arrows move, digits + Enter go to a row number, Space (or U+3000) ticks, `*` ticks all or none. The screen's
    `open_row` is called on Enter and `turn_page` on PgUp/PgDn. `numbered_from` is the number of the page's first row.
    """

    COMPONENT_CLASSES = {"record-table--cursor", "record-table--head"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = f"RecordTable {{ width: 100%; height: {PAGE_ROWS + 1}; max-height: 100%; }}"

    @dataclass
    class Ticked(Message):
        """The set of ticked rows changed."""

        table: RecordTable

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        tickable: bool = False,
        hint: str = "",
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=name, classes=classes)
        self.columns = tuple(columns)
        self.tickable = tickable
        self.hint = hint
        self.rows: tuple[Row, ...] = ()
        self.ticks: set[str] = set()
        """Keys of the ticked rows; kept while pages are turned, emptied by the screen."""
        self._cursor = 0
        self._first = 0
        self._number = 1
        self._typed = ""

    def show(self, rows: Sequence[Row], *, numbered_from: int = 1) -> None:
        """Show a page; the cursor stays on the record it was on when that is still there, else goes to the first."""
        key = self.current.key if self.current else None
        self.rows, self._number, self._typed = tuple(rows), numbered_from, ""
        self._cursor = next((index for index, row in enumerate(self.rows) if row.key == key), 0)
        self._point(self._cursor)

    @property
    def current(self) -> Row | None:
        """The row under the cursor, or None when the page is empty."""
        return self.rows[self._cursor] if self._cursor < len(self.rows) else None

    def ticked(self) -> tuple[Row, ...]:
        """Ticked rows of this page, in order."""
        return tuple(row for row in self.rows if row.key in self.ticks)

    def take_action(self, action: str) -> bool:
        """Keys that move within the page, and Enter after a number; others are the screen's."""
        steps = {"down": 1, "up": -1}
        if action in steps:
            self._typed = ""
            self._point(min(max(self._cursor + steps[action], 0), max(len(self.rows) - 1, 0)))
            return True
        if action == "enter" and self._typed:
            self._go_to(int(self._typed))
            return True
        return False

    def _go_to(self, number: int) -> None:
        self._typed = ""
        if self._number <= number < self._number + len(self.rows):
            self._point(number - self._number)
        else:
            self.app.bell()
            self.refresh()

    def _point(self, row: int) -> None:
        self._cursor = row
        visible = max(self.size.height - 1, 1)
        self._first = min(max(self._first, row - visible + 1), row)
        self.refresh()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits, blanks and the star are meant for the table."""
        return key == "ideographic_space" or (character is not None and character.isprintable())

    def on_key(self, event: events.Key) -> None:
        """Ticks and row numbers."""
        character = plain(event.character or "") if event.key not in ("space", "ideographic_space") else " "
        if event.key == "home":
            self._point(0)
        elif event.key == "end":
            self._point(max(len(self.rows) - 1, 0))
        elif event.key == "backspace" and self._typed:
            self._typed = self._typed[:-1]
            self.refresh()
        elif character == " " and self.tickable:
            self._tick_current()
        elif character == "*" and self.tickable:
            self._tick_all()
        elif len(character) == 1 and character in "0123456789" and len(self._typed) < 5:  # noqa: PLR2004 - a number
            self._typed += character
            self.refresh()
        else:
            return
        event.stop()

    def _tick_current(self) -> None:
        if (row := self.current) is None:
            return
        if not row.tickable:
            self.app.bell()
            return
        self.ticks ^= {row.key}
        self._ticks_changed()

    def _tick_all(self) -> None:
        keys = {row.key for row in self.rows if row.tickable}
        self.ticks = self.ticks - keys if keys <= self.ticks else self.ticks | keys
        self._ticks_changed()

    def _ticks_changed(self) -> None:
        self.refresh()
        self.post_message(self.Ticked(self))

    @property
    def cursor_screen_offset(self) -> Offset:
        """On the number of the current row, where a terminal reader finds it."""
        return self.content_region.offset + Offset(0, 1 + self._cursor - self._first)

    def render_line(self, y: int) -> Strip:
        """The head, then rows of plain cells."""
        if y == 0:
            style = self.get_component_rich_style("record-table--head")
            number = f"行{self._typed}" if self._typed else ""
            heads = " ".join(pad(shown(column.label), column.cells, right=column.right) for column in self.columns)
            return painted([(pad(number, _HEAD), style), (heads, style)], self.size.width, style)
        index = self._first + y - 1
        if index >= len(self.rows):
            return painted([], self.size.width, self.rich_style)
        row, chosen = self.rows[index], index == self._cursor
        style = self.get_component_rich_style("record-table--cursor") if chosen else self.rich_style
        tick = ("[x]" if row.key in self.ticks else "[ ]") if self.tickable and row.tickable else "   "
        head = f"{'>' if chosen else ' '}{tick}{self._number + index:>4}{row.mark:1.1} "
        cells = " ".join(
            pad(shown(text), column.cells, right=column.right)
            for text, column in zip(row.texts, self.columns, strict=True)
        )
        return painted([(head, style), (cells, style)], self.size.width, style)
