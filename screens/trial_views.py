"""The four views of a trial: money by scheme, wages outside the limits, changes, the months before."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counter_tui.domain.bills import BillState
from counter_tui.domain.money import grouped
from counter_tui.domain.text import width
from counter_tui.operations.assessment import INTEREST, LATE_FEE
from counter_tui.operations.explaining import explain_line, explain_person, explain_total
from counter_tui.policy.explanation import Explanation, Line, borne, marks_of, signed, united
from screens.business import named
from screens.item_rows import USUAL, Fitted, kept
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.bills import BillLine
    from counter_tui.operations.explaining import Dues
    from counter_tui.policy.regions import Policy
    from counter_tui.services.settlement import Trial

MONEY_COLUMNS: Final = (
    Column(label="险种", cells=12),
    Column(label="人数", cells=5, right=True),
    Column(label="基数总额", cells=14, right=True),
    Column(label="单位应缴", cells=12, right=True),
    Column(label="个人应缴", cells=11, right=True),
    Column(label="合计", cells=11, right=True),
)
MONEY_KEEP: Final = (0, 3, 4, 5)
_PEOPLE: Final = (
    Column(label="个人编号", cells=12),
    Column(label="姓名", cells=10),
    Column(label="险种", cells=10),
    Column(label="申报工资", cells=12, right=True),
    Column(label="核定基数", cells=12, right=True),
    Column(label="", cells=6),
)
_CHANGES: Final = (
    Column(label="险种", cells=12),
    Column(label="变更类型", cells=16),
    Column(label="人次", cells=6, right=True),
    Column(label="工资合计", cells=14, right=True),
)
_MONTHS: Final = (
    Column(label="所属期", cells=8),
    Column(label="核定编号", cells=14),
    Column(label="人数", cells=5, right=True),
    Column(label="应缴合计", cells=14, right=True),
    Column(label="状态", cells=12),
)
_SIDES: Final = {"raised": "低于下限", "cut": "高于上限"}
BILL_STATES: Final = {
    BillState.TRIAL: "试算",
    BillState.ASSESSED: "已核定",
    BillState.NOTIFIED: "已通知",
    BillState.PART_PAID: "部分缴费",
    BillState.PAID: "已缴费",
    BillState.OVERDUE: "逾期未缴",
    BillState.VOID: "已作废",
}
"""How a bill stands, in words."""
MONEY, OUT_OF_RANGE, CHANGES, EARLIER = "应缴", "超出上下限人员", "变动情况", "前六个月"
"""Names of the views."""
_HEAD_CELLS: Final = 10
"""Cells of a table before its first column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view: its name, its columns, its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keep: tuple[int, ...]
    """Columns that stay on a narrow terminal."""
    marks: tuple[str, ...] = ()
    """Marks that stand behind amounts in short."""


def views(trial: Trial, policy: Policy) -> tuple[View, ...]:
    """The views of a trial, in the order of F7."""
    lines, marks = (trial.assessment.lines, trial.assessment.marks) if trial.assessment else ((), ())
    every = united(found for _, found in borne(marks))
    money = money_rows(lines, marks, policy) if trial.assessment else ()
    earlier = united(found for bill in trial.earlier for _, found in borne(bill.marks))
    return (
        View(name=MONEY, columns=MONEY_COLUMNS, rows=money, keep=MONEY_KEEP, marks=every),
        View(
            name=OUT_OF_RANGE,
            columns=_PEOPLE,
            rows=_out_of_range(trial, policy),
            keep=(1, 2, 3, 5),
            marks=every,
        ),
        View(name=CHANGES, columns=_CHANGES, rows=_changes(trial), keep=(0, 1, 2)),
        View(name=EARLIER, columns=_MONTHS, rows=_earlier(trial), keep=(0, 2, 3, 4), marks=earlier),
    )


def money_rows(lines: Sequence[BillLine], sayings: Sequence[str], policy: Policy) -> tuple[Row, ...]:
    """One row for each line of a bill or trial, what is in them besides contributions, and their total.

    Args:
        lines: lines of the bill.
        sayings: what the figures rest on, as the bill says it; each amount bears its marks in short.
        policy: how schemes are called there.
    """
    every = united(found for _, found in borne(sayings))
    rows = [
        Row(
            key=f"{line.scheme}-{line.fee_type}-{place}",
            texts=(
                named("CL-INS", line.scheme) + ("补收" if line.fee_type != "10" else ""),
                str(line.heads),
                *marked_amounts(
                    (line.employer_base, line.employer, line.person, line.total),
                    marks_of(policy.scheme_name(line.scheme), sayings),
                    every,
                ),
            ),
        )
        for place, line in enumerate(lines)
    ]
    for key, label, amount in (
        ("late_fee", LATE_FEE, sum(line.late_fee for line in lines)),
        ("interest", INTEREST, sum(line.interest for line in lines)),
    ):
        if amount:
            (text,) = marked_amounts((amount,), marks_of(label, sayings), every)
            rows.append(Row(key=key, texts=(f"其中{label}", "", "", "", "", text)))
    sums = (
        sum(line.employer_base for line in lines),
        sum(line.employer for line in lines),
        sum(line.person for line in lines),
        sum(line.total for line in lines),
    )
    return (*rows, Row(key="total", texts=("应缴合计", "", *marked_amounts(sums, every, every))))


def marked_amounts(amounts: Sequence[int], marks: Sequence[str], every: Sequence[str]) -> tuple[str, ...]:
    """Amounts with their short marks, blanks where others have more, so that the points stand below each other."""
    room = len(signed("", every))
    signs = signed("", marks)
    return tuple(f"{grouped(amount)}{signs:<{room}}" for amount in amounts)


def uncut(columns: Sequence[Column], rows: Sequence[Row], keep: Sequence[int], cells: int) -> Fitted:
    """Columns as wide as what stands in them: an amount is never cut; where room lacks, lesser columns go."""
    needed = [
        max(width(text) for text in (column.label, *texts))
        for column, texts in zip(
            columns, zip(*(row.texts for row in rows), strict=True) if rows else [()] * len(columns), strict=True
        )
    ]
    usual = [max(column.cells, need) for column, need in zip(columns, needed, strict=True)]
    for widths in (usual, needed):
        sized = [replace(column, cells=wide) for column, wide in zip(columns, widths, strict=True)]
        if cells >= USUAL and _HEAD_CELLS + sum(widths) + len(widths) - 1 <= cells:
            return Fitted(tuple(sized), tuple(rows))
    return kept(sized, rows, keep, 0)


def _out_of_range(trial: Trial, policy: Policy) -> tuple[Row, ...]:
    found = trial.assessment.out_of_range if trial.assessment else ()
    sayings = trial.assessment.marks if trial.assessment else ()
    return tuple(
        Row(
            key=f"{row.person}-{row.scheme}",
            texts=(
                row.person,
                trial.names.get(row.person, ""),
                named("CL-INS", row.scheme),
                grouped(row.wage),
                signed(grouped(row.base), marks_of(policy.scheme_name(row.scheme), sayings)) if row.base else "",
                _SIDES.get(row.clamp, ""),
            ),
        )
        for row in found
    )


def _changes(trial: Trial) -> tuple[Row, ...]:
    heads: Tally[tuple[str, str]] = Tally()
    wages: Tally[tuple[str, str]] = Tally()
    for change in trial.changes:
        for scheme in change.schemes or ("",):
            heads[scheme, change.kind] += 1
            wages[scheme, change.kind] += change.wage
    return tuple(
        Row(
            key=f"{scheme}-{kind}",
            texts=(
                named("CL-INS", scheme) if scheme else "个人信息",
                named("CL-CHANGE", kind),
                str(count),
                grouped(wages[scheme, kind]),
            ),
        )
        for (scheme, kind), count in sorted(heads.items())
    )


def _earlier(trial: Trial) -> tuple[Row, ...]:
    return tuple(
        Row(
            key=bill.number,
            texts=(
                str(bill.month),
                bill.number,
                str(max((line.heads for line in bill.lines), default=0)),
                signed(grouped(bill.total), united(found for _, found in borne(bill.marks))),
                BILL_STATES[bill.state],
            ),
        )
        for bill in reversed(trial.earlier)
    )


def explained_row(view: str, key: str, trial: Trial, dues: Dues | None) -> Explanation | None:
    """How the amounts of a row came about; None where another bill has to be read first, or there is nothing."""
    if view == CHANGES:
        scheme, _, kind = key.partition("-")
        return _explained_changes(trial, scheme, kind)
    if dues is None:
        return None
    if view == OUT_OF_RANGE:
        row = next((row for row in dues.rows if f"{row.person}-{row.scheme}" == key), None)
        return explain_person(dues, row) if row is not None else None
    return explained_money(key, dues) if view == MONEY else None


def explained_money(key: str, dues: Dues) -> Explanation:
    """How the amounts of a row of `money_rows` came about."""
    for place, line in enumerate(dues.lines):
        if key == f"{line.scheme}-{line.fee_type}-{place}":
            return explain_line(dues, line)
    return explain_total(dues)


def _explained_changes(trial: Trial, scheme: str, kind: str) -> Explanation:
    found = [change for change in trial.changes if change.kind == kind and scheme in (change.schemes or ("",))]
    return Explanation(
        title=f"{named('CL-INS', scheme) if scheme else '个人信息'} {named('CL-CHANGE', kind)} 工资合计",
        lines=(
            *(Line(label=f"{each.name} {each.person}", value=grouped(each.wage)) for each in found),
            Line(label="工资合计", formula="以上各人相加", value=grouped(sum(each.wage for each in found))),
        ),
    )
