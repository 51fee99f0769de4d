"""A sheet of paper to write on: text in the font chain, rules, boxes. Points, measured from the upper left corner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
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
_ESCAPES: Final = {
    code: f"\\{code:03o}"
    for code in range(256)
    if not 32 <= code < 127 or code in b"\\()"  # noqa: PLR2004 - ASCII
}
"""Bytes of a PDF string that are written in octal."""
_SPELLED_AT_ONCE: Final = 1024

# Streams as they are: written out in printable characters they are a quarter longer and slow to make.
rl_config.useA85 = 0


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
        self._mark = self._canvas.addLiteral
        # A form says the same words in row after row.
        self._spelled = lru_cache(maxsize=_SPELLED_AT_ONCE)(self._spell)

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
        shown = " ".join(f"{font} {size:.4g} Tf ({string}) Tj" for font, string in self._spelled(text))
        if bold:
            # The chain has one weight; a thin stroke of the same colour makes a title of it.
            shown = f"{size / 50:.4g} w 2 Tr {shown} 0 Tr"
        self._mark(f"BT 1 0 0 1 {x:.2f} {self.height - baseline:.2f} Tm {shown} ET")

    def _spell(self, text: str) -> list[tuple[str, str]]:
        """Runs of text as PDF has them: the font's name in this file, and an escaped string."""
        # Drawing strings one by one through the canvas takes three times as long as all the rest.
        document = self._canvas._doc  # noqa: SLF001 - the fonts keep their subsets by it
        spelled = []
        for name, piece in self._fonts.runs(safe(text)):
            font = pdfmetrics.getFont(name)
            for subset, codes in font.splitString(piece, document):
                string = codes.decode("latin-1").translate(_ESCAPES)
                spelled.append((font.getSubsetInternalName(subset, document), string))
        return spelled

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
        self._mark(f"{thick:.4g} w {x1:.2f} {self.height - y1:.2f} m {x2:.2f} {self.height - y2:.2f} l S")

    def box(self, x: float, top: float, width: float, height: float, *, thick: float = 0.75) -> None:
        """Draw an empty rectangle."""
        self._mark(f"{thick:.4g} w {x:.2f} {self.height - top - height:.2f} {width:.2f} {height:.2f} re S")

    def fill(self, rectangles: list[tuple[float, float, float, float]]) -> None:
        """Fill rectangles (x, top, width, height) in black, as one path."""
        path = "\n".join(
            f"{x:.3f} {self.height - top - height:.3f} {width:.3f} {height:.3f} re"
            for x, top, width, height in rectangles
        )
        self._mark(f"{path} f")

    def write_across(self, words: str) -> None:
        """Write words from corner to corner, pale, for everything else to lie over."""
        diagonal = math.hypot(self.printable, self.height - 2 * self.margin)
        size = min(0.6 * diagonal / max(self.text_width(words, 1), 1), self.height / 3.5)
        self._canvas.saveState()
        self._canvas.translate(self.width / 2, self.height / 2)
        self._canvas.rotate(math.degrees(math.atan2(self.height, self.width)))
        self._canvas.setFillGray(_PALE)
        # The point turned about is the lower edge of this page's coordinates: baselines are counted from its top.
        self.write(words, -self.text_width(words, size) / 2, self.height + size * 0.36, size)
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
