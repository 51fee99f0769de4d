"""A screen around one form: facts, look-up of a person, checks on leaving, sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.problems import Grade as ProblemGrade
from counter_tui.domain.text import plain
from screens.asked_row import load
from screens.business import BusinessScreen
from screens.card_filling import fill_from_card
from screens.form_view import FormView
from screens.person_panel import MISREAD, TOO_MANY, found_persons, is_whole_number, panel_rows, person_lines
from screens.widgets.choice_field import ChoiceField
from screens.widgets.message_line import Grade
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from counter_tui.domain.people import Person
    from counter_tui.domain.problems import Problem
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Form
    from screens.widgets.field_input import FieldInput


class FormScreen(BusinessScreen):
    """Fields of a form, the register around them, and the person the form is about."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._view: FormView | None = None
        self._located = ""
        """The number whose facts are in the form."""

    @property
    def form(self) -> Form:
        """The function as this region asks it."""
        return self.view.form

    @property
    def view(self) -> FormView:
        """The rows of the form."""
        if self._view is None:
            self._view = FormView(self.asked_form())
        return self._view

    @property
    def facts(self) -> Facts | None:
        """The register around the form; None until it was read."""
        return self.view.facts

    def asked_form(self) -> Form:
        """The fields of this screen."""
        return self.counter.form(self.code)

    def compose_work(self) -> ComposeResult:
        """The form."""
        yield self.view

    def on_mount(self) -> None:
        """Read the facts, then put the defaults there."""
        self.work_held(self.read_facts(), self.begin)

    async def read_facts(self, id_number: str = "") -> Facts:
        """The register around the form now."""
        return await self.counter.declarations.facts(seat=self.seat, id_number=id_number)

    def begin(self, facts: Facts) -> None:
        """Show an empty form with its defaults, the cursor where work begins."""
        self._located = ""
        self.view.take(facts, self.counter.policy)
        self.clear_problems()
        self.refreshed()
        self.go_home()

    def go_home(self) -> None:
        """Put the cursor into the field that looks somebody up, else into the first."""
        first = self.view.key_field or next(iter(self.form_fields()), None)
        if first is not None:
            self.go_to(first)

    def refreshed(self) -> None:
        """What stands in the form has changed: screens show what follows from it."""

    # Moving

    def form_fields(self) -> list[FieldInput]:
        """Fields of the form that the cursor can stand on."""
        return [row.widget for row in self.view.rows.values() if row.display and row.widget.can_focus]

    def entry_fields(self) -> list[Widget]:
        """Where Enter and Tab go; arrows also visit computed lines."""
        return [widget for widget in self.fields() if getattr(widget, "amount", None) is None]

    def go_next(self) -> None:
        """To the next field, passing over computed lines."""
        self._step(self.entry_fields(), 1)

    def go_previous(self) -> None:
        """To the previous field, passing over computed lines."""
        self._step(self.entry_fields(), -1)

    def _step(self, among: list[Widget], by: int) -> None:
        if self.focused in among:
            place = among.index(self.focused) + by
            if 0 <= place < len(among):
                self.go_to(among[place])
            elif by > 0 and self.offers("save"):
                self.say_last()
        elif among:
            self.go_to(among[-1] if by > 0 else among[0])

    async def act_down(self) -> None:
        """Down: computed lines too."""
        await self._leave(lambda: self._step(self.fields(), 1))

    async def act_up(self) -> None:
        """Up: computed lines too."""
        await self._leave(lambda: self._step(self.fields(), -1))

    async def _turn(self, by: int) -> None:
        beside = self.view.section_beside(self.focused, by)
        if beside is None:
            self.say("没有下一段" if by > 0 else "没有上一段")
        else:
            await self._leave(lambda: self.go_to(beside))

    # Leaving

    async def entered(self, field: FieldInput) -> bool:
        """Look a person up; choices as ever."""
        row = self.view.rows.get(field.field_name)
        if row is not None and row.asked.ask.lookup == "person" and plain(field.value):
            self.locate(field, self._person_found)
            return False
        return await super().entered(field)

    async def left(self, field: FieldInput) -> None:
        """Check the field, mark it, show what follows from it."""
        row = self.view.rows.get(field.field_name)
        if row is None or self.facts is None or self.refuses_misread():
            return
        if row.asked.ask.lookup == "person" and self._stale(field):
            if is_whole_number(field.value):
                self.locate(field, self._left_key)
            return
        self._judge_field(field)
        self.view.settle()
        self.refreshed()

    def refuses_misread(self) -> bool:
        """Refuse an identity number that a scanner or reader wrote into another field; nothing of it stays."""
        found = self.view.misread(self.counter.clock.today())
        if found is None:
            return False
        found.load("")
        self.go_to(found)
        self.desk.bell()
        self.say(MISREAD, Grade.PROBLEM)
        return True

    def _judge_field(self, field: FieldInput) -> bool:
        """Say and mark what is wrong with a field; True when nothing is."""
        row = self.view.rows[field.field_name]
        said = self.view.tidy(field.field_name)
        wrong = [problem for problem in said if problem.grade is not ProblemGrade.HINT]
        (row.mark_problem if wrong else row.clear_problem)()
        if said:
            self.say_problem(said[0])
        elif self.message.startswith("!"):
            self.say("")
        return not wrong

    def _stale(self, field: FieldInput) -> bool:
        return plain(field.value).upper() != self._located

    # The person

    def locate(self, field: FieldInput, then: Callable[[FieldInput], Awaitable[None] | None]) -> None:
        """Read the facts of the person in a key field; keys wait."""
        typed = plain(field.value)
        number = typed.upper()
        if number.endswith("*"):
            number = f"{number[:-1]}X"
        if is_whole_number(number):
            self._locate_number(field, number, then)
            return

        async def found(persons: tuple[Person, ...]) -> None:
            if not persons:
                field.select_all()
                self.desk.bell()
                self.say("没有找到该人员，请核对后重新输入，或输入完整证件号码", Grade.PROBLEM)
            elif len(persons) == 1:
                self._locate_number(field, persons[0].id_number, then)
            elif len(persons) >= TOO_MANY:
                field.select_all()
                self.say("有 20 人以上符合，请再多输入几个字")
            else:
                self.open_panel(
                    panel_rows(persons), lambda row: self._locate_number(field, persons[row].id_number, then)
                )

        self.work_held(found_persons(self.counter.enquiries, field.value.strip(), self.seat.employer), found)

    def _locate_number(
        self, field: FieldInput, number: str, then: Callable[[FieldInput], Awaitable[None] | None]
    ) -> None:
        async def taken(facts: Facts) -> None:
            small = "x" in field.value
            load(field, facts.person.id_number if facts.person else number)
            self._located = plain(field.value).upper()
            self.view.retake(facts, self.counter.policy)
            self.view.rows[field.field_name].note(_who(facts))
            self.refreshed()
            if small:
                self.say("末位字母已自动改为大写X（M02）")
            outcome = then(field)
            if outcome is not None:
                await outcome

        self.work_held(self.read_facts(number), taken)

    async def _person_found(self, field: FieldInput) -> None:
        if not self._judge_field(field):
            field.select_all()
            self.desk.bell()
            return
        nearest = self.view.first_to_fill()
        self.go_to(nearest or self._behind(field))
        await self.left_key(field)

    def _behind(self, field: FieldInput) -> Widget:
        fields = self.entry_fields()
        place = fields.index(field) + 1 if field in fields else 0
        return fields[min(place, len(fields) - 1)]

    async def _left_key(self, field: FieldInput) -> None:
        self._judge_field(field)
        await self.left_key(field)

    async def left_key(self, field: FieldInput) -> None:
        """A person was looked up and the cursor goes on."""

    async def act_look(self) -> None:
        """Search a person from his field; code lists as ever."""
        field = self.focused
        row = self.view.rows.get(getattr(field, "name", None) or "")
        if row is not None and row.asked.ask.lookup == "person" and not isinstance(field, ChoiceField | TicksField):
            if self.facts is not None and self.facts.person is not None and not self._stale(row.widget):
                self._show_person(self.facts)
            elif plain(row.widget.value):
                self.locate(row.widget, self._person_found)
            elif not fill_from_card(self):
                self.say("请输入证件号码后四位、姓名或拼音首字母，再按 F4 查找")
        else:
            await super().act_look()

    def _show_person(self, facts: Facts) -> None:
        """Coverages, lock and arrears of the person found, in a panel that is only read."""
        self.open_panel(person_lines(facts), lambda _: None)

    def holder_told(self, field: FieldInput, name: str) -> None:
        """Put a name from a card into the field beside the number, unless something stands there."""
        row = self.view.rows.get(field.field_name)
        beside = self.view.rows.get(row.asked.ask.holder) if row is not None else None
        if name and beside is not None and beside.display and not beside.text:
            beside.widget.type_in(name)

    # Problems

    def refuse(self, problems: tuple[Problem, ...], note: str = "") -> None:
        """Stop at these problems; sections with one of them open."""
        for problem in problems:
            self.view.reveal(problem.field)
        self.stop([(problem.field, problem.sentence + note) for problem in problems])


def _who(facts: Facts) -> str:
    return "" if facts.person is None else f"{facts.person.name}  {facts.person.number}"
