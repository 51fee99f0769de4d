"""Cell for cell the screen of the stock painter, whatever the clerk does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wire.terminal import TEN_FIELDS, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = (
    *("123456", "\r", "8,432.5", "\r", "张三𠮷王", "\r", "7", "up", "up", "home", "9", "delete", "down", "tab"),
    *("*", "55", "backspace", "shift+tab", "f2", "f8", "down", "down", " ", "*", "pagedown", "17", "\r", "f12"),
    *("f7", "1", "f12", "f5", "x", "escape", "f5", "right", "f4", "f6", "escape", "end", "tab", "tab", "tab", "tab"),
    *("tab", "f4", "down", "\r", "f2", "北京市朝阳区建国路八十八号院九号楼", "left", "left", "中", "ctrl+u", "ctrl+k"),
)


def cells(terminal: Terminal) -> Iterator[tuple[int, int, tuple[object, ...]]]:
    """Every cell as it looks: of blanks only what can be seen."""
    for y in range(terminal.screen.lines):
        for x in range(terminal.screen.columns):
            cell = terminal.screen.buffer[y][x]
            look: tuple[object, ...] = (cell.data, cell.bg, cell.underscore, cell.reverse, cell.strikethrough)
            if cell.data != " " or cell.reverse or cell.underscore:
                look += (cell.fg, cell.bold, cell.italics)
            yield x, y, look


@pytest.mark.parametrize(
    ("columns", "rows", "term"),
    [(80, 24, "xterm-256color"), (132, 43, "xterm-256color"), (60, 15, "xterm"), (80, 24, "vt220")],
)
def test_the_screen_is_cell_for_cell_the_one_the_library_paints(columns: int, rows: int, term: str) -> None:
    with Terminal() as ours, Terminal() as stock:
        for terminal, flags in ((ours, ()), (stock, ("--stock",))):
            terminal.opens([*TEN_FIELDS, *flags], columns=columns, rows=rows, term=term, until="3号窗")
        for step in SCRIPT:
            for terminal in (ours, stock):
                (terminal.presses if len(step) > 1 and step.isascii() and step[0].isalpha() else terminal.sends)(step)
            assert list(cells(ours)) == list(cells(stock)), f"after {step}\n{ours.text}"
            assert ours.cursor == stock.cursor, f"after {step}"


def test_after_another_window_size_nothing_of_the_old_screen_is_left(terminal: Terminal) -> None:
    with Terminal() as fresh:
        terminal.opens(TEN_FIELDS, columns=132, rows=43, until="3号窗")
        terminal.sends("张三")
        terminal.resizes(80, 24)
        fresh.opens(TEN_FIELDS, until="3号窗")
        fresh.sends("张三")
        assert list(cells(terminal)) == list(cells(fresh))
        assert terminal.cursor == fresh.cursor
