"""Row 22: the last outcome, problem or question."""

from __future__ import annotations

from enum import StrEnum

from screens.widgets.line import Line


class Grade(StrEnum):
    """How much a message matters; also its style class. The words carry the meaning, the colour repeats it."""

    INFO = "info"
    DONE = "done"
    PROBLEM = "problem"
    QUESTION = "question"


class MessageLine(Line):
    """One message at a time; it stays until the next one and is never taken away by time."""

    DEFAULT_CSS = "MessageLine { height: 1; width: 100%; }"

    def __init__(self) -> None:
        super().__init__()
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
