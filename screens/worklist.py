"""05 今日待办: what waits for this operator, and the screen behind each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.masking import mask_name
from counter_tui.domain.posts import Right
from screens.admission import admit
from screens.operation_words import RUNGS, cause, named, whom
from screens.paged_table import PagedTable
from screens.widgets.message_line import Grade
from screens.widgets.record_table import Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.services.enquiries import Worklist
    from counter_tui.services.ports import Draft, OutboxEntry

COLUMNS: Final = (
    Column(label="待办", cells=8),
    Column(label="业务", cells=16),
    Column(label="对象", cells=20),
    Column(label="说明", cells=60),
)


@dataclass(frozen=True, slots=True)
class _Task:
    """One row: what waits, and what Enter does about it."""

    key: str
    texts: tuple[str, str, str, str]
    open: Callable[[], Awaitable[None]]


class TodaysWork(PagedTable):
    """Returned items first, then what is to be submitted, reviewed, confirmed, and what did not go through."""

    LABELS: ClassVar[Mapping[str, str]] = {"switch": "发送情况"}

    def __init__(self) -> None:
        super().__init__("tasks", COLUMNS, hint="上下箭头或输入行号选择，回车办理，F5 刷新，F7 看发送情况")
        self._tasks: tuple[_Task, ...] = ()

    def heading(self) -> str:
        """Path and name."""
        return f"05 今日待办  {len(self._tasks)} 项"

    def read_rows(self) -> None:
        """What waits."""
        self.work(self._found(), self._show, group="worklist")

    async def _found(self) -> tuple[Worklist, tuple[Draft, ...]]:
        number = self.seat.session.operator.number
        drafts = await self.counter.store.read(lambda reading: tuple(reading.drafts(number)))
        return await self.counter.enquiries.worklist(number), drafts

    def _show(self, found: tuple[Worklist, tuple[Draft, ...]]) -> None:
        self._tasks = tuple(self._all_tasks(*found))
        self.show_rows(Row(key=task.key, texts=task.texts) for task in self._tasks)
        self.refresh_status()

    # Rows

    def _all_tasks(self, found: Worklist, drafts: Sequence[Draft]) -> Iterator[_Task]:
        yield from (self._item("退回", item, partial(self._correct, item)) for item in found.returned)
        yield from (self._draft(draft) for draft in drafts)
        yield from (self._item("待提交", item, partial(self._about, item, "P25")) for item in found.to_submit)
        operator = self.seat.session.operator
        if operator.holds(Right.REVIEW):
            yield from (self._item("待审核", item, lambda: self._begin("P27")) for item in found.reviewed_by(operator))
        if operator.may_confirm("P34") and found.roll_backs:
            texts = ("待确认", "核定回退", f"{found.roll_backs} 件", "另一人已申请，核对后确认")
            yield _Task("roll_backs", texts, lambda: self._confirm("P34"))
        if not self.seat.session.operator.holds(Right.ANSWER_HELD):
            yield from (self._trouble(entry) for entry in found.held_here)
        elif found.held:
            texts = ("暂缓", "上级暂缓", f"{found.held} 笔", "请核实后放行或不同意")
            yield _Task("held", texts, self._held)
        yield from (self._trouble(entry) for entry in found.troubled)

    def _item(self, word: str, item: Item, then: Callable[[], Awaitable[None]]) -> _Task:
        name = item.person_name if item.employer == self.seat.employer else mask_name(item.person_name)
        return _Task(item.id, (word, item.verdict, f"{name} {item.employer}", item.reason or item.shown_number), then)

    def _draft(self, draft: Draft) -> _Task:
        texts = (
            "草稿",
            self._named(draft.function),
            draft.subject,
            f"保存于 {draft.saved_at.astimezone(BEIJING):%H:%M}",
        )
        return _Task(f"draft:{draft.function}", texts, lambda: self._at(draft.subject, draft.function))

    def _trouble(self, entry: OutboxEntry) -> _Task:
        operation = entry.operation
        texts = (
            RUNGS[entry.delivery],
            named(operation.kind),
            whom(operation.unit_id),
            cause(entry),
        )

        async def then() -> None:
            from screens.conflict import Conflict

            await self.app.push_screen(Conflict(entry))

        return _Task(operation.op_id, texts, then)

    def _named(self, function: str) -> str:
        return next((entry.name for entry in self.counter.menu() if entry.function == function), function)

    # Opening

    async def _begin(self, function: str) -> None:
        admit(function, self._named(function), self.seat)
        from screens.routes import open_function

        await self.app.push_screen(open_function(function))

    async def _confirm(self, function: str) -> None:
        from screens.routes import open_confirmation

        await self.app.push_screen(open_confirmation(function))

    async def _held(self) -> None:
        from screens.held import HeldList

        await self.app.push_screen(HeldList())

    async def _about(self, item: Item, function: str) -> None:
        await self._at(item.employer, function)

    async def _at(self, employer: str, function: str) -> None:
        """A function for an employer; the reception comes first where it is another one."""
        if employer == self.seat.employer:
            await self._begin(function)
            return
        from screens.menu import RECEIVE_EMPLOYER
        from screens.reception import ReceptionDesk

        await self.app.push_screen(ReceptionDesk(RECEIVE_EMPLOYER, employer=employer))

    async def _correct(self, item: Item) -> None:
        """A returned item in its own form, to be corrected."""
        if item.employer != self.seat.employer:
            await self._about(item, item.function)
            return
        from screens.declaring import DeclaringScreen
        from screens.routes import open_function

        admit(item.function, item.verdict, self.seat)
        screen = open_function(item.function)
        if isinstance(screen, DeclaringScreen):
            screen.editing = item
        await self.app.push_screen(screen)

    # Keys

    async def open_row(self, table: RecordTable) -> None:
        """Do something about a row."""
        task = next((task for task in self._tasks if table.current and task.key == table.current.key), None)
        if task is None:
            self.say("没有待办事项")
        else:
            await task.open()

    async def act_query(self) -> None:
        """Ask the hub for news and read again."""
        self.counter.line.wake()
        self.read_rows()
        self.say("已刷新")

    async def act_switch(self) -> None:
        """Everything that is under way."""
        from screens.outbox import Outbox

        await self.app.push_screen(Outbox())

    def done(self, sentence: str) -> None:
        """Say what the screen that was left had still to say."""
        self.say(sentence, Grade.DONE)
        self.refresh_status()
