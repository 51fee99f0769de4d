"""The screen every other screen is built on: fixed rows, keys one at a time, questions, problems, workers.

How to write a screen
---------------------
Subclass `CounterScreen`, yield the work rows from `compose_work`, return the name from `heading`, and write one
`async def act_<id>(self)` for each key that means something (ids: `screens.keymap.ACTIONS`). A key without a method
says so on the message line. The key bar shows the keys that have one.

Every `act_` runs to its end before the next key is taken. Inside it: move with `go_to`, open screens with
`await self.app.push_screen(...)`, never await the hub or a printer. Slow things go to a worker:
`work` (keys go on), `work_held` (keys wait: look-ups), `book` (keys wait, and the write is finished whatever happens).
"""

from __future__ import annotations

import inspect
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeVar, cast, runtime_checkable

from textual import on
from textual.containers import ScrollableContainer
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from counter_tui import jobs
from counter_tui.errors import CounterError
from screens.keymap import BAR, BY_ID, KeyMap
from screens.widgets.choice_field import ChoiceField
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.hint_line import HintLine
from screens.widgets.key_bar import KeyBar
from screens.widgets.message_line import Grade, MessageLine
from screens.widgets.panel import MOST_ROWS, Panel
from screens.widgets.record_table import RecordTable
from screens.widgets.section import Section
from screens.widgets.status_bar import StatusBar
from screens.widgets.ticks_field import TicksField
from screens.widgets.title_row import TitleRow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult

Result = TypeVar("Result")

_DROPPED: Final = "（先前键入的 {} 键未收）"
_ARROWS: Final = frozenset({"left", "right"})
_RESETS_ONLY: Final = frozenset({"enter", "escape"})


class Desk(Protocol):
    """What a screen asks of the program around it."""

    keymap: KeyMap
    counter: object

    def hold_keys(self) -> None:
        """Take no more keys until they are released."""

    def release_keys(self) -> None:
        """Take one hold away."""

    def drop_keys(self) -> int:
        """Forget keys typed ahead; how many."""

    def bell(self) -> None:
        """Ring."""

    def note_fault(self, error: BaseException) -> str:
        """Write an unknown error to the log, masked; its reference number."""


@runtime_checkable
class SaysStatus(Protocol):
    """A counter that knows the words of row 24."""

    def status_line(self) -> str:
        """`3号窗 0007 经办 证书在位  草稿 1  未送 3 …`."""


@dataclass
class Worked(Message):
    """A worker's one result."""

    then: Callable[[Any], Awaitable[None] | None]
    result: Any
    error: Exception | None
    held: bool


@dataclass(slots=True)
class _Question:
    action: str
    then: Callable[[], Awaitable[None] | None]
    painted: float | None = None


class Work(ScrollableContainer, can_focus=False):
    """Rows 2 to 20; what does not fit is reached by moving the cursor there."""

    DEFAULT_CSS = "Work { height: 1fr; width: 100%; scrollbar-size: 0 0; overflow: hidden auto; }"


class CounterScreen(Screen[None], inherit_bindings=False):
    """Title, work, hint, message, key bar, status; quiet on the wire."""

    AUTO_FOCUS = None
    DEFAULT_CSS = "CounterScreen { layout: vertical; overflow: hidden; layers: default panel; }"
    LABELS: ClassVar[Mapping[str, str]] = {}
    """Labels of the key bar that differ here: `{"send": "通过"}`."""
    QUESTION_PAUSE: ClassVar[float] = 0.3
    """Seconds before the same key confirms: key repeat never answers."""
    HELP_PAGE: ClassVar[Callable[[CounterScreen], Screen[None]] | None] = None
    """Makes the help page for a screen; set once by the module that has it."""

    focused = Reactive[Widget | None](None, repaint=False)
    """Textual repaints the whole screen when focus moves; fields repaint themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._title = TitleRow()
        self._work = Work()
        self._hint = HintLine()
        self._message = MessageLine()
        self._bar = KeyBar(BAR)
        self._status = StatusBar()
        self.panel = Panel()
        self._picked: Callable[[int], Awaitable[None] | None] | None = None
        self._question: _Question | None = None
        self._stopped = False
        self._problems: tuple[tuple[str | None, str], ...] = ()
        self._problem = 0
        self._dropped = 0

    # To be written by screens

    def compose_work(self) -> ComposeResult:
        """The widgets of rows 2 to 20."""
        yield from ()

    def heading(self) -> str:
        """Row 1, left: path and name."""
        return ""

    def heading_right(self) -> str:
        """Row 1, right: reception and settlement month."""
        return ""

    def status_text(self) -> str:
        """Row 24; by default the counter's own words."""
        counter = self.desk.counter
        return counter.status_line() if isinstance(counter, SaysStatus) else ""

    def offers(self, action: str) -> bool:
        """Whether a key does something here: by default, whether its `act_` method is there."""
        if action == "look" and type(self).act_look is CounterScreen.act_look:
            return any(isinstance(field, ChoiceField | TicksField) for field in self.fields())
        return hasattr(self, f"act_{action}")

    async def entered(self, field: FieldInput) -> bool:
        """Enter in a field: look up here (call super for choices). True: the cursor goes on."""
        return await self._settle(field)

    async def left(self, field: FieldInput) -> None:
        """The cursor has left a field (any key): check it, mark it, write the draft; never block."""

    async def repeat(self, field: FieldInput) -> None:
        """`*` in an untouched dup field: `field.load(previous)`, then `self.go_next()`."""
        del field
        self.say("上一笔没有可重复的内容", Grade.PROBLEM)

    async def open_row(self, table: RecordTable) -> None:
        """Enter on a row of a table."""
        del table
        self._means_nothing("enter")

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """PgDn (1) or PgUp (-1) in a table: query that page and `table.show` it."""
        del table
        self._means_nothing("page_down" if by > 0 else "page_up")

    async def keep_draft(self) -> None:
        """Write what was typed and not saved; called on leaving, lock, line loss and the end of the session."""

    # Saying

    @property
    def desk(self) -> Desk:
        """The program around this screen."""
        return cast("Desk", self.app)

    def say(self, text: str, grade: Grade = Grade.INFO) -> None:
        """One sentence on the message line."""
        self._dropped = 0
        self._message.say(text, grade)

    def hint(self, text: str) -> None:
        """One sentence on the hint line."""
        self._hint.show(text)

    @property
    def message(self) -> str:
        """What the message line says."""
        return self._message.text

    def retitle(self) -> None:
        """Read `heading`, `heading_right` and the keys again."""
        self._title.show(self.heading())
        self._title.show_right(self.heading_right())
        keymap = self.desk.keymap
        self._bar.show(
            {
                action: (keymap.name(action), self.LABELS.get(action, BY_ID[action].label))
                for action in BAR
                if self.offers(action)
            }
        )

    def refresh_status(self) -> None:
        """Read `status_text` again."""
        self._status.show(self.status_text())

    def ask(self, question: str, action: str, then: Callable[[], Awaitable[None] | None]) -> None:
        """Ask `question，再按一次 F6 确认`. Typed-ahead keys are dropped; any other key withdraws.

        The same key counts only `QUESTION_PAUSE` seconds after the question was painted.
        """
        self._question = asked = _Question(action, then)
        self._say_and_drop(f"{question}，再按一次 {self.desk.keymap.name(action)} 确认", Grade.QUESTION)

        def painted() -> None:
            asked.painted = time.monotonic()
            if self._question is asked:
                self.say_dropped(self.desk.drop_keys())

        self.call_after_refresh(painted)

    def stop(self, problems: Sequence[tuple[str | None, str]]) -> None:
        """Refuse: show one problem of all, cursor on its field, keys dropped; printing keys ring until reset.

        Each problem is (field name or None, sentence). The same problems again: the next one is shown.
        """
        given = tuple(problems)
        self._problem = (self._problem + 1) % len(given) if given == self._problems else 0
        self._problems = given
        name, sentence = given[self._problem]
        count = f"{self._problem + 1}/{len(given)} " if len(given) > 1 else ""
        marked = {problem[0] for problem in given}
        for row in self.query(FieldRow):
            (row.mark_problem if row.field.name in marked else row.clear_problem)()
        if name is not None and (found := next((one for one in self.fields() if one.name == name), None)):
            self.go_to(found)
        self._stopped = True
        self.desk.bell()
        self._say_and_drop(count + sentence, Grade.PROBLEM)

    def clear_problems(self) -> None:
        """Forget problems and take their marks away (after a save)."""
        self._problems, self._problem, self._stopped = (), 0, False
        for row in self.query(FieldRow):
            row.clear_problem()

    def fault(self, error: BaseException) -> None:
        """An unknown error: a reference number for the clerk, the masked rest for the log."""
        reference = self.desk.note_fault(error)
        self.desk.bell()
        self._say_and_drop(f"程序出错，编号 {reference}。已录内容保留，请记下编号联系管理员", Grade.PROBLEM)

    def say_dropped(self, keys: int) -> None:
        """So many keys were typed ahead of what the message line says, and were not taken."""
        if not keys:
            return
        text = self._message.text.removesuffix(_DROPPED.format(self._dropped))
        self._dropped += keys
        self._message.show(text + _DROPPED.format(self._dropped))

    def _say_and_drop(self, text: str, grade: Grade) -> None:
        self.say(text, grade)
        if dropped := self.desk.drop_keys():
            self.desk.bell()
            self.say_dropped(dropped)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, CounterError):
            self.desk.bell()
            self._say_and_drop(error.sentence, Grade.PROBLEM)
        else:
            self.fault(error)

    def _means_nothing(self, action: str) -> None:
        self.say(f"此处不用 {self.desk.keymap.name(action)}")

    # Moving

    def fields(self) -> list[Widget]:
        """Everything the cursor can stand on, in reading order."""
        return self.focus_chain

    def go_to(self, widget: Widget) -> None:
        """Put the cursor there, at once."""
        self.set_focus(widget)

    def go_next(self) -> None:
        """To the next field; on the last one the cursor stays and the message line names the key that saves."""
        self._go(1)

    def go_previous(self) -> None:
        """To the previous field; on the first one the cursor stays."""
        self._go(-1)

    def _go(self, by: int) -> None:
        fields = self.fields()
        if not fields:
            return
        place = fields.index(self.focused) + by if self.focused in fields else 0
        if 0 <= place < len(fields):
            self.go_to(fields[place])
        elif by > 0 and self.offers("save"):
            self.say(f"已是最后一栏，{self.desk.keymap.name('save')} {self.LABELS.get('save', BY_ID['save'].label)}")

    def set_focus(
        self,
        widget: Widget | None,
        scroll_visible: bool = True,  # noqa: FBT001, FBT002 - the framework's signature
        from_app_focus: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Move the cursor and show the hint of where it stands."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        self._hint.show(getattr(widget, "hint", ""))

    async def _leave(self, move: Callable[[], None]) -> None:
        field = self.focused
        if isinstance(field, FieldInput) and not self.panel.is_open:
            await self._settle_quietly(field)
        move()
        if isinstance(field, FieldInput) and self.focused is not field:
            await self.left(field)

    # Choices

    async def _settle(self, field: FieldInput) -> bool:
        if isinstance(field, TicksField):
            field.settle()
        if not isinstance(field, ChoiceField) or not field.value:
            return True
        hits = field.hits()
        if not hits:
            field.select_all()
            self.desk.bell()
            self.say(f"没有这个代码，{self.desk.keymap.name('look')} 查看代码表", Grade.PROBLEM)
        elif len(hits) == 1:
            field.choose(hits[0].code)
        elif len(hits) > MOST_ROWS:
            self.say(f"有 {len(hits)} 项，请再多输入几个字")
        else:
            self._open_choices(field, hits)
        return len(hits) == 1

    async def _settle_quietly(self, field: FieldInput) -> None:
        """On leaving by Tab or an arrow nothing blocks: what is clear is written out, the rest stays as typed."""
        try:
            if isinstance(field, TicksField):
                field.settle()
            elif isinstance(field, ChoiceField) and len(hits := field.hits()) == 1:
                field.choose(hits[0].code)
        except CounterError as refusal:
            self.say(refusal.sentence, Grade.PROBLEM)

    def _open_choices(self, field: ChoiceField, hits: Sequence[Any]) -> None:
        async def pick(row: int) -> None:
            field.choose(hits[row].code)
            await self._leave(self.go_next)

        self.open_panel([choice.shown for choice in hits], pick)

    def open_panel(self, rows: Sequence[str], then: Callable[[int], Awaitable[None] | None]) -> None:
        """Show numbered rows over the work area; `then` gets the index of the one picked. Esc closes."""
        if not rows:
            return
        self._picked = then
        self.panel.open(rows)
        self.hint("输入序号或用上下箭头选择，回车确认，Esc 关闭")

    def close_panel(self) -> None:
        """Take the panel away."""
        self.panel.close()
        self._picked = None
        self._hint.show(getattr(self.focused, "hint", ""))

    async def _panel_acts(self, action: str) -> bool:
        steps = {"down": 1, "up": -1, "page_down": self.panel.size.height, "page_up": -self.panel.size.height}
        if action in steps:
            self.panel.move(steps[action])
            return True
        picked, row = self._picked, self.panel.chosen
        self.close_panel()
        if action == "enter" and picked is not None:
            await _done(picked(row))
        return action in _RESETS_ONLY

    # Keys

    async def act(self, action: str) -> None:
        """Do what a control key means here; every refusal and fault ends here as a sentence."""
        try:
            if self._question is not None and await self._answer(action):
                return
            if self._stopped:
                self._stopped = False
                if action in _RESETS_ONLY:
                    self.say("")
                    return
            if self.panel.is_open and await self._panel_acts(action):
                return
            focused = self.focused
            if isinstance(focused, RecordTable) and focused.take_action(action):
                return
            method = getattr(self, f"act_{action}", None)
            if method is None:
                self._means_nothing(action)
            else:
                await method()
        except Exception as error:  # noqa: BLE001 - the one place where unknown errors become a sentence
            self._refused(error)

    async def take_key(self, event: events.Key | events.Paste) -> bool:
        """Before a printing or editing key reaches the focused widget. False: it was answered here."""
        try:
            return await self._take_key(event)
        except Exception as error:  # noqa: BLE001 - as in act
            self._refused(error)
            return False

    async def _take_key(self, event: events.Key | events.Paste) -> bool:
        key = getattr(event, "key", "")
        character = getattr(event, "character", None) if getattr(event, "is_printable", False) else None
        if self._question is not None and await self._answer(key):
            return False
        if self._stopped:
            if key not in _ARROWS:
                self.desk.bell()
                return False
            self._stopped = False
        if self.panel.is_open:
            if character is not None and self.panel.type(character):
                return False
            self.close_panel()
        field = self.focused
        if isinstance(field, FieldInput) and field.wants_repeat(character):
            await self.repeat(field)
            return False
        return True

    async def _answer(self, action: str) -> bool:
        """True when the key was the answer, or came too early to be one."""
        question = self._question
        if question is None:
            return False
        early = question.painted is None
        same = action == question.action
        if early or (same and time.monotonic() - cast("float", question.painted) < self.QUESTION_PAUSE):
            self.desk.bell()
            return True
        self._question = None
        if same:
            self.say("")
            await _done(question.then())
            return True
        self.say("已撤回")
        return action == "escape"

    async def act_enter(self) -> None:
        """Open a row; help after `?`; else look up and go on."""
        field = self.focused
        if isinstance(field, RecordTable):
            await self.open_row(field)
        elif isinstance(field, FieldInput) and field.asks_help:
            field.load("")
            await self.act_help()
        elif isinstance(field, FieldInput):
            if await self.entered(field):
                if self.focused is field:
                    self.go_next()
                await self.left(field)
        else:
            self.go_next()

    async def act_next(self) -> None:
        """Tab."""
        await self._leave(self.go_next)

    async def act_previous(self) -> None:
        """Shift+Tab."""
        await self._leave(self.go_previous)

    async def act_down(self) -> None:
        """Down arrow."""
        await self._leave(self.go_next)

    async def act_up(self) -> None:
        """Up arrow."""
        await self._leave(self.go_previous)

    async def act_page_down(self) -> None:
        """The next page of a table, or the next section."""
        await self._turn(1)

    async def act_page_up(self) -> None:
        """The previous page of a table, or the previous section."""
        await self._turn(-1)

    async def _turn(self, by: int) -> None:
        focused = self.focused
        if isinstance(focused, RecordTable):
            await self.turn_page(focused, by)
            return
        pages = [
            (section, section.query_one(FieldInput)) for section in self.query(Section) if section.query(FieldInput)
        ]
        here = next(
            (place for place, (section, _) in enumerate(pages) if focused is not None and section in focused.ancestors),
            0,
        )
        if not pages or not 0 <= here + by < len(pages):
            self._means_nothing("page_down" if by > 0 else "page_up")
            return
        section, first = pages[here + by]
        await self._leave(lambda: self.go_to(first))
        self._work.scroll_to_widget(section, animate=False, top=True)

    async def act_look(self) -> None:
        """The code list of a choice; screens add what else can be looked into."""
        field = self.focused
        if isinstance(field, ChoiceField):
            self._open_choices(field, field.choices)
        elif isinstance(field, TicksField):
            self._open_ticks(field)
        else:
            self._means_nothing("look")

    def _open_ticks(self, field: TicksField) -> None:
        def add(row: int) -> None:
            field.tick({*field.ticked(), field.choices[row].code})

        self.open_panel([choice.name for choice in field.choices], add)

    async def act_help(self) -> None:
        """The help page, or the hint of the field where there is none."""
        page = type(self).HELP_PAGE
        if page is None:
            self.say(getattr(self.focused, "hint", "") or "此处没有帮助")
        else:
            await self.app.push_screen(page(self))

    async def act_back(self) -> None:
        """Leave this screen; the draft is kept."""
        await self.keep_draft()
        if len(self.app.screen_stack) > 2:  # noqa: PLR2004 - the framework's own and the first
            self.app.pop_screen()
        else:
            self._means_nothing("back")

    async def act_escape(self) -> None:
        """Nothing is open: Esc never leaves a screen."""

    # Workers

    def work(
        self, work: Coroutine[Any, Any, Result], then: Callable[[Result], Awaitable[None] | None], *, group: str = ""
    ) -> None:
        """Run one service while keys go on; `then` gets its result in this screen's own turn.

        A newer call with the same non-empty `group` cancels an older one: for reads only.
        """
        self._start(work, then, held=False, group=group)

    def work_held(self, work: Coroutine[Any, Any, Result], then: Callable[[Result], Awaitable[None] | None]) -> None:
        """As `work`, but the next key waits until `then` has run (look-ups that fill fields). Never for the hub."""
        self.desk.hold_keys()
        self._start(work, then, held=True, group="")

    def book(self, work: Coroutine[Any, Any, Result], then: Callable[[Result], Awaitable[None] | None]) -> None:
        """As `work_held` for a write: it is finished even when the screen or the program goes."""
        self.desk.hold_keys()
        self._start(jobs.finish(work), then, held=True, group="")

    def _start(
        self,
        work: Coroutine[Any, Any, Result],
        then: Callable[[Result], Awaitable[None] | None],
        *,
        held: bool,
        group: str,
    ) -> None:
        async def run() -> None:
            result, error, posted = None, None, False
            try:
                try:
                    result = await work
                except Exception as caught:  # noqa: BLE001 - told to the clerk by the handler
                    error = caught
                posted = self.post_message(Worked(then, result, error, held))
            finally:
                if held and not posted:
                    self.desk.release_keys()

        self.run_worker(run(), group=group or "work", exclusive=bool(group), exit_on_error=False)

    @on(Worked)
    async def _worked(self, outcome: Worked) -> None:
        outcome.stop()
        try:
            if outcome.error is not None:
                self._refused(outcome.error)
            else:
                await _done(outcome.then(outcome.result))
        except Exception as error:  # noqa: BLE001 - as in act
            self._refused(error)
        finally:
            if outcome.held:
                self.desk.release_keys()

    # Life

    def compose(self) -> ComposeResult:
        """The fixed rows around the work."""
        yield self._title
        with self._work:
            yield from self.compose_work()
        yield self._hint
        yield self._message
        yield self._bar
        yield self._status
        yield self.panel

    def on_mount(self) -> None:
        """Fill the fixed rows and put the cursor into the first field."""
        self.retitle()
        self.refresh_status()
        if self.focused is None and (fields := self.fields()):
            self.go_to(fields[0])

    def on_screen_resume(self) -> None:
        """Counts may have changed while another screen was on top."""
        if self.is_mounted:
            self.refresh_status()

    @on(FieldInput.Refused)
    def _field_refused(self, refusal: FieldInput.Refused) -> None:
        refusal.stop()
        self.desk.bell()
        self.say(refusal.sentence, Grade.PROBLEM)


async def _done(outcome: Awaitable[None] | None) -> None:
    if inspect.isawaitable(outcome):
        await outcome
