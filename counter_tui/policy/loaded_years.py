"""What comes out once a year, in files that a bureau loads: `account_interest`, `pension_base` and `index_wage`.

Each table is one year as it was published, with its value written as in the files that the program brings along.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from counter_tui.policy.dated import Value
from counter_tui.policy.histories import TRAINING_CITATION, meet
from counter_tui.policy.pension_figures import read_lag
from counter_tui.policy.yearly import Yearly, labelled_year, months_of
from counter_tui.policy.yearly_figures import INDEX_WAGE, YEARLY_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.sections import Section
    from counter_tui.policy.yearly_figures import YearlyFigures


def loaded_years(file: Section, standing: YearlyFigures, *, checked: bool) -> dict[str, Yearly[Any]]:
    """Read the yearly figures of a file, by the keys of their kinds.

    Args:
        file: the whole file.
        standing: the figures in force at the place; they tell what a figure is called.
        checked: hold every value against those figures, too.

    Raises:
        LawFault: an entry is not as it must be, comes twice, or would not take effect.

    """
    found: dict[str, Yearly[Any]] = {}
    for key, before in standing.histories.items():
        values: list[Value[Any]] = []
        for item in file.sections(key):
            value = _value(item, key, standing)
            for other in before.values if checked else ():
                refuse_collision(item, value, other, months=_year)
            if any(meet(value, other) for other in values):
                raise item.fault("year", f"{_year(value.since)}在本文件中有两条重叠的记录")
            values.append(value)
        if values:
            found[key] = Yearly(figure=before.figure, values=tuple(values))
    return found


def _value(item: Section, key: str, standing: YearlyFigures) -> Value[Any]:
    lag = _lag(item, standing) if key == INDEX_WAGE else 0
    since, until = months_of(labelled_year(item, lag) + lag)
    taken, by = YEARLY_KINDS[key].take(item), item.text("by")
    value = Value(
        value=taken,
        since=since,
        until=until,
        known_from=item.day("known_from"),
        by=by,
        confidence=item.confidence(),
        training=by == TRAINING_CITATION,
    )
    item.finish()
    return value


def _lag(item: Section, standing: YearlyFigures) -> int:
    """Years from the label of an average to its use: the place's own, and only where none is known the file's."""
    if standing.index_lag is None:
        if not item.has("lag"):
            raise item.fault("lag", "缺少此键：本地区的平均工资在几年后使用（0、1 或 2）尚未确定")
        return read_lag(item)
    if item.has("lag"):
        raise item.fault("lag", f"本地区已定为 {standing.index_lag}，载入的文件不写")
    return standing.index_lag


def refuse_collision(
    item: Section, value: Value[Any], other: Value[Any], *, months: Callable[[YearMonth], str]
) -> None:
    """A month that is covered already takes a new figure only when that was published later."""
    if not meet(value, other):
        return
    said, published = months(max(value.since, other.since)), value.known_from or date.min
    if other.known_from == value.known_from:
        raise item.fault("known_from", f"{said} 已有同日公布的数值，不能不加区别地替换")
    if (other.known_from or date.min) > published:
        raise item.fault("known_from", f"{said} 已有 {other.known_from} 公布的数值，较早公布的不会起作用")


def _year(month: YearMonth) -> str:
    return f"{month.year} 年"
