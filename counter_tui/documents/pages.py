"""Sheets laid out over pages: head on each, rows as they fit, what closes the form on the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.documents.composition import bracketed, capitals_line
from counter_tui.documents.qr import QUIET, SIDE, draw_code
from counter_tui.documents.table import CLOSE, ROOMY, Table
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.documents.composition import Fact, Seal, Sheet
    from counter_tui.documents.paper import Lines, Paper
    from counter_tui.documents.stamp import Stamp
    from counter_tui.documents.table import Row

TITLE: Final = 17.0
TEXT: Final = 9.5
FOOT: Final = 8.0
_MARK_LINE: Final = 12.0
_TITLE_LINE: Final = 30.0
_REFERENCE_LINE: Final = 18.0
_FOOT_LINE: Final = 18.0
_FACT_LABEL: Final = 82.0
_INSET: Final = 5.0
_SEAL: Final = 88.0
_SIGNATURES: Final = 26.0
_GAP: Final = 8.0
_CODE_ROOM: Final = SIDE + 2 * QUIET
_COMPANY: Final = 4
"""Rows that go over with the close, so that sums and seals do not stand below a single row."""


class TooMuchText(CounterError):
    """{title}有一栏文字过长，一页放不下，请缩短后再打印"""

    title: str


class SheetPages:
    """One sheet, measured; `draw` puts it on paper."""

    def __init__(self, paper: Paper, sheet: Sheet, stamp: Stamp, *, least: float) -> None:
        self._paper = paper
        self._sheet = sheet
        self._stamp = stamp
        self._code = sheet.code
        self._least = least
        self._table = Table(paper, sheet.grid, least=least)
        self._summary = Table(paper, sheet.summary, least=least) if sheet.summary else None
        self._facts = self._fitted_facts()
        self._notes = [
            paper.fitted(note, paper.printable, TEXT, lines=4) for note in (*bracketed(sheet.marks), *sheet.notes)
        ]

    def draw(self) -> int:
        """Draw all pages; returns how many."""
        pages = self._pages()
        start = 0
        for number, rows in enumerate(pages, start=1):
            if self._stamp.across:
                self._paper.write_across(self._stamp.across)
            top = self._draw_head()
            frame = top - self._facts_height
            top = self._table.draw_rows(rows, self._table.draw_head(top))
            cells = self._sheet.grid.rows[start : start + len(rows)]
            start += len(rows)
            if self._sheet.grid.totalled and len(pages) > 1:
                top = self._table.draw_total("本页小计", cells, top)
            if number == len(pages):
                top = self._draw_sums(top)
            self._paper.box(self._paper.left, frame, self._paper.printable, top - frame, thick=1.0)
            if number == len(pages):
                self._draw_close(top)
            self._draw_foot(number, len(pages))
            self._paper.turn()
        return len(pages)

    @property
    def fits_one_page(self) -> bool:
        """Whether everything stands on one page."""
        return _height(self._table.rows, self._table) + self._close_height <= self._room

    def _pages(self) -> list[list[Row]]:
        """Rows of each page: as many as fit, the last page with room for what closes the form."""
        rows, room = self._table.rows, self._room
        if self.fits_one_page:
            return [rows]
        subtotal = self._table.total_height if self._sheet.grid.totalled else 0.0
        pages: list[list[Row]] = [[]]
        height = 0.0
        for row in rows:
            if pages[-1] and height + row.height + subtotal > room:
                pages.append([])
                height = 0.0
            pages[-1].append(row)
            height += row.height
        last = pages[-1]
        if _height(last, self._table) + subtotal + self._close_height > room:
            pages[-1:] = [last[:-1], last[-1:]]
            for _ in range(min(_COMPANY, len(last) - 1) - 1):
                if _height(last[len(pages[-2]) - 1 :], self._table) + subtotal + self._close_height > room:
                    break
                pages[-1].insert(0, pages[-2].pop())
        tallest = max(_height(page, self._table) for page in pages)
        if tallest + subtotal > room or _height(pages[-1], self._table) + subtotal + self._close_height > room:
            raise TooMuchText(title=self._sheet.title)
        return [page for page in pages if page]

    @property
    def _fact(self) -> float:
        """Least height of a line of facts."""
        return self._least + 2

    @property
    def _room(self) -> float:
        """Points for rows, sums and the close on one page."""
        return self._paper.height - 2 * self._paper.margin - self._head_height - self._table.head_height - _FOOT_LINE

    @property
    def _head_height(self) -> float:
        return self._title_height + self._facts_height

    @property
    def _title_height(self) -> float:
        """Points above the facts; the code of an operation printed offline stands in their right corner."""
        reference = self._sheet.reference or self._sheet.period or self._sheet.unit
        height = _MARK_LINE + _TITLE_LINE + (_REFERENCE_LINE if reference else _GAP / 2)
        return max(height, SIDE + _REFERENCE_LINE) if self._corner else height

    @property
    def _corner(self) -> str:
        return self._stamp.operation if self._stamp.offline else ""

    @property
    def _facts_height(self) -> float:
        height = sum(height for _, height in self._facts)
        return max(height, _CODE_ROOM + FOOT + 2) if self._code else height

    @property
    def _close_height(self) -> float:
        """Points of all that stands below the rows on the last page."""
        height = self._table.total_height if self._sheet.grid.totalled else 0.0
        height += self._fact if self._sheet.capitals else 0.0
        height += sum(note.height for note in self._notes) + (_GAP if self._notes else 0.0)
        if self._summary:
            height += _GAP + self._summary.head_height + _height(self._summary.rows, self._summary)
        height += _GAP + _SEAL if self._sheet.seals else 0.0
        return height + (_SIGNATURES if self._sheet.signatures else 0.0)

    def _fitted_facts(self) -> list[tuple[list[tuple[Fact, float, Lines]], float]]:
        """Facts of each line with their width and broken value, and the line's height."""
        room = self._paper.printable - (_CODE_ROOM if self._code else 0.0)
        fitted = []
        for line in self._sheet.facts:
            unit = room / sum(fact.span for fact in line)
            values = [
                (
                    fact,
                    unit * fact.span,
                    self._paper.fitted(fact.value, unit * fact.span - _FACT_LABEL - 2 * _INSET, TEXT),
                )
                for fact in line
            ]
            fitted.append((values, max(self._fact, max(value.height for *_, value in values) + _GAP)))
        return fitted

    def _draw_head(self) -> float:
        paper, top, right = self._paper, self._paper.margin, self._paper.right
        bottom = top + self._title_height
        if self._corner:
            right -= SIDE + _GAP
            draw_code(paper, self._corner, paper.right - SIDE, top)
            caption = "联网后凭此码核验"
            paper.write_centred(caption, paper.right - SIDE / 2, bottom - 2, paper.shrunk(caption, SIDE, 7.5))
        if self._stamp.offline:
            paper.write("离线打印·待同步核验", paper.left, top + TEXT, TEXT)
        paper.write_right(self._stamp.again, right, top + TEXT, TEXT)
        title = self._stamp.region_title + self._sheet.title
        size = paper.shrunk(title, 2 * (right - paper.width / 2), TITLE)
        paper.write_centred(title, paper.width / 2, top + _MARK_LINE + TITLE, size, bold=True)
        baseline = bottom - _GAP
        paper.write(self._sheet.reference, paper.left, baseline, TEXT)
        paper.write_centred(self._sheet.period, paper.width / 2, baseline, TEXT)
        paper.write_right(self._sheet.unit, right, baseline, TEXT)
        self._draw_facts(bottom)
        return bottom + self._facts_height

    def _draw_facts(self, top: float) -> None:
        paper, spare = self._paper, 0.0
        if self._code:
            spare = (self._facts_height - sum(height for _, height in self._facts)) / max(len(self._facts), 1)
            left = paper.right - _CODE_ROOM
            paper.box(left, top, _CODE_ROOM, self._facts_height)
            begin = top + (self._facts_height - SIDE - QUIET - FOOT) / 2
            draw_code(paper, self._code.content, left + QUIET, begin)
            size = paper.shrunk(self._code.caption, SIDE + QUIET, FOOT)
            paper.write_centred(self._code.caption, left + _CODE_ROOM / 2, begin + SIDE + QUIET + size * 0.8, size)
        for line, height in self._facts:
            left = paper.left
            for fact, width, value in line:
                self._draw_fact(fact, value, (left, top, width, height + spare))
                left += width
            top += height + spare

    def _draw_fact(self, fact: Fact, value: Lines, place: tuple[float, float, float, float]) -> None:
        left, top, width, height = place
        self._paper.box(left, top, _FACT_LABEL, height)
        self._paper.box(left + _FACT_LABEL, top, width - _FACT_LABEL, height)
        size = self._paper.shrunk(fact.label, _FACT_LABEL - _INSET, TEXT)
        self._paper.write_centred(fact.label, left + _FACT_LABEL / 2, top + height / 2 + size * 0.36, size)
        space = (height - value.height) / 2
        self._paper.write_lines(value, left + _FACT_LABEL + _INSET, width - _FACT_LABEL - 2 * _INSET, top + space)

    def _draw_sums(self, top: float) -> float:
        if self._sheet.grid.totalled:
            top = self._table.draw_total("合计", self._sheet.grid.rows, top)
        if line := capitals_line(self._sheet):
            top = self._draw_capitals(line, top)
        return top

    def _draw_close(self, top: float) -> None:
        paper, sheet = self._paper, self._sheet
        if self._notes:
            top += _GAP / 2
        for note in self._notes:
            paper.write_lines(note, paper.left, paper.printable, top)
            top += note.height
        if self._notes:
            top += _GAP / 2
        if self._summary:
            top = self._summary.draw_rows(self._summary.rows, self._summary.draw_head(top + _GAP))
        if sheet.seals:
            top = self._draw_seals(sheet.seals, top + _GAP)
        if sheet.signatures:
            self._draw_signatures(top)

    def _draw_capitals(self, line: tuple[str, str, str], top: float) -> float:
        paper = self._paper
        label, words, figures = line
        baseline = top + self._fact / 2 + TEXT * 0.36
        paper.box(paper.left, top, _FACT_LABEL, self._fact)
        paper.box(paper.left + _FACT_LABEL, top, paper.printable - _FACT_LABEL, self._fact)
        paper.write_centred(label, paper.left + _FACT_LABEL / 2, baseline, TEXT)
        room = paper.printable - _FACT_LABEL - 3 * _INSET - paper.text_width(figures, TEXT)
        paper.write(words, paper.left + _FACT_LABEL + _INSET, baseline, paper.shrunk(words, room, TEXT))
        paper.write_right(figures, paper.right - _INSET, baseline, TEXT)
        return top + self._fact

    def _draw_seals(self, seals: tuple[Seal, ...], top: float) -> float:
        paper, width = self._paper, self._paper.printable / 2
        left = paper.left if len(seals) > 1 else paper.right - width
        for seal in seals:
            paper.box(left, top, width, _SEAL, thick=1.0)
            paper.write_lines(paper.fitted(seal.caption, width - 2 * _INSET, TEXT), left + _INSET, width, top + _INSET)
            paper.write_right("年　　月　　日", left + width - 3 * _INSET, top + _SEAL - 2 * _INSET, TEXT)
            left += width
        return top + _SEAL

    def _draw_signatures(self, top: float) -> None:
        paper = self._paper
        width = paper.printable / len(self._sheet.signatures)
        baseline = top + _SIGNATURES - _GAP
        for at, (label, name) in enumerate(self._sheet.signatures):
            left = paper.left + at * width
            text = f"{label}：{name}"
            size = paper.shrunk(text, width - _GAP, TEXT)
            paper.write(text, left, baseline, size)
            if not name:
                begin = left + paper.text_width(text, size)
                paper.rule(begin, baseline + 2, left + width - 2 * _GAP, baseline + 2, thick=0.5)

    def _draw_foot(self, number: int, count: int) -> None:
        paper = self._paper
        baseline = paper.height - paper.margin - 2
        paging = f"第 {number} 页 共 {count} 页"
        room = paper.printable - paper.text_width(paging, FOOT) - _GAP
        paper.write(self._stamp.foot, paper.left, baseline, paper.shrunk(self._stamp.foot, room, FOOT))
        paper.write_right(paging, paper.right, baseline, FOOT)


def _height(rows: Sequence[Row], table: Table) -> float:
    return sum(row.height for row in rows) if rows else table.least_height


def draw_sheet(paper: Paper, sheet: Sheet, stamp: Stamp) -> int:
    """Draw a sheet with roomy rows where it fits on one page, with close ones where it does not; returns its pages."""
    if len(sheet.grid.rows) * ROOMY < paper.height:
        roomy = SheetPages(paper, sheet, stamp, least=ROOMY)
        if roomy.fits_one_page:
            return roomy.draw()
    return SheetPages(paper, sheet, stamp, least=CLOSE).draw()
