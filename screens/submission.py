"""数据提交 (P25), 取消申报 (P26), 业务状态查看 (P28): lists of own items under criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.posts import Right
from counter_tui.services.enquiries import Criteria
from screens.admission import within
from screens.criteria import CriteriaScreen
from screens.decisive import Decide, Decision
from screens.item_list import CORRECTABLE, ItemList, counted
from screens.notes import note_form
from screens.widgets.message_line import Grade

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from counter_tui.domain.declarations import Item
    from counter_tui.services.recording import Recorded

CANCELLABLE = frozenset({ItemState.SUBMITTED, ItemState.REJECTED})


class SearchedItems(CriteriaScreen, ItemList):
    """Criteria above a list of items of the employer in reception."""

    states: ClassVar[frozenset[ItemState]] = frozenset(ItemState)
    """States of the items that the list may show."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._wanted: Mapping[str, Any] = {}

    def compose_work(self) -> ComposeResult:
        """Criteria, then rows."""
        yield self.view
        yield self.table

    def on_mount(self) -> None:
        """Defaults, the rows, and the cursor on them."""
        self.go_to(self.table)

    async def find(self) -> Sequence[Item]:
        """Items of the criteria, oldest first."""
        wanted = self._wanted
        since = wanted.get("since")
        criteria = Criteria(
            function=wanted.get("function") or "",
            state=wanted.get("state") or "",
            text=wanted.get("id_number") or wanted.get("name") or "",
            since=since,
            until=wanted.get("until"),
        )
        first = min(YearMonth.of(since), self.month) if since else self.month
        found: list[Item] = []
        for month in months(first, self.month):
            found.extend(await self.counter.enquiries.items(self.seat.employer, month, criteria))
        return [item for item in found if item.state in self.states]

    async def run(self, values: Mapping[str, Any]) -> None:
        """Show the items of the criteria."""
        self._wanted, self._page = values, 0
        self.say("")
        self.refind()
        self.go_to(self.table)

    async def act_query(self) -> None:
        """Run the criteria."""
        if self.may_list:
            await CriteriaScreen.act_query(self)

    async def act_clear(self) -> None:
        """In the criteria: reset. On a row: delete."""
        if self.focused is self.table:
            await ItemList.act_clear(self)
        else:
            await CriteriaScreen.act_clear(self)


class Submission(SearchedItems):
    """待提交: tick, then F8."""

    states = frozenset({ItemState.TO_SUBMIT})


class Cancellation(SearchedItems):
    """Take a submission back, delete, or reverse what was approved."""

    LABELS = {"send": "取消"}  # noqa: RUF012 - as the base declares it
    states = CORRECTABLE | CANCELLABLE | {ItemState.APPROVED}

    async def act_send(self) -> None:
        """Take the ticked items back from the branch centre; an approved one is reversed by a supervisor."""
        items = self.ticked
        if not items:
            self.say("请先用空格勾选要取消的记录，再按 F8", Grade.PROBLEM)
        elif any(item.state is ItemState.APPROVED for item in items):
            await self._reverse(items)
        elif any(item.state not in CANCELLABLE for item in items):
            self.say("只有待审核或不通过的申报可以取消；待提交的请按 F6 删除", Grade.PROBLEM)
        else:
            await self.app.push_screen(Decide(self.code, self._cancelling(items)))

    def _cancelling(self, items: Sequence[Item]) -> Decision:
        async def act(_: bytearray, values: Mapping[str, Any]) -> Recorded:
            kept = await self.counter.declarations.cancel(items, reason=values["reason"], seat=self.seat)
            await self.counter.refresh()
            return kept

        return Decision(
            title="取消申报",
            figures=counted(items),
            act=act,
            then=lambda kept: self._taken_back(kept, "已取消申报"),
            asked=self.counter.form(self.code).action,
            pin=False,
        )

    async def _reverse(self, items: Sequence[Item]) -> None:
        if not self.seat.session.operator.holds(Right.REVERSE):
            self.say("审核通过的申报只能由主管冲销", Grade.PROBLEM)
            return
        if len(items) > 1:
            self.say("冲销须逐笔办理，请只勾选一笔", Grade.PROBLEM)
            return
        item = items[0]
        within(item.function, f"{item.verdict}的冲销", self.seat)

        async def act(pin: bytearray, values: Mapping[str, Any]) -> Recorded:
            kept = await self.counter.declarations.reverse(item, reason=values["note"], seat=self.seat, pin=pin)
            await self.counter.refresh()
            return kept

        decision = Decision(
            title="冲销",
            figures=(f"{item.person_name}  {item.verdict}  受理号 {item.shown_number}", "审核通过的业务将被冲回"),
            act=act,
            then=lambda kept: self._taken_back(kept, "已冲销"),
            asked=note_form("冲销原因"),
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _taken_back(self, kept: Recorded, word: str) -> None:
        self.counter.last_acceptance = kept.acceptance_number
        self.table.ticks.clear()
        self.refind()
        if kept.problems:
            self.say(f"有未办的：{kept.problems[0].sentence}", Grade.PROBLEM)
        else:
            self.done(f"{word}，受理号 {grouped_number(kept.acceptance_number)}")


class Progress(SearchedItems):
    """States of the employer's items; Enter shows the life of one."""

    async def open_row(self, table: object) -> None:
        """The life of an item; there a returned one is corrected, deleted or submitted again."""
        del table
        from screens.item_detail import ItemDetail

        item = self.current
        if item is not None:
            await self.app.push_screen(ItemDetail(self.code, item))

    async def act_switch(self) -> None:
        """List to detail."""
        await self.open_row(self.table)
