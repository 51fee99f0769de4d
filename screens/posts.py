"""92 岗位与证书: who holds which post and certificate, what waits for whose signature, and the ledger of posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.grants import REQUEST, GrantAct, next_step
from counter_tui.errors import CounterError
from screens.business import BusinessScreen
from screens.item_rows import filling, kept
from screens.marks import marked
from screens.post_views import GRANT_COLUMNS, LEDGER_COLUMNS, OPERATOR_COLUMNS, grant_row, ledger_row, operator_row
from screens.widgets.line import Line
from screens.widgets.record_table import PAGE_ROWS, RecordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.domain.grants import Grant, LedgerEntry
    from counter_tui.domain.operators import Operator
    from screens.widgets.record_table import Column, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """One of the three lists."""

    name: str
    columns: tuple[Column, ...]
    row: Callable[[Any], Row]
    keep: tuple[int, ...]
    """Columns of a narrow terminal."""


_VIEWS: Final = (
    _View(name="柜员", columns=OPERATOR_COLUMNS, row=operator_row, keep=(0, 1, 2, 4)),
    _View(name="授权申请", columns=GRANT_COLUMNS, row=grant_row, keep=(0, 1, 2, 4)),
    _View(name="岗位台账", columns=LEDGER_COLUMNS, row=ledger_row, keep=(0, 1, 3)),
)
"""In the order of F7."""


class NotSupervisor(CounterError):
    """业务申请由主管办理，请由主管登录后按 F8"""


class Posts(BusinessScreen):
    """Operators, grants, ledger: F7 goes through them, Enter opens a row, F8 asks for somebody new."""

    LABELS = {"look": "打开", "send": "新设"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._head = Line(classes="heading")
        self._view, self._page = 0, 0
        self._found: tuple[tuple[Any, ...], ...] = ((), (), ())
        self.table = filling(RecordTable("posts", OPERATOR_COLUMNS, hint="回车打开所在行；F7 换一类，PgDn 翻页"))

    def compose_work(self) -> ComposeResult:
        """What is shown, and the rows."""
        yield self._head
        yield self.table

    def heading_right(self) -> str:
        """Nobody is in reception here."""
        return marked(self.counter)

    def on_mount(self) -> None:
        """Begin where something waits for this operator."""
        self._read(first=True)

    def on_screen_resume(self) -> None:
        """Something may have been signed."""
        if self.is_mounted and any(self._found):
            self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Columns are measured anew."""
        del event
        self._paint()

    def refound(self, said: str) -> None:
        """Read again after something was done, and say it."""
        self._read()
        self.done(said)

    def _read(self, *, first: bool = False) -> None:
        async def everything() -> tuple[tuple[Any, ...], ...]:
            posts = self.counter.posts
            return await posts.registered(), await posts.grants(), await posts.ledger()

        def show(found: tuple[tuple[Any, ...], ...]) -> None:
            self._found = found
            if first and self._waiting():
                self._view = 1
            self._paint()

        self.work_held(everything(), show)

    def _waiting(self) -> list[Grant]:
        """Grants whose next step is for this operator's post."""
        operator = self.seat.session.operator
        steps = ((each, next_step(each.state)) for each in self._found[1])
        return [each for each, step in steps if step is not None and operator.holds(step.right)]

    def _paint(self) -> None:
        view, found = _VIEWS[self._view], self._found[self._view]
        self._page = min(self._page, max(len(found) - 1, 0) // PAGE_ROWS)
        others = "、".join(other.name for other in (*_VIEWS[self._view + 1 :], *_VIEWS[: self._view]))
        waiting = f"，待您办理 {count} 件" if (count := len(self._waiting())) else ""
        self._head.show(f"{view.name} {len(found)} 项{waiting}  F7：{others}")
        first = self._page * PAGE_ROWS
        rows = [view.row(each) for each in found[first : first + PAGE_ROWS]]
        fitted = kept(view.columns, rows, view.keep, self.app.size.width)
        self.table.columns = fitted.columns
        self.table.show(fitted.rows, numbered_from=first + 1)

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        if 0 <= self._page + by <= max(len(self._found[self._view]) - 1, 0) // PAGE_ROWS:
            self._page += by
            self._paint()
        else:
            self.say("没有更多页")

    async def open_row(self, table: RecordTable) -> None:
        """The card of an operator, a grant with its signatures, or a line of the ledger in full."""
        if table.current is None:
            return
        place = next(at for at, row in enumerate(self._rows()) if row.key == table.current.key)
        chosen = self._found[self._view][place]
        await self.app.push_screen(self._card(chosen))

    def _rows(self) -> Sequence[Row]:
        return [_VIEWS[self._view].row(each) for each in self._found[self._view]]

    def _card(self, chosen: Operator | Grant | LedgerEntry) -> BusinessScreen:
        from counter_tui.domain.grants import Grant
        from counter_tui.domain.operators import Operator
        from screens.post_cards import GrantCard, LedgerCard, OperatorCard

        match chosen:
            case Operator():
                return OperatorCard(self.code, chosen, self.refound)
            case Grant():
                return GrantCard(self.code, chosen, self.refound)
            case _:
                return LedgerCard(self.code, chosen)

    def offers(self, action: str) -> bool:
        """F8 for those who ask for posts; F4 opens the row."""
        if action == "send":
            return self.seat.session.operator.holds(REQUEST.right)
        return action == "look" or super().offers(action)

    async def act_look(self) -> None:
        """As Enter on the row."""
        await self.open_row(self.table)

    async def act_query(self) -> None:
        """Ask the hub for news and read again."""
        self.counter.line.wake()
        self.say("")
        self._read()

    async def act_switch(self) -> None:
        """The next list."""
        self._view, self._page = (self._view + 1) % len(_VIEWS), 0
        self._paint()

    async def act_send(self) -> None:
        """Somebody new."""
        if not self.offers("send"):
            raise NotSupervisor
        from screens.post_request import PostRequest

        await self.app.push_screen(PostRequest(self.code, GrantAct.ISSUE, None, self.refound))
