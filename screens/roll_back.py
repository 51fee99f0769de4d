"""核定回退 (P34): one person asks, a second one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.acceptance import grouped_number
from counter_tui.domain.money import grouped
from counter_tui.domain.posts import Right
from counter_tui.policy.explanation import borne, legend, united
from screens.admission import within
from screens.business import BusinessScreen
from screens.criteria import CriteriaScreen
from screens.decisive import Decide, Decision, money, plain_facts
from screens.explained import explain_bill
from screens.item_rows import filling
from screens.trial_views import BILL_STATES, MONEY_COLUMNS, MONEY_KEEP, money_rows, uncut
from screens.widgets.line import Line
from screens.widgets.message_line import Grade
from screens.widgets.record_table import Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from counter_tui.domain.bills import Bill, RollBack
    from counter_tui.domain.problems import Problem
    from counter_tui.services.recording import Recorded

_REQUESTS: Final = (
    Column(label="单位编号", cells=14),
    Column(label="所属期", cells=8),
    Column(label="核定编号", cells=14),
    Column(label="申请人", cells=6),
    Column(label="原因", cells=22),
)


_HINT: Final = "F4 看计算过程，核对后按 F8 申请回退"


class RollingBack(CriteriaScreen):
    """Pick the month, read its bill, give the reason, ask; reviewers see what waits with F7."""

    LABELS = {"send": "申请", "switch": "待确认"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._bill: Bill | None = None
        self._shown = ""
        """Number of the bill in the table."""
        self._head = Line(classes="heading")
        self.table = filling(RecordTable("bill", MONEY_COLUMNS, hint=_HINT))

    def compose_work(self) -> ComposeResult:
        """Month and reason, then the bill."""
        yield self.view
        yield self._head
        yield self.table

    def on_mount(self) -> None:
        """A word when nobody is in reception."""
        if self.has_employer:
            self.say("F5 查看该月核定单")

    async def act_query(self) -> None:
        """The bill of the month; the reason may come later."""
        if self.has_employer:
            texts = self.view.texts()
            values, problems = self.view.form.values({**texts, "reason": texts["reason"] or "-"}, plain_facts(self))
            if problems:
                self.stop([(each.field, each.sentence) for each in problems])
                return
            self.work_held(self._found(values["month"]), self._show)

    async def _found(self, month: Any) -> tuple[Bill | None, Problem | None, RollBack | None]:
        settlement, employer = self.counter.settlement, self.seat.employer
        valid = [bill for bill in await settlement.bills(employer, month, month) if bill.state != "B9"]
        bill = valid[-1] if valid else None
        problem = await settlement.can_roll_back(bill) if bill is not None else None
        return bill, problem, await settlement.roll_back_asked(employer, month)

    def _show(self, found: tuple[Bill | None, Problem | None, RollBack | None]) -> None:
        bill, problem, asked = found
        self._bill = bill if problem is None and asked is None else None
        if bill is None:
            self.table.show(())
            self._head.show("")
            self.nothing_found()
            return
        self._head.show(f"核定编号 {bill.number}  {bill.month}  {BILL_STATES[bill.state]}")
        self._shown = bill.number
        marks = united(found for _, found in borne(bill.marks))
        self.table.hint = "  ".join(part for part in (_HINT, legend(marks)) if part)
        rows = money_rows(bill.lines, bill.marks, self.counter.policy)
        fitted = uncut(MONEY_COLUMNS, rows, MONEY_KEEP, self.app.size.width)
        self.table.columns = fitted.columns
        self.table.show(fitted.rows)
        if problem is not None:
            self.say(problem.sentence, Grade.PROBLEM)
        elif asked is not None:
            self.say(f"{asked.month} 的回退已由 {asked.maker.operator} 申请，等待第二人确认", Grade.PROBLEM)
        else:
            self.say("填写回退原因，核对后按 F8")

    async def act_send(self) -> None:
        """Ask for the roll-back: the amount typed, the PIN."""
        values = self.values()
        bill = self._bill
        if values is None:
            return
        if bill is None or bill.month != values["month"]:
            self.say("请先按 F5 查看该月核定单，再按 F8", Grade.PROBLEM)
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            kept = await self.counter.settlement.ask_roll_back(bill, reason=values["reason"], seat=self.seat, pin=pin)
            await self.counter.refresh()
            return kept

        decision = Decision(
            title="申请核定回退",
            figures=(f"{bill.month} 核定编号 {bill.number}", f"应缴合计 {grouped(bill.total)} 元", values["reason"]),
            figure=money(bill.total),
            act=act,
            then=self._asked,
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _asked(self, kept: Recorded) -> None:
        self._bill = None
        self.counter.last_acceptance = kept.acceptance_number
        self.done(f"已申请核定回退，受理号 {grouped_number(kept.acceptance_number)}，等待第二人确认")

    async def act_look(self) -> None:
        """How the amounts of the bill came about; choices as ever."""
        row = self.table.current
        if self.focused is self.table and row is not None and self._shown:
            explain_bill(self, self._shown, row.key)
        else:
            await super().act_look()

    async def act_switch(self) -> None:
        """Requests that wait for a second person."""
        await self.app.push_screen(RollBackRequests(self.code))


class RollBackRequests(BusinessScreen):
    """Open requests of the bureau: F8 agrees, F6 refuses; nobody answers his own."""

    LABELS = {"send": "同意", "clear": "不同意"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._asked: tuple[RollBack, ...] = ()
        self.table = filling(RecordTable("requests", _REQUESTS, hint="F8 同意回退，F6 不同意"))

    def compose_work(self) -> ComposeResult:
        """The requests."""
        yield self.table

    def heading(self) -> str:
        """What waits."""
        return "待确认的核定回退"

    def on_mount(self) -> None:
        """Read them."""
        self._refind()

    def _refind(self) -> None:
        self.work_held(self.counter.store.read(lambda r: tuple(r.register.roll_backs())), self._show)

    def _show(self, asked: tuple[RollBack, ...]) -> None:
        self._asked = asked
        self.table.show(
            [
                Row(
                    key=each.operation,
                    texts=(each.employer, str(each.month), each.bill, each.maker.operator, each.reason),
                )
                for each in asked
            ]
        )
        if not asked and not self.message:
            self.say("没有待确认的核定回退")

    async def act_query(self) -> None:
        """Read them again."""
        self.say("")
        self._refind()

    async def act_send(self) -> None:
        """Agree."""
        await self._decide(agree=True)

    async def act_clear(self) -> None:
        """Refuse."""
        await self._decide(agree=False)

    async def act_switch(self) -> None:
        """Back."""
        await self.act_back()

    async def _decide(self, *, agree: bool) -> None:
        row = self.table.current
        asked = next((each for each in self._asked if row is not None and each.operation == row.key), None)
        if asked is None:
            self.say("没有可确认的申请")
            return
        within("P34", "核定回退", self.seat)
        if not self.seat.session.operator.holds(Right.CONFIRM):
            self.say("您的岗位不能确认核定回退，请由复核人员办理", Grade.PROBLEM)
            return

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Recorded:
            kept = await self.counter.settlement.answer_roll_back(asked, agree=agree, seat=self.seat, pin=pin)
            await self.counter.refresh()
            return kept

        word = "同意" if agree else "不同意"
        decision = Decision(
            title=f"{word}核定回退",
            figures=(f"单位 {asked.employer}  {asked.month}  核定编号 {asked.bill}", f"原因：{asked.reason}"),
            act=act,
            then=lambda _: self._answered(word),
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _answered(self, word: str) -> None:
        self._refind()
        self.done(f"已{word}核定回退")
