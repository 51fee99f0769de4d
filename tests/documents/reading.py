"""Reading printed paper back: text, places, fonts and ink of a PDF, with the tools of poppler."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conftest import needs

if TYPE_CHECKING:
    from pathlib import Path

_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in points from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its words."""

    width: float
    height: float
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as grey pixels, 0 black, 255 white."""

    width: int
    height: int
    pixels: bytes

    def at(self, x: int, y: int) -> int:
        return self.pixels[y * self.width + x]

    def ink(self, left: int = 0, top: int = 0, right: int | None = None, bottom: int | None = None) -> int:
        """Pixels darker than paper in a region."""
        right, bottom = self.width if right is None else right, self.height if bottom is None else bottom
        rows = (self.pixels[y * self.width + left : y * self.width + right] for y in range(top, bottom))
        return sum(sum(1 for pixel in row if pixel < 200) for row in rows)


class Paper:
    """A PDF on disk."""

    def __init__(self, pdf: bytes, folder: Path) -> None:
        needs(shutil.which("pdftotext"), "poppler-utils is not installed: no pdftotext, pdffonts, pdftoppm")
        self._folder = folder
        self._path = folder / "paper.pdf"
        self._path.write_bytes(pdf)

    def _tool(self, *command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def text(self) -> str:
        """All text in drawing order, without any blanks: broken lines read on."""
        return squeezed(self._tool("pdftotext", "-raw", str(self._path), "-"))

    def page_texts(self) -> list[str]:
        pages = self._tool("pdftotext", "-raw", str(self._path), "-").split("\f")
        return [squeezed(page) for page in pages[:-1]]

    def pages(self) -> list[Page]:
        boxed = self._tool("pdftotext", "-bbox", str(self._path), "-")
        return [
            Page(float(page[0]), float(page[1]), tuple(map(_word, _WORD.findall(page[2]))))
            for page in _PAGE.findall(boxed)
        ]

    def fonts(self) -> list[tuple[str, list[str]]]:
        """Name of each font and its three answers: embedded, subset, with ToUnicode."""
        lines = self._tool("pdffonts", str(self._path)).splitlines()[2:]
        return [(line.split()[0], re.findall(r"\b(?:yes|no)\b", line)) for line in lines]

    def picture(self, page: int = 1, dots: int = 72) -> Picture:
        """A page as a machine sees it that has no font of its own."""
        bare = self._folder / "fonts.conf"
        bare.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
        command = ("pdftoppm", "-r", str(dots), "-f", str(page), "-l", str(page), "-gray", str(self._path))
        environment = {"PATH": "/usr/bin:/bin", "FONTCONFIG_FILE": str(bare)}
        image = subprocess.run(command, check=True, capture_output=True, env=environment).stdout
        magic, width, height, _, pixels = re.split(rb"\s", image, maxsplit=4)
        assert magic == b"P5"
        return Picture(int(width), int(height), pixels)


def _word(found: tuple[str, str, str, str, str]) -> Word:
    left, top, right, bottom = (float(side) for side in found[:4])
    return Word(left, top, right, bottom, found[4])


def squeezed(text: str) -> str:
    """Text without any blank."""
    return "".join(text.split())
