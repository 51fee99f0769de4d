"""One asked field on the screen: the widget that takes its kind, and its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError
from counter_tui.forms.codes import CodeOf, CodesOf
from counter_tui.forms.kinds import Count, Day, DocumentNumber, Month, Phone, Postcode, Text, Yuan, YuanParts
from screens.widgets.choice_field import Choice, ChoiceField
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.fields import Field

_NUMERIC: Final = (Day, Month, Yuan, YuanParts, Phone)
_DIGITS: Final = (Count, Postcode)
_MOST_CELLS: Final = 40
_SCANNED: Final = 18
"""Room for an identity number in every field: a scanner's burst is refused whole, never cut to an amount."""


class AskedRow(FieldRow):
    """One asked field: its row, and whether what stands there was put there by the form itself."""

    def __init__(self, asked: Field, widget: FieldInput, *, label_cells: int) -> None:
        """Make the row of a field."""
        super().__init__(asked.ask.label, widget, required=asked.ask.required, label_cells=label_cells)
        self.asked = asked
        self.widget = widget
        self.given = ""
        """The text that the form derived or suggested; typing over it is the clerk's word."""

    def give(self, text: str) -> None:
        """Put a derived or suggested text there."""
        self.given = text
        if text_of(self.widget) != text:
            load(self.widget, text)

    @property
    def text(self) -> str:
        """What the clerk says: empty while a suggestion stands there untouched."""
        text = text_of(self.widget)
        return "" if self.given and text == self.given else text

    def require(self, *, required: bool) -> None:
        """Show or take away the mark of a required field."""
        if required is not self._required:
            self._required = required
            self._label.set_class(required, "required")
            self._repaint()

    def rename(self, label: str) -> None:
        """Another label, no longer than the column."""
        if label != self.label:
            self.label = label
            self._repaint()

    def freeze(self, *, derived: bool) -> None:
        """A derived field is shown and skipped."""
        self.widget.can_focus = not derived
        self.widget.set_class(derived, "derived")


def text_of(widget: FieldInput) -> str:
    """The text of a widget as a form reads it."""
    if isinstance(widget, TicksField):
        try:
            return " ".join(widget.ticked())
        except CounterError:
            return widget.value
    return widget.value


def load(widget: FieldInput, text: str) -> None:
    """Put a form's text into a widget."""
    if isinstance(widget, TicksField):
        widget.tick(text.split())
        if text and not widget.value:
            widget.load(text)
    else:
        widget.load(text)


def choices_of(kind: CodeOf, facts: Facts | None) -> tuple[Choice, ...]:
    """What a code field offers, as its widget takes it; several codes by their short names."""
    short = isinstance(kind, CodesOf)
    return tuple(Choice(code.code, code.short if short else code.name, code.initials) for code in kind.choices(facts))


def widget_for(asked: Field) -> FieldInput:
    """The widget that takes a field's kind."""
    ask, kind = asked.ask, asked.ask.kind
    common: dict[str, Any] = {"hint": ask.hint_line, "dup": ask.dup}
    if isinstance(kind, CodesOf):
        return TicksField(asked.name, choices_of(kind, None), cells=_MOST_CELLS, **common)
    if isinstance(kind, CodeOf):
        return ChoiceField(asked.name, choices_of(kind, None), **common)
    taken = FieldKind.NUMERIC if isinstance(kind, _NUMERIC) else FieldKind.TEXT
    taken = FieldKind.DIGITS if isinstance(kind, _DIGITS) else taken
    if isinstance(kind, DocumentNumber) and not ask.lookup:
        cells, limit = 22, 40  # eighteen full-width digits until the field is left
    elif isinstance(kind, Text):
        cells, limit = min(kind.cells, _MOST_CELLS), max(kind.limit * 2, kind.cells)
    else:
        cells, limit = min(kind.cells, _MOST_CELLS), 60 if isinstance(kind, YuanParts) else max(kind.cells, _SCANNED)
    person = isinstance(kind, DocumentNumber)
    return FieldInput(asked.name, cells=cells, limit=limit, kind=taken, from_card=person, **common)
