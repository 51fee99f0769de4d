"""Which font draws which character; loads ReportLab, so it is imported at the first print and not before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportlab.pdfbase import pdfmetrics, ttfonts

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEBIAN_FONTS: Final = Path("/usr/share/fonts")


class NoGlyph(CounterError):
    """字库缺少字形 {code_point}，请管理员安装字体（fonts-hanazono）后再打印"""

    code_point: str


class NoFont(CounterError):
    """没有可用的打印字体，请管理员运行 counter-tui doctor 查看字体情况"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """A font of the chain, whether or not it is on this machine."""

    name: str
    """File name, as the report and the settings show it."""
    path: Path | None
    """None when it is not installed."""
    source: str
    """Who provides it, so that an administrator knows what to install."""

    @property
    def has_postscript_outlines(self) -> bool:
        """CFF outlines, which ReportLab cannot embed."""
        return self.path is not None and _outline_tag(self.path) == b"OTTO"

    @property
    def usable(self) -> bool:
        """Present, and of a kind that can be embedded."""
        return self.path is not None and self.path.is_file() and not self.has_postscript_outlines


def _outline_tag(path: Path) -> bytes:
    """First four bytes of the font, of the first font where the file is a collection."""
    try:
        with path.open("rb") as font:
            if (tag := font.read(4)) != b"ttcf":
                return tag
            font.seek(12)
            font.seek(int.from_bytes(font.read(4), "big"))
            return font.read(4)
    except OSError:
        return b""


def font_files(extra: Sequence[Path] = ()) -> tuple[FontFile, ...]:
    """The chain in order: fonts of the settings, the one carried with the program, the distribution's."""
    return (
        *(FontFile(name=path.name, path=path if path.is_file() else None, source="[print] fonts") for path in extra),
        FontFile(name="NotoSansSC-Regular.ttf", path=_carried_font(), source="zhplot（SIL OFL 1.1）"),
        *(
            FontFile(name=name, path=next(DEBIAN_FONTS.rglob(name), None), source=package)
            for name, package in (
                ("LXGWWenKai-Regular.ttf", "fonts-lxgw-wenkai"),
                ("HanaMinA.ttf", "fonts-hanazono"),
                ("HanaMinB.ttf", "fonts-hanazono"),
            )
        ),
    )


def _carried_font() -> Path | None:
    try:
        path = Path(str(distribution("zhplot").locate_file("zhplot/fonts/NotoSansSC-Regular.ttf")))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def font_report(extra: Sequence[Path] = ()) -> list[str]:
    """One line for each font of the chain, for the doctor."""
    return [f"{font.name}：{_state(font)}，来源 {font.source}" for font in font_files(extra)]


def _state(font: FontFile) -> str:
    if font.path is None:
        return "未安装"
    return "跳过（PostScript 轮廓不能嵌入 PDF，请改用 .ttf）" if font.has_postscript_outlines else "可用"


class FontChain:
    """Fonts tried in order for each character; a file is opened when the ones before it lack a character."""

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        self._files = tuple(font for font in font_files(extra) if font.usable)
        self._font_of: dict[str, str] = {}
        self._advances: dict[str, float] = {}
        """Width of a character at a size of one point."""
        if not self._files:
            raise NoFont

    @property
    def first(self) -> str:
        """Registered name of the font most text is drawn in."""
        return _registered(self._files[0].path)

    def runs(self, text: str) -> list[tuple[str, str]]:
        """Cut text into (font, piece), each character in the first font of the chain that draws it.

        Raises:
            NoGlyph: no font draws a character; the paper would bear a box or nothing in its place.
        """
        names = {self._font_of.get(character) for character in text}
        if len(names) == 1 and (name := names.pop()) is not None:
            return [(name, text)]
        return [(name, "".join(piece)) for name, piece in groupby(text, self._font)]

    def width(self, text: str, size: float) -> float:
        """Points the text takes at a size in points."""
        try:
            return sum(map(self._advances.__getitem__, text)) * size
        except KeyError:
            for character in text:
                self._advances[character] = float(pdfmetrics.stringWidth(character, self._font(character), 1))
            return self.width(text, size)

    def _font(self, character: str) -> str:
        known = self._font_of.get(character)
        if known is not None:
            return known
        for name in self._names():
            if draws(name, character):
                self._font_of[character] = name
                return name
        raise NoGlyph(code_point=f"U+{ord(character):04X}")

    def _names(self) -> Iterator[str]:
        for font in self._files:
            yield _registered(font.path)


@lru_cache(maxsize=8)
def chain(extra: tuple[Path, ...] = ()) -> FontChain:
    """The chain of these settings, made once."""
    return FontChain(extra)


@lru_cache(maxsize=64)
def _registered(path: Path | None) -> str:
    """Load a font under its file's name; two files of one name keep apart by their number."""
    if path is None:
        raise NoFont
    taken = set(pdfmetrics.getRegisteredFontNames())
    name = path.stem if path.stem not in taken else f"{path.stem}-{len(taken)}"
    pdfmetrics.registerFont(ttfonts.TTFont(name, str(path), subfontIndex=0))
    return name


def draws(name: str, character: str) -> bool:
    """Whether a registered font has a visible shape for the character (a blank needs none)."""
    face = pdfmetrics.getFont(name).face
    glyph = face.charToGlyph.get(ord(character))
    if not glyph:
        return False
    return character.isspace() or bool(face.glyphPos[glyph] != face.glyphPos[glyph + 1])


def to_unicode(name: str, subset: Sequence[int]) -> str:
    """ToUnicode map in UTF-16, as PDF wants it; ReportLab 5.1 writes four digits even above U+FFFF."""
    hexed = [chr(code).encode("utf-16-be", errors="replace").hex().upper() for code in subset]
    pairs = [f"<{code:02X}> <{value}>" for code, value in enumerate(hexed)]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<00> <{len(pairs) - 1:02X}>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


# Without it a name with a character above U+FFFF is copied and found as another name.
ttfonts.makeToUnicodeCMap = to_unicode
