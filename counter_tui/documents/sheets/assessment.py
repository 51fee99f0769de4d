"""D02 单位征集核定单: the assessment of a month, signed by agency and employer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # part of a kept value

from counter_tui.documents.composition import (
    Cell,
    Column,
    Fact,
    Grid,
    Kind,
    Seal,
    Sheet,
    added,
    long_date,
    long_month,
    marked,
)
from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # part of a kept value

# Order and widths of the sister city's form (SM-TC); spread over the printable width.
_GRID = (
    Column(label="险种名称", width=70),
    Column(label="在职人数", width=72, kind=Kind.COUNT, group="缴费人数"),
    Column(label="退休人数", width=73, kind=Kind.COUNT, group="缴费人数"),
    Column(label="人员工资", width=60, kind=Kind.MONEY, summed=True),
    Column(label="单位缴费基数", width=80, kind=Kind.MONEY, summed=True),
    Column(label="单位缴费", width=60, kind=Kind.MONEY, group="基金征集", summed=True),
    Column(label="个人缴费", width=60, kind=Kind.MONEY, group="基金征集", summed=True),
    Column(label="单位划转", width=60, kind=Kind.MONEY, group="个人账户", summed=True),
    Column(label="个人划转", width=60, kind=Kind.MONEY, group="个人账户", summed=True),
    Column(label="统筹划入", width=60, kind=Kind.MONEY, summed=True),
    Column(label="缴费合计", width=60, kind=Kind.MONEY, summed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentLine:
    """One scheme of an assessment; money in fen."""

    scheme: str
    working: int
    retired: int
    wages: int
    employer_base: int
    employer_paid: int
    person_paid: int
    employer_to_account: int
    """Part of the employer's money credited to personal accounts."""
    person_to_account: int
    """Part of the persons' money credited to personal accounts."""
    pooled: int
    """What goes to the pooled fund."""
    total: int
    marks: tuple[str, ...] = ()
    """What base and money rest on, such as 未确认."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Fields of one assessment form."""

    number: str
    employer_number: str
    employer_name: str
    fee_month: YearMonth
    fee_type: str
    assessed_on: date
    lines: tuple[AssessmentLine, ...]
    agency: str
    maker: str
    checker: str
    marks: tuple[str, ...] = ()
    """Figures the law leaves open here, such as 未确认 or 〔未确认〕单位缴费比例."""

    @property
    def subject(self) -> str:
        """Whom the file is named for."""
        return self.employer_number

    @property
    def month(self) -> YearMonth:
        """The month the file is named for."""
        return self.fee_month


def compose(assessment: Assessment) -> tuple[Sheet, ...]:
    """What the form says."""
    return (
        Sheet(
            title="社会保险费征集核定单",
            reference="",
            period="",
            facts=(
                (
                    Fact(label="单位编号", value=assessment.employer_number),
                    Fact(label="核定编号", value=assessment.number),
                ),
                (
                    Fact(label="单位名称", value=assessment.employer_name),
                    Fact(label="缴费属期", value=long_month(assessment.fee_month)),
                ),
                (
                    Fact(label="缴费类型", value=assessment.fee_type),
                    Fact(label="核定日期", value=long_date(assessment.assessed_on)),
                ),
            ),
            grid=Grid(columns=_GRID, rows=tuple(_row(line) for line in assessment.lines)),
            capitals=("缴费总额", added(marked(line.total, line.marks) for line in assessment.lines)),
            marks=assessment.marks,
            seals=(
                Seal(caption=f"社保经办机构（盖章）：{assessment.agency}"),
                Seal(caption=f"缴费单位（盖章）：{assessment.employer_name}"),
            ),
            signatures=(
                ("制表人", assessment.maker),
                ("审核人", assessment.checker),
                ("领导签字", ""),
                ("单位经办人", ""),
            ),
        ),
    )


def _row(line: AssessmentLine) -> tuple[Cell, ...]:
    return (
        line.scheme,
        line.working,
        line.retired,
        line.wages,
        *(
            marked(fen, line.marks)
            for fen in (
                line.employer_base,
                line.employer_paid,
                line.person_paid,
                line.employer_to_account,
                line.person_to_account,
                line.pooled,
                line.total,
            )
        ),
    )
