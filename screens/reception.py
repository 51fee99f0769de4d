"""接待 (P85): who stands in front of the window, and for whom; receptions that wait."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final, cast

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.masking import mask_id
from counter_tui.domain.problems import Rejected
from counter_tui.domain.receptions import ReceptionState
from counter_tui.domain.text import plain
from counter_tui.errors import CounterError
from counter_tui.forms.catalog.reception import EMPLOYER, PERSON, Receive
from screens.employer_card import read_card
from screens.form_screen import FormScreen
from screens.home import Home
from screens.marks import marked
from screens.menu import RECEIVE_PERSON
from screens.seated import received
from screens.widgets.line import Line, Words
from screens.widgets.message_line import Grade
from screens.widgets.panel import MOST_ROWS
from screens.widgets.reader import folded
from screens.widgets.record_table import Column, RecordTable, Row
from screens.widgets.title_row import TitleRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from counter_tui.domain.employers import Employer
    from counter_tui.domain.receptions import Reception
    from counter_tui.forms.facts import Facts
    from screens.employer_card import EmployerCard
    from screens.widgets.field_input import FieldInput

COLUMNS: Final = (Column(label="挂起的接待", cells=26), Column(label="经办人", cells=10), Column(label="开始", cells=5))


class NoSuchEmployer(CounterError):
    """没有这个单位，请核对单位编号、统一社会信用代码或名称后按回车"""


class TooManyEmployers(CounterError):
    """有 20 个以上单位符合，请再多输入几个字后按回车"""


class ReceptionDesk(FormScreen):
    """Receive an employer's agent or a person, suspend the reception that is open, resume one that waits."""

    LABELS: ClassVar[Mapping[str, str]] = {"save": "接待", "send": "挂起"}

    def __init__(self, path: str, *, employer: str = "") -> None:
        """Receive an employer (path 02) or a person (03); `employer` is put into the form."""
        super().__init__("P85")
        self._of_path = path
        self._wanted = employer
        self._found: Employer | None = None
        self._about = Words("", classes="derived")
        self._waiting_head = Line("")
        self._waiting = RecordTable("waiting", COLUMNS, hint="上下箭头选择挂起的接待，回车继续办理")
        self._receptions: tuple[Reception, ...] = ()

    def heading(self) -> str:
        """The path that was taken."""
        entry = next((entry for entry in self.counter.menu() if entry.path == self._of_path), None)
        return f"{self._of_path} {entry.name if entry else '接待'}"

    def heading_right(self) -> str:
        """Who is in reception now."""
        reception = self.seat.reception
        return marked(self.counter, received(reception, self.counter.employer) if reception else "未接待")

    def compose_work(self) -> ComposeResult:
        """The form, the employer's card, the receptions that wait."""
        yield self.view
        yield self._about
        yield self._waiting_head
        yield self._waiting

    # Opening

    def on_mount(self) -> None:
        """Colour the band of training."""
        self.query_one(TitleRow).set_class(self.counter.policy.training, "training")

    def begin(self, facts: Facts) -> None:
        """The form for the path, and what waits at this window."""
        super().begin(facts)
        if self._of_path == RECEIVE_PERSON:
            self.view.put({"subject": self.form.field("subject").show(PERSON)})
            self.view.settle()
        self._show_waiting(())
        self.go_home()
        self.work_held(self.counter.receptions.at(self.seat.window), self._here)
        if self._wanted:
            self.view.put({"employer": self._wanted})
            self._find(self.view.widget("employer"))

    def go_home(self) -> None:
        """Whom it is about comes first."""
        name = "employer" if self.view.rows["employer"].display else "id_number"
        self.go_to(self.view.widget(name))

    def _here(self, receptions: tuple[Reception, ...]) -> None:
        waiting = tuple(each for each in receptions if each.state is ReceptionState.SUSPENDED)
        self._show_waiting(waiting)
        current = self.seat.reception
        if current is not None:
            self.say("正在接待，F8 挂起；接待下一位时自动挂起")
        elif waiting:
            self.say(f"本窗口有 {len(waiting)} 个挂起的接待，用下箭头移到列表，回车继续")

    def _show_waiting(self, waiting: tuple[Reception, ...]) -> None:
        self._receptions = waiting
        for widget in (self._waiting, self._waiting_head):
            widget.display = bool(waiting)
        self._waiting.styles.height = len(waiting) + 1
        self._waiting.show([_row(each) for each in waiting])

    def entry_fields(self) -> list[Widget]:
        """Enter and Tab stay in the form: two Enters too many never resume a reception."""
        return [widget for widget in super().entry_fields() if widget is not self._waiting]

    # The employer

    async def entered(self, field: FieldInput) -> bool:
        """Look the employer up."""
        if field.name == "employer" and plain(field.value):
            self._find(field)
            return False
        return await super().entered(field)

    async def left(self, field: FieldInput) -> None:
        """Another subject or number: the card of the last employer goes."""
        await super().left(field)
        if self._found is not None and (
            not self.view.rows["employer"].display or plain(self.view.widget("employer").value) != self._found.number
        ):
            self._forget_employer()

    def _forget_employer(self) -> None:
        self._found = None
        self._about.show("")
        self.view.rows["employer"].note("")

    def _find(self, field: FieldInput) -> None:
        def found(employers: tuple[Employer, ...]) -> None:
            if len(employers) == 1:
                self._take(employers[0])
            elif 1 < len(employers) <= MOST_ROWS:
                self.open_panel(_hits(employers), lambda row: self._take(employers[row]))
            else:
                field.select_all()
                self._forget_employer()
                raise TooManyEmployers if employers else NoSuchEmployer

        self.work_held(self.counter.enquiries.employers(field.value.strip()), found)

    def _take(self, employer: Employer) -> None:
        self._found = employer
        row = self.view.rows["employer"]
        row.widget.load(employer.number)
        row.clear_problem()
        self.say("")
        self.work_held(read_card(self.counter.store, employer, window=self.seat.window), self._show_card)

    def _show_card(self, card: EmployerCard) -> None:
        self._about.show("\n".join(folded(card.lines(self.counter.policy), max(self.size.width, 20))))
        if card.elsewhere:
            self.say("该单位正在其他窗口接待，本窗接待为只读", Grade.PROBLEM)
        if self.focused is self.view.widget("employer"):
            self.go_next()

    # Receiving

    async def act_save(self) -> None:
        """Open the reception; one that is open is suspended, after a question."""
        facts = self.facts
        if facts is None:
            return
        try:
            declaration = cast("Receive", self.form.read(self.view.texts(), facts, self.counter.policy))
        except Rejected as rejection:
            self.refuse(rejection.problems)
            return
        current = self.seat.reception
        if current is None:
            self._open(declaration)
        else:
            self.ask(
                f"正在接待 {current.employer or mask_id(current.person)}，将挂起",
                "save",
                lambda: self._open(declaration),
            )

    def _open(self, declaration: Receive) -> None:
        self.book(self._opened(declaration), lambda _: self._go_on())

    async def _opened(self, declaration: Receive) -> None:
        if declaration.subject == EMPLOYER:
            declaration = replace(declaration, employer=await self._number(declaration.employer))
        seat = await self.counter.receptions.open(declaration, seat=self.seat)
        self.counter.previous.clear()
        await self.counter.receive(seat)

    async def _number(self, typed: str) -> str:
        """The employer's number, also where its credit code was typed and never looked up."""
        for each in await self.counter.enquiries.employers(typed):
            if typed in (each.number, each.credit_code):
                return each.number
        raise NoSuchEmployer

    def _go_on(self) -> None:
        reception = self.seat.reception
        if reception is None or self.app.screen is not self:
            return
        self.app.pop_screen()
        home = self.app.screen
        said = f"已接待 {received(reception, self.counter.employer)}"
        if isinstance(home, Home):
            home.done(f"{said}，其他窗口正在接待，本窗只能查询" if reception.read_only else said)

    # Suspending and resuming

    def offers(self, action: str) -> bool:
        """F8 only while somebody is received."""
        return super().offers(action) and (action != "send" or self.seat.reception is not None)

    async def act_send(self) -> None:
        """Suspend the open reception."""
        reception = self.seat.reception
        if reception is None:
            self.say("没有进行中的接待")
            return

        async def suspend() -> tuple[Reception, ...]:
            counter = self.counter
            await counter.receive(await counter.receptions.move(reception, "suspend", seat=self.seat))
            return await counter.receptions.at(self.seat.window)

        self.book(suspend(), self._suspended)

    def _suspended(self, receptions: tuple[Reception, ...]) -> None:
        self.retitle()
        self.refresh_status()
        self._here(receptions)
        self.say("接待已挂起，可接待下一位", Grade.DONE)

    async def open_row(self, table: RecordTable) -> None:
        """Go on with a reception that waits."""
        row = table.current
        reception = next((each for each in self._receptions if row is not None and each.id == row.key), None)
        if reception is None:
            return

        async def resume() -> None:
            self.counter.previous.clear()
            await self.counter.receive(await self.counter.receptions.move(reception, "resume", seat=self.seat))

        self.book(resume(), lambda _: self._go_on())


def _hits(employers: Sequence[Employer]) -> list[str]:
    return [f"{each.number}  {each.name}  {each.credit_code}" for each in employers]


def _row(reception: Reception) -> Row:
    whom = reception.employer or mask_id(reception.person)
    at = reception.opened_at.astimezone(BEIJING)
    return Row(key=reception.id, texts=(whom, reception.visitor or "本人", f"{at:%H:%M}"))
