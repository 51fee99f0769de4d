"""One row of a form: label, field, and what the program adds (name found, derived value, problem mark)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal

from counter_tui.domain.text import pad, safe
from screens.widgets.line import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget


class FieldRow(Horizontal):
    """Label before field in reading order; `*` for required, `!` for a problem, always as a character too."""

    DEFAULT_CSS = """
    FieldRow { height: 1; width: 100%; }
    FieldRow > .label { width: auto; }
    FieldRow > .note { width: 1fr; }
    """

    def __init__(self, label: str, field: Widget, *, required: bool = False, label_cells: int = 18) -> None:
        """Make a row; `label_cells` is the width of the label column, in cells."""
        super().__init__()
        self.label = label
        self.field = field
        self._cells = label_cells
        self._required = required
        self._problem = False
        self._label = Line(self._label_text(), classes="label")
        self._label.styles.width = label_cells + 3
        self._note = Line("", classes="note")
        if required:
            self._label.add_class("required")

    def compose(self) -> ComposeResult:
        """Label, field, note."""
        yield self._label
        yield self.field
        yield self._note

    def note(self, text: str) -> None:
        """What stands behind the field: the name found, a derived value."""
        self._note.show(text)

    def mark_problem(self) -> None:
        """Put the mark."""
        self._problem = True
        self._repaint()

    def clear_problem(self) -> None:
        """Take the mark away."""
        self._problem = False
        self._repaint()

    def _repaint(self) -> None:
        self._label.set_class(self._problem, "problem")
        self._label.show(self._label_text())

    def _label_text(self) -> str:
        mark = "!" if self._problem else "*" if self._required else " "
        return f"{mark}{pad(safe(self.label), self._cells, right=True)}："
