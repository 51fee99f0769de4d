"""F4 on an amount leads down, level by level, to the document that fixed it; F12 leads up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.text import width
from counter_tui.policy.explanation import Explanation, Line
from screens.explanation import ExplanationPages
from screens.trial_views import MONEY_COLUMNS, MONEY_KEEP, uncut
from screens.widgets.record_table import Row
from screens.widgets.steps import wrapped
from tests.screens.stories import LARGE, SMALL, USUAL, Stories
from tests.screens.test_settlement import settle
from tests.services.bureau import EMPLOYER, MONTH, SUSPENDED

if TYPE_CHECKING:
    from tests.screens.clerk import ClerkAt


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_grand_total_of_a_notice_leads_down_to_the_document_that_fixed_the_floor(
    counter: Stories, size: tuple[int, int]
) -> None:
    await settle(counter)
    (bill,) = await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH)
    counter.size = size
    async with counter.at("P50") as clerk:
        await clerk.presses("f5", "f9")
        assert clerk.reads("打印预览  单位缴费通知单"), clerk.page
        await clerk.presses("f4")
        assert clerk.reads(f"核定单 {bill.number} 应缴合计"), clerk.page
        await clerk.presses("f4")
        assert clerk.reads("张建国 1000000001"), clerk.page
        await clerk.presses("f4")
        assert clerk.reads("缴费下限：4,076.00"), clerk.page
        await clerk.presses("f4")
        assert clerk.reads("文件：冀人社字〔2026〕57号"), clerk.page
        assert clerk.reads("条款：引文未注明条款"), clerk.page
        assert clerk.reads("第 5 层") or clerk.reads("第 4 层"), clerk.page
        assert all(width(row) <= size[0] for row in clerk.page.split("\n"))
        await clerk.presses("f12", "left", "f12", "f12")
        assert clerk.reads("打印预览  单位缴费通知单"), clerk.page


async def test_every_row_of_a_bill_explains_itself_and_the_cursor_comes_back_to_where_it_was(counter: Stories) -> None:
    await settle(counter)
    async with counter.at("P50") as clerk:
        await clerk.presses("f5", "down", "down", "f4")
        assert clerk.reads("职工基本医疗保险 2026-11 应缴"), clerk.page
        await clerk.presses("right", "down", "f4")
        assert clerk.reads("职工基本医疗保险缴费基数上限的出处"), clerk.page
        await clerk.presses("f12")
        assert [row for row in clerk.page.split("\n") if row.startswith("> 缴费上限")], clerk.page


async def test_a_bill_marks_the_amounts_that_rest_on_invented_figures_and_says_what_the_mark_means(
    counter: Stories,
) -> None:
    await settle(counter)
    async with counter.at("P50") as clerk:
        await clerk.presses("f5")
        rows = clerk.page.split("\n")
        medical = next(row for row in rows if "医疗" in row)
        pension = next(row for row in rows if "养老" in row)
        assert "711.11*#" in medical, clerk.page
        assert "#" not in pension
        assert clerk.reads("* 未确认  # 演练数据"), clerk.page


async def test_a_bill_that_is_to_be_taken_back_and_the_form_of_assessment_explain_themselves(
    counter: Stories,
) -> None:
    await settle(counter)
    async with counter.at("P34") as clerk:
        await clerk.presses("f5", "tab", "tab", "f4")
        assert clerk.reads("企业职工基本养老保险 2026-11 应缴 2,133.33"), clerk.page
    (bill,) = await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH)
    async with counter.at("P64") as clerk:
        await clerk.presses("f5", "enter", "f4")
        assert clerk.reads(f"核定单 {bill.number} 应缴合计"), clerk.page


async def test_what_is_explained_is_named_above_its_first_step(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.types("5200")
        await clerk.presses("enter", "up", "f4")
        assert clerk.page.split("\n")[1] == "企业职工基本养老保险 2026-11", clerk.page
        assert clerk.reads("> 缴费下限：4,076.00")


async def test_a_step_without_a_level_below_says_so(at: ClerkAt) -> None:
    flat = Explanation(title="合计的计算", lines=(Line(label="本金", value="1.00"), Line(label="合计", value="1.00")))
    async with at(lambda: ExplanationPages((flat,))) as clerk:
        await clerk.presses("enter")
        assert clerk.message == "这一步没有下一层"
        await clerk.presses("down")
        assert clerk.row(4).startswith("> 合计"), clerk.text
        await clerk.presses("down")
        assert clerk.message == "已到头"


async def test_a_thousand_steps_are_turned_by_pages(at: ClerkAt) -> None:
    many = Explanation(title="很多", lines=tuple(Line(label=f"第{place}步", value="1.00") for place in range(1000)))
    async with at(lambda: ExplanationPages((many,))) as clerk:
        await clerk.presses("pagedown", "pagedown")
        assert clerk.reads("/1000")
        assert not clerk.reads("第0步")
        await clerk.presses("pageup", "pageup")
        assert clerk.reads("第0步")


@pytest.mark.parametrize("cells", [20, 37, 80])
def test_a_row_never_breaks_a_number_and_never_begins_with_a_closing_mark(cells: int) -> None:
    text = "单位应缴：1,234,567.89 * 16%，四舍五入到分 = 197,530.86〔演练数据〕〔未确认〕（国办发〔2019〕13号）"
    rows = list(wrapped(text, cells))
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(width(row) <= cells for row in rows)
    assert not [row for row in rows if row[0] in "，。）〕"]
    assert any("1,234,567.89" in row for row in rows)


def test_an_amount_is_never_cut_however_large_it_is() -> None:
    texts = ("企业养老", "123456", "1,234,567,890.12*#", "123,456,789.01*#", "98,765,432.10*#", "222,222,221.11*#")
    for cells in (60, 80, 132):
        fitted = uncut(MONEY_COLUMNS, (Row(key="1", texts=texts),), MONEY_KEEP, cells)
        shown = [text for text in fitted.rows[0].texts if "," in text]
        assert {"123,456,789.01*#", "222,222,221.11*#"} <= set(shown)
        for column, text in zip(fitted.columns, fitted.rows[0].texts, strict=True):
            assert column.cells >= width(text)
        assert 10 + sum(column.cells + 1 for column in fitted.columns) - 1 <= max(cells, 74)
