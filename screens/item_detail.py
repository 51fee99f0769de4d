"""One declaration item: before and after, its life, and what is still to be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.masking import mask_id
from counter_tui.domain.messages import message
from screens.admission import within
from screens.business import masked, named
from screens.differences import Difference, differences, life_lines
from screens.item_list import CORRECTABLE, submitted_word
from screens.item_rows import filling
from screens.revealing import RevealingScreen
from screens.widgets.line import Words
from screens.widgets.message_line import Grade
from screens.widgets.record_table import PAGE_ROWS, Column, RecordTable, Row

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from counter_tui.domain.declarations import Item
    from counter_tui.forms.facts import Facts
    from counter_tui.services.recording import Recorded

_AGAIN: Final = "重新提交"
"""Reason of the step that takes a returned item back so that it can be submitted again."""


class ItemDetail(RevealingScreen):
    """Label, before, after; then the steps of the item's life."""

    LABELS = {"send": "再提交"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str, item: Item) -> None:
        """Show an item, opened from the function of that code."""
        super().__init__(code)
        self.item = item
        self.lines: tuple[Difference, ...] = ()
        self._page = 0
        self._revealed = ""
        self._head = Words("", classes="derived")
        self._table: RecordTable | None = None

    @property
    def table(self) -> RecordTable:
        """The lines."""
        if self._table is None:
            rest = max(self.app.size.width - 10 - 16 - 3, 20)
            columns = (
                Column(label="栏目", cells=16),
                Column(label="变更前", cells=rest // 2),
                Column(label="变更后", cells=rest - rest // 2),
            )
            self._table = filling(RecordTable("lines", columns, hint="F4 看隐去的号码；PgDn 翻页"))
        return self._table

    def compose_work(self) -> ComposeResult:
        """Head, then lines."""
        yield self._head
        yield self.table

    def heading_right(self) -> str:
        """Whose it is."""
        return f"受理号 {grouped_number(self.item.acceptance_number)}"

    def on_mount(self) -> None:
        """Read the register around the item."""
        self.reload()

    def reload(self) -> None:
        """Read the item, the person and the steps again."""
        self.work_held(self._read(), self._show)

    async def _read(self) -> tuple[Item, tuple[Difference, ...]]:
        item = await self.counter.store.read(lambda r: r.register.item(self.item.id)) or self.item
        facts = await self.facts_of(item)
        return item, await self.lines_of(item, facts)

    async def lines_of(self, item: Item, facts: Facts) -> tuple[Difference, ...]:
        """What is listed: before and after, then the steps of its life."""
        life = await self.counter.enquiries.life(item)
        return (*differences(item, facts, self.counter.policy), *life_lines(life))

    async def facts_of(self, item: Item) -> Facts:
        """The register around an item, whoever's employer it is."""
        return await self.counter.declarations.facts(seat=self.seat, id_number=item.id_number, editing=item.id)

    def _show(self, read: tuple[Item, tuple[Difference, ...]]) -> None:
        self.item, self.lines = read
        self._head.show("\n".join(self.head_lines()))
        self.show_rows()
        self.retitle()

    def head_lines(self) -> list[str]:
        """Who, what, in which state, why."""
        item = self.item
        lines = [f"{item.person_name}  {mask_id(item.id_number)}  {item.verdict}  {named('CL-ITEMSTATE', item.state)}"]
        if item.reason:
            lines.append(f"原因：{item.reason}")
        if item.override:
            lines.append(f"主管授权：{item.override}")
        return lines

    def show_rows(self) -> None:
        """Paint the page."""
        first = self._page * PAGE_ROWS
        rows = [self._row(line) for line in self.lines[first : first + PAGE_ROWS]]
        self.table.show(rows, numbered_from=first + 1)

    def _row(self, line: Difference) -> Row:
        plain = line.name == self._revealed
        before = line.before if plain else masked(line.mask, line.before)
        after = line.after if plain else masked(line.mask, line.after)
        return Row(key=line.name, texts=(line.label, before, after), mark="!" if line.differs else " ")

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        if 0 <= self._page + by <= max(len(self.lines) - 1, 0) // PAGE_ROWS:
            self._page += by
            self.show_rows()

    async def act_query(self) -> None:
        """Read it again."""
        self.reload()

    async def act_look(self) -> None:
        """Show a masked value, for a purpose."""
        row = self.table.current
        line = next((each for each in self.lines if row is not None and each.name == row.key), None)
        if line is None or not line.mask:
            self.say("这一行没有隐去的内容")
            return

        def show() -> None:
            self._revealed = line.name
            self.show_rows()

        def hide() -> None:
            self._revealed = ""
            self.show_rows()

        self.ask_purpose(line.name, self.item.id, show, hide)

    async def act_switch(self) -> None:
        """Back to the list."""
        await self.act_back()

    # What is still to be done

    async def open_row(self, table: RecordTable) -> None:
        """Correct the item."""
        del table
        from screens.routes import open_item

        if self.item.state not in CORRECTABLE:
            self.say(f"{message('M22').sentence}，路径 52", Grade.PROBLEM)
        else:
            within(self.item.function, self.item.verdict, self.seat)
            await self.app.push_screen(open_item(self.item))

    def on_screen_resume(self) -> None:
        """The item may have been corrected."""
        if self.is_mounted and self.lines:
            self.reload()

    async def act_clear(self) -> None:
        """Delete it, after a question."""
        if self.item.state not in CORRECTABLE:
            self.say(f"{message('M22').sentence}，路径 52", Grade.PROBLEM)
            return
        self.ask("删除这笔申报", "clear", lambda: self.book(self._deleted(), lambda _: self._gone()))

    async def _deleted(self) -> None:
        await self.counter.declarations.delete(self.item, seat=self.seat)
        await self.counter.refresh()

    def _gone(self) -> None:
        self.reload()
        self.done("已删除这笔申报")

    async def act_send(self) -> None:
        """Hand it to the branch centre (again)."""
        if self.item.state not in CORRECTABLE:
            self.say("只有待提交或不通过的申报可以提交", Grade.PROBLEM)
        else:
            self.book(self._submitted(), self._told)

    async def _submitted(self) -> Recorded:
        if self.item.state is ItemState.REJECTED:
            await self.counter.declarations.cancel([self.item], reason=_AGAIN, seat=self.seat)
        kept = await self.counter.declarations.submit([self.item], seat=self.seat)
        await self.counter.refresh()
        return kept

    def _told(self, kept: Recorded) -> None:
        self.counter.last_acceptance = kept.acceptance_number
        self.reload()
        self.done(submitted_word(kept))

    async def act_print(self) -> None:
        """The receipt of the last acceptance."""
        from screens.receipts import show_receipt

        show_receipt(self)
