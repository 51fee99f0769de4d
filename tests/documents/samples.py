"""Invented documents for the tests: nobody in them exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from counter_tui.documents.sheets.assessment import Assessment, AssessmentLine
from counter_tui.documents.sheets.changes import ChangeLine, HeadcountLine, StaffChanges
from counter_tui.documents.sheets.payment_notice import NoticeLine, PaymentNotice
from counter_tui.documents.sheets.receipt import Receipt, ReceiptItem
from counter_tui.documents.stamp import Stamp
from counter_tui.domain.calendar import BEIJING, YearMonth

if TYPE_CHECKING:
    from counter_tui.documents.families import Document

RARE = "张䶮𬭚𠅤"
"""A name with characters above U+FFFF."""
LONGEST_EMPLOYER = (
    "示例市经济技术开发区新能源汽车动力电池回收利用与梯次储能系统集成技术研究开发股份有限公司第十二分公司" * 2
)
LONGEST_NAME = "阿卜杜热合曼·买买提依明·吐尔逊江·艾则孜阿卜杜热西提"
ID_NUMBER = "130403199003070015"
OPERATION = "019ac2f0-7c3e-7a51-9d2e-0c5b8f21a6d4"
SCHEMES = ("企业职工基本养老保险", "职工基本医疗保险", "失业保险", "工伤保险", "生育保险")

STAMP = Stamp(
    region_title="示例市",
    printed_by="李晓燕",
    window="003",
    printed_at=datetime(2026, 11, 23, 9, 41, tzinfo=BEIJING),
)


def notice_line(scheme: str, persons: int = 128) -> NoticeLine:
    return NoticeLine(
        scheme=scheme,
        persons=persons,
        employer_base=108_345_600,
        person_base=108_345_600,
        employer_due=17_335_296,
        person_due=8_667_648,
        interest=1_203,
        late_fee=45_050,
    )


NOTICE = PaymentNotice(
    number="TZ202611000123",
    employer_number="13040012345",
    employer_name="示例市惠民食品有限公司",
    credit_code="91130403MA0ABCDE1K",
    fee_type="正常缴费",
    fee_month=YearMonth(2026, 11),
    assessed_on=date(2026, 11, 20),
    due_on=date(2026, 11, 30),
    collect_method="单位自行申报",
    bank="示例银行示例市分行营业部",
    account_masked="***************4821",
    lines=tuple(map(notice_line, SCHEMES)),
    late_fee_ppm=500,
    agency="示例市社会保险事业管理中心",
    maker="李晓燕",
    checker="王建国",
    telephone="0310-5550123",
)

ASSESSMENT = Assessment(
    number="HD202611000123",
    employer_number="13040012345",
    employer_name="示例市惠民食品有限公司",
    fee_month=YearMonth(2026, 11),
    fee_type="正常缴费",
    assessed_on=date(2026, 11, 20),
    lines=tuple(
        AssessmentLine(
            scheme=scheme,
            working=128,
            retired=12,
            wages=112_000_000,
            employer_base=108_345_600,
            employer_paid=17_335_296,
            person_paid=8_667_648,
            employer_to_account=0,
            person_to_account=8_667_648,
            pooled=17_335_296,
            total=26_002_944,
        )
        for scheme in SCHEMES
    ),
    agency="示例市社会保险事业管理中心",
    maker="李晓燕",
    checker="王建国",
)


def change_line(number: int, name: str = "赵小满") -> ChangeLine:
    return ChangeLine(
        name=name,
        id_number=ID_NUMBER,
        person_number=f"{1_000_200_300 + number}",
        change="增加",
        schemes="养老、医疗、失业、工伤、生育",
        changed_on=date(2026, 11, 3),
        reason="新参加工作",
        wage=523_400 + number,
        base=523_400 + number,
        state="审核通过",
    )


CHANGES = StaffChanges(
    number="BG202611000007",
    employer_number="13040012345",
    employer_name="示例市惠民食品有限公司",
    settlement_month=YearMonth(2026, 11),
    lines=(change_line(1), change_line(2, RARE), change_line(3, "阿依古丽·买买提")),
    headcounts=tuple(HeadcountLine(scheme=scheme, last_month=125, added=3, stopped=1) for scheme in SCHEMES),
    agency="示例市社会保险事业管理中心",
    maker="李晓燕",
)

RECEIPT = Receipt(
    acceptance_number="13040000326112300428",
    accepted_at=datetime(2026, 11, 23, 9, 40, tzinfo=BEIJING),
    window="003 综合窗口",
    employer_number="13040012345",
    employer_name="示例市惠民食品有限公司",
    person_name=RARE,
    id_number=ID_NUMBER,
    function="P01 新参保",
    items=(
        ReceiptItem(text="新参保登记（养老、医疗、失业、工伤、生育）", state="已受理"),
        ReceiptItem(text="收取材料：劳动合同复印件 1 份", state="已收取"),
    ),
    state="已受理",
    hint="办理结果可持本回执到原窗口查询。",
    clerk="李晓燕",
)


def changes_with(rows: int) -> StaffChanges:
    return replace(CHANGES, lines=tuple(change_line(number) for number in range(1, rows + 1)))


DOCUMENTS: dict[str, Document] = {"D01": NOTICE, "D02": ASSESSMENT, "D05": CHANGES, "D17": RECEIPT}
