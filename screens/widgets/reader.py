"""Lines to read: help, previews, details. Scrolls by lines and pages; nothing in it can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from counter_tui.domain.text import fit, safe, width
from screens.widgets.line import painted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.geometry import Offset
    from textual.strip import Strip


class Reader(Widget, can_focus=True):
    """Shows as many lines as there are rows; what is wider is cut off, so give it folded lines."""

    COMPONENT_CLASSES = {"reader--mark"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = """
    Reader { height: 1fr; min-height: 3; width: 100%; }
    Reader > .reader--mark { text-style: reverse; }
    """

    def __init__(self, name: str = "reader", *, hint: str = "") -> None:
        super().__init__(name=name, id=name)
        self.hint = hint
        self.lines: tuple[str, ...] = ()
        self._first = 0
        self._marked = -1

    def show(self, lines: Sequence[str], *, mark: int = -1) -> None:
        """Other lines, from the first; `mark` is the number of a line found, which is brought into view."""
        self.lines, self._marked = tuple(lines), mark
        self._first = 0
        if mark >= 0:
            self._scroll(mark - max(self.size.height, 1) + 1)
        self.refresh()

    @property
    def text(self) -> str:
        """All lines, for tests and for reading aloud."""
        return "\n".join(self.lines)

    @property
    def place(self) -> str:
        """Which part is seen, in words; empty when everything is."""
        height = max(self.size.height, 1)
        if len(self.lines) <= height:
            return ""
        last = min(self._first + height, len(self.lines))
        return f"第 {self._first + 1} 至 {last} 行，共 {len(self.lines)} 行"

    def move(self, by: int) -> bool:
        """So many lines on or back; False when there are no more."""
        before = self._first
        self._scroll(self._first + by)
        self.refresh()
        return self._first != before

    def turn(self, by: int) -> bool:
        """A screenful on or back; False when there is no more."""
        return self.move(by * max(self.size.height, 1))

    def _scroll(self, first: int) -> None:
        self._first = max(min(first, len(self.lines) - max(self.size.height, 1)), 0)

    @property
    def cursor_screen_offset(self) -> Offset:
        """The beginning of what is seen, where a terminal reader starts."""
        return self.content_region.offset

    def render_line(self, y: int) -> Strip:
        """One line as cells."""
        number, rest = self._first + y, self.rich_style
        if number >= len(self.lines):
            return painted([], self.size.width, rest)
        style = self.get_component_rich_style("reader--mark") if number == self._marked else rest
        return painted([(self.lines[number], style)], self.size.width, rest)


def folded(lines: Iterable[str], cells: int) -> list[str]:
    """Lines broken to so many cells, continued under their own indent; nothing is left out."""
    kept: list[str] = []
    for line in lines:
        rest = safe(line)
        indent = " " * min(len(rest) - len(rest.lstrip(" ")), cells // 2)
        while width(rest) > cells:
            taken = fit(rest, cells)
            kept.append(taken)
            rest = indent + rest[len(taken) :]
        kept.append(rest)
    return kept
