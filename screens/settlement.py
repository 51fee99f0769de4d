"""当期缴费核定 (P29), 有变动结算 (P30), 无变动结算 (P31): a trial, the amount typed, the PIN, the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.messages import message
from counter_tui.domain.money import grouped
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import Grade as ProblemGrade
from counter_tui.domain.text import pad
from counter_tui.policy.explanation import borne, legend, signed, united
from counter_tui.services.explaining import trial_dues
from counter_tui.services.settlement import Order
from screens.criteria import CriteriaScreen
from screens.decisive import Decide, Decision, money
from screens.explained import explain_bill, show_explanation
from screens.item_rows import filling
from screens.receipts import show_papers
from screens.trial_views import EARLIER, MONEY_COLUMNS, explained_row, uncut, views
from screens.widgets.line import Line
from screens.widgets.message_line import Grade
from screens.widgets.record_table import PAGE_ROWS, RecordTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from counter_tui.domain.bills import Bill
    from counter_tui.domain.problems import Problem
    from counter_tui.operations.explaining import Dues
    from counter_tui.services.printing import Paper
    from counter_tui.services.settlement import Trial
    from screens.trial_views import View

_AMOUNTS: Final = "P50"
_JUMPS: Final[Mapping[str | None, str]] = {"M23": "P25", "M24": "P28", "M25": "P30", "M26": "P31"}
"""Functions that clear a problem away."""
WITHOUT_CHANGES: Final = "P31"


class Assessing(CriteriaScreen):
    """The month of the employer in reception."""

    LABELS = {"query": "试算", "send": "结算"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._trial: Trial | None = None
        self._order: Order | None = None
        self._dues: Dues | None = None
        """What the trial worked out, to be explained."""
        self._bill: Bill | None = None
        self._way_out = ""
        """Function that F4 opens after a refusal."""
        self._shown = 0
        self._page = 0
        self._title_line = Line(classes="heading")
        self.table = filling(RecordTable("trial", MONEY_COLUMNS, hint="F4 看计算过程，F7 换一张表，F8 结算"))

    def compose_work(self) -> ComposeResult:
        """What is assessed, then the views of the trial."""
        yield self.view
        yield self._title_line
        yield self.table

    def on_mount(self) -> None:
        """A word when nobody is in reception."""
        if self.has_employer:
            self.say("F5 试算；试算不保存任何内容")

    # Trial

    async def run(self, values: Mapping[str, Any]) -> None:
        """Compute the month; nothing is stored."""
        if not self.has_employer:
            return
        order = Order(
            function=self.code,
            month=values["month"],
            schemes=values.get("schemes") or (),
            late_fee=bool(values.get("late_fee")),
            late_fee_until=values.get("late_fee_until"),
            interest=bool(values.get("interest")),
        )
        self.say("正在试算，请稍候")

        def tried(trial: Trial) -> None:
            self._order, self._trial, self._shown, self._page = order, trial, 0, 0
            self._dues = trial_dues(trial, order, self.counter.policy, self.counter.clock.today())
            self._way_out = ""
            self._show()
            self._say_trial(trial)

        self.work(self.counter.settlement.trial(order, seat=self.seat), tried, group="trial")

    def _say_trial(self, trial: Trial) -> None:
        problem = self._hindrance(trial)
        if problem is not None:
            self._refuse(problem)
        elif trial.assessment is not None:
            self.go_to(self.table)
            signs = _signs(trial.assessment.marks)
            self.say(f"应缴合计 {grouped(trial.assessment.total)} 元{signs}，{trial.assessment.heads} 人；核对后按 F8")

    def _hindrance(self, trial: Trial) -> Problem | None:
        """What stands in the way of this operator: a supervisor may let an *ask* pass."""
        allowed = self.seat.session.operator.holds(Right.OVERRIDE)
        return next((each for each in trial.problems if each.grade is ProblemGrade.STOP or not allowed), None)

    def _refuse(self, problem: Problem) -> None:
        """Say it with the way out: F4 goes to the function that clears it away."""
        self.desk.bell()
        self._way_out = _JUMPS.get(problem.message, "")
        path = next((entry.path for entry in self.counter.menu() if entry.function == self._way_out), "")
        if problem.message is not None and (path or problem.grade is ProblemGrade.ASK):
            text = message(problem.message, *problem.facts).text
            rest = f"按 F4 前往（路径 {path}）" if path else "请由主管登录后办理，按 F12 返回"
            self.say(f"{text}。{rest}", Grade.PROBLEM)
        else:
            self._way_out = ""
            self.say(problem.sentence, Grade.PROBLEM)

    # Views

    @property
    def _views(self) -> tuple[View, ...]:
        return views(self._trial, self.counter.policy) if self._trial is not None else ()

    def _show(self) -> None:
        view = self._views[self._shown]
        first = self._page * PAGE_ROWS
        what = f"{view.name}（{self._shown + 1}/{len(self._views)}，F7 切换）"
        self._title_line.show("  ".join(part for part in (what, legend(view.marks)) if part))
        rows = view.rows[first : first + PAGE_ROWS]
        fitted = uncut(view.columns, rows, view.keep, self.app.size.width)
        self.table.columns = fitted.columns
        self.table.show(fitted.rows, numbered_from=first + 1)

    async def act_switch(self) -> None:
        """The next view."""
        if not self._views:
            self.say("请先按 F5 试算")
            return
        self._shown, self._page = (self._shown + 1) % len(self._views), 0
        self._show()
        if not self._views[self._shown].rows:
            self.say(f"{self._views[self._shown].name}：没有")

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page of the view."""
        del table
        rows = self._views[self._shown].rows if self._views else ()
        if 0 <= self._page + by <= max(len(rows) - 1, 0) // PAGE_ROWS:
            self._page += by
            self._show()

    async def open_row(self, table: RecordTable) -> None:
        """As F4."""
        del table
        await self.act_look()

    async def act_look(self) -> None:
        """How the money of a scheme came about; choices as ever."""
        if self._way_out:
            from screens.routes import open_function

            way, self._way_out = self._way_out, ""
            await self.app.push_screen(open_function(way))
            return
        row = self.table.current
        if self.focused is not self.table:
            await super().act_look()
            return
        if self._trial is None or row is None:
            self.say("这一行没有计算过程")
            return
        view = self._views[self._shown].name
        if view == EARLIER:
            explain_bill(self, row.key)
            return
        await show_explanation(self, explained_row(view, row.key, self._trial, self._dues))

    # Settling

    async def act_send(self) -> None:
        """The amount typed, the PIN, then the bill."""
        if not self.has_employer:
            return
        if self.values() is None:
            return
        trial, order = self._trial, self._order
        if trial is None or order is None or trial.assessment is None:
            self.say("请先按 F5 试算，核对后再按 F8", Grade.PROBLEM)
            return
        if (problem := self._hindrance(trial)) is not None:
            self._refuse(problem)
            return
        total = trial.assessment.total

        async def act(pin: bytearray, _: Mapping[str, Any]) -> Bill:
            bill = await self.counter.settlement.settle(order, total, seat=self.seat, pin=pin)
            await self.counter.refresh()
            return bill

        decision = Decision(
            title=f"{self.heading()} {order.month}",
            figures=self._figures(trial),
            figure=money(total),
            act=act,
            then=self._settled,
        )
        await self.app.push_screen(Decide(self.code, decision))

    def _figures(self, trial: Trial) -> tuple[str, ...]:
        lines = [f"{trial.employer.name}  {trial.employer.number}", ""]
        lines.extend(
            f"{pad(row.texts[0], 14)}{pad(row.texts[1], 6, right=True)}{pad(row.texts[5], 18, right=True)}"
            for row in views(trial, self.counter.policy)[0].rows
        )
        if trial.assessment is not None and trial.assessment.out_of_range:
            lines.append(f"其中 {len(trial.assessment.out_of_range)} 项基数超出上下限，按上下限核定")
        if trial.assessment is not None and trial.assessment.marks:
            lines.extend(["", "所依据的数值中：", *trial.assessment.marks])
        return tuple(lines)

    def _settled(self, bill: Bill) -> None:
        self._bill, self._trial = bill, None
        self.retitle()
        word = message("M45").text if self.code == WITHOUT_CHANGES else "核定完成"
        self._way_out = _AMOUNTS
        owed = f"应缴 {grouped(bill.total)} 元{_signs(bill.marks)}"
        self.done(f"{word}，核定编号 {bill.number}，{owed}；F9 打印缴费通知单，F4 查看")

    async def act_print(self) -> None:
        """The payment notice of the bill just made."""
        month = self._bill.month if self._bill is not None else self._order.month if self._order is not None else None
        if month is None:
            self.say("结算完成后可打印缴费通知单")
            return

        async def shown(papers: tuple[Paper, ...]) -> None:
            await show_papers(self, papers)

        self.work(self.counter.printing.notices(self.seat.employer, month, month), shown)


class Settling(Assessing):
    """确认单位信息, then the amount, then the PIN."""

    async def act_enter(self) -> None:
        """A confirmed employer shows its amount at once."""
        confirmed = self.view.rows.get("confirmed")
        here = confirmed is not None and self.focused is confirmed.widget
        await super().act_enter()
        if here and confirmed is not None and confirmed.text in {"是", "1"}:
            await self.act_query()


def _signs(sayings: Sequence[str]) -> str:
    """Short marks of everything that a bill rests on."""
    return signed("", united(marks for _, marks in borne(sayings)))
