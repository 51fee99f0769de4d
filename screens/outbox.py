"""发送情况: operations under way, refused or in conflict, with cause, age and the key that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from screens.operation_words import RUNGS, age, cause, named
from screens.seated import Seated
from screens.widgets.record_table import PAGE_ROWS, Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from counter_tui.services.ports import OutboxEntry

COLUMNS: Final = (
    Column(label="情况", cells=4),
    Column(label="业务", cells=20),
    Column(label="等待", cells=7, right=True),
    Column(label="次数", cells=4, right=True),
    Column(label="原因", cells=60),
)


class Outbox(Seated):
    """Oldest first, in pages."""

    LABELS: ClassVar[Mapping[str, str]] = {"send": "发送"}

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[OutboxEntry, ...] = ()
        self._page = 0
        self._table = RecordTable("outbox", COLUMNS, hint="回车查看所在行的原因和办法，F8 立即发送，F5 刷新")
        self._table.styles.height = "1fr"

    def heading(self) -> str:
        """What it is."""
        return f"05 今日待办  发送情况  {len(self._entries)} 笔"

    def compose_work(self) -> ComposeResult:
        """The operations."""
        yield self._table

    def on_mount(self) -> None:
        """Read them."""
        self._read()

    def on_screen_resume(self) -> None:
        """One may have been dealt with."""
        if self.is_mounted:
            self._read()

    def _read(self) -> None:
        self.work(self.counter.store.read(lambda reading: tuple(reading.outbox())), self._show, group="outbox")

    def _show(self, entries: tuple[OutboxEntry, ...]) -> None:
        self._entries = tuple(entry for entry in entries if not entry.seen)
        self._page = min(self._page, max(len(self._entries) - 1, 0) // PAGE_ROWS)
        first, now = self._page * PAGE_ROWS, self.counter.clock.now()
        shown = self._entries[first : first + PAGE_ROWS]
        self._table.show(
            [
                Row(
                    key=entry.operation.op_id,
                    texts=(
                        RUNGS[entry.delivery],
                        named(entry.operation.kind),
                        age(entry.operation.made_at, now),
                        str(entry.tries),
                        cause(entry),
                    ),
                )
                for entry in shown
            ],
            numbered_from=first + 1,
        )
        self.retitle()

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        last = max(len(self._entries) - 1, 0) // PAGE_ROWS
        if not 0 <= self._page + by <= last:
            self.say("没有更多页")
            return
        self._page += by
        self._show(self._entries)

    async def open_row(self, table: RecordTable) -> None:
        """What became of one operation."""
        entry = next(
            (each for each in self._entries if table.current and each.operation.op_id == table.current.key), None
        )
        if entry is not None:
            from screens.conflict import Conflict

            await self.app.push_screen(Conflict(entry))

    async def act_look(self) -> None:
        """As Enter."""
        await self.open_row(self._table)

    def offers(self, action: str) -> bool:
        """F4 opens the row here."""
        return action == "look" or super().offers(action)

    async def act_query(self) -> None:
        """Read them again."""
        self._read()
        self.say("已刷新")

    async def act_send(self) -> None:
        """Push and pull now."""
        self.counter.line.wake()
        self._read()
        self.say("正在发送，结果按 F5 查看" if self.counter.line.connected else "正在尝试连接上级，结果按 F5 查看")

    async def act_switch(self) -> None:
        """Back to the worklist."""
        await self.act_back()
