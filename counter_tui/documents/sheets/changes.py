"""D05 人员变更表: who joined, left or changed with an employer in a settlement month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # part of a kept value

from counter_tui.documents.composition import (
    AGENCY_SEAL,
    EMPLOYER_SEAL,
    Cell,
    Column,
    Fact,
    Grid,
    Kind,
    Seal,
    Sheet,
    long_month,
    marked,
)
from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # part of a kept value

_GRID = (
    Column(label="序号", width=28, kind=Kind.CENTRED),
    Column(label="姓名", width=74),
    Column(label="证件号码", width=106, kind=Kind.IDENTITY),
    Column(label="个人编号", width=70, kind=Kind.CENTRED),
    Column(label="变更类型", width=52, kind=Kind.CENTRED),
    Column(label="险种", width=136),
    Column(label="变更日期", width=60, kind=Kind.CENTRED),
    Column(label="变更原因", width=96),
    Column(label="申报工资", width=64, kind=Kind.MONEY),
    Column(label="缴费基数", width=64, kind=Kind.MONEY),
    Column(label="审核状态", width=52, kind=Kind.CENTRED),
)
_SUMMARY = (
    Column(label="险种", width=322),
    Column(label="上月人数", width=120, kind=Kind.COUNT),
    Column(label="本月增加", width=120, kind=Kind.COUNT),
    Column(label="本月减少", width=120, kind=Kind.COUNT),
    Column(label="本月人数", width=120, kind=Kind.COUNT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change of one person; money in fen."""

    name: str
    id_number: str
    person_number: str
    change: str
    """增, 减, 续, 转, 险种新增 or 信息."""
    schemes: str
    changed_on: date
    reason: str
    wage: int | None
    base: int | None
    """Either is None where it does not apply: a stop or a correction declares no wage."""
    state: str
    base_marks: tuple[str, ...] = ()
    """What the base rests on, such as 未确认."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadcountLine:
    """Insured persons of one scheme before and after the month's changes."""

    scheme: str
    last_month: int
    added: int
    stopped: int

    @property
    def this_month(self) -> int:
        """Persons after the changes."""
        return self.last_month + self.added - self.stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanges:
    """Fields of one change sheet."""

    number: str
    employer_number: str
    employer_name: str
    settlement_month: YearMonth
    lines: tuple[ChangeLine, ...]
    headcounts: tuple[HeadcountLine, ...]
    agency: str
    maker: str
    marks: tuple[str, ...] = ()
    """Figures the law leaves open here, such as 未确认 or 〔未确认〕缴费基数上限."""

    @property
    def subject(self) -> str:
        """Whom the file is named for."""
        return self.employer_number

    @property
    def month(self) -> YearMonth:
        """The month the file is named for."""
        return self.settlement_month


def compose(changes: StaffChanges) -> tuple[Sheet, ...]:
    """What the sheet says."""
    return (
        Sheet(
            title="社会保险人员变更表",
            reference=f"编号：{changes.number}",
            period=f"结算期：{long_month(changes.settlement_month)}",
            facts=(
                (
                    Fact(label="单位编号", value=changes.employer_number),
                    Fact(label="单位名称", value=changes.employer_name, span=2),
                ),
            ),
            grid=Grid(
                columns=_GRID,
                rows=tuple(_row(number, line) for number, line in enumerate(changes.lines, start=1)),
                counted="人次",
            ),
            marks=changes.marks,
            summary=Grid(
                columns=_SUMMARY,
                rows=tuple(
                    (line.scheme, line.last_month, line.added, line.stopped, line.this_month)
                    for line in changes.headcounts
                ),
                totalled=False,
            )
            if changes.headcounts
            else None,
            seals=(
                Seal(caption=changes.agency + AGENCY_SEAL),
                Seal(caption=changes.employer_name + EMPLOYER_SEAL),
            ),
            signatures=(("单位经办人", ""), ("经办人", changes.maker), ("审核人", "")),
        ),
    )


def _row(number: int, line: ChangeLine) -> tuple[Cell, ...]:
    return (
        str(number),
        line.name,
        line.id_number,
        line.person_number,
        line.change,
        line.schemes,
        line.changed_on.isoformat(),
        line.reason,
        "" if line.wage is None else line.wage,
        "" if line.base is None else marked(line.base, line.base_marks),
        line.state,
    )
