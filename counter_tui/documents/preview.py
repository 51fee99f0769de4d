"""A document as lines of the terminal, from the same sheets as the paper and never with more on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.documents.composition import Kind, bracketed, capitals_line, sums, total_label, written
from counter_tui.documents.families import Document, family_of
from counter_tui.documents.rendering import permitted
from counter_tui.domain.masking import mask_id
from counter_tui.domain.text import fit, pad, safe, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from counter_tui.documents.composition import Cell, Column, Grid, Sheet
    from counter_tui.documents.stamp import Stamp

NARROW: Final = 80
WIDE: Final = 132
_BETWEEN: Final = " | "
_LEAST_OF: Final = {Kind.TEXT: 6, Kind.CENTRED: 12}
"""Cells below which a column is no longer readable; numbers keep to one line."""
_NUMBERS: Final = frozenset({Kind.COUNT, Kind.MONEY})


def preview(document: Document, stamp: Stamp, *, columns: int = NARROW, lines: int = 20) -> list[tuple[str, ...]]:
    """Pages of at most so many lines, each line of at most so many cells; ID numbers masked.

    A table that runs over pages repeats its head. Where a table is wider than the screen, each of its rows becomes a
    block of labelled values.

    Args:
        document: the content.
        stamp: circumstances of the print that is being previewed.
        columns: cells of a line.
        lines: lines of a page.

    Raises:
        WaitsForHub: it may not be printed offline.
    """
    family = family_of(document)
    stamp = permitted(family, stamp)
    return [page for sheet in family.compose(document) for page in _paged(_parts(sheet, stamp, columns), max(lines, 8))]


_Part = tuple[tuple[str, ...], tuple[str, ...]]
"""Lines that stay together, and the head to repeat above them on a new page."""


def _paged(parts: Iterator[_Part], lines: int) -> Iterator[tuple[str, ...]]:
    page: list[str] = []
    for block, head in parts:
        if page and len(page) + len(block) > lines:
            yield tuple(page)
            page = list(head)
        for line in block:
            if len(page) == lines:
                yield tuple(page)
                page = list(head)
            page.append(line)
    if page:
        yield tuple(page)


def _parts(sheet: Sheet, stamp: Stamp, columns: int) -> Iterator[_Part]:
    yield from _separate(_head(sheet, stamp, columns))
    yield from _grid(sheet.grid, columns)
    if line := capitals_line(sheet):
        yield from _separate(_flowed((f"{line[0]}：{line[1]}", line[2]), columns))
    for note in (*bracketed(sheet.marks), *sheet.notes):
        yield from _separate(_broken(note, columns))
    if sheet.summary:
        yield from _separate([""])
        yield from _grid(sheet.summary, columns)
    for seal in sheet.seals:
        yield from _separate(_broken(seal.caption, columns))
    yield from _separate(_flowed([f"{label}：{name or '________'}" for label, name in sheet.signatures], columns))
    yield from _separate(_flowed(stamp.foot.split("　"), columns))


def _separate(lines: Iterable[str]) -> Iterator[_Part]:
    for line in lines:
        yield (line,), ()


def _head(sheet: Sheet, stamp: Stamp, columns: int) -> Iterator[str]:
    # The dot between the words is one cell on some terminals and two on others.
    offline = "离线打印 待同步核验" if stamp.offline else ""
    yield from _flowed([mark for mark in (*stamp.across.split("　"), offline, stamp.again) if mark], columns)
    for line in _broken(stamp.region_title + sheet.title, columns):
        yield " " * ((columns - width(line)) // 2) + line
    yield from _flowed([part for part in (sheet.reference, sheet.period, sheet.unit) if part], columns)
    for facts in sheet.facts:
        yield from _side_by_side([f"{fact.label}：{fact.value}" for fact in facts], columns)
    if sheet.code:
        yield from _broken(f"二维码：{sheet.code.caption}", columns)


def _side_by_side(texts: Sequence[str], columns: int) -> Iterator[str]:
    each = columns // len(texts)
    if all(width(safe(text)) < each for text in texts):
        yield "".join(pad(safe(text), each) for text in texts).rstrip()
        return
    for text in texts:
        yield from _broken(text, columns)


def _broken(text: str, columns: int) -> list[str]:
    """The text in lines of so many cells, nothing left out."""
    text = safe(text)
    lines = []
    while width(text) > columns:
        # A character wider than the column still has to move forward.
        line = fit(text, columns) or text[0]
        lines.append(line)
        text = text[len(line) :]
    return [*lines, text]


def _flowed(texts: Sequence[str], columns: int) -> list[str]:
    """Texts two blanks apart, as many on a line as fit; one is broken only when it is longer than a line."""
    lines: list[str] = []
    for text in map(safe, texts):
        joined = f"{lines[-1]}  {text}" if lines else text
        if lines and width(joined) <= columns:
            lines[-1] = joined
        else:
            lines.extend(_broken(text, columns))
    return lines


def _shown(cell: Cell, column: Column) -> str:
    return mask_id(str(cell)) if column.kind is Kind.IDENTITY else safe(written(cell, column.kind))


def _grid(grid: Grid, columns: int) -> Iterator[_Part]:
    rows = [tuple(_shown(cell, column) for cell, column in zip(row, grid.columns, strict=True)) for row in grid.rows]
    total = sums(grid, grid.rows)
    widths = _widths(grid, [*rows, total], columns)
    label = total_label(grid, "合计", len(rows)) if grid.totalled else ""
    if widths is None:
        yield from _labelled(grid, rows, columns)
        summed = zip(grid.columns, total, strict=True)
        amounts = [f"{column.label}：{amount}" for column, amount in summed if amount]
        yield from _separate(_flowed([label, *amounts], columns) if label else ())
        return
    head = (_rule(widths), *_row([column.label for column in grid.columns], grid, widths), _rule(widths))
    yield head, ()
    for row in rows:
        yield tuple(_row(row, grid, widths)), head
    if not rows:
        yield ("（无记录）",), head
    if label:
        yield from _separate([_rule(widths), *_total_lines(label, total, grid, widths)])
    yield (_rule(widths),), ()


def _total_lines(label: str, total: Sequence[str], grid: Grid, widths: Sequence[int]) -> Iterator[str]:
    """The label over the columns before the first sum."""
    lead = next((at for at, amount in enumerate(total) if amount), len(total))
    if not lead:
        yield label
        yield from _row(total, grid, widths)
        return
    room = sum(widths[:lead]) + len(_BETWEEN) * (lead - 1)
    *above, last = _broken(label, room)
    yield from above
    amounts = [pad(amount, cells, right=True) for amount, cells in zip(total[lead:], widths[lead:], strict=True)]
    yield _BETWEEN.join([pad(last, room), *amounts]).rstrip()


def _rule(widths: Sequence[int]) -> str:
    return "-+-".join("-" * cells for cells in widths)


def _row(texts: Sequence[str], grid: Grid, widths: Sequence[int]) -> Iterator[str]:
    broken = [_broken(text, cells) for text, cells in zip(texts, widths, strict=True)]
    for at in range(max(map(len, broken))):
        cells = (
            pad(lines[at] if at < len(lines) else "", cells, right=column.kind in _NUMBERS)
            for lines, cells, column in zip(broken, widths, grid.columns, strict=True)
        )
        yield _BETWEEN.join(cells).rstrip()


def _widths(grid: Grid, rows: Sequence[Sequence[str]], columns: int) -> list[int] | None:
    """Cells of each column: numbers as long as they are, text sharing what is left; None when it is too little."""
    longest = [max((width(row[at]) for row in rows), default=0) for at in range(len(grid.columns))]
    room = columns - len(_BETWEEN) * (len(grid.columns) - 1)
    wanted = [max(cells, width(column.label)) for cells, column in zip(longest, grid.columns, strict=True)]
    least = [
        max(min(cells, _LEAST_OF.get(column.kind, cells)), 4)
        for cells, column in zip(longest, grid.columns, strict=True)
    ]
    if sum(least) > room:
        return None
    widths = list(least)
    spare = room - sum(least)
    while spare and (short := [at for at, cells in enumerate(widths) if cells < wanted[at]]):
        for at in short[:spare]:
            widths[at] += 1
            spare -= 1
    return widths


def _labelled(grid: Grid, rows: Sequence[Sequence[str]], columns: int) -> Iterator[_Part]:
    """Each row as a block of labelled values, a rule between blocks."""
    for row in rows or [("（无记录）",)]:
        pairs = zip(grid.columns, row, strict=True) if rows else ()
        texts = [f"{column.label}：{text}" for column, text in pairs] or list(row)
        yield (*_flowed(texts, columns), "-" * columns), ()
