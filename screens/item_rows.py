"""Declaration items as rows of a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from counter_tui.domain.calendar import BEIJING
from counter_tui.domain.masking import mask_id
from counter_tui.domain.money import grouped
from screens.business import all_named, named
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.services.ports import OutboxEntry
    from screens.widgets.record_table import RecordTable

WIDE: Final = 120
"""Columns of a terminal from which on acceptance number and schemes are shown too."""

LEAST_ROWS: Final = 6
"""Rows of a table below which the page scrolls instead."""

USUAL: Final = 78
"""Cells from which on a table shows all its usual columns."""
ITEM_KEEP: Final = (0, 1, 2, 4)
"""Name, number, kind and state."""
_NARROW: Final = (
    Column(label="姓名", cells=8),
    Column(label="证件号码", cells=18),
    Column(label="业务", cells=10),
    Column(label="申报工资", cells=10, right=True),
    Column(label="状态", cells=8),
    Column(label="送达", cells=8),
)
_ALSO: Final = (
    Column(label="变更日期", cells=10),
    Column(label="险种", cells=18),
    Column(label="录入", cells=16),
)


def filling(table: RecordTable) -> RecordTable:
    """A table that takes the rows left over on its page, and scrolls within them."""
    table.styles.height = "1fr"
    table.styles.min_height = LEAST_ROWS
    return table


def kept(columns: Sequence[Column], rows: Sequence[Row], keep: Sequence[int], cells: int) -> Fitted:
    """Columns and rows as they are, or on a terminal narrower than usual only the columns that matter most."""
    if cells >= USUAL:
        return Fitted(tuple(columns), tuple(rows))
    narrow = tuple(replace(row, texts=tuple(row.texts[place] for place in keep)) for row in rows)
    return Fitted(tuple(columns[place] for place in keep), narrow)


class Fitted(NamedTuple):
    """Columns and rows that fit a terminal."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def item_columns(cells: int) -> tuple[Column, ...]:
    """The columns that a terminal of so many cells has room for."""
    return (*_NARROW, *_ALSO) if cells >= WIDE else kept(_NARROW, (), ITEM_KEEP, cells).columns


def item_row(item: Item, entry: OutboxEntry | None, cells: int, *, revealed: bool = False) -> Row:
    """One item as a row; its identity number masked unless it was revealed."""
    texts: tuple[str, ...] = (
        item.person_name,
        item.id_number if revealed else mask_id(item.id_number),
        item.verdict,
        wage_of(item),
        named("CL-ITEMSTATE", item.state),
        delivered(entry),
    )
    if cells >= WIDE:
        made = item.made.at.astimezone(BEIJING)
        texts = (
            *texts,
            day_of(item),
            all_named("CL-INS", item.body.get("schemes") or ()),
            f"{item.made.operator} {made:%m-%d %H:%M}",
        )
    row = Row(key=item.id, texts=texts, mark="!" if item.state == "D5" else " ")
    return row if cells >= WIDE else kept(_NARROW, (row,), ITEM_KEEP, cells).rows[0]


def delivered(entry: OutboxEntry | None) -> str:
    """How far the save has come; an item made at another counter is in the register."""
    return named("CL-DELIVERY", entry.delivery if entry is not None else "3")


def wage_of(item: Item) -> str:
    """The declared wage of an item, empty where it declares none."""
    wage = item.body.get("wage")
    return grouped(wage) if isinstance(wage, int) and wage else ""


def day_of(item: Item) -> str:
    """The day from which an item counts."""
    return str(item.body.get("on") or item.body.get("since") or "")
