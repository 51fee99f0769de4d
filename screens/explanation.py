"""How an amount came about: the lines of a calculation, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.text import fit, width
from screens.base import CounterScreen
from screens.widgets.line import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.policy.explanation import Explanation

_ROWS_AROUND = 5
"""Title, hint, message, key bar, status."""


class ExplanationPages(CounterScreen):
    """Formula, figures and source of law of one amount, or of several."""

    def __init__(self, explanations: Sequence[Explanation]) -> None:
        """Explain these calculations, one after the other."""
        super().__init__()
        self._explanations = tuple(explanations)
        self._words = Words()
        self._page = 0

    def compose_work(self) -> ComposeResult:
        """The lines."""
        yield self._words

    def heading(self) -> str:
        """What this is."""
        return "计算过程"

    def heading_right(self) -> str:
        """Which page."""
        return f"第 {self._page + 1} 页，共 {len(self._pages())} 页"

    def on_mount(self) -> None:
        """Show the first page."""
        self._show(0)

    def on_resize(self, event: events.Resize) -> None:
        """Lines are broken anew."""
        del event
        self._show(self._page)

    def _pages(self) -> list[list[str]]:
        rows = max(self.size.height - _ROWS_AROUND, 1)
        lines = [line for each in self._explanations for line in self._broken(each)]
        return [lines[first : first + rows] for first in range(0, len(lines), rows)] or [[]]

    def _broken(self, explanation: Explanation) -> Iterator[str]:
        title, *steps = explanation.text()
        yield from _wrapped(title, self.size.width, "")
        for step in steps:
            yield from _wrapped(step, self.size.width, "    ", first="  ")
        yield ""

    def _show(self, page: int) -> None:
        pages = self._pages()
        self._page = min(max(page, 0), len(pages) - 1)
        self._words.show("\n".join(pages[self._page]))
        self.retitle()
        self.hint("PgDn、PgUp 翻页，F12 返回")

    async def act_page_down(self) -> None:
        """The next page."""
        self._show(self._page + 1)

    async def act_page_up(self) -> None:
        """The page before."""
        self._show(self._page - 1)

    act_down = act_enter = act_next = act_page_down
    act_up = act_previous = act_page_up

    async def act_look(self) -> None:
        """The key that opened it closes it."""
        await self.act_back()


def _wrapped(text: str, cells: int, indent: str, *, first: str = "") -> Iterator[str]:
    """A text in rows of so many cells, later rows indented."""
    lead = first
    while width(text) > max(cells - width(lead), 10):
        part = fit(text, max(cells - width(lead), 10))
        yield lead + part
        text, lead = text[len(part) :], indent
    yield lead + text
