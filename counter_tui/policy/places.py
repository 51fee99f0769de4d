"""Where a key stands in a file: its line, found only when a fault is told, for the parser keeps no positions."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import Final, TypeAlias

Trail: TypeAlias = tuple[str | int, ...]
"""Keys and numbers of entries on the way to a value: `("limits", 0, "values", 3, "floor")`."""

_BLANK: Final = " \t"
_QUOTES: Final = "\"'"
_ENDS: Final = ",]}#\n \t"
"""What ends a number, a date, true or false."""
_KEY_ENDS: Final = _ENDS + "[{=.\"'"


def line_of(text: str, trail: Trail) -> int:
    """Return the line, from 1, of a key of TOML text; of what holds it when the key itself is not there.

    Text that is no TOML is read as far as it can be understood.
    """
    lines = _Reading(text).lines()
    while trail and trail not in lines:
        trail = trail[:-1]
    return lines.get(trail, 1)


class _Reading:
    """One pass over a text that notes where each table, key and entry of a list begins."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n") + "\n"
        self._at = 0
        self._line = 1
        self._lines: dict[Trail, int] = {}
        self._counts: dict[Trail, int] = {}
        """Entries so far of each list of tables."""

    def lines(self) -> dict[Trail, int]:
        """Line of every trail."""
        # What was found before the text stopped making sense still names the nearest place.
        with suppress(IndexError, RecursionError, ValueError):
            self._document()
        return self._lines

    def _document(self) -> None:
        table: Trail = ()
        while self._on_to_something():
            if self._sees("[["):
                table = self._header("]]", of_list=True)
            elif self._sees("["):
                table = self._header("]", of_list=False)
            else:
                self._pair(table)

    def _header(self, closing: str, *, of_list: bool) -> Trail:
        line = self._line
        self._skip(len(closing))
        trail: Trail = ()
        names = self._dotted()
        for place, name in enumerate(names):
            trail = (*trail, name)
            self._lines.setdefault(trail, line)
            last = place == len(names) - 1
            if last and of_list:
                self._counts[trail] = self._counts.get(trail, 0) + 1
            if trail in self._counts and (of_list or not last):
                trail = (*trail, self._counts[trail] - 1)
                self._lines.setdefault(trail, line)
        self._skip_blanks()
        self._skip(len(closing))
        return trail

    def _pair(self, table: Trail) -> None:
        line, trail = self._line, table
        for name in self._dotted():
            trail = (*trail, name)
            self._lines.setdefault(trail, line)
        self._skip_blanks()
        self._skip(1)
        self._skip_blanks()
        self._value(trail)

    def _value(self, trail: Trail) -> None:
        if self._sees("["):
            self._list(trail)
        elif self._sees("{"):
            self._inline_table(trail)
        elif self._here in _QUOTES:
            self._quoted()
        else:
            self._word(_ENDS)

    def _list(self, trail: Trail) -> None:
        self._skip(1)
        number = 0
        while self._on_to_something() and not self._sees("]"):
            if self._sees(","):
                self._skip(1)
                continue
            self._lines.setdefault((*trail, number), self._line)
            self._value((*trail, number))
            number += 1
        self._skip(1)

    def _inline_table(self, trail: Trail) -> None:
        self._skip(1)
        while self._on_to_something() and not self._sees("}"):
            if self._sees(","):
                self._skip(1)
            else:
                self._pair(trail)
        self._skip(1)

    def _dotted(self) -> list[str]:
        names = [self._key()]
        self._skip_blanks()
        while self._sees("."):
            self._skip(1)
            self._skip_blanks()
            names.append(self._key())
            self._skip_blanks()
        return names

    def _key(self) -> str:
        self._skip_blanks()
        if self._here not in _QUOTES:
            return self._word(_KEY_ENDS)
        begin = self._at
        self._quoted()
        return next(iter(tomllib.loads(f"{self._text[begin : self._at]} = 0")))

    def _word(self, ends: str) -> str:
        begin = self._at
        while self._here not in ends:
            self._skip(1)
        if self._at == begin:
            raise ValueError
        return self._text[begin : self._at]

    def _quoted(self) -> None:
        mark = self._here
        fence = mark * 3 if self._sees(mark * 3) else mark
        self._skip(len(fence))
        while not self._sees(fence):
            self._skip(2 if self._here == "\\" and mark == '"' else 1)
        self._skip(len(fence))
        # A long text may end in up to two quotes of its own.
        while len(fence) > 1 and self._sees(mark):
            self._skip(1)

    def _on_to_something(self) -> bool:
        """Go over blanks, line feeds and comments; False at the end of the text."""
        while self._at < len(self._text):
            if self._here == "#":
                self._skip(self._text.index("\n", self._at) - self._at)
            elif self._here not in _BLANK and self._here != "\n":
                return True
            else:
                self._skip(1)
        return False

    def _skip_blanks(self) -> None:
        while self._here in _BLANK:
            self._skip(1)

    def _skip(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count

    def _sees(self, wanted: str) -> bool:
        return self._text.startswith(wanted, self._at)

    @property
    def _here(self) -> str:
        return self._text[self._at]
