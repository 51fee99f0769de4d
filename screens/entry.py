"""The entry form of a business function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.problems import Problem
from counter_tui.forms.verdicts import verdict
from screens.amounts import AmountRow, Amounts, Preview, previewed
from screens.card_filling import card_field
from screens.declaring import DeclaringScreen
from screens.widgets.line import Line
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.domain.declarations import Item
    from counter_tui.forms.facts import Facts
    from counter_tui.policy.explanation import Explanation
    from screens.widgets.field_input import FieldInput


class Entry(DeclaringScreen):
    """One person's declaration, from the number to F2."""

    def __init__(self, code: str, editing: Item | None = None) -> None:
        """Enter anew, or correct an item."""
        super().__init__(code, editing)
        self._banner = Line(classes="heading")
        self._amounts = Amounts()
        self._preview = Preview()

    def compose(self) -> ComposeResult:
        """Verdict above and amounts below the form: they stay where they are while it scrolls."""
        self._banner.display = False
        for part in super().compose():
            if part is self._hint:
                yield self._amounts
            yield part
            if part is self._title:
                yield self._banner

    def on_resize(self, event: events.Resize) -> None:
        """A quarter of the screen for the amounts."""
        self._amounts.styles.max_height = max(event.size.height // 4, 2)

    @property
    def banner(self) -> str:
        """The verdict shown, for tests and for reading aloud."""
        return self._banner.text if self._banner.display else ""

    @property
    def amounts(self) -> str:
        """The computed lines shown."""
        return self._amounts.text

    def refreshed(self) -> None:
        """The verdict of the register and the money of the wage, at once."""
        facts = self.facts
        if facts is None:
            return
        self._show_verdict(facts)
        values, _ = self.form.values(self.view.texts(), facts)
        self._preview = previewed(values, facts, self.counter.policy)
        self._amounts.show(self._preview.amounts)

    def _show_verdict(self, facts: Facts) -> None:
        found = verdict(facts) if self._located and hasattr(self.form.declaration, "verdict") else None
        if isinstance(found, Problem):
            said = f"不能参保：{found.sentence}"
        else:
            said = f"业务类别：{found.value}" if found is not None else ""
        self._banner.show(said)
        if self._banner.display is not bool(said):
            self._banner.display = bool(said)

    async def left(self, field: FieldInput) -> None:
        """A word about a wage outside the limits; it is assessed at the limit."""
        await super().left(field)
        if field.name == "wage" and self._preview.hints and not self.message.startswith("!"):
            self.say(self._preview.hints[0], Grade.INFO)

    async def act_look(self) -> None:
        """How a computed line came about; else as ever."""
        if isinstance(self.focused, AmountRow):
            await self._explain(self.focused.amount.explanations)
        else:
            await super().act_look()

    async def look_around(self) -> None:
        """How the amounts below the form came about."""
        if self._preview.amounts and card_field(self) is None:
            await self._explain([each for amount in self._preview.schemes for each in amount.explanations])
        else:
            await super().look_around()

    async def _explain(self, explanations: Sequence[Explanation]) -> None:
        if not explanations:
            self.say("这一行没有计算过程")
            return
        from screens.explanation import ExplanationPages

        await self.app.push_screen(ExplanationPages(explanations))
