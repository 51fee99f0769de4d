"""A screen that is one table, shown page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.seated import Seated
from screens.widgets.record_table import PAGE_ROWS, Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult


class PagedTable(Seated):
    """Rows are read when the screen opens and when it is seen again; Enter and F4 open a row."""

    def __init__(self, field: str, columns: Sequence[Column], *, hint: str, tickable: bool = False) -> None:
        """An empty table."""
        super().__init__()
        self.table = RecordTable(field, columns, hint=hint, tickable=tickable)
        self.table.styles.height = "1fr"
        self._rows: tuple[Row, ...] = ()
        self._page = 0

    def compose_work(self) -> ComposeResult:
        """The rows."""
        yield self.table

    def on_mount(self) -> None:
        """Read them."""
        self.read_rows()

    def on_screen_resume(self) -> None:
        """Something may have been done about one."""
        if self.is_mounted:
            self.retitle()
            self.read_rows()

    def read_rows(self) -> None:
        """Start reading; ends in `show_rows`."""
        raise NotImplementedError

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows, the page where it was."""
        self._rows = tuple(rows)
        self._show_page()
        self.retitle()

    @property
    def _last_page(self) -> int:
        return max(len(self._rows) - 1, 0) // PAGE_ROWS

    def _show_page(self) -> None:
        self._page = min(self._page, self._last_page)
        first = self._page * PAGE_ROWS
        self.table.show(self._rows[first : first + PAGE_ROWS], numbered_from=first + 1)

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        if 0 <= self._page + by <= self._last_page:
            self._page += by
            self._show_page()
        else:
            self.say("没有更多页")

    async def act_look(self) -> None:
        """As Enter."""
        await self.open_row(self.table)

    def offers(self, action: str) -> bool:
        """F4 opens the row here."""
        return action == "look" or super().offers(action)
