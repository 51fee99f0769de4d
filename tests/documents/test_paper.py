from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_tui.documents.families import FAMILIES
from counter_tui.documents.fonts import NoGlyph
from counter_tui.documents.pages import TooMuchText
from counter_tui.documents.qr import SIDE, modules
from counter_tui.documents.rendering import WaitsForHub, render, render_paper
from counter_tui.operations.canonical import MOST_EXACT
from tests.documents.reading import Paper, Picture, squeezed
from tests.documents.samples import (
    ASSESSMENT,
    CHANGES,
    DOCUMENTS,
    ID_NUMBER,
    LONGEST_EMPLOYER,
    LONGEST_NAME,
    NOTICE,
    OPERATION,
    RARE,
    RECEIPT,
    SCHEMES,
    STAMP,
    change_line,
    changes_with,
    notice_line,
)

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.documents.families import Document
    from counter_tui.documents.stamp import Stamp

MARGINS = {"D01": 34, "D02": 20, "D05": 20, "D17": 28}
EVERY = pytest.mark.parametrize("document", list(DOCUMENTS.values()), ids=list(DOCUMENTS))
TRAINING = replace(STAMP, training=True)
OFFLINE = replace(STAMP, offline=True, operation=OPERATION)


@pytest.fixture(name="printed")
def _printed(tmp_path: Path) -> Printed:
    return Printed(tmp_path)


class Printed:
    """Prints a document into the test's folder and gives it back to be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, document: Document, stamp: Stamp = STAMP) -> Paper:
        return Paper(render(document, stamp).pdf, self._folder)


def test_a_notice_says_what_its_fields_say(printed: Printed) -> None:
    text = printed(NOTICE).text()
    for said in (
        "示例市社会保险费缴费通知单",
        "通知单编号：TZ202611000123费款所属期：2026年11月单位：元",
        "单位编号13040012345统一社会信用代码91130403MA0ABCDE1K单位名称示例市惠民食品有限公司",
        "缴费类型正常缴费征收方式单位自行申报核定日期2026年11月20日缴费截止日期2026年11月30日",
        "开户行示例银行示例市分行营业部账号***************4821",
        "1企业职工基本养老保险1281083456.001083456.00173352.9686676.4812.03450.50260491.97",
        "合计5417280.005417280.00866764.80433382.4060.152252.501302459.85",
        "合计（大写）人民币壹佰叁拾万贰仟肆佰伍拾玖元捌角伍分￥1302459.85",
        "请于2026年11月30日前足额缴纳。逾期未缴的，自欠缴之日起按日加收0.05%的滞纳金。",
        "0310-5550123",
        "示例市社会保险事业管理中心（社保经办机构盖章处）",
        "制表人：李晓燕审核人：王建国",
        "打印人：李晓燕窗口：003打印时间：2026-11-2309:41第1页共1页",
    ):
        assert said in text


def test_an_assessment_says_what_its_fields_say(printed: Printed) -> None:
    text = printed(ASSESSMENT).text()
    for said in (
        "示例市社会保险费征集核定单",
        "单位编号13040012345核定编号HD202611000123单位名称示例市惠民食品有限公司缴费属期2026年11月",
        "险种名称缴费人数在职人数退休人数人员工资单位缴费基数基金征集单位缴费个人缴费个人账户单位划转个人划转统筹划入缴费合计",
        "失业保险128121120000.001083456.00173352.9686676.480.0086676.48173352.96260029.44",
        "合计5600000.005417280.00866764.80433382.400.00433382.40866764.801300147.20",
        "缴费总额人民币壹佰叁拾万零壹佰肆拾柒元贰角￥1300147.20",
        "社保经办机构（盖章）：示例市社会保险事业管理中心",
        "缴费单位（盖章）：示例市惠民食品有限公司",
        "制表人：李晓燕审核人：王建国领导签字：单位经办人：",
    ):
        assert said in text


def test_a_change_sheet_says_who_changed_and_how_many_are_left(printed: Printed) -> None:
    text = printed(CHANGES).text()
    assert (
        f"2{RARE}{ID_NUMBER}1000200302增加养老、医疗、失业、工伤、生育2026-11-03新参加工作5234.025234.02审核通过"
        in text
    )
    assert "合计（3人次）" in text
    assert all(f"{scheme}12531127" in text for scheme in SCHEMES)


def test_a_receipt_masks_the_person_and_promises_nothing(printed: Printed) -> None:
    text = printed(RECEIPT).text()
    assert "受理号130400-003-261123-0042-8受理时间2026年11月23日09:40窗口003综合窗口" in text
    assert f"个人{RARE}130***********0015" in text
    assert ID_NUMBER not in text
    assert "不代表业务已办结" in text


def test_two_months_are_two_notices_of_one_page_each(printed: Printed) -> None:
    october = replace(NOTICE, fee_month=NOTICE.fee_month - 1, number="TZ202610000119")
    for notice, month in ((NOTICE, "2026年11月"), (october, "2026年10月")):
        pages = printed(notice).page_texts()
        assert len(pages) == 1
        assert f"费款所属期：{month}" in pages[0]


@EVERY
def test_every_font_is_embedded_and_can_be_copied(printed: Printed, document: Document) -> None:
    answers = {name: said for name, said in printed(document).fonts() if name != "Helvetica"}
    assert answers
    assert all(said == ["yes", "yes", "yes"] for said in answers.values())


@EVERY
@pytest.mark.parametrize("stamp", [STAMP, replace(STAMP, print_number=2)], ids=["first", "again"])
def test_nothing_stands_outside_the_margins(printed: Printed, document: Document, stamp: Stamp) -> None:
    paper = printed(document, stamp)
    identity = next(identity for identity, sample in DOCUMENTS.items() if sample is document)
    margin = MARGINS[identity] - 1
    (page,) = paper.pages()
    for word in page.words:
        assert margin <= word.left < word.right <= page.width - margin, word
        assert margin <= word.top < word.bottom <= page.height - margin, word
    picture = paper.picture()
    edge = margin - 1
    assert picture.ink() > 5_000
    assert picture.ink(bottom=edge) + picture.ink(top=picture.height - edge) == 0
    assert picture.ink(right=edge) + picture.ink(left=picture.width - edge) == 0


def test_the_money_of_a_column_ends_at_one_place(printed: Printed) -> None:
    lines = (notice_line("养老"), replace(notice_line("医疗"), employer_due=7, person_due=-1_234_567_890))
    (page,) = printed(replace(NOTICE, lines=lines)).pages()
    for amounts in (("173352.96", "0.07"), ("86676.48", "-12345678.90")):
        ends = {round(word.right, 1) for word in page.words if word.text in amounts}
        assert len(ends) == 1


def test_a_negative_sum_is_written_with_its_sign(printed: Printed) -> None:
    refund = replace(notice_line("养老"), employer_due=-12_345, person_due=0, interest=0, late_fee=0)
    text = printed(replace(NOTICE, lines=(refund,))).text()
    assert "人民币负壹佰贰拾叁元肆角伍分￥-123.45" in text


def test_a_notice_without_lines_says_so(printed: Printed) -> None:
    text = printed(replace(NOTICE, lines=())).text()
    assert "（无记录）合计0.000.00" in text
    assert "人民币零元整￥0.00" in text


@cache
def rows_on_one_page() -> int:
    """The most rows of a change sheet that still stand on one page."""
    return max(rows for rows in range(1, 40) if render(changes_with(rows), STAMP).pages == 1)


@pytest.mark.parametrize("beyond", [-1, 0, 1, 2, 20, 60])
def test_each_row_stands_on_one_page_once_and_sums_close_the_last(printed: Printed, beyond: int) -> None:
    rows = rows_on_one_page() + beyond
    pages = printed(changes_with(rows)).page_texts()
    assert (len(pages) > 1) == (beyond > 0)
    joined = "".join(pages)
    assert all(joined.count(str(1_000_200_300 + number)) == 1 for number in range(1, rows + 1))
    for number, page in enumerate(pages, start=1):
        assert "序号姓名证件号码" in page
        assert f"第{number}页共{len(pages)}页" in page
        assert ("本页小计" in page) == (len(pages) > 1)
        assert (f"合计（{rows}人次）" in page) == (number == len(pages))
        assert ("（缴费单位盖章处）" in page) == (number == len(pages))
    counted = [page.partition("本页小计（")[2].partition("人次")[0] for page in pages if "本页小计" in page]
    assert sum(map(int, counted)) == (rows if beyond > 0 else 0)
    assert "0" not in counted


def test_subtotals_of_the_pages_add_up_to_the_total(printed: Printed) -> None:
    notice = replace(NOTICE, lines=tuple(notice_line(f"第{number}险种") for number in range(60)))
    pages = printed(notice).page_texts()
    assert len(pages) > 1
    rows = sum(page.count("险种1281083456") for page in pages)
    assert rows == 60
    total = 60 * 26_049_197
    assert f"￥{total // 100}.{total % 100:02d}" in pages[-1]
    fen = [round(int(digits.replace(".", ""))) for page in pages for digits in subtotal(page)]
    assert sum(fen) == total


def subtotal(page: str) -> list[str]:
    """The last amount of the line 本页小计: seven amounts of two decimals without blanks between."""
    line = page.partition("本页小计")[2]
    return re.findall(r"\d+\.\d\d", line)[6:7]


@EVERY
def test_the_longest_names_are_printed_whole(printed: Printed, document: Document) -> None:
    long = replace(document, employer_name=LONGEST_EMPLOYER)  # type: ignore[type-var]
    if document is CHANGES:
        long = replace(CHANGES, employer_name=LONGEST_EMPLOYER, lines=(change_line(1, LONGEST_NAME),))
    if document is RECEIPT:
        long = replace(RECEIPT, employer_name=LONGEST_EMPLOYER, person_name=LONGEST_NAME)
    paper = printed(long)
    assert squeezed(LONGEST_EMPLOYER) in paper.text()
    if document in (CHANGES, RECEIPT):
        assert LONGEST_NAME in paper.text()
    for page in paper.pages():
        assert all(word.right <= page.width - 19 for word in page.words)


def test_eighteen_rare_characters_are_copied_right_from_the_paper(printed: Printed) -> None:
    name = "䶮㛃𬭚𠅤𫍯𬴊𬱖𬬻𬬿𬭛𨱏𨱔䲟㙍𬀩𬀪𬇙𬇹"
    assert len(name) == 18
    assert name in printed(replace(CHANGES, lines=(change_line(1, name),))).text()


def test_a_name_that_no_font_draws_is_not_printed() -> None:
    with pytest.raises(NoGlyph, match=r"U\+3134A"):
        render(replace(CHANGES, lines=(change_line(1, "王\U0003134a"),)), STAMP)


def test_a_text_taller_than_the_page_is_refused_and_not_clipped() -> None:
    with pytest.raises(TooMuchText, match="人员变更表"):
        render(replace(CHANGES, lines=(change_line(1, "长" * 3_000),)), STAMP)


@settings(max_examples=40)
@given(name=st.text(max_size=80), amount=st.integers(-MOST_EXACT, MOST_EXACT))
def test_any_text_and_sum_is_either_printed_or_refused_with_a_sentence(name: str, amount: int) -> None:
    line = replace(change_line(1, name), wage=amount, schemes=name, reason=name)
    with suppress(NoGlyph, TooMuchText):
        assert render(replace(CHANGES, employer_name=name, lines=(line,)), STAMP).pages >= 1


def test_control_characters_are_printed_as_signs(printed: Printed) -> None:
    assert "甲?乙" in printed(replace(NOTICE, employer_name="甲\u202e乙")).text()


def test_training_is_written_across_every_sheet(printed: Printed) -> None:
    pages = printed(changes_with(60), TRAINING).page_texts()
    assert len(pages) > 2
    assert all("演练" in page for page in pages)
    assert not any("演练" in page for page in printed(changes_with(60)).page_texts())


def test_words_across_the_sheet_reach_over_its_middle(printed: Printed) -> None:
    (page,) = printed(NOTICE, TRAINING).pages()
    across = [word for word in page.words if set(word.text) <= set("演练")]
    assert min(word.top for word in across) < page.height * 0.45
    assert max(word.bottom for word in across) > page.height * 0.55


def test_a_bill_rolled_back_says_void_on_its_face(printed: Printed) -> None:
    assert "已作废" in printed(ASSESSMENT, replace(STAMP, void=True)).text()
    assert "已作废" not in printed(ASSESSMENT).text()


def test_the_third_print_is_the_second_one_made_again(printed: Printed) -> None:
    assert "补打第2次" in printed(NOTICE, replace(STAMP, print_number=3)).text()
    assert "补打" not in printed(NOTICE).text()


def test_figures_in_doubt_are_marked_below_the_table(printed: Printed) -> None:
    marks = ("演练数据", "〔未确认〕单位缴费比例")
    text = printed(replace(NOTICE, marks=marks)).text()
    assert "￥1302459.85#〔演练数据〕*〔未确认〕单位缴费比例请于" in text


def test_each_amount_in_doubt_bears_its_mark_and_sums_bear_the_marks_of_all(printed: Printed) -> None:
    sure, doubted, invented = notice_line("养老保险"), notice_line("医疗保险"), notice_line("失业保险")
    lines = (sure, replace(doubted, marks=("未确认",)), replace(invented, late_fee_marks=("演练数据",)))
    text = printed(replace(NOTICE, lines=lines)).text()
    assert "养老保险1281083456.001083456.00173352.9686676.4812.03450.50260491.97" in text
    assert "医疗保险1281083456.00*1083456.00*173352.96*86676.48*12.03450.50260491.97*" in text
    assert "失业保险1281083456.001083456.00173352.9686676.4812.03450.50#260491.97#" in text
    assert "3250368.00*3250368.00*520058.88*260029.44*36.091351.50#781475.91*#" in text
    assert "￥781475.91*#" in text


def test_an_amount_of_nothing_rests_on_no_figure(printed: Printed) -> None:
    nothing = replace(notice_line("失业保险"), interest=0, late_fee=0)
    line = replace(nothing, interest_marks=("未确认",), late_fee_marks=("未确认",))
    assert "*" not in printed(replace(NOTICE, lines=(line,))).text().replace(NOTICE.account_masked, "")


def test_an_assessment_marks_the_money_and_not_the_wages(printed: Printed) -> None:
    line = replace(ASSESSMENT.lines[0], marks=("未确认",))
    text = printed(replace(ASSESSMENT, lines=(line,))).text()
    assert "1120000.001083456.00*173352.96*86676.48*0.00*86676.48*173352.96*260029.44*" in text


def test_a_base_in_doubt_is_marked_on_the_change_sheet(printed: Printed) -> None:
    line = replace(CHANGES.lines[0], base_marks=("演练数据",))
    text = printed(replace(CHANGES, lines=(line,), marks=("〔演练数据〕缴费基数",))).text()
    assert "5234.015234.01#" in text
    assert "#〔演练数据〕缴费基数" in text


def test_only_what_the_customer_signs_or_keeps_is_printed_offline(printed: Printed) -> None:
    assert "离线打印·待同步核验" in printed(CHANGES, OFFLINE).text()
    assert "离线打印" not in printed(RECEIPT, OFFLINE).text()
    for bill in (NOTICE, ASSESSMENT):
        with pytest.raises(WaitsForHub, match="须待上级入库后才能打印"):
            render(bill, OFFLINE)


@EVERY
def test_two_runs_give_the_same_bytes(document: Document) -> None:
    first, second = render(document, STAMP), render(document, STAMP)
    assert first.pdf == second.pdf
    assert first.pdf_sha256 == sha256(first.pdf).hexdigest()


def test_the_content_hash_knows_the_fields_and_not_the_print() -> None:
    first = render(NOTICE, STAMP)
    again = render(NOTICE, replace(TRAINING, print_number=2))
    other = render(replace(NOTICE, telephone="0310-5550124"), STAMP)
    assert first.content_sha256 == again.content_sha256 != other.content_sha256
    assert first.pdf_sha256 != again.pdf_sha256
    assert first.content["lines"][0]["employer_due"] == 17_335_296


async def test_a_print_is_described_for_the_record() -> None:
    paper = await render_paper(RECEIPT, STAMP, serial="13040000326112300428")
    assert (paper.document, paper.subject, paper.month) == ("D17", "13040012345", RECEIPT.month)
    assert paper.file_name == "D17_13040012345_202611_13040000326112300428.pdf"
    assert paper.pdf_hash == sha256(paper.pdf).hexdigest()


@pytest.mark.parametrize(
    ("document", "stamp", "content"),
    [(RECEIPT, STAMP, RECEIPT.acceptance_number), (CHANGES, OFFLINE, OPERATION)],
    ids=["receipt", "offline sheet"],
)
def test_the_code_on_paper_is_the_code_of_its_content(
    printed: Printed, document: Document, stamp: Stamp, content: str
) -> None:
    paper = printed(document, stamp)
    expected = modules(content)
    picture = paper.picture(dots=288)
    (page,) = paper.pages()
    caption = [word for word in page.words if word.text == content]
    left = (caption[0].left + caption[0].right) / 2 - SIDE / 2 if caption else page.width - MARGINS["D05"] - SIDE
    assert any(seen(picture, left, top / 4, len(expected)) == expected for top in range(20 * 4, 120 * 4))


def seen(picture: Picture, left: float, top: float, count: int) -> tuple[tuple[bool, ...], ...]:
    """Dark and light at the middles of the modules of a code whose corner is at (left, top), in points."""
    scale, step = 4, SIDE / count
    return tuple(
        tuple(
            picture.at(int((left + (column + 0.5) * step) * scale), int((top + (row + 0.5) * step) * scale)) < 128
            for column in range(count)
        )
        for row in range(count)
    )


def test_paper_lies_as_the_list_of_documents_says(printed: Printed) -> None:
    sizes = {identity: printed(sample).pages()[0] for identity, sample in DOCUMENTS.items()}
    assert {identity: (round(page.width), round(page.height)) for identity, page in sizes.items()} == {
        "D01": (595, 842),
        "D02": (842, 595),
        "D05": (842, 595),
        "D17": (595, 421),
    }
    assert {family.id: family.copies for family in FAMILIES.values()} == {"D01": 2, "D02": 2, "D05": 2, "D17": 1}
