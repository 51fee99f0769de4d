"""What the terminal shows, cell by cell, and the fewest bytes that turn it into what it should show.

The same idea as curses: a shadow of the terminal, a target, and their difference. Every byte of a frame is written
from cells, so this is also the last gate before the terminal: no character that steers it can pass.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import get_character_cell_size

from counter_tui.domain.text import safe
from counter_tui.terminal import wiping

if TYPE_CHECKING:
    from collections.abc import Iterable

_CSI: Final = "\x1b["


class Look(NamedTuple):
    """How a cell looks: SGR codes of its attributes, foreground and background ("" is the terminal's default)."""

    attributes: frozenset[str]
    foreground: str
    background: str


class Cell(NamedTuple):
    """One cell; the right half of a wide character has no text."""

    text: str
    look: Look


PLAIN: Final = Look(frozenset(), "", "")
BLANK: Final = Cell(" ", PLAIN)
_SEEN_ON_BLANKS: Final = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that show on an empty cell: underlines, reverse, strike, frames."""


@lru_cache(maxsize=4096)
def look_of(sgr: str) -> Look:
    """The look that a list of SGR codes gives, begun from the terminal's default."""
    attributes: set[str] = set()
    foreground = background = ""
    codes = iter(sgr.split(";")) if sgr else iter(())
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes, "")
            rest = [next(codes, "") for _ in range(1 if kind == "5" else 3)]
            colour = ";".join([code, kind, *rest])
            foreground, background = (colour, background) if code == "38" else (foreground, colour)
        elif code in ("39", "49"):
            foreground, background = ("", background) if code == "39" else (foreground, "")
        elif len(code) >= 2 and (code[:-1] in ("3", "9")):  # noqa: PLR2004 - 30…37, 90…97
            foreground = code
        elif len(code) >= 2 and (code[:-1] in ("4", "10")):  # noqa: PLR2004 - 40…47, 100…107
            background = code
        else:
            attributes.add(code)
    return Look(frozenset(attributes), foreground, background)


@lru_cache(maxsize=4096)
def bare(look: Look) -> Look:
    """What of a look can be seen on an empty cell."""
    seen = look.attributes & _SEEN_ON_BLANKS
    return Look(seen, look.foreground if seen else "", look.background)


@lru_cache(maxsize=8192)
def change(before: Look | None, after: Look) -> str:
    """The shortest SGR from one look to another."""
    codes = sorted(after.attributes) + [colour for colour in (after.foreground, after.background) if colour]
    whole = f"{_CSI}{';'.join(['', *codes] if codes else [])}m"
    if before is None or not before.attributes <= after.attributes:
        return whole
    steps = sorted(after.attributes - before.attributes)
    if before.foreground != after.foreground:
        steps.append(after.foreground or "39")
    if before.background != after.background:
        steps.append(after.background or "49")
    if not steps:
        return ""
    return min(f"{_CSI}{';'.join(steps)}m", whole, key=len)


@lru_cache(maxsize=8192)
def _measured(character: str) -> tuple[str, int, bool]:
    """The character as it may be painted, its cells, and whether terminals agree on that number."""
    painted = safe(character)
    cells = get_character_cell_size(painted)
    certain = painted.isascii() or (cells == 2 and unicodedata.east_asian_width(painted) in "WF")  # noqa: PLR2004
    return painted, cells, certain


class Shadow:
    """The terminal's cells and cursor as far as they are known, and the cells that should be there."""

    def __init__(self, columns: int, rows: int, *, erases_with_colour: bool) -> None:
        self.erases_with_colour = erases_with_colour
        """Whether erased cells take the current background (terminfo `bce`); otherwise blanks are written out."""
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Begin anew: what the terminal shows is unknown until the next `update` clears it."""
        self.columns, self.rows = columns, rows
        self._shown = [[BLANK] * columns for _ in range(rows)]
        self._target = [[BLANK] * columns for _ in range(rows)]
        self._dirty: set[int] = set()
        self._cleared = False
        self._look: Look | None = None
        self._place: tuple[int, int] | None = None
        self._visible: bool | None = None

    def put(self, x: int, y: int, parts: Iterable[tuple[str, Look]]) -> None:
        """Set target cells from x on; a wide character that is cut at either end leaves blanks."""
        if not 0 <= y < self.rows:
            return
        row, columns = self._target[y], self.columns
        start = x
        for text, look in parts:
            for character in text:
                painted, cells, _ = _measured(character)
                if cells == 0:
                    self._combine(row, x, start, painted)
                    continue
                if x + cells > columns:
                    break
                if x == start and row[x].text == "" and x > 0:
                    row[x - 1] = Cell(" ", row[x - 1].look)
                row[x] = Cell(painted, look)
                if cells == 2:  # noqa: PLR2004
                    row[x + 1] = Cell("", look)
                x += cells
        if start < x < columns and row[x].text == "":
            row[x] = Cell(" ", row[x].look)
        self._dirty.add(y)

    @staticmethod
    def _combine(row: list[Cell], x: int, start: int, mark: str) -> None:
        """Add a mark of no width to the character before it; at the start of a run there is none."""
        place = x - 1
        if place > start and row[place].text == "":
            place -= 1
        if place >= start:
            row[place] = Cell(row[place].text + mark, row[place].look)

    def update(self, cursor: tuple[int, int] | None) -> str:
        """Bytes (as text) that bring the terminal from what it shows to the target; cursor (x, y) or hidden."""
        out: list[str] = []
        if not self._cleared:
            out.append(wiping(self.rows))
            self._cleared, self._look, self._place = True, PLAIN, (0, 0)
        for y in sorted(self._dirty):
            self._row(y, out)
        self._dirty.clear()
        if cursor is not None:
            self._move(*cursor, out)
        if self._visible is not (cursor is not None):
            self._visible = cursor is not None
            out.append(f"{_CSI}?25{'h' if self._visible else 'l'}")
        return "".join(out)

    def _row(self, y: int, out: list[str]) -> None:
        shown, target = self._shown[y], self._target[y]
        if shown == target:
            return
        end = self._blank_from(target)
        x = 0
        while x < self.columns:
            if _same(shown[x], target[x]):
                x += 1
            elif x >= end and self._erase(x, y, out):
                break
            elif (run := self._blank_run(x, target, shown)) > 0:
                self._move(x, y, out)
                self._dress(bare(target[x].look), out)
                out.append(f"{_CSI}{run}X")
                x += run
            else:
                x = self._write(x, y, out)
        shown[:] = target

    def _blank_from(self, row: list[Cell]) -> int:
        """Where the row's last run of equal, erasable blanks begins."""
        last = row[-1]
        end = self.columns
        look = bare(last.look)
        if not self._erasable(look):
            return end
        while end > 0 and row[end - 1].text == " " and bare(row[end - 1].look) == look:
            end -= 1
        return end

    def _erasable(self, look: Look) -> bool:
        return not look.attributes and (self.erases_with_colour or not look.background)

    def _erase(self, x: int, y: int, out: list[str]) -> bool:
        if x > self.columns - 4:  # writing three blanks is as short
            return False
        self._move(x, y, out)
        self._dress(bare(self._target[y][x].look), out, exact=not self.erases_with_colour)
        out.append(f"{_CSI}K")
        return True

    def _blank_run(self, x: int, target: list[Cell], shown: list[Cell]) -> int:
        """Length of a run of changed blanks here when erasing it is shorter than writing it."""
        look = bare(target[x].look)
        end, changed = x, x
        while end < self.columns and target[end].text == " " and bare(target[end].look) == look:
            end += 1
            if not _same(shown[end - 1], target[end - 1]):
                changed = end
        run = changed - x
        return run if run > 8 and self._erasable(look) else 0  # noqa: PLR2004 - the length of erase and move

    def _write(self, x: int, y: int, out: list[str]) -> int:
        """One character at x, or at its left half; the column behind it."""
        row = self._target[y]
        if row[x].text == "" and x > 0:
            x -= 1
        cell = row[x]
        self._move(x, y, out)
        if cell.text == " ":
            self._dress(bare(cell.look), out)
        else:
            self._dress(cell.look, out, exact=True)
        out.append(cell.text)
        wide = x + 1 < self.columns and row[x + 1].text == ""
        behind = x + (2 if wide else 1)
        # At the edge terminals differ in where the cursor then is; so they do after characters of doubtful width.
        certain = behind < self.columns and all(_measured(character)[2] for character in cell.text)
        self._place = (behind, y) if certain else None
        return behind

    def _dress(self, look: Look, out: list[str], *, exact: bool = False) -> None:
        """Change the pen; for blanks any pen with the same background and nothing visible on blanks will do."""
        pen = self._look
        if pen == look or (not exact and pen is not None and bare(pen) == look):
            return
        if not exact and pen is not None and not look.attributes:
            look = Look(
                frozenset() if pen.attributes & _SEEN_ON_BLANKS else pen.attributes, pen.foreground, look.background
            )
        out.append(change(pen, look))
        self._look = look

    def _move(self, x: int, y: int, out: list[str]) -> None:
        place = self._place
        if place == (x, y):
            return
        self._place = (x, y)
        whole = f"{_CSI}{y + 1};{x + 1}H" if x else f"{_CSI}{y + 1}H"
        if place is None:
            out.append(whole)
            return
        ways = [whole]
        at, line = place
        if line == y:
            ways.append(_across(x - at))
            ways.append("\r" + (_across(x) if x else ""))
            if 0 < x - at <= 4 and (over := self._overwrite(at, x, y)) is not None:  # noqa: PLR2004
                ways.append(over)
        elif y == line + 1:
            ways.append("\r\n" + (_across(x) if x else ""))
        out.append(min(ways, key=len))

    def _overwrite(self, at: int, x: int, y: int) -> str | None:
        """Cells between two places written again, when they are settled, plain to write and look as the pen does."""
        cells = self._target[y][at:x]
        if self._look is None or self._shown[y][at:x] != cells:
            return None
        if all(len(cell.text) == 1 and cell.text.isascii() and cell.look == self._look for cell in cells):
            return "".join(cell.text for cell in cells)
        return None


def _across(by: int) -> str:
    """Move within a row."""
    if by == -1:
        return "\b"
    steps = str(abs(by)) if abs(by) > 1 else ""
    return f"{_CSI}{steps}{'C' if by > 0 else 'D'}"


def _same(one: Cell, other: Cell) -> bool:
    if one == other:
        return True
    return one.text == other.text == " " and bare(one.look) == bare(other.look)
