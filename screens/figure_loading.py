"""载入数值: files of figures that wait, that rule, that were refused; and where a new one is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.figures import FiguresState
from counter_tui.domain.posts import Right
from counter_tui.errors import CounterError
from screens.business import BusinessScreen
from screens.figure_answers import AnswerFigures, ProposeFigures
from screens.item_rows import filling, kept
from screens.marks import marked
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Words
from screens.widgets.reader import folded
from screens.widgets.record_table import PAGE_ROWS, Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from counter_tui.domain.figures import FiguresFile
    from counter_tui.services.figures import Looked

CODE: Final = "figures"
"""What the screens of loading are called among business functions."""
_LABEL_CELLS: Final = 10
_REASON_CELLS: Final = 200
_COLUMNS: Final = (
    Column(label="文件", cells=24),
    Column(label="状态", cells=8),
    Column(label="申请", cells=16),
    Column(label="生效日", cells=10),
)
_KEEP: Final = (0, 1, 3)
"""File, state and day."""


class NotAdministrator(CounterError):
    """您的岗位不能申请载入数值，请由系统管理员办理"""


class FigureLoading(BusinessScreen):
    """Every file that was ever handed in; a new one is named in the field above."""

    LABELS = {"look": "查看"}  # noqa: RUF012 - as the base declares it

    def __init__(self, code: str = CODE) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._files: tuple[FiguresFile, ...] = ()
        self._page = 0
        self._where = Words("", classes="derived")
        self._file = FieldInput("file", cells=40, limit=120, hint="要载入的文件名，回车核对；F4 列出目录中的文件")
        self.table = filling(RecordTable("files", _COLUMNS, hint="回车打开所在行；F5 刷新，PgDn 翻页"))

    def compose_work(self) -> ComposeResult:
        """The file to load, then what was handed in."""
        yield self._where
        yield FieldRow("文件名", self._file, label_cells=_LABEL_CELLS)
        yield self.table

    def heading(self) -> str:
        """What this is."""
        return "载入数值"

    def heading_right(self) -> str:
        """The words that hold everywhere; nobody is in reception here."""
        return marked(self.counter)

    def on_mount(self) -> None:
        """Say where files lie, and read what was handed in."""
        incoming = self.counter.figures.incoming
        self._where.show(
            "\n".join(folded([f"载入目录：{incoming.shown}"], self.app.size.width - 1)) if incoming else ""
        )
        self._refind()

    def on_screen_resume(self) -> None:
        """Something may have been decided."""
        if self.is_mounted and self._files:
            self._refind()

    def _refind(self) -> None:
        self.work_held(self.counter.figures.files(), self._show)

    def refound(self, said: str) -> None:
        """Read again after something was done, and say it."""
        self._file.load("")
        self._refind()
        self.done(said)

    def _show(self, files: tuple[FiguresFile, ...]) -> None:
        self._files = files
        self._page = min(self._page, max(len(files) - 1, 0) // PAGE_ROWS)
        first = self._page * PAGE_ROWS
        rows = [_row(each) for each in files[first : first + PAGE_ROWS]]
        fitted = kept(_COLUMNS, rows, _KEEP, self.app.size.width)
        self.table.columns = fitted.columns
        self.table.show(fitted.rows, numbered_from=first + 1)

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """Another page."""
        del table
        if 0 <= self._page + by <= max(len(self._files) - 1, 0) // PAGE_ROWS:
            self._page += by
            self._show(self._files)

    async def entered(self, field: FieldInput) -> bool:
        """Read the file that was named."""
        if field is not self._file or not field.value.strip():
            return await super().entered(field)
        field.select_all()
        if not self.seat.session.operator.holds(Right.ADMINISTER):
            raise NotAdministrator
        self.work(self.counter.figures.look_at(field.value.strip()), self._looked)
        return False

    async def _looked(self, looked: Looked) -> None:
        await self.app.push_screen(ProposeFigures(self.code, looked, self.refound))

    def offers(self, action: str) -> bool:
        """F4 lists the folder, or opens the row."""
        return action == "look" or super().offers(action)

    async def act_look(self) -> None:
        """The files that lie in the folder; on the table, the row."""
        if self.focused is self.table:
            await self.open_row(self.table)
        else:
            self.work_held(self.counter.figures.lying_there(), self._offer)

    def _offer(self, names: Sequence[str]) -> None:
        if not names:
            self.say("载入目录中没有文件，请先把数值文件放进去")
            return

        def pick(row: int) -> None:
            self._file.load(names[row])
            self.say("回车核对该文件")

        self.open_panel(list(names), pick)

    async def act_query(self) -> None:
        """Ask the hub for news and read again."""
        self.counter.line.wake()
        self.say("")
        self._refind()

    async def open_row(self, table: RecordTable) -> None:
        """What a file changes, and its answer."""
        row = table.current
        file = next((each for each in self._files if row is not None and each.id == row.key), None)
        if file is not None:
            await self.app.push_screen(AnswerFigures(self.code, file, self.refound))


def _row(file: FiguresFile) -> Row:
    asked = f"{file.proposed.operator} {file.proposed.at.astimezone(BEIJING):%m-%d %H:%M}"
    ruling = file.in_force.isoformat() if file.in_force else ""
    waits = file.state is FiguresState.PROPOSED
    return Row(key=file.id, texts=(file.name, file.state.label, asked, ruling), mark="!" if waits else " ")
