"""发送情况: operations under way, refused or in conflict, with cause, age and the key that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from screens.operation_words import RUNGS, age, cause, named
from screens.paged_table import PagedTable
from screens.widgets.record_table import Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.services.ports import OutboxEntry

COLUMNS: Final = (
    Column(label="情况", cells=4),
    Column(label="业务", cells=20),
    Column(label="等待", cells=7, right=True),
    Column(label="次数", cells=4, right=True),
    Column(label="原因", cells=60),
)


class Outbox(PagedTable):
    """Oldest first, in pages."""

    LABELS: ClassVar[Mapping[str, str]] = {"send": "发送", "switch": "上级暂缓"}

    def __init__(self) -> None:
        super().__init__("outbox", COLUMNS, hint="回车查看所在行的原因和办法，F8 立即发送，F5 刷新，F7 看上级暂缓")
        self._entries: tuple[OutboxEntry, ...] = ()

    def heading(self) -> str:
        """What it is."""
        return f"05 今日待办  发送情况  {len(self._entries)} 笔"

    def read_rows(self) -> None:
        """The operations."""
        self.work(self.counter.store.read(lambda reading: tuple(reading.outbox())), self._show, group="outbox")

    def _show(self, entries: tuple[OutboxEntry, ...]) -> None:
        self._entries = tuple(entry for entry in entries if not entry.seen)
        now = self.counter.clock.now()
        self.show_rows(
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
            for entry in self._entries
        )

    async def open_row(self, table: RecordTable) -> None:
        """What became of one operation."""
        entry = next(
            (each for each in self._entries if table.current and each.operation.op_id == table.current.key), None
        )
        if entry is not None:
            from screens.conflict import Conflict

            await self.app.push_screen(Conflict(entry))

    async def act_query(self) -> None:
        """Read them again."""
        self.read_rows()
        self.say("已刷新")

    async def act_send(self) -> None:
        """Push and pull now."""
        self.counter.line.wake()
        self.read_rows()
        self.say("正在发送，结果按 F5 查看" if self.counter.line.connected else "正在尝试连接上级，结果按 F5 查看")

    async def act_switch(self) -> None:
        """What the hub holds in the bureau; from there back to the worklist."""
        from screens.held import HeldList

        await self.app.switch_screen(HeldList())
