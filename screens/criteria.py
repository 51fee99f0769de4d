"""Criteria above a result: a form whose texts narrow what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_tui.domain.text import plain
from screens.asked_row import load
from screens.business import BusinessScreen
from screens.decisive import plain_facts
from screens.form_view import FormView
from screens.person_panel import TOO_MANY
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from counter_tui.domain.employers import Employer
    from counter_tui.forms.spec import Form
    from screens.widgets.field_input import FieldInput


class CriteriaScreen(BusinessScreen):
    """A form of criteria. F5 runs `run`, F6 resets."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._view: FormView | None = None

    @property
    def view(self) -> FormView:
        """The criteria."""
        if self._view is None:
            self._view = FormView(self.asked_form())
        return self._view

    def asked_form(self) -> Form:
        """The criteria among the form's fields."""
        return self.counter.form(self.code).criteria

    def compose_work(self) -> ComposeResult:
        """The criteria."""
        yield self.view

    def on_mount(self) -> None:
        """Put the defaults there."""
        self.view.take(plain_facts(self), self.counter.policy)

    async def run(self, values: Mapping[str, Any]) -> None:
        """Show what the criteria ask for; called with their values."""

    def values(self) -> Mapping[str, Any] | None:
        """The values of the criteria, or None after saying what is wrong with them."""
        facts = plain_facts(self)
        self.view.settle()
        values, problems = self.view.form.values(self.view.texts(), facts)
        if problems:
            for problem in problems:
                self.view.reveal(problem.field)
            self.stop([(each.field, each.sentence) for each in problems])
            return None
        self.clear_problems()
        return values

    async def entered(self, field: FieldInput) -> bool:
        """Look an employer up; choices as ever."""
        row = self.view.rows.get(field.field_name)
        if row is not None and row.asked.ask.lookup == "employer" and plain(field.value):
            self._locate_employer(field)
            return False
        return await super().entered(field)

    def _locate_employer(self, field: FieldInput) -> None:
        def take(employer: Employer) -> None:
            load(field, employer.number)
            self.view.rows[field.field_name].note(employer.name)
            self.go_next()

        def found(employers: tuple[Employer, ...]) -> None:
            if len(employers) == 1:
                take(employers[0])
            elif not employers or len(employers) >= TOO_MANY:
                field.select_all()
                self.desk.bell()
                said = "没有找到该单位，请核对后重新输入" if not employers else "有 20 家以上符合，请再多输入几个字"
                self.say(said, Grade.PROBLEM)
            else:
                rows = [f"{each.number}  {each.name}" for each in employers]
                self.open_panel(rows, lambda row: take(employers[row]))

        self.work_held(self.counter.enquiries.employers(field.value.strip()), found)

    async def left(self, field: FieldInput) -> None:
        """Check the field and show its full form."""
        row = self.view.rows.get(field.field_name)
        if row is None:
            return
        said = self.view.tidy(field.field_name)
        (row.mark_problem if said else row.clear_problem)()
        if said:
            self.say_problem(said[0])
        self.view.settle()

    async def act_query(self) -> None:
        """Run the criteria."""
        values = self.values()
        if values is not None:
            await self.run(values)

    async def act_clear(self) -> None:
        """Back to the defaults."""
        self.view.take(plain_facts(self), self.counter.policy)
        self.say("条件已重置，F5 查询")
