"""人员信息修改 (P10, P11): before and after, one line for each item of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import fit, pad, width
from screens.business import masked
from screens.card_filling import READ_CARD, card_field, fill_from_card
from screens.declaring import DeclaringScreen
from screens.differences import before_of
from screens.form_view import FormView
from screens.revealing import RevealingScreen
from screens.widgets.line import Line

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from counter_tui.domain.declarations import Item
    from counter_tui.domain.people import Person
    from counter_tui.forms.facts import Facts
    from screens.asked_row import AskedRow

_LABEL_CELLS: Final = 34
"""Label and old value together, on a terminal of 80 columns."""
_NAME_CELLS: Final = 14
_LEAST_ROOM: Final = 10
"""Cells below which an old value says nothing."""


class Compare(DeclaringScreen, RevealingScreen):
    """变更前 stands before the field, 变更后 in it; an empty field keeps what is on file."""

    def __init__(self, code: str, editing: Item | None = None) -> None:
        """Change a person's file, or correct such a change."""
        super().__init__(code, editing)
        self._revealed = ""
        self._columns = Line(classes="heading")

    @property
    def view(self) -> FormView:
        """Rows with room for the old value in their labels."""
        if self._view is None:
            wide = max(self.app.size.width - 46, 18)
            self._view = FormView(self.asked_form(), label_cells=min(_LABEL_CELLS, wide))
        return self._view

    def compose(self) -> ComposeResult:
        """The heads of the two columns stay above the form."""
        for part in super().compose():
            yield part
            if part is self._title:
                yield self._columns

    def refreshed(self) -> None:
        """Put the old values beside their fields."""
        facts = self.facts
        if facts is None:
            return
        for row in self.view.rows.values():
            if row.asked.ask.before:
                old = self._old(row, facts)
                row.rename(self._label(row, old))
                row.widget.hint = f"变更前：{old or '空'}。{row.asked.ask.hint_line}"
        cells = self._label_cells
        self._columns.show(f"{pad('变更前', cells + 3, right=True)} 变更后（空为不变）")

    @property
    def _label_cells(self) -> int:
        return min(_LABEL_CELLS, max(self.app.size.width - 46, 18))

    def _old(self, row: AskedRow, facts: Facts) -> str:
        """The value on file, masked unless it was revealed."""
        old = before_of(row.asked, facts)
        return old if row.asked.name == self._revealed else masked(row.asked.ask.mask, old)

    def _label(self, row: AskedRow, old: str) -> str:
        """Name and old value in the label's cells; on a narrow terminal the hint row has the value."""
        room = self._label_cells - _NAME_CELLS - 1
        if room < _LEAST_ROOM:
            return row.asked.ask.label
        old = old if width(old) <= room else f"{fit(old, room - 2)}.."
        name = fit(row.asked.ask.label, _NAME_CELLS)
        return f"{pad(name, _NAME_CELLS)} {pad(old, room, right=True)}"

    async def act_look(self) -> None:
        """On a field whose old value is masked: show it, for a purpose, or read a card where one may be read."""
        facts = self.facts
        row = self.view.rows.get(getattr(self.focused, "name", None) or "")
        if row is None or facts is None or facts.person is None or not row.asked.ask.before or not row.asked.ask.mask:
            await super().act_look()
            return
        if card_field(self) is None:
            self._reveal(row, facts.person)
            return
        person = facts.person

        def pick(choice: int) -> None:
            if choice:
                fill_from_card(self)
            else:
                self._reveal(row, person)

        self.open_panel([f"查看变更前的{row.asked.ask.label}", READ_CARD], pick)

    def _reveal(self, row: AskedRow, person: Person) -> None:
        name = row.asked.name

        def show() -> None:
            self._revealed = name
            self.refreshed()

        def hide() -> None:
            self._revealed = ""
            self.refreshed()

        self.ask_purpose(row.asked.ask.before, person.number, show, hide)

    def on_resize(self, event: events.Resize) -> None:
        """Old values are cut anew."""
        del event
        self.refreshed()
