"""Steps of a calculation to walk through: each in as many rows as it needs, one of them under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.geometry import Offset
from textual.widget import Widget

from counter_tui.domain.text import fit, width
from screens.widgets.line import painted, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.strip import Strip

OPENS: Final = " ＞"
"""Behind a step that has a level below; a character that GBK terminals know, two cells wide on all of them."""
_INDENT: Final = 2
_NEVER_FIRST: Final = frozenset("，。；：、）〕」》%")
_NEVER_LAST: Final = frozenset("（〔「《")


@dataclass(frozen=True, slots=True)
class Step:
    """One step, or the heading above several."""

    text: str
    heading: bool = False
    opens: bool = False
    """Whether there is a level below."""


class Steps(Widget, can_focus=True):
    """Only what is seen is broken into rows, so that ten thousand steps cost no more than ten."""

    COMPONENT_CLASSES = {"steps--cursor", "steps--heading"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = """
    Steps { height: 1fr; min-height: 3; width: 100%; }
    Steps > .steps--cursor { text-style: reverse; }
    Steps > .steps--heading { text-style: bold; }
    """

    def __init__(self, name: str = "steps") -> None:
        """Show nothing yet."""
        super().__init__(name=name, id=name)
        self.steps: tuple[Step, ...] = ()
        self.at = 0
        """Number of the step under the cursor."""
        self._first = 0

    def show(self, steps: Sequence[Step], at: int) -> None:
        """Other steps, with the cursor on one of them."""
        self.steps, self._first = tuple(steps), 0
        self.at = at
        self._bring_into_view()

    @property
    def text(self) -> str:
        """All steps, for tests and for reading aloud."""
        return "\n".join(step.text for step in self.steps)

    def move(self, by: int) -> bool:
        """One step on or back, past headings; False when there is none."""
        place = self.at + by
        while 0 <= place < len(self.steps) and self.steps[place].heading:
            place += by
        if not 0 <= place < len(self.steps):
            return False
        self.at = place
        self._bring_into_view()
        return True

    def turn(self, by: int) -> bool:
        """A screenful on or back; False when there is no more."""
        moved, left = False, max(self.size.height - 1, 1)
        while left > 0 and self.move(by):
            moved, left = True, left - len(self._rows(self.at))
        return moved

    def _bring_into_view(self) -> None:
        """Keep the whole step seen, and the heading above the first one."""
        self._first = min(self._first, self.at)
        while self._first > 0 and self.steps[self._first - 1].heading:
            self._first -= 1
        height = max(self.size.height, 1)
        while self._first < self.at and self._height(self._first, self.at) > height:
            self._first += 1
        self.refresh()

    def _height(self, first: int, last: int) -> int:
        total = 0
        for place in range(last, first - 1, -1):
            total += len(self._rows(place))
            if total > self.size.height:
                break
        return total

    def _rows(self, place: int) -> list[str]:
        step, cells = self.steps[place], max(self.size.width, 20)
        if step.heading:
            return list(wrapped(step.text, cells))
        rows = list(wrapped(step.text, cells - _INDENT - width(OPENS)))
        if step.opens:
            rows[-1] += OPENS
        lead = "> " if place == self.at else "  "
        return [lead + rows[0], *(f"{' ' * (_INDENT * 2)}{row}" for row in rows[1:])]

    def on_resize(self) -> None:
        """Rows are broken anew."""
        self._first = 0
        if self.steps:
            self._bring_into_view()

    @property
    def cursor_screen_offset(self) -> Offset:
        """On the current step, where a terminal reader finds it."""
        above = sum(len(self._rows(place)) for place in range(self._first, self.at)) if self.steps else 0
        return self.content_region.offset + Offset(0, above)

    def render_line(self, y: int) -> Strip:
        """One row as cells."""
        cells, rest = self.size.width, self.rich_style
        for number, (place, text) in enumerate(self._seen()):
            if number < y:
                continue
            style = rest
            if self.steps[place].heading:
                style = self.get_component_rich_style("steps--heading")
            elif place == self.at:
                style = self.get_component_rich_style("steps--cursor")
            return painted([(text, style)], cells, style if place == self.at else rest)
        return painted([], cells, rest)

    def _seen(self) -> Iterator[tuple[int, str]]:
        for place in range(self._first, len(self.steps)):
            for row in self._rows(place):
                yield place, row


def wrapped(text: str, cells: int) -> Iterator[str]:
    """A text in rows of at most so many cells; numbers and words stay whole, no row begins with a closing mark."""
    text = shown(text)
    room = cells
    while width(text) > room:
        part = fit(text, room)
        end = _break(text, len(part))
        yield text[:end].rstrip()
        text, room = text[end:].lstrip(), max(cells - _INDENT, 1)
    yield text


def _break(text: str, end: int) -> int:
    """The nearest good place to break at or before one; a citation goes to the next row as a whole."""
    if (cited := text.find("（", max(end // 2, 1), end)) > 0:
        return cited
    for place in range(end, max(end // 4, 1), -1):
        before, after = text[place - 1], text[place]
        inside = before.isascii() and after.isascii() and not before.isspace() and not after.isspace()
        if not (inside or after in _NEVER_FIRST or before in _NEVER_LAST or _in_brackets(text, place)):
            return place
    return max(end, 1)


def _in_brackets(text: str, place: int) -> bool:
    """Whether a place lies within a mark or the year of a document, 〔2026〕."""
    return text.rfind("〔", 0, place) > text.rfind("〕", 0, place)
