"""信息查询: criteria above a table; 本月结算金额 (P50)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.money import grouped
from counter_tui.policy.explanation import borne, legend, signed, united
from counter_tui.services.recomputing import RecomputeBill
from screens.admission import within
from screens.criteria import CriteriaScreen
from screens.explained import explain_bill
from screens.item_rows import filling
from screens.receipts import show_papers
from screens.recomputed import RecomputedBill
from screens.trial_views import BILL_STATES, MONEY_COLUMNS, MONEY_KEEP, money_rows, uncut
from screens.widgets.line import Line
from screens.widgets.record_table import PAGE_ROWS, RecordTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from counter_tui.domain.bills import Bill
    from counter_tui.services.printing import Paper
    from counter_tui.services.recomputing import BillAgain
    from screens.widgets.record_table import Column, Row


_HINT: Final = "F4 看计算过程，F5 重新查询，F7 复算"


class Enquiry(CriteriaScreen):
    """Criteria, a heading, a table in pages. Subclasses read in `run` and call `show`."""

    columns: tuple[Column, ...] = ()
    keep: tuple[int, ...] = ()
    """Columns that stay on a narrow terminal."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._head = Line(classes="heading")
        self._rows: tuple[Row, ...] = ()
        self._page = 0
        self.table = filling(RecordTable("found", self.columns, hint="PgDn 翻页；F5 重新查询"))

    def compose_work(self) -> ComposeResult:
        """Criteria, then what was found."""
        yield self.view
        yield self._head
        yield self.table

    def show(self, head: str, rows: Sequence[Row]) -> None:
        """Show what was found and put the cursor there."""
        self._rows, self._page = tuple(rows), 0
        self._head.show(head)
        self._paint()
        if rows:
            self.go_to(self.table)
        else:
            self.nothing_found()

    def _paint(self) -> None:
        first = self._page * PAGE_ROWS
        fitted = uncut(self.columns, self._rows[first : first + PAGE_ROWS], self.keep, self.app.size.width)
        self.table.columns = fitted.columns
        self.table.show(fitted.rows, numbered_from=first + 1)

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        if 0 <= self._page + by <= max(len(self._rows) - 1, 0) // PAGE_ROWS:
            self._page += by
            self._paint()


class SettledAmounts(Enquiry):
    """What an employer owes for a month, by scheme; bill number, state and due day above."""

    columns = MONEY_COLUMNS
    keep = MONEY_KEEP
    LABELS = {"switch": "复算"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._bill: Bill | None = None

    def on_mount(self) -> None:
        """A word when nobody is in reception."""
        if self.has_employer:
            self.say("F5 查询")

    async def run(self, values: Mapping[str, Any]) -> None:
        """The valid bill of the month."""
        if not self.has_employer:
            return
        month = values["month"]
        self.say("")
        self.work_held(self.counter.settlement.bills(self.seat.employer, month, month), self._found)

    def _found(self, bills: Sequence[Bill]) -> None:
        valid = [bill for bill in bills if bill.state != "B9"]
        self._bill = valid[-1] if valid else None
        if self._bill is None:
            self.show("", ())
            return
        bill = self._bill
        marks = united(found for _, found in borne(bill.marks))
        said = f"核定编号 {bill.number}  {BILL_STATES[bill.state]}  缴费截止 {bill.due_on}"
        self.table.hint = "  ".join(part for part in (_HINT, legend(marks)) if part)
        head = f"{said}  应缴 {grouped(bill.total)} 元{signed('', marks)}"
        self.show(head, money_rows(bill.lines, bill.marks, self.counter.policy))

    async def open_row(self, table: RecordTable) -> None:
        """As F4."""
        del table
        await self.act_look()

    async def act_look(self) -> None:
        """How the amounts of a row came about; choices as ever."""
        row = self.table.current
        if self._bill is None or row is None or self.focused is not self.table:
            await super().act_look()
            return
        explain_bill(self, self._bill.number, row.key)

    async def act_switch(self) -> None:
        """The bill shown, computed again with today's figures."""
        if self._bill is None:
            self.say("请先按 F5 查询")
            return
        counter = self.counter
        again = RecomputeBill(store=counter.store, policy=counter.policy, shipped=counter.figures.law.shipped)
        self.work_held(again(self._bill.number), self._recomputed)

    async def _recomputed(self, again: BillAgain) -> None:
        await self.app.push_screen(RecomputedBill(again, self.heading()))

    async def act_print(self) -> None:
        """The payment notice of the bill shown."""
        bill = self._bill
        if bill is None:
            self.say("请先按 F5 查询")
            return
        if self.seat.session.operator.lacks("P29"):  # who settles hands the notice out too
            within("P63", "单位缴费通知单", self.seat)

        async def shown(papers: tuple[Paper, ...]) -> None:
            await show_papers(self, papers)

        self.work(self.counter.printing.notices(bill.employer, bill.month, bill.month), shown)
