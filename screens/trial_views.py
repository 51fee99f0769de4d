"""The four views of a trial: money by scheme, wages outside the limits, changes, the months before."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.domain.bills import BillState
from counter_tui.domain.money import grouped
from counter_tui.policy.contributions import contribution
from screens.business import named
from screens.widgets.record_table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.bills import BillLine
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.explanation import Explanation
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
MOST_EXPLAINED: Final = 50
"""Persons whose amounts are explained line by line; the others follow the same rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view: its name, its columns, its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keep: tuple[int, ...]
    """Columns that stay on a narrow terminal."""


def views(trial: Trial) -> tuple[View, ...]:
    """The views of a trial, in the order of F7."""
    money = money_rows(trial.assessment.lines) if trial.assessment else ()
    return (
        View(name="应缴", columns=MONEY_COLUMNS, rows=money, keep=MONEY_KEEP),
        View(name="超出上下限人员", columns=_PEOPLE, rows=_out_of_range(trial), keep=(1, 2, 3, 5)),
        View(name="变动情况", columns=_CHANGES, rows=_changes(trial), keep=(0, 1, 2)),
        View(name="前六个月", columns=_MONTHS, rows=_earlier(trial), keep=(0, 2, 3, 4)),
    )


def money_rows(lines: Sequence[BillLine]) -> tuple[Row, ...]:
    """One row for each line of a bill or trial, and their total."""
    rows = [
        Row(
            key=f"{line.scheme}-{line.fee_type}-{place}",
            texts=(
                named("CL-INS", line.scheme) + ("补收" if line.fee_type != "10" else ""),
                str(line.heads),
                grouped(line.employer_base),
                grouped(line.employer),
                grouped(line.person),
                grouped(line.total),
            ),
        )
        for place, line in enumerate(lines)
    ]
    extra = sum(line.interest + line.late_fee for line in lines)
    if extra:
        texts = ("滞纳金利息", "", "", grouped(sum(line.late_fee for line in lines)), "", grouped(extra))
        rows.append(Row(key="extra", texts=texts))
    total = (
        "应缴合计",
        "",
        grouped(sum(line.employer_base for line in lines)),
        grouped(sum(line.employer for line in lines)),
        grouped(sum(line.person for line in lines)),
        grouped(sum(line.total for line in lines)),
    )
    return (*rows, Row(key="total", texts=total))


def _out_of_range(trial: Trial) -> tuple[Row, ...]:
    found = trial.assessment.out_of_range if trial.assessment else ()
    return tuple(
        Row(
            key=f"{row.person}-{row.scheme}",
            texts=(
                row.person,
                trial.names.get(row.person, ""),
                named("CL-INS", row.scheme),
                grouped(row.wage),
                grouped(row.base) if row.base else "",
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
                grouped(bill.total),
                BILL_STATES[bill.state],
            ),
        )
        for bill in reversed(trial.earlier)
    )


def explained(trial: Trial, scheme: str, month: YearMonth, policy: Policy) -> tuple[Explanation, ...]:
    """How the money of a scheme came about: each person's own amounts, down to the law."""
    if trial.assessment is None:
        return ()
    own = trial.employer.scheme(scheme)
    rank = own.injury_class if own else None
    rows = [row for row in trial.assessment.roster if row.scheme == scheme and row.wage]
    return tuple(
        _of_person(
            contribution(policy, scheme, month, row.wage, injury_class=rank).explanation,
            trial.names.get(row.person, row.person),
        )
        for row in rows[:MOST_EXPLAINED]
    )


def _of_person(explanation: Explanation, name: str) -> Explanation:
    return type(explanation)(title=f"{name}  {explanation.title}", lines=explanation.lines)
