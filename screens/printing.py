"""报表打印 (P60, P63, P64): criteria, what was found, its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.masking import mask_id
from counter_tui.domain.problems import Rejected
from counter_tui.services.staff_changes import ChangesWanted
from screens.business import named
from screens.enquiry import Enquiry
from screens.item_rows import filling
from screens.receipts import show_papers
from screens.widgets.record_table import Column, RecordTable, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.services.printing import Paper
    from counter_tui.services.staff_changes import ChangeRow

NOTICES: Final = "P63"
_COLUMNS: Final = (
    Column(label="所属期", cells=8),
    Column(label="核定编号", cells=20),
    Column(label="文书", cells=24),
    Column(label="份数", cells=4, right=True),
)


class PrintBills(Enquiry):
    """Assessed months of the employer in reception; void ones are not listed."""

    columns = _COLUMNS
    keep = (0, 1, 3)

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self._papers: tuple[Paper, ...] = ()

    def on_mount(self) -> None:
        """A word when nobody is in reception."""
        if self.has_employer:
            self.say("填写起止年月后按 F5")

    async def run(self, values: Mapping[str, Any]) -> None:
        """The papers of the months."""
        if not self.has_employer:
            return
        self.say("")
        self.work_held(self._find(values), self._found)

    async def _find(self, values: Mapping[str, Any]) -> tuple[Paper, ...] | Rejected:
        printing = self.counter.printing
        papers = printing.notices if self.code == NOTICES else printing.assessments
        try:
            return await papers(self.seat.employer, values["since"], values["until"])
        except Rejected as refusal:
            return refusal

    def _found(self, papers: tuple[Paper, ...] | Rejected) -> None:
        if isinstance(papers, Rejected):
            self._papers = ()
            self.show("", ())
            self.stop([(each.field, each.sentence) for each in papers.problems])
            return
        self._papers = papers
        self.show(
            f"共 {len(papers)} 份，回车或 F9 预览",
            [
                Row(key=each.serial, texts=(str(each.month or ""), each.serial, each.title, str(each.copies)))
                for each in papers
            ],
        )

    async def open_row(self, table: RecordTable) -> None:
        """Preview the paper of the row."""
        row = table.current
        chosen = tuple(each for each in self._papers if row is not None and each.serial == row.key)
        if chosen:
            await show_papers(self, chosen)

    async def act_print(self) -> None:
        """Preview the paper of the row."""
        if self._papers:
            await self.open_row(self.table)
        else:
            self.say("请先按 F5 查询，再选择要打印的月份")


class PrintChanges(Enquiry):
    """Changes of staff and files of the employer in reception: ticked or all of them, one sheet for each month."""

    columns = (
        Column(label="结算期", cells=7),
        Column(label="姓名", cells=8),
        Column(label="证件号码", cells=18),
        Column(label="变更", cells=8),
        Column(label="变更日期", cells=10),
        Column(label="状态", cells=8),
    )
    keep = (1, 2, 3, 5)

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        hint = "空格勾选，* 全选；F9 预览勾选的，不勾选为全部"
        self.table = filling(RecordTable("found", self.columns, tickable=True, hint=hint))
        self._wanted: ChangesWanted | None = None
        self._changes: tuple[ChangeRow, ...] = ()

    def on_mount(self) -> None:
        """A word when nobody is in reception."""
        if self.has_employer:
            self.say("F5 查询")

    async def run(self, values: Mapping[str, Any]) -> None:
        """The changes of the months."""
        if not self.has_employer:
            return
        self._wanted = ChangesWanted(
            since=values["since"],
            until=values["until"],
            change=values["change"],
            state=values["state"],
            name=values["name"],
            id_number=values["id_number"],
        )
        self.say("")
        self.work_held(self._find(self._wanted), self._found)

    async def _find(self, wanted: ChangesWanted) -> tuple[ChangeRow, ...] | Rejected:
        try:
            return await self.counter.printing.changes(self.seat.employer, wanted)
        except Rejected as refusal:
            return refusal

    def _found(self, changes: tuple[ChangeRow, ...] | Rejected) -> None:
        self.table.ticks.clear()
        if isinstance(changes, Rejected):
            self._changes = ()
            self.show("", ())
            self.stop([(each.field, each.sentence) for each in changes.problems])
            return
        self._changes = changes
        sheets = len({each.item.month for each in changes})
        self.show(f"共 {len(changes)} 人次，{sheets} 张表；空格勾选，F9 预览", [_change(each) for each in changes])

    async def open_row(self, table: RecordTable) -> None:
        """Preview the sheets, as F9."""
        del table
        await self.act_print()

    async def act_print(self) -> None:
        """Preview the sheets of the ticked changes, or of all."""
        if self._wanted is None or not self._changes:
            self.say("请先按 F5 查询，再选择要打印的变更")
            return

        async def shown(papers: tuple[Paper, ...]) -> None:
            await show_papers(self, papers)

        chosen = frozenset(self.table.ticks)
        printing = self.counter.printing
        self.work_held(printing.staff_changes(self.seat.employer, self._wanted, seat=self.seat, chosen=chosen), shown)


def _change(row: ChangeRow) -> Row:
    item = row.item
    texts = (
        str(item.month),
        item.person_name,
        mask_id(item.id_number),
        row.change,
        row.on.isoformat(),
        named("CL-ITEMSTATE", item.state),
    )
    return Row(key=item.id, texts=texts)
