"""99 参数与代码: what is in force in this region, what is missing or unconfirmed, and where each figure is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import YearMonth, read_month
from counter_tui.domain.posts import Right, Role
from counter_tui.domain.text import plain
from counter_tui.forms.help import key_lines
from counter_tui.policy import inventory
from screens.business import BusinessScreen
from screens.explanation import ExplanationPages
from screens.figure_views import VIEWS
from screens.help import Help
from screens.item_rows import filling
from screens.keymap import ACTIONS
from screens.marks import marked
from screens.widgets.field_input import FieldInput, FieldKind
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Line
from screens.widgets.record_table import PAGE_ROWS, RecordTable

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from counter_tui.policy.figure_entries import FigureEntry

_LABEL_CELLS: Final = 4
_HELP: Final = (
    "【参数与代码】",
    "  列出本地区在一个月份执行的缴费基数上下限、缴费比例、滞纳金、利率、计发基数、退休规定、参数和代码。",
    "  可载入的：缴费基数上下限、缴费比例、工伤类别、定额、参数、提示，和每年公布的记账利率、计发基数、指数平均工资。",
    "  其余（滞纳金、记账比例、退休规定、计发月数、代码）随程序更新。文件写法见说明「载入数值」。",
    "  月份：默认本月；可写 202607、2607、7 或 -1。查找：名称、数值、代码或出处的一部分。",
    "  数值后的〔未确认〕表示待经办机构按文件核对确认，〔演练数据〕表示虚构的数值，只用于演练。",
    "  「缺少的数值」须由系统管理员载入后才能办理用到它的业务；程序从不推算或沿用。",
    "  回车或 F4 看所在行的全部历史：各段的数值、公布日期、可信程度（高、中、低）和出处。",
    "  各岗位都可以查看；载入和确认由系统管理员和主管办理，一人申请，另一人确认。",
    "",
)


class Figures(BusinessScreen):
    """A month and a word to look for above a table; F7 goes through the views."""

    LABELS = {"look": "历史", "send": "载入"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._month = FieldInput("month", cells=8, limit=12, kind=FieldKind.NUMERIC, hint="月份，如 202607；回车查询")
        self._search = FieldInput("search", cells=30, limit=60, hint="名称、数值、代码或出处的一部分；回车查询")
        self._head = Line(classes="heading")
        self._view = 0
        self._shown_month: YearMonth | None = None
        self._found: tuple[FigureEntry, ...] = ()
        self._page = 0
        self.table = filling(
            RecordTable("figures", (), hint="回车看所在行的历史和出处；F7 换一类，PgDn 翻页，Shift+Tab 改条件")
        )

    def compose_work(self) -> ComposeResult:
        """Criteria, what is shown, the rows."""
        yield FieldRow("月份", self._month, label_cells=_LABEL_CELLS)
        yield FieldRow("查找", self._search, label_cells=_LABEL_CELLS)
        yield self._head
        yield self.table

    def heading(self) -> str:
        """Path and name, or only the name where the menu has no such entry."""
        entry = next((entry for entry in self.counter.menu() if entry.function == self.code), None)
        return f"{entry.path} {entry.name}" if entry else "参数与代码"

    def heading_right(self) -> str:
        """The region; nobody is in reception here."""
        return marked(self.counter, self.counter.policy.region.title)

    def on_mount(self) -> None:
        """This month's figures."""
        self._month.load(str(self._this_month))
        self._read()

    def on_screen_resume(self) -> None:
        """Something may have been loaded."""
        if self.is_mounted and self._shown_month is not None:
            self.retitle()
            self._read()

    def on_resize(self, event: events.Resize) -> None:
        """Columns are measured anew."""
        del event
        if self._shown_month is not None:
            self._paint()

    @property
    def _this_month(self) -> YearMonth:
        return YearMonth.of(self.counter.clock.today())

    def _read(self) -> None:
        """Find what the criteria ask for. Raises BadMonth."""
        typed = plain(self._month.value)
        month = read_month(typed, self._this_month) if typed else self._this_month
        self._month.load(str(month))
        self._shown_month, self._page = month, 0
        self._found = VIEWS[self._view].found(self.counter.policy, month, self._search.value)
        self._paint()
        if self._found:
            self.say("")
            self.go_to(self.table)
        else:
            self.say("没有这样的数值，改变条件后按 F5" if self._search.value else "没有这一类数值，F7 换一类")

    def _paint(self) -> None:
        view = VIEWS[self._view]
        others = "、".join(other.name for other in (*VIEWS[self._view + 1 :], *VIEWS[: self._view]))
        self._head.show(f"{view.name} {len(self._found)} 项（{self._shown_month}）  F7：{others}")
        first = self._page * PAGE_ROWS
        columns = view.columns(self.app.size.width)
        self.table.columns = columns
        page = self._found[first : first + PAGE_ROWS]
        self.table.show([view.row(entry, columns) for entry in page], numbered_from=first + 1)

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        if 0 <= self._page + by <= max(len(self._found) - 1, 0) // PAGE_ROWS:
            self._page += by
            self._paint()
        else:
            self.say("没有更多页")

    async def entered(self, field: FieldInput) -> bool:
        """Enter in a criterion asks."""
        del field
        self._read()
        return False

    async def open_row(self, table: RecordTable) -> None:
        """The whole history of a figure with its authority."""
        chosen = next((entry for entry in self._found if table.current and entry.code == table.current.key), None)
        if chosen is None:
            return
        history = [entry for entry in inventory.figures(self.counter.policy) if entry.code == chosen.code]
        if chosen.gap and not any(entry.gap and entry.since == chosen.since for entry in history):
            history.append(chosen)
        await self.app.push_screen(ExplanationPages((inventory.explained(history),)))

    def offers(self, action: str) -> bool:
        """F8 only for those who load or confirm; F4 opens the row."""
        if action == "send":
            operator = self.seat.session.operator
            return operator.holds(Right.ADMINISTER) or Role.SUPERVISOR in operator.roles
        return action == "look" or super().offers(action)

    async def act_look(self) -> None:
        """As Enter on the row."""
        await self.open_row(self.table)

    async def act_query(self) -> None:
        """Ask again."""
        self._read()

    async def act_clear(self) -> None:
        """This month, and everything."""
        self._month.load(str(self._this_month))
        self._search.load("")
        self._read()

    async def act_switch(self) -> None:
        """The next view."""
        self._view = (self._view + 1) % len(VIEWS)
        self._read()

    async def act_send(self) -> None:
        """Where figures are handed in and confirmed."""
        if not self.offers("send"):
            self.say("您的岗位不载入数值，请由系统管理员办理")
            return
        from screens.figure_loading import FigureLoading

        await self.app.push_screen(FigureLoading(self.code))

    async def act_help(self) -> None:
        """What this is for, and its keys."""
        name = self.desk.keymap.name
        keys = [
            (name(each.id), self.LABELS.get(each.id, each.label), each.help) for each in ACTIONS if self.offers(each.id)
        ]
        await self.app.push_screen(Help(self.heading(), [*_HELP, *key_lines(keys)]))
