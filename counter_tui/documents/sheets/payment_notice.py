"""D01 单位缴费通知单: what an employer has to pay for a month, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # part of a kept value
from decimal import Decimal

from counter_tui.documents.composition import (
    AGENCY_SEAL,
    Column,
    Fact,
    Grid,
    Kind,
    Marked,
    Seal,
    Sheet,
    added,
    long_date,
    long_month,
    marked,
)
from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # part of a kept value

_GRID = (
    Column(label="序号", width=24, kind=Kind.CENTRED),
    Column(label="险种", width=90),
    Column(label="缴费人数", width=32, kind=Kind.COUNT),
    Column(label="单位缴费基数", width=61, kind=Kind.MONEY, summed=True),
    Column(label="个人缴费基数", width=61, kind=Kind.MONEY, summed=True),
    Column(label="单位应缴", width=56, kind=Kind.MONEY, summed=True),
    Column(label="个人应缴", width=56, kind=Kind.MONEY, summed=True),
    Column(label="利息", width=42, kind=Kind.MONEY, summed=True),
    Column(label="滞纳金", width=44, kind=Kind.MONEY, summed=True),
    Column(label="应缴合计", width=60, kind=Kind.MONEY, summed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One scheme of a notice; money in fen."""

    scheme: str
    persons: int
    employer_base: int
    person_base: int
    employer_due: int
    person_due: int
    interest: int = 0
    late_fee: int = 0
    marks: tuple[str, ...] = ()
    """What bases and contributions rest on, such as 未确认."""
    interest_marks: tuple[str, ...] = ()
    late_fee_marks: tuple[str, ...] = ()

    @property
    def due(self) -> int | Marked:
        """Everything due for the scheme, in fen."""
        return added(self.dues)

    @property
    def dues(self) -> tuple[int | Marked, ...]:
        """Employer's and persons' money, interest and late fee."""
        return (
            marked(self.employer_due, self.marks),
            marked(self.person_due, self.marks),
            marked(self.interest, self.interest_marks if self.interest else ()),
            marked(self.late_fee, self.late_fee_marks if self.late_fee else ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentNotice:
    """Fields of one notice: one employer, one fee month, one page or more."""

    number: str
    employer_number: str
    employer_name: str
    credit_code: str
    fee_type: str
    fee_month: YearMonth
    assessed_on: date
    due_on: date
    collect_method: str
    bank: str
    account_masked: str
    """Last four digits behind stars."""
    lines: tuple[NoticeLine, ...]
    late_fee_ppm: int
    """Late fee a day in parts per million of the sum owed; 0 prints no rate."""
    agency: str
    maker: str
    checker: str
    telephone: str
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


def compose(notice: PaymentNotice) -> tuple[Sheet, ...]:
    """What the notice says."""
    return (
        Sheet(
            title="社会保险费缴费通知单",
            reference=f"通知单编号：{notice.number}",
            period=f"费款所属期：{long_month(notice.fee_month)}",
            facts=_facts(notice),
            grid=Grid(
                columns=_GRID,
                rows=tuple(
                    (
                        str(number),
                        line.scheme,
                        line.persons,
                        marked(line.employer_base, line.marks),
                        marked(line.person_base, line.marks),
                        *line.dues,
                        line.due,
                    )
                    for number, line in enumerate(notice.lines, start=1)
                ),
            ),
            capitals=("合计（大写）", added(line.due for line in notice.lines)),
            marks=notice.marks,
            notes=_notes(notice),
            seals=(Seal(caption=notice.agency + AGENCY_SEAL),),
            signatures=(("制表人", notice.maker), ("审核人", notice.checker)),
        ),
    )


def _facts(notice: PaymentNotice) -> tuple[tuple[Fact, ...], ...]:
    return (
        (
            Fact(label="单位编号", value=notice.employer_number),
            Fact(label="统一社会信用代码", value=notice.credit_code),
        ),
        (Fact(label="单位名称", value=notice.employer_name),),
        (
            Fact(label="缴费类型", value=notice.fee_type),
            Fact(label="征收方式", value=notice.collect_method),
        ),
        (
            Fact(label="核定日期", value=long_date(notice.assessed_on)),
            Fact(label="缴费截止日期", value=long_date(notice.due_on)),
        ),
        (
            Fact(label="开户行", value=notice.bank),
            Fact(label="账号", value=notice.account_masked),
        ),
    )


def _notes(notice: PaymentNotice) -> tuple[str, ...]:
    due = f"请于{long_date(notice.due_on)}前足额缴纳。"
    if notice.late_fee_ppm:
        due += f"逾期未缴的，自欠缴之日起按日加收 {_percent(notice.late_fee_ppm)}% 的滞纳金。"
    asked = f"如有疑问，请致电 {notice.telephone}。" if notice.telephone else "如有疑问，请到经办窗口咨询。"
    return (due + asked,)


def _percent(ppm: int) -> str:
    return f"{(Decimal(ppm) / 10_000).normalize():f}"
