"""A list of declaration items and what is done with them: correct, delete, submit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.messages import message
from screens.admission import within
from screens.decisive import Decide, Decision, cases
from screens.item_rows import filling, item_columns, item_row
from screens.revealing import RevealingScreen
from screens.widgets.message_line import Grade
from screens.widgets.record_table import PAGE_ROWS, RecordTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from counter_tui.domain.declarations import Item
    from counter_tui.services.ports import OutboxEntry
    from counter_tui.services.recording import Recorded
    from screens.widgets.record_table import Row

CORRECTABLE = frozenset({ItemState.TO_SUBMIT, ItemState.REJECTED})
"""States in which an item may be edited or deleted."""


class ItemList(RevealingScreen):
    """Items in pages of 20. `find` reads them; subclasses add criteria and acts."""

    needs_employer: ClassVar[bool] = True
    """Whether the items are those of the employer in reception."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self.items: tuple[Item, ...] = ()
        self._page = 0
        self._table: RecordTable | None = None
        self._entries: dict[str, OutboxEntry | None] = {}
        self._revealed = ""

    @property
    def table(self) -> RecordTable:
        """The rows."""
        if self._table is None:
            columns = item_columns(self.app.size.width)
            hint = "空格勾选，* 全选；序号加回车定位；F4 看证件号码"
            self._table = filling(RecordTable("items", columns, tickable=True, hint=hint))
        return self._table

    def compose_work(self) -> ComposeResult:
        """The rows."""
        yield self.table

    def on_mount(self) -> None:
        """Read the rows."""
        if self.may_list:
            self.refind()

    @property
    def may_list(self) -> bool:
        """Whether there is an employer whose items can be listed; says so when there is none."""
        return not self.needs_employer or self.has_employer

    def on_screen_resume(self) -> None:
        """Items may have changed while another screen was on top."""
        if self.is_mounted and self.items:
            self.refind()

    async def find(self) -> Sequence[Item]:
        """The items to show."""
        return ()

    # Showing

    def refind(self) -> None:
        """Read the items again and show the page; keys wait, the mirror is near."""
        self.work_held(self._found(), self._show_found)

    async def _found(self) -> tuple[tuple[Item, ...], dict[str, OutboxEntry | None]]:
        items = tuple(await self.find())
        self._page = min(self._page, max(len(items) - 1, 0) // PAGE_ROWS)
        shown = self._on_page(items)
        return items, await self.entries_of(shown)

    async def entries_of(self, items: Sequence[Item]) -> dict[str, OutboxEntry | None]:
        """How far the save of each item has come."""
        entries = await asyncio.gather(*(self.counter.enquiries.delivery(item) for item in items))
        return {item.id: entry for item, entry in zip(items, entries, strict=True)}

    def _show_found(self, found: tuple[tuple[Item, ...], dict[str, OutboxEntry | None]]) -> None:
        self.items, self._entries = found
        self.table.ticks &= {item.id for item in self.items}
        self.show_rows()
        self.refresh_status()
        if not self.items and not self.message:
            self.nothing_found()

    def show_rows(self) -> None:
        """Paint the page."""
        rows = [self.row_of(item) for item in self._on_page(self.items)]
        self.table.show(rows, numbered_from=self._page * PAGE_ROWS + 1)

    def row_of(self, item: Item) -> Row:
        """One item as a row."""
        return item_row(item, self._entries.get(item.id), self.app.size.width, revealed=item.id == self._revealed)

    def _on_page(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[self._page * PAGE_ROWS : (self._page + 1) * PAGE_ROWS]

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        last = max(len(self.items) - 1, 0) // PAGE_ROWS
        if 0 <= self._page + by <= last:
            self._page += by
            self.refind()
        else:
            self.say("已是最后一页" if by > 0 else "已是第一页")

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        row = self.table.current
        return next((item for item in self.items if row is not None and item.id == row.key), None)

    @property
    def ticked(self) -> tuple[Item, ...]:
        """The ticked items, on all pages, oldest first."""
        return tuple(item for item in self.items if item.id in self.table.ticks)

    # Keys

    async def act_query(self) -> None:
        """Read the rows again."""
        self.say("")
        self.refind()

    async def act_look(self) -> None:
        """Show the identity number of the row, for a purpose."""
        item = self.current
        if item is None or self.focused is not self.table:
            await super().act_look()
            return

        def show() -> None:
            self._revealed = item.id
            self.show_rows()

        def hide() -> None:
            self._revealed = ""
            self.show_rows()

        self.ask_purpose("id_number", item.id, show, hide)

    async def open_row(self, table: RecordTable) -> None:
        """Correct an item that is still the clerk's."""
        del table
        item = self.current
        if item is not None:
            await self.correct(item)

    async def correct(self, item: Item) -> None:
        """Open the form of an item in D1 or D5."""
        from screens.routes import open_item

        if item.state not in CORRECTABLE:
            self.say(f"{message('M22').sentence}，路径 52", Grade.PROBLEM)
        else:
            within(item.function, item.verdict, self.seat)
            await self.app.push_screen(open_item(item))

    async def act_clear(self) -> None:
        """Delete the row, after a question."""
        item = self.current
        if item is None or self.focused is not self.table:
            self.say("请先把光标移到要删除的一行")
        elif item.state not in CORRECTABLE:
            self.say(f"{message('M22').sentence}，路径 52", Grade.PROBLEM)
        else:
            self.ask(f"删除 {item.person_name} 的{item.verdict}申报", "clear", lambda: self._delete(item))

    def _delete(self, item: Item) -> None:
        self.book(self._deleted(item), lambda _: self._gone(item))

    async def _deleted(self, item: Item) -> None:
        await self.counter.declarations.delete(item, seat=self.seat)
        await self.counter.refresh()

    def _gone(self, item: Item) -> None:
        self.refind()
        self.done(f"已删除 {item.person_name} 的{item.verdict}申报")

    async def act_send(self) -> None:
        """Hand the ticked items to the branch centre."""
        await self.submit(self.ticked)

    async def submit(self, items: Sequence[Item]) -> None:
        """One item goes at once; several take the count and a PIN."""
        if not items:
            self.say("请先用空格勾选要提交的记录，再按 F8", Grade.PROBLEM)
        elif len(items) == 1:
            self.book(self._submitted(items, None), self._told)
        else:
            await self.app.push_screen(Decide(self.code, self._batch(items)))

    def _batch(self, items: Sequence[Item]) -> Decision:
        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            return await self._submitted(items, pin)

        return Decision(
            title="提交申报",
            figures=counted(items),
            figure=cases(len(items)),
            act=act,
            then=self._told,
        )

    async def _submitted(self, items: Sequence[Item], pin: bytearray | None) -> Recorded:
        kept = await self.counter.declarations.submit(items, seat=self.seat, pin=pin)
        await self.counter.refresh()
        return kept

    def _told(self, kept: Recorded) -> None:
        self.counter.last_acceptance = kept.acceptance_number
        self.table.ticks.clear()
        self.refind()
        left = kept.problems
        if left:
            more = f"（共 {len(left)} 笔留下）" if len(left) > 1 else ""
            self.say(f"有未提交的：{left[0].sentence}{more}", Grade.PROBLEM)
            self.refresh_status()
        else:
            self.done(submitted_word(kept))

    async def act_print(self) -> None:
        """The receipt of the last acceptance."""
        from screens.receipts import show_receipt

        show_receipt(self)


def submitted_word(kept: Recorded) -> str:
    """M44 with the number of the submission."""
    said = message("M44")
    return f"{said.text}，受理号 {grouped_number(kept.acceptance_number)}。{said.key}"


def counted(items: Sequence[Item]) -> tuple[str, ...]:
    """The figures of a set: how many of each kind, how many in all."""
    kinds = dict.fromkeys(item.verdict for item in items)
    lines = [f"{kind}  {sum(item.verdict == kind for item in items)} 笔" for kind in kinds]
    return (*lines, f"共 {len(items)} 笔")
