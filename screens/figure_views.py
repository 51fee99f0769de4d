"""The five views of the figures of a region, as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import fit, plain, width
from counter_tui.policy import inventory
from counter_tui.policy.figure_entries import Group
from screens.item_rows import WIDE
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.figure_entries import FigureEntry
    from counter_tui.policy.regions import Policy

_VALUE: Final = "数值"
_HEAD: Final = 10
"""Cells of a table before its first column."""
_STRETCH: Final = 18
_SURE: Final = 4
_NAME: Final = 33
_WIDE_NAME: Final = 36
_WIDE_VALUE: Final = 36
_LEAST: Final = 12
"""Cells that the last column has at least; the name gives way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """One view: what it is called and which entries it shows of a month."""

    name: str
    entries: Callable[[Policy, YearMonth], Iterable[FigureEntry]]
    gaps: bool = False
    """Whether it shows reasons in the place of values."""

    def found(self, policy: Policy, month: YearMonth, typed: str) -> tuple[FigureEntry, ...]:
        """The entries of a month in which what was typed stands, in whatever column."""
        wanted = plain(typed).lower()
        return tuple(entry for entry in self.entries(policy, month) if wanted in _said(entry))

    def columns(self, cells: int) -> tuple[Column, ...]:
        """Columns for a terminal of so many cells; the last one takes what is left."""
        if cells < WIDE:
            name = min(_NAME, cells - _HEAD - _LEAST - 1)
            columns = [Column(label="名称", cells=name)]
        elif self.gaps:
            columns = [Column(label="名称", cells=_WIDE_NAME), Column(label="缺少的月份", cells=_STRETCH)]
        else:
            columns = [
                Column(label="名称", cells=_WIDE_NAME),
                Column(label=_VALUE, cells=_WIDE_VALUE),
                Column(label="适用期", cells=_STRETCH),
                Column(label="可信", cells=_SURE),
            ]
        last = "原因" if self.gaps else "出处" if cells >= WIDE else _VALUE
        left = cells - _HEAD - sum(column.cells + 1 for column in columns)
        return (*columns, Column(label=last, cells=left))

    def row(self, entry: FigureEntry, columns: tuple[Column, ...]) -> Row:
        """One entry in these columns."""
        texts = {
            "名称": entry.label,
            "缺少的月份": entry.stretch,
            "适用期": entry.stretch,
            "可信": entry.sureness,
            "出处": entry.by,
            "原因": entry.by,
        }
        return Row(
            key=entry.code,
            texts=tuple(
                marked(entry, column.cells) if column.label == _VALUE else texts[column.label] for column in columns
            ),
        )


def marked(entry: FigureEntry, cells: int) -> str:
    """The value in so many cells: a long one is cut, its marks never are."""
    if width(entry.shown) <= cells:
        return entry.shown
    marks = entry.shown.removeprefix(entry.value)
    return f"{fit(entry.value, max(cells - width(marks) - 2, 0))}..{marks}"


def _said(entry: FigureEntry) -> str:
    return plain(f"{entry.group} {entry.code} {entry.label} {entry.shown} {entry.by}").lower()


def _of(groups: Iterable[Group]) -> Callable[[Policy, YearMonth], Iterable[FigureEntry]]:
    wanted = frozenset(groups)
    return lambda policy, month: (entry for entry in inventory.in_force(policy, month) if entry.group in wanted)


VIEWS: Final = (
    FigureView(name="在用数值", entries=_of(set(Group) - {Group.SETTINGS, Group.CODES})),
    FigureView(name="缺少的数值", entries=inventory.missing, gaps=True),
    FigureView(name="未确认的数值", entries=inventory.unconfirmed),
    FigureView(name="参数", entries=_of({Group.SETTINGS})),
    FigureView(name="代码表", entries=_of({Group.CODES})),
)
"""In the order of F7."""
