"""A sheet of paper to write on: text in the font chain, rules, boxes. Points, measured from the upper left corner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from counter_tui.documents.orientation import Orientation
from counter_tui.domain.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.documents.fonts import FontChain

LEADING: Final = 1.3
"""Line distance as a multiple of the size."""

_WIDTH, _HEIGHT = (float(side) for side in A4)
_SIZES: Final = {
    Orientation.PORTRAIT: (_WIDTH, _HEIGHT),
    Orientation.LANDSCAPE: (_HEIGHT, _WIDTH),
    Orientation.HALF: (_WIDTH, _HEIGHT / 2),
}
_MARGINS: Final = {Orientation.PORTRAIT: 34.0, Orientation.LANDSCAPE: 20.0, Orientation.HALF: 28.0}
_NOT_FIRST: Final = frozenset("，。、；：！？）〕】》”’,.;:!?)]%")
"""Closing punctuation does not begin a line."""
_ASCENT: Final = 0.86
"""Height of Chinese characters above the base line, as a share of the size."""
_HARDLY_SMALLER: Final = 1.0
"""Points by which letters may shrink before text takes a second line."""
_PALE: Final = 0.89
"""Grey of the words across the sheet: readable, and what lies over it stays so too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Text broken to a width at a size that suits it."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """Points from the top of the first line to the bottom of the last."""
        return len(self.lines) * self.size * LEADING


class Paper:
    """Pages of one size, bound into one PDF that is the same for the same content."""

    def __init__(self, orientation: Orientation, fonts: FontChain, title: str) -> None:
        self.width, self.height = _SIZES[orientation]
        self.margin = _MARGINS[orientation]
        self._fonts = fonts
        self._buffer = BytesIO()
        # Without invariant=1 the clock and a random number are in the file and its hash says nothing.
        self._canvas: Any = Canvas(self._buffer, pagesize=(self.width, self.height), invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("counter-tui")

    @property
    def left(self) -> float:
        """Where printing begins."""
        return self.margin

    @property
    def right(self) -> float:
        """Where printing ends."""
        return self.width - self.margin

    @property
    def printable(self) -> float:
        """Points between the margins."""
        return self.width - 2 * self.margin

    def text_width(self, text: str, size: float) -> float:
        """Points the text takes at a size."""
        return self._fonts.width(safe(text), size)

    def write(self, text: str, x: float, baseline: float, size: float, *, bold: bool = False) -> None:
        """Write one line from x."""
        if bold:
            # The chain has one weight; a thin stroke of the same colour makes a title of it.
            self._canvas.setLineWidth(size / 50)
        for font, piece in self._fonts.runs(safe(text)):
            self._canvas.setFont(font, size)
            self._canvas.drawString(x, self.height - baseline, piece, mode=2 if bold else 0)
            x += self._fonts.width(piece, size)

    def write_centred(self, text: str, centre: float, baseline: float, size: float, *, bold: bool = False) -> None:
        """Write one line around a centre."""
        self.write(text, centre - self.text_width(text, size) / 2, baseline, size, bold=bold)

    def write_right(self, text: str, right: float, baseline: float, size: float) -> None:
        """Write one line that ends at `right`."""
        self.write(text, right - self.text_width(text, size), baseline, size)

    def shrunk(self, text: str, width: float, size: float) -> float:
        """The largest size up to `size` at which the text takes one line of the width."""
        taken = self.text_width(text, size)
        return size if taken <= width else size * width / taken

    def fitted(self, text: str, width: float, size: float, *, lines: int = 2, least: float = 6.5) -> Lines:
        """Break text to a width.

        Slightly smaller letters come before a second line, clearly smaller ones before a line too many; when even the
        least size does not suffice there are more lines, and nothing is cut off.
        """
        single = self.shrunk(text, width, size)
        if single >= size - _HARDLY_SMALLER:
            return Lines(lines=(text,), size=single)
        while True:
            broken = tuple(self._broken(safe(text), width, size))
            if len(broken) <= lines or size <= least:
                return Lines(lines=broken, size=size)
            size = max(size - 0.5, least)

    def balanced(self, text: str, width: float, size: float) -> Lines:
        """Break a label so that its lines are about as long as each other."""
        broken = self.fitted(text, width, size, least=6.0)
        if len(broken.lines) == 1:
            return broken
        each = math.ceil(len(text) / len(broken.lines))
        lines = tuple(text[at : at + each] for at in range(0, len(text), each))
        return Lines(lines=lines, size=broken.size) if text.isalpha() else broken

    def _broken(self, text: str, width: float, size: float) -> Iterator[str]:
        if self._fonts.width(text, size) <= width:
            yield text
            return
        line, taken = "", 0.0
        for word in _words(text):
            needs = self._fonts.width(word, size)
            if taken + needs <= width or (not line and len(word) == 1):
                line, taken = line + word, taken + needs
                continue
            if needs <= width:
                if line:
                    yield line
                line, taken = word, needs
                continue
            # A number or Latin word longer than the line is cut where the line ends.
            for character in word:
                needs = self._fonts.width(character, size)
                if line and taken + needs > width:
                    yield line
                    line, taken = "", 0.0
                line, taken = line + character, taken + needs
        if line:
            yield line

    def write_lines(self, text: Lines, x: float, width: float, top: float, *, align: str = "left") -> None:
        """Write broken text in a column, its first line just below `top`."""
        for at, line in enumerate(text.lines):
            baseline = top + at * text.size * LEADING + text.size * (LEADING - 1) / 2 + text.size * _ASCENT
            if align == "centre":
                self.write_centred(line, x + width / 2, baseline, text.size)
            elif align == "right":
                self.write_right(line, x + width, baseline, text.size)
            else:
                self.write(line, x, baseline, text.size)

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, thick: float = 0.75) -> None:
        """Draw a straight line."""
        self._canvas.setLineWidth(thick)
        self._canvas.line(x1, self.height - y1, x2, self.height - y2)

    def box(self, x: float, top: float, width: float, height: float, *, thick: float = 0.75) -> None:
        """Draw an empty rectangle."""
        self._canvas.setLineWidth(thick)
        self._canvas.rect(x, self.height - top - height, width, height)

    def fill(self, rectangles: list[tuple[float, float, float, float]]) -> None:
        """Fill rectangles (x, top, width, height) in black, as one path."""
        path = self._canvas.beginPath()
        for x, top, width, height in rectangles:
            path.rect(x, self.height - top - height, width, height)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def write_across(self, words: str) -> None:
        """Write words from corner to corner, pale, for everything else to lie over."""
        diagonal = math.hypot(self.printable, self.height - 2 * self.margin)
        size = min(0.6 * diagonal / max(self.text_width(words, 1), 1), self.height / 3.5)
        self._canvas.saveState()
        self._canvas.translate(self.width / 2, self.height / 2)
        self._canvas.rotate(math.degrees(math.atan2(self.height, self.width)))
        self._canvas.setFillGray(_PALE)
        x = -self.text_width(words, size) / 2
        for font, piece in self._fonts.runs(words):
            self._canvas.setFont(font, size)
            self._canvas.drawString(x, -size * 0.36, piece)
            x += self._fonts.width(piece, size)
        self._canvas.restoreState()

    def turn(self) -> None:
        """End this page; the next mark is on a new one."""
        self._canvas.showPage()

    def bound(self) -> bytes:
        """The finished PDF."""
        self._canvas.save()
        return self._buffer.getvalue()


def _words(text: str) -> Iterator[str]:
    """Pieces a line may not be broken in: Latin words and numbers, and a character with the punctuation after it."""
    word = ""
    for character in text:
        joins = word and (
            character in _NOT_FIRST or (word[-1].isascii() and character.isascii() and " " not in {word[-1], character})
        )
        if joins:
            word += character
            continue
        if word:
            yield word
        word = character
    if word:
        yield word
