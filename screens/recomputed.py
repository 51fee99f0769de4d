"""复算差额: a bill computed again with today's figures, person by person; F4 says why, down to both citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.money import grouped
from counter_tui.domain.text import capitals
from counter_tui.policy.explanation import legend, signed, united
from screens.business import named
from screens.explained import show_explanation
from screens.paged_table import PagedTable
from screens.trial_views import marked_amounts, uncut
from screens.widgets.line import Line
from screens.widgets.record_table import PAGE_ROWS, Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from counter_tui.operations.recomputing import Recomputed
    from counter_tui.services.recomputing import BillAgain

COLUMNS: Final = (
    Column(label="个人编号", cells=12),
    Column(label="姓名", cells=8),
    Column(label="险种", cells=10),
    Column(label="原核定", cells=11, right=True),
    Column(label="现应缴", cells=11, right=True),
    Column(label="差额", cells=11, right=True),
)
KEEP: Final = (1, 2, 4, 5)
_HINT: Final = "F4 看一行为何有差额，PgDn 翻页，F12 返回"


class RecomputedBill(PagedTable):
    """Old, new and difference of every row of a bill, those that differ first; the sum in figures and capitals."""

    def __init__(self, again: BillAgain, path: str) -> None:
        """Show a bill computed again, opened from the function at `path`."""
        marks = legend(united((again.found.old_marks, again.found.new_marks)))
        super().__init__("recomputed", COLUMNS, hint=f"{_HINT}  {marks}".rstrip())
        self._path = path
        self._words, self._capitals = Line(classes="heading"), Line(classes="heading")
        self._again = again
        found = again.found
        self._found = tuple(sorted(found.rows, key=lambda row: row not in found.changed))

    def heading(self) -> str:
        """What it is, and of which bill."""
        bill = self._again.found.bill
        return f"{self._path} 复算差额  核定编号 {bill.number}  {bill.month}"

    def compose_work(self) -> ComposeResult:
        """The sum, then the rows."""
        yield self._words
        yield self._capitals
        yield from super().compose_work()

    def on_mount(self) -> None:
        """Show the sum and the rows."""
        found = self._again.found
        self._words.show(found.words)
        if found.changed:
            old, new = signed(grouped(found.old), found.old_marks), signed(grouped(found.new), found.new_marks)
            difference = signed(grouped(found.difference), found.marks)
            self._capitals.show(f"原核定 {old}  现应缴 {new}  差额 {difference} 元  {capitals(found.difference)}")
        self.go_to(self.table)

    def read_rows(self) -> None:
        """The rows were read with the bill."""
        self.show_rows(self._as_rows())

    def _as_rows(self) -> Iterator[Row]:
        names = self._again.names
        found = self._again.found
        for place, each in enumerate(self._found):
            (old,) = marked_amounts((each.old,), each.old_marks, found.old_marks)
            (new,) = marked_amounts((each.new,), each.new_marks, found.new_marks)
            (difference,) = marked_amounts((each.difference,), each.marks, united(row.marks for row in found.rows))
            texts = (
                each.row.person,
                names.get(each.row.person, ""),
                named("CL-INS", each.row.scheme),
                old,
                new,
                "未复算" if each.why else difference,
            )
            yield Row(key=str(place), texts=texts)

    def _show_page(self) -> None:
        self._page = min(self._page, self._last_page)
        first = self._page * PAGE_ROWS
        fitted = uncut(COLUMNS, self._rows[first : first + PAGE_ROWS], KEEP, self.app.size.width)
        self.table.columns = fitted.columns
        self.table.show(fitted.rows, numbered_from=first + 1)

    def _current(self) -> Recomputed | None:
        row = self.table.current
        return self._found[int(row.key)] if row is not None else None

    async def open_row(self, table: RecordTable) -> None:
        """Why the row is what it is."""
        del table
        current = self._current()
        await show_explanation(self, current.explain() if current is not None else None)
