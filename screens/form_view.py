"""The fields of a form as rows in sections: what entry, criteria and reception have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Vertical

from counter_tui.domain.text import width
from counter_tui.errors import CounterError
from counter_tui.forms.codes import CodeOf
from counter_tui.forms.kinds import DocumentNumber
from screens.asked_row import AskedRow, choices_of, load, widget_for
from screens.person_panel import is_identity_number
from screens.widgets.choice_field import ChoiceField
from screens.widgets.line import Line
from screens.widgets.section import Section
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from textual.app import ComposeResult
    from textual.widget import Widget

    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Form
    from counter_tui.policy.regions import Policy
    from screens.widgets.field_input import FieldInput

_CLOSED_NOTE: Final = "（PgDn 展开）"


class FormView(Vertical):
    """Rows by sections. Which are shown follows from what stands above them."""

    DEFAULT_CSS = "FormView { height: auto; width: 100%; }"

    def __init__(self, form: Form, *, label_cells: int = 0) -> None:
        """Make the rows; `take` fills them. Labels take the longest label unless told."""
        super().__init__()
        self.form = form
        self.facts: Facts | None = None
        self._policy: Policy | None = None
        cells = label_cells or min(max((width(each.ask.label) for each in form.fields), default=8), 22)
        self.rows = {each.name: AskedRow(each, widget_for(each), label_cells=cells) for each in form.fields}
        self._opened: set[str] = set()
        self._heads: dict[str, Line] = {}
        self._base: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """One section for each heading, in the order met."""
        names = list(dict.fromkeys(row.asked.ask.section for row in self.rows.values()))
        for name in names:
            with Section():
                if name and len(names) > 1:
                    self._heads[name] = Line(name, classes="heading")
                    yield self._heads[name]
                yield from (row for row in self.rows.values() if row.asked.ask.section == name)

    # Texts

    def texts(self) -> dict[str, str]:
        """What stands in the fields, as `Form.read` takes it; suggestions left alone are empty."""
        return {name: row.text for name, row in self.rows.items()}

    def misread(self, today: date) -> FieldInput | None:
        """A field with an identity number in it that asks for something else."""
        for row in self.rows.values():
            if not isinstance(row.asked.ask.kind, DocumentNumber) and is_identity_number(row.text, today):
                return row.widget
        return None

    def widget(self, name: str) -> FieldInput:
        """The widget of a field. Raises KeyError."""
        return self.rows[name].widget

    def put(self, texts: Mapping[str, str]) -> None:
        """Put texts into their fields; unknown names are passed over."""
        for name, text in texts.items():
            if name in self.rows:
                self.rows[name].given = ""
                load(self.rows[name].widget, text)

    @property
    def dirty(self) -> bool:
        """Whether the clerk changed anything since the form was opened, saved or loaded."""
        return self.texts() != self._base

    def is_clean_from_here(self) -> None:
        """What stands here now is not the clerk's work."""
        self._base = self.texts()

    # Facts

    def take(self, facts: Facts, policy: Policy) -> None:
        """Begin anew with these facts: empty fields and defaults."""
        self.facts, self._policy = facts, policy
        defaults = self.form.defaults(facts, policy)
        self._offer_choices()
        self.put({name: defaults.get(name, "") for name in self.rows})
        for row in self.rows.values():
            row.note("")
        self.settle()
        self.is_clean_from_here()

    def retake(self, facts: Facts, policy: Policy) -> None:
        """Other facts (a person was found): defaults replace what nobody typed, the rest stays."""
        before = self._base
        kept = {name: text for name, text in self.texts().items() if text != before.get(name, "")}
        self.facts, self._policy = facts, policy
        defaults = self.form.defaults(facts, policy)
        self._offer_choices()
        self.put({name: defaults.get(name, "") for name in self.rows})
        self.settle()
        self.is_clean_from_here()
        self.put(kept)
        self.settle()

    def _offer_choices(self) -> None:
        for row in self.rows.values():
            kind = row.asked.ask.kind
            if isinstance(kind, CodeOf) and isinstance(row.widget, ChoiceField | TicksField):
                row.widget.choices = choices_of(kind, self.facts)

    def settle(self) -> None:
        """Show the fields that apply, fill those that fill themselves."""
        facts = self.facts
        if facts is None:
            return
        texts = self.texts()
        values, _ = self.form.values(texts, facts)
        filled = self.form.filled(texts, facts)
        for name, row in self.rows.items():
            asked = row.asked
            derived = asked.ask.derive is not None and asked.ask.derive(values, facts) is not None
            row.freeze(derived=derived)
            if name in filled and (derived or not texts[name]):
                row.give(filled[name])
            elif row.given:
                if not row.text:
                    load(row.widget, "")
                row.given = ""
            applies = asked.asked(values, facts)
            required = applies and asked.required(facts)
            row.require(required=required and not derived)
            self._display(row, shown=applies and (not asked.ask.collapsed or asked.ask.section in self._opened))
        self._head_sections()

    def _display(self, row: AskedRow, *, shown: bool) -> None:
        if row.display is not shown:
            row.display = shown

    def _head_sections(self) -> None:
        for name, head in self._heads.items():
            rows = [row for row in self.rows.values() if row.asked.ask.section == name]
            shown = any(row.display for row in rows)
            closed = not shown and name not in self._opened and any(row.asked.ask.collapsed for row in rows)
            head.show(f"{name}{_CLOSED_NOTE}" if closed else name)
            if head.display is not (shown or closed):
                head.display = shown or closed

    # Moving

    def reveal(self, name: str | None) -> None:
        """Open the collapsed section of a field that the cursor is to go to."""
        if name in self.rows:
            self.open(self.rows[name].asked.ask.section)

    def open(self, section: str) -> None:
        """Open a collapsed section."""
        if section not in self._opened:
            self._opened.add(section)
            self.settle()

    def section_beside(self, focused: Widget | None, by: int) -> FieldInput | None:
        """The first field of the next (1) or previous (-1) section, opened when it was collapsed."""
        names = list(dict.fromkeys(row.asked.ask.section for row in self.rows.values()))
        here = next((row.asked.ask.section for row in self.rows.values() if row.widget is focused), None)
        place = (names.index(here) if here is not None else -1) + by
        while 0 <= place < len(names):
            self.open(names[place])
            for row in self.rows.values():
                if row.asked.ask.section == names[place] and row.display and row.widget.can_focus:
                    return row.widget
            place += by
        return None

    @property
    def key_field(self) -> FieldInput | None:
        """The field that looks somebody up, where the cursor begins."""
        return next((row.widget for row in self.rows.values() if row.asked.ask.lookup), None)

    def first_to_fill(self) -> FieldInput | None:
        """The first required field that is still empty."""
        facts = self.facts
        if facts is None:
            return None
        for row in self.rows.values():
            if row.display and row.widget.can_focus and not row.widget.value and row.asked.required(facts):
                return row.widget
        return None

    # Judging

    def tidy(self, name: str) -> tuple[Problem, ...]:
        """On leaving a field: its full form is shown; what there is to say about it."""
        facts, row = self.facts, self.rows[name]
        if facts is None:
            return ()
        said = self.form.leaving(name, self.texts(), facts)
        if row.text:
            try:
                shown = row.asked.show(row.asked.read(row.text, facts))
            except CounterError:
                pass
            else:
                if not isinstance(row.widget, TicksField | ChoiceField) and row.widget.value != shown:
                    load(row.widget, shown)
        return said
