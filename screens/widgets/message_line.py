"""Row 22: the last outcome, problem or question; a sentence too long for it begins on the row above."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from counter_tui.domain.text import fit, width
from screens.widgets.line import Line, shown

if TYPE_CHECKING:
    from textual.strip import Strip

    from screens.widgets.hint_line import HintLine


class Grade(StrEnum):
    """How much a message matters; also its style class. The words carry the meaning, the colour repeats it."""

    INFO = "info"
    DONE = "done"
    PROBLEM = "problem"
    QUESTION = "question"


class MessageLine(Line):
    """One message at a time; it stays until the next one and is never taken away by time."""

    DEFAULT_CSS = "MessageLine { height: 1; width: 100%; }"

    def __init__(self, above: HintLine) -> None:
        """Borrow the row of `above` for the beginning of long sentences: their end names the key that helps."""
        super().__init__()
        self._above = above
        self._grade = Grade.INFO

    @property
    def grade(self) -> Grade:
        """The grade of what stands there."""
        return self._grade

    def say(self, text: str, grade: Grade = Grade.INFO) -> None:
        """Show one sentence; a problem is marked with ! so that colour is never the only sign."""
        if grade is not self._grade:
            self.remove_class(self._grade.value)
            self.add_class(grade.value)
            self._grade = grade
        self.show(f"! {text}" if grade is Grade.PROBLEM else text)

    def show(self, text: str) -> None:
        """Replace the sentence; a long one takes both rows."""
        super().show(text)
        self._above.cover(self._halves()[0])

    def on_resize(self) -> None:
        """Another width, another place to break."""
        self._above.cover(self._halves()[0])

    def render_line(self, y: int) -> Strip:
        """The sentence, or what the row above has no room for."""
        return self._painted(self._halves()[1]) if y == 0 else super().render_line(y)

    def _halves(self) -> tuple[str, str]:
        cells = self.size.width
        if not cells or width(shown(self.text)) <= cells:
            return "", self.text
        first = fit(self.text, cells)
        return first, self.text[len(first) :]
