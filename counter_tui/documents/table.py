"""A grid drawn on paper: heads in one or two lines, rows as high as their text, sums."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from counter_tui.documents.composition import Cell, Column, Grid, Kind, sums, total_label, written
from counter_tui.documents.paper import LEADING, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_tui.documents.paper import Paper

SIZE: Final = 9.0
_INSET: Final = 3.0
"""Points between a rule and the text beside it."""
CLOSE: Final = 19.0
"""Least height of a row where many have to fit, in points."""
ROOMY: Final = 25.0
"""Least height of a row where the form fits on one page with room to spare."""
_ROW_AIR: Final = 6.0
"""Points above and below the text of a row together."""
_ALIGN: Final = {Kind.TEXT: "left", Kind.CENTRED: "centre", Kind.COUNT: "right", Kind.MONEY: "right"}
_NOTHING: Final = "（无记录）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row broken to the columns' widths."""

    cells: tuple[Lines, ...]
    height: float


class Table:
    """One grid at a place on the paper; the same on each page it runs over."""

    def __init__(self, paper: Paper, grid: Grid, *, least: float = CLOSE) -> None:
        self._paper = paper
        self._least = least
        self._grid = grid
        shares = sum(column.width for column in grid.columns)
        self._widths = [column.width * paper.printable / shares for column in grid.columns]
        self._lefts = [paper.left + sum(self._widths[:at]) for at in range(len(self._widths))]
        self.rows = [self._row(cells) for cells in grid.rows]
        self._heads = [
            paper.balanced(column.label, width - 2 * _INSET, SIZE)
            for column, width in zip(grid.columns, self._widths, strict=True)
        ]

    @property
    def head_height(self) -> float:
        """Points of the head."""
        return self._group_height + max(self._least, max(head.height for head in self._heads) + _ROW_AIR)

    @property
    def total_height(self) -> float:
        """Points of a line of sums."""
        return self._least

    @property
    def least_height(self) -> float:
        """Points of the rows of an empty table."""
        return self._least

    @property
    def _group_height(self) -> float:
        return self._least if any(column.group for column in self._grid.columns) else 0.0

    def _row(self, cells: Sequence[Cell]) -> Row:
        broken = tuple(
            self._cell(written(cell, column.kind), column, width)
            for cell, column, width in zip(cells, self._grid.columns, self._widths, strict=True)
        )
        return Row(cells=broken, height=max(self._least, max(cell.height for cell in broken) + _ROW_AIR))

    def _cell(self, text: str, column: Column, width: float) -> Lines:
        room = width - 2 * _INSET
        if column.kind in {Kind.MONEY, Kind.COUNT, Kind.IDENTITY}:
            # A number broken over two lines is read as two numbers.
            return Lines(lines=(text,), size=self._paper.shrunk(text, room, SIZE))
        return self._paper.fitted(text, room, SIZE)

    def draw_head(self, top: float) -> float:
        """Draw the head; returns where it ends."""
        paper, bottom = self._paper, top + self.head_height
        middle = top + self._group_height
        at = 0
        for group, columns in groupby(self._grid.columns, key=lambda column: column.group):
            count = len(list(columns))
            members = range(at, at + count)
            left, width = self._lefts[at], sum(self._widths[at : at + count])
            if group:
                head = paper.balanced(group, width - 2 * _INSET, SIZE)
                paper.box(left, top, width, middle - top)
                paper.write_lines(head, left, width, top + (middle - top - head.height) / 2, align="centre")
            for member in members:
                self._draw_label(member, middle if group else top, bottom)
            at += count
        return bottom

    def _draw_label(self, at: int, top: float, bottom: float) -> None:
        self._paper.box(self._lefts[at], top, self._widths[at], bottom - top)
        head = self._heads[at]
        space = (bottom - top - head.height) / 2
        self._paper.write_lines(head, self._lefts[at], self._widths[at], top + space, align="centre")

    def draw_rows(self, rows: Sequence[Row], top: float) -> float:
        """Draw rows; returns where they end."""
        if not rows:
            self._paper.box(self._paper.left, top, self._paper.printable, self._least)
            self._paper.write_centred(_NOTHING, self._paper.width / 2, top + self._least / 2 + SIZE * 0.36, SIZE)
            return top + self._least
        start = top
        for row in rows:
            for at, (cell, column) in enumerate(zip(row.cells, self._grid.columns, strict=True)):
                space = (row.height - cell.height) / 2
                align = "centre" if column.kind is Kind.IDENTITY else _ALIGN[column.kind]
                left, width = self._lefts[at] + _INSET, self._widths[at] - 2 * _INSET
                self._paper.write_lines(cell, left, width, top + space, align=align)
            top += row.height
            self._paper.rule(self._paper.left, top, self._paper.right, top)
        for x in (*self._lefts, self._paper.right):
            self._paper.rule(x, start, x, top)
        return top

    def draw_total(self, word: str, rows: tuple[tuple[Cell, ...], ...], top: float) -> float:
        """Draw the line of sums over these rows, named 本页小计 or 合计; returns where it ends."""
        label = total_label(self._grid, word, len(rows))
        amounts = sums(self._grid, rows)
        lead = next((at for at, amount in enumerate(amounts) if amount), len(amounts))
        for at, left, width, text in self._total_cells(lead, label, amounts):
            self._paper.box(left, top, width, self._least)
            cell = Lines(lines=(text,), size=self._paper.shrunk(text, width - 2 * _INSET, SIZE))
            space = (self._least - cell.size * LEADING) / 2
            align = "right" if at else "centre"
            self._paper.write_lines(cell, left + _INSET, width - 2 * _INSET, top + space, align=align)
        return top + self._least

    def _total_cells(self, lead: int, label: str, amounts: tuple[str, ...]) -> Iterator[tuple[int, float, float, str]]:
        """The label over the columns before the first sum, then one cell each."""
        yield 0, self._lefts[0], sum(self._widths[:lead]), label
        for at in range(max(lead, 1), len(amounts)):
            yield at, self._lefts[at], self._widths[at], amounts[at]
