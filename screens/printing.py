"""报表打印 (P63, P64): months, the papers found, their preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.problems import Rejected
from screens.enquiry import Enquiry
from screens.receipts import show_papers
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.services.printing import Paper
    from screens.widgets.record_table import RecordTable

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
