"""One operation that did not go through: what it was, why, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.calendar import BEIJING
from counter_tui.services.enquiries import SETTLED
from screens.operation_words import RUNGS, age, cause, function_of, key_told, named, next_key, whom
from screens.seated import Seated
from screens.widgets.message_line import Grade
from screens.widgets.reader import Reader, folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.services.ports import OutboxEntry


class Conflict(Seated):
    """Both are kept: what was sent stays on record, what is done about it is a new operation."""

    LABELS: ClassVar[Mapping[str, str]] = {"save": "重办", "clear": "消除", "send": "发送"}

    def __init__(self, entry: OutboxEntry) -> None:
        """Show an operation of this host."""
        super().__init__()
        self._entry = entry
        self._reader = Reader(hint=next_key(entry))

    def heading(self) -> str:
        """How far it has come."""
        return f"05 今日待办  {RUNGS[self._entry.delivery]}"

    def compose_work(self) -> ComposeResult:
        """The operation in words."""
        yield self._reader

    def on_resize(self, event: events.Resize) -> None:
        """Fold to the terminal as it is now."""
        self._reader.show(folded(self._lines(), max(event.size.width, 20)))

    def _lines(self) -> list[str]:
        entry, operation = self._entry, self._entry.operation
        made = operation.made_at.astimezone(BEIJING)
        number = grouped_number(operation.acceptance_number) if operation.acceptance_number else "无"
        waiting = age(operation.made_at, self.counter.clock.now())
        lines = [
            f"业务：{named(operation.kind)}",
            f"受理号：{number}",
            f"单位或个人：{whom(operation.unit_id)}",
            f"经办：{operation.maker.operator}  {int(operation.maker.window)}号窗  {made:%Y-%m-%d %H:%M}",
            f"情况：{RUNGS[entry.delivery]}，已 {waiting}，发送 {entry.tries} 次",
            f"原因：{cause(entry)}",
        ]
        if key := key_told(operation):
            lines.insert(1, f"介质：{key}")
        if entry.outcome is not None:
            lines += [f"      {problem.sentence}" for problem in entry.outcome.problems[1:]]
        if entry.next_try is not None:
            lines.append(f"下次发送：{entry.next_try.astimezone(BEIJING):%H:%M:%S}")
        return [*lines, "", f"办法：{next_key(entry)}"]

    def offers(self, action: str) -> bool:
        """Doing it again and forgetting it only where a clerk has to act."""
        needed = self._entry.delivery in SETTLED
        return {
            "save": needed and bool(function_of(self._entry.operation.kind)),
            "clear": needed,
            "send": not needed,
        }.get(action, super().offers(action))

    async def act_save(self) -> None:
        """Open the function again, for the employer in reception."""
        operation = self._entry.operation
        function = function_of(operation.kind)
        if not self.offers("save"):
            self.say("此笔不用重新办理")
            return
        employer = operation.unit_id.removeprefix("E:")
        if employer != self.seat.employer:
            self.say(f"请先按 F12 返回，再按 02 接待单位 {employer}", Grade.PROBLEM)
            return
        from screens.routes import open_function

        await self.app.push_screen(open_function(function))

    async def act_clear(self) -> None:
        """It needs nobody any more."""
        if not self.offers("clear"):
            self.say("此笔还在途中，不能消除")
            return
        self.ask("消除此笔提醒，记录仍保留", "clear", self._see)

    def _see(self) -> None:
        op_id = self._entry.operation.op_id
        self.book(self.counter.store.write(lambda work: work.see(op_id)), lambda _: self._seen())

    async def _seen(self) -> None:
        await self.counter.refresh()
        if self.app.screen is self:
            await self.act_back()

    async def act_send(self) -> None:
        """Push and pull now."""
        self.counter.line.wake()
        self.say("正在发送，请返回后按 F5 查看结果")

    async def act_down(self) -> None:
        """One line on."""
        self._reader.move(1)

    async def act_up(self) -> None:
        """One line back."""
        self._reader.move(-1)

    async def act_page_down(self) -> None:
        """A page on."""
        self._reader.turn(1)

    async def act_page_up(self) -> None:
        """A page back."""
        self._reader.turn(-1)

    async def act_enter(self) -> None:
        """Nothing is typed here."""
        self.say(next_key(self._entry))
