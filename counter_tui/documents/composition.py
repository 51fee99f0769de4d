"""What a printed sheet says, before it is drawn on paper or shown on the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.money import yuan
from counter_tui.domain.text import capitals
from counter_tui.policy.explanation import SIGNS, signed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from counter_tui.domain.calendar import YearMonth


@dataclass(frozen=True, slots=True)
class Marked:
    """An amount in fen with the short marks of the figures it rests on, such as `#`."""

    fen: int
    signs: str


Cell: TypeAlias = str | int | Marked

AGENCY_SEAL: Final = "（社保经办机构盖章处）"
EMPLOYER_SEAL: Final = "（缴费单位盖章处）"
IN_YUAN: Final = "单位：元"


class Kind(StrEnum):
    """How a column is written and aligned."""

    TEXT = "text"
    CENTRED = "centred"
    COUNT = "count"
    MONEY = "money"
    IDENTITY = "identity"
    """ID number: full on paper that identifies, masked on the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a grid."""

    label: str
    width: int
    """Share of the printable width; points where the shares add up to it."""
    kind: Kind = Kind.TEXT
    group: str = ""
    """Head above this and its neighbours of the same group."""
    summed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table whose head repeats on each page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Money in fen, counts as integers, all else as text."""
    counted: str = ""
    """Counter word for the number of rows beside 合计, such as 人次; none when empty."""
    totalled: bool = True
    """Whether the grid ends with 合计 (and each of several pages with 本页小计)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled value in the head of a form."""

    label: str
    value: str
    span: int = 1
    """Columns of facts it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """An empty box in which a seal is put by hand; never a picture of one."""

    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code and what is written beneath it."""

    content: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form with its own title and page count: head, facts, one grid, and what closes it."""

    title: str
    """Without the region, which the stamp adds."""
    reference: str
    """Left of the line below the title."""
    period: str
    """Middle of the line below the title."""
    unit: str = IN_YUAN
    """Right of the line below the title."""
    facts: tuple[tuple[Fact, ...], ...]
    grid: Grid
    capitals: tuple[str, int | Marked] | None = None
    """Label and amount of the line in capitals."""
    marks: tuple[str, ...] = ()
    """What the reader must know about the figures, such as 未确认; shown in brackets."""
    summary: Grid | None = None
    """A small second table."""
    notes: tuple[str, ...] = ()
    seals: tuple[Seal, ...] = ()
    signatures: tuple[tuple[str, str], ...] = ()
    """Label and name; an empty name leaves a line to sign on."""
    code: Code | None = None


def written(cell: Cell, kind: Kind) -> str:
    """A cell as the paper bears it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Marked):
        return yuan(cell.fen) + cell.signs
    return yuan(cell) if kind is Kind.MONEY else str(cell)


def sums(grid: Grid, rows: tuple[tuple[Cell, ...], ...]) -> tuple[str, ...]:
    """The sum of each summed column over these rows, written; empty for the others."""
    return tuple(
        written(added(row[at] for row in rows), column.kind) if column.summed else ""
        for at, column in enumerate(grid.columns)
    )


def marked(fen: int, marks: Iterable[str]) -> int | Marked:
    """Return the amount as a cell that bears its marks in short; marks as the law's figures have them."""
    signs = signed("", marks)
    return Marked(fen, signs) if signs else fen


def added(cells: Iterable[Cell]) -> int | Marked:
    """Add up what is a number among these cells; the sum bears every mark of theirs."""
    numbers = [cell if isinstance(cell, Marked) else Marked(cell, "") for cell in cells if not isinstance(cell, str)]
    signs = "".join(sign for sign in SIGNS.values() if any(sign in number.signs for number in numbers))
    fen = sum(number.fen for number in numbers)
    return Marked(fen, signs) if signs else fen


def total_label(grid: Grid, word: str, rows: int) -> str:
    """合计, with the number of rows where the form counts them."""
    return f"{word}（{rows} {grid.counted}）" if grid.counted else word


def capitals_line(sheet: Sheet) -> tuple[str, str, str] | None:
    """Label, amount in capitals, and the same amount in figures."""
    if sheet.capitals is None:
        return None
    label, total = sheet.capitals
    return label, capitals(total.fen if isinstance(total, Marked) else total), f"￥{written(total, Kind.MONEY)}"


def bracketed(marks: tuple[str, ...]) -> tuple[str, ...]:
    """Marks as the line under the table bears them, `*〔未确认〕失业保险`, led by the sign that amounts bear."""
    sayings = (mark if mark.startswith("〔") else f"〔{mark}〕" for mark in marks)
    return tuple(SIGNS.get(saying[1:].partition("〕")[0], "") + saying for saying in sayings)


def long_date(day: date) -> str:
    """A date in a heading."""
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def long_month(month: YearMonth) -> str:
    """A month in a heading."""
    return f"{month.year}年{month.month:02d}月"


def local(moment: datetime) -> datetime:
    """A moment in Beijing time; one without a zone is taken to be so already."""
    return moment.astimezone(BEIJING) if moment.tzinfo else moment
