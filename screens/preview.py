"""Print preview: the pages of a paper as lines, no wider than the terminal; printing never waits for a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol, runtime_checkable

from counter_tui import jobs
from counter_tui.domain.text import fit, plain, safe, width
from screens.explained import explain_bill
from screens.seated import Seated
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.message_line import Grade
from screens.widgets.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.services.ports import Print
    from counter_tui.services.printing import Imprint, Paper

HINT: Final = "PgDn、PgUp 翻页；输页码回车；输文字按 F5 查找；F9 打印"
OF_BILLS: Final = frozenset({"D01", "D02"})
"""Papers of a bill, whose amounts explain themselves."""


@runtime_checkable
class LiesSomewhere(Protocol):
    """A print folder that is a folder of this host."""

    folder: Path


class Preview(Seated):
    """One paper after the other, page by page."""

    LABELS: ClassVar[Mapping[str, str]] = {"save": "存文件", "query": "查找", "switch": "目录", "clear": "清除"}

    def __init__(self, papers: Sequence[Paper]) -> None:
        """Show papers, the first one first. There must be one at least."""
        super().__init__()
        if not papers:
            raise ValueError("a preview needs a paper")
        self._papers = tuple(papers)
        self._paper = 0
        self._page = 0
        self._pages: list[tuple[str, ...]] = []
        self._imprint: Imprint | None = None
        self._printed: set[int] = set()
        self._hit: tuple[int, int] | None = None
        self._box = FieldInput("page", cells=20, limit=60, hint=HINT)
        self._reader = Reader("sheet")
        self._reader.can_focus = False

    @property
    def paper(self) -> Paper:
        """The paper that is shown."""
        return self._papers[self._paper]

    def heading(self) -> str:
        """Which paper, and how many there are."""
        more = f"  {self._paper + 1}/{len(self._papers)}" if len(self._papers) > 1 else ""
        return f"打印预览  {self.paper.title}{more}"

    def compose_work(self) -> ComposeResult:
        """The page, and where page numbers and words to find are typed."""
        yield self._reader
        yield FieldRow("页码或文字", self._box, label_cells=10)

    def on_mount(self) -> None:
        """Lay out the first paper."""
        self._open(0)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the terminal as it is now."""
        del event
        if self._imprint is not None:
            self.call_after_refresh(self._lay_out)

    def _open(self, number: int) -> None:
        self._paper, self._page, self._hit, self._imprint = number, 0, None, None
        self._box.hint = f"{HINT}；F4 金额由来" if self.offers("look") else HINT
        self.retitle()
        self.work_held(self.counter.printing.imprint(self.paper, seat=self.seat), self._stamped)

    def _stamped(self, imprint: Imprint) -> None:
        self._imprint = imprint
        self._lay_out()

    def _lay_out(self) -> None:
        if self._imprint is None:
            return
        columns, lines = max(self.size.width, 20), max(self._reader.size.height, 8)
        self._pages = self.paper.preview(self._imprint, columns=columns, lines=lines) or [("（没有内容）",)]
        self._page = min(self._page, len(self._pages) - 1)
        self._show_page()

    def _show_page(self, mark: int = -1) -> None:
        cells = max(self.size.width, 20)
        self._reader.show([_cut(line, cells) for line in self._pages[self._page]], mark=mark)
        self.say(f"第 {self._page + 1} 页，共 {len(self._pages)} 页{self._reader.place and '；上下箭头看其余各行'}")

    # Pages

    def _leaf(self, by: int) -> None:
        if 0 <= self._page + by < len(self._pages):
            self._page += by
            self._show_page()
        elif by > 0 and self._paper + 1 < len(self._papers):
            self.say("已是最后一页，F7 打印目录中有其余各份")
        else:
            self.say("已是最后一页" if by > 0 else "已是第一页")

    async def act_page_down(self) -> None:
        """The next page; what did not fit on the screen comes first."""
        if not self._reader.turn(1):
            self._leaf(1)

    async def act_page_up(self) -> None:
        """The page before."""
        if not self._reader.turn(-1):
            self._leaf(-1)

    async def act_down(self) -> None:
        """One line on."""
        if not self._reader.move(1):
            self._leaf(1)

    async def act_up(self) -> None:
        """One line back."""
        if not self._reader.move(-1):
            self._leaf(-1)

    async def act_enter(self) -> None:
        """To the page whose number was typed; without one to the next."""
        typed = plain(self._box.value)
        if self._box.asks_help:
            await super().act_enter()
        elif not typed:
            await self.act_page_down()
        elif typed.isdecimal() and 1 <= int(typed) <= len(self._pages):
            self._page = int(typed) - 1
            self._box.load("")
            self._show_page()
        elif typed.isdecimal():
            self._box.select_all()
            self.desk.bell()
            self.say(f"没有第 {typed} 页，共 {len(self._pages)} 页", Grade.PROBLEM)
        else:
            await self.act_query()

    def offers(self, action: str) -> bool:
        """F4 only where there are amounts to look into."""
        return self.paper.document in OF_BILLS if action == "look" else super().offers(action)

    async def act_look(self) -> None:
        """How the grand total came about, down to the law."""
        if self.paper.document in OF_BILLS:
            explain_bill(self, self.paper.serial)
        else:
            self.say("这份文书没有金额的计算过程")

    async def act_query(self) -> None:
        """The next line with the text that was typed; after the last one from the beginning."""
        wanted = plain(self._box.value).lower()
        if not wanted:
            self.say("请先输入要查找的文字，再按 F5")
            return
        places = [
            (page, line)
            for page, lines in enumerate(self._pages)
            for line, text in enumerate(lines)
            if wanted in plain(text).lower()
        ]
        if not places:
            self._hit = None
            self.desk.bell()
            self.say(f"没有找到「{self._box.value.strip()}」", Grade.PROBLEM)
            return
        after = [place for place in places if self._hit is None or place > self._hit]
        self._hit = (after or places)[0]
        self._page = self._hit[0]
        self._show_page(mark=self._hit[1])
        self.say(f"第 {self._page + 1} 页，第 {places.index(self._hit) + 1} 处，共 {len(places)} 处；F5 下一处")

    async def act_clear(self) -> None:
        """Forget what was typed."""
        self._box.load("")
        self._hit = None

    async def act_switch(self) -> None:
        """The list of papers."""
        rows = [
            f"{paper.title}  {paper.month or ''}  {paper.serial}{'  已打印' if number in self._printed else ''}"
            for number, paper in enumerate(self._papers)
        ]
        self.open_panel(rows, self._open)

    # Printing

    async def act_print(self) -> None:
        """Print this paper; the next one may be looked at meanwhile."""
        self._print("打印")

    async def act_save(self) -> None:
        """Keep it as a file in the print folder, which is what printing does without a spooler."""
        self._print("存文件")

    def _print(self, what: str) -> None:
        number, paper = self._paper, self.paper
        copies = paper.copies if what == "打印" else 1
        self.say(f"正在{what}：{paper.title}，可继续操作")

        def told(printed: Print) -> None:
            self._printed.add(number)
            again = f"（补打 {printed.nth - 1}）" if printed.nth > 1 else ""
            done = f"已打印 {copies} 份" if what == "打印" else "已存为文件"
            self.say(f"{done}{again}：{self._where(printed.file, what)}", Grade.DONE)
            self.refresh_status()

        self.work(jobs.finish(self.counter.printing.print(paper, seat=self.seat, copies=copies)), told)

    def _where(self, file: str, what: str) -> str:
        """The file's name; with its folder where the clerk asked for a file."""
        folder = self.counter.printing.folder
        return str(folder.folder / file) if what != "打印" and isinstance(folder, LiesSomewhere) else file


def _cut(line: str, cells: int) -> str:
    """A line no wider than the terminal, whatever made it."""
    return line if width(safe(line)) <= cells else fit(safe(line), cells)
