"""Reference program: a form of ten fields drawn by curses, the cheapest there is on the wire."""

from __future__ import annotations

import curses

FIELDS = 10
WIDTH = 24
COLUMN = 20
FIRST_ROW = 2


def run(screen: curses.window) -> None:
    """Type into the fields; Enter goes on, from the last field to the first; Ctrl+D ends."""
    curses.raw()
    values = [""] * FIELDS
    for row in range(FIELDS):
        screen.addstr(FIRST_ROW + row, 2, f"Field {row + 1}:")
    screen.addstr(0, 2, "Ten fields")
    at = 0
    while True:
        screen.move(FIRST_ROW + at, COLUMN + len(values[at]))
        key = screen.get_wch()
        if key == "\x04":
            return
        if key in {"\r", "\n"}:
            at = (at + 1) % FIELDS
        elif isinstance(key, str) and key.isprintable() and len(values[at]) < WIDTH:
            values[at] += key
            screen.addstr(FIRST_ROW + at, COLUMN, values[at])


if __name__ == "__main__":
    curses.wrapper(run)
