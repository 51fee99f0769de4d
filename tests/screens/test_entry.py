"""Entry of one person's declaration, as the clerk types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.stories import LARGE, SMALL, USUAL, open_counter
from tests.services.bureau import ELSEWHERE, NEW, PAYING, SUSPENDED, citizen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screens.stories import Stories


async def test_a_stop_takes_the_number_enter_and_f2(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        assert clerk.reads("张建国")
        await clerk.presses("f2")
        assert clerk.reads("已存本机，受理号")
        assert clerk.keys == 20
        assert clerk.at == "id_number"
    assert [item.state for item in await counter.items()] == ["D1"]


async def test_a_resumption_shows_its_verdict_and_amounts_at_once(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        assert clerk.reads("业务类别：续保")
        assert clerk.at == "wage"
        await clerk.enters("5200")
        assert clerk.reads("养老  基数 5,200.00")
        await clerk.presses("f2")
        assert clerk.reads("已存本机，受理号")
    assert [item.verdict for item in await counter.items()] == ["续保"]


async def test_a_person_paid_elsewhere_is_refused_with_the_employer_named(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(ELSEWHERE)
        assert clerk.reads("不能参保")
        await clerk.presses("up", "down")
        while clerk.at != "id_number":
            await clerk.presses("up")
        await clerk.presses("f4")
        assert "养老  参保缴费  邯郸市复兴区通达物流有限公司" in clerk.screen.panel.text
        await clerk.presses("escape")
        while clerk.at != "wage":
            await clerk.presses("down")
        await clerk.types("5200")
        await clerk.presses("f2")
        assert clerk.reads("通达物流")
    assert await counter.items() == []


async def test_a_new_person_is_asked_for_what_no_default_gives(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(NEW)
        assert clerk.reads("业务类别：参保登记")
        assert clerk.at == "name"
        await clerk.enters("赵晓明")
        await clerk.presses("f2")
        assert clerk.reads("!")
        assert clerk.at == "first_job"


async def test_a_resumption_is_done_within_the_keys_of_the_budget(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.types("5200")
        await clerk.presses("f2")
        assert clerk.reads("已存本机")
        assert clerk.keys <= 26


async def test_the_star_repeats_the_last_wage(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.types("5200")
        await clerk.presses("f2")
        await clerk.enters(NEW)
        while clerk.at != "wage":
            await clerk.presses("down")
        await clerk.types("*")
        assert clerk.screen.query_one("#wage").value == "5,200.00"  # type: ignore[attr-defined]
        assert clerk.at == "remark"


async def test_what_was_typed_is_there_again_after_leaving(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.types("未交接")
        await clerk.presses("f12")
    async with counter.at("P05") as clerk:
        assert clerk.reads("有未完成的草稿")
        await clerk.presses("f5")
        assert clerk.reads("未交接")
        assert clerk.reads("张建国")
        await clerk.presses("f2")
        assert clerk.reads("已存本机")
    async with counter.at("P05") as clerk:
        assert not clerk.reads("草稿（")


async def test_a_draft_is_discarded_with_f6(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        await clerk.presses("f12")
    async with counter.at("P05") as clerk:
        await clerk.presses("f6")
        assert clerk.reads("草稿已丢弃")
    async with counter.at("P05") as clerk:
        assert not clerk.reads("有未完成的草稿")


async def test_f6_clears_the_field_then_asks_for_the_form(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.types("错的")
        await clerk.presses("f6")
        assert clerk.reads("本栏已清除")
        await clerk.presses("f6")
        assert clerk.reads("再按一次 F6 确认")
        await clerk.confirms("f6")
        assert clerk.screen.query_one("#id_number").value == ""  # type: ignore[attr-defined]


async def test_f7_shows_the_results_and_a_row_is_corrected_from_there(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P05") as clerk:
        await clerk.presses("f7")
        assert clerk.reads("申报结果")
        assert clerk.reads("待提交")
        assert PAYING not in clerk.page
        await clerk.presses("enter")
        assert clerk.reads("修改受理号")
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.types("改过")
        await clerk.presses("f2")
        assert clerk.reads("已存本机"), clerk.page
        assert clerk.reads("申报结果")
    items = await counter.items()
    assert [item.body["remark"] for item in items] == ["改过"]


async def test_an_amount_explains_itself_down_to_the_citation(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.enters("5200")
        await clerk.presses("down")
        await clerk.presses("f4")
        assert clerk.reads("缴费下限")
        assert clerk.reads("国办发〔2019〕13号")
        await clerk.presses("f12")
        assert clerk.reads("业务类别：续保")
        while clerk.at != "wage":
            await clerk.presses("up")
        await clerk.presses("f4")
        assert clerk.reads("计算过程")


async def test_f4_opens_the_amounts_from_any_field_that_has_no_list_of_its_own(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.presses("down")
        assert clerk.at == "remark"
        await clerk.presses("f4")
        assert clerk.reads("此处不用 F4")
        await clerk.presses("up")
        await clerk.enters("5200")
        assert clerk.at == "remark"
        await clerk.presses("f4")
        assert clerk.reads("计算过程")
        await clerk.presses("f12")
        assert clerk.at == "remark"


async def test_back_months_are_counted_and_summed_at_once(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.enters("5200")
        while clerk.at != "since":
            await clerk.presses("up")
        await clerk.enters("20260801")
        assert "补收 3 个月（2026-08 至 2026-10）" in clerk.screen.amounts  # type: ignore[attr-defined]


async def test_a_supervisor_lets_a_person_past_retirement_pass(counter: Stories) -> None:
    old = citizen("13040319600101005")
    async with counter.at("P01") as clerk:
        await clerk.enters(old)
        for name, text in (("name", "钱大有"), ("first_job", "19850701"), ("hukou", "11"), ("phone", "13900139000")):
            while clerk.at != name:
                await clerk.presses("down")
            await clerk.types(text)
        while clerk.at != "wage":
            await clerk.presses("down")
        await clerk.types("5200")
        await clerk.presses("f2")
        assert clerk.reads("请主管授权"), clerk.page
        await clerk.presses("f8")
        assert clerk.reads("主管证书"), clerk.page
        await clerk.presses("enter")
        await clerk.enters("档案已核")
        await clerk.enters("123456")
        assert clerk.reads("已存本机"), clerk.page
    assert [item.override for item in await counter.items()] == ["档案已核"]


async def test_f8_before_a_save_says_what_comes_first(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.presses("f8")
        assert clerk.reads("请先按 F2 保存")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_field_under_the_cursor_is_always_on_the_screen(counter: Stories, size: tuple[int, int]) -> None:
    counter.size = size
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.types("5200")
        for _ in clerk.screen.fields():
            await clerk.presses("down")
            focused = clerk.app.focused
            assert focused is not None
            assert 0 <= focused.region.y < size[1] - 3
        assert all(len(line) <= size[0] for line in clerk.page.splitlines())


async def test_a_city_that_asks_little_hides_the_rest_until_pgdn(tmp_path: Path) -> None:
    async with open_counter(tmp_path, region="tianjin") as counter, counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        assert not clerk.reads("联系电话")
        await clerk.enters("1")
        assert clerk.at == "wage"
        await clerk.presses("pageup")
        assert clerk.reads("本次参保时间")
        while clerk.at != "wage":
            await clerk.presses("down")
        await clerk.types("5200")
        await clerk.presses("f2")
        assert clerk.reads("已存本机"), clerk.page


async def test_a_clerk_may_be_whole_records_ahead(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.bursts(SUSPENDED, "enter", "5200", "enter", "甲", "f2", ELSEWHERE, "enter")
        assert clerk.reads("不能参保")
        assert clerk.screen.query_one("#id_number").value == ELSEWHERE  # type: ignore[attr-defined]
    (item,) = await counter.items()
    assert (item.id_number, item.body["wage"], item.body["remark"]) == (SUSPENDED, 520_000, "甲")


async def test_without_an_employer_in_reception_the_form_says_so_at_once(counter: Stories) -> None:
    await counter.counter.receive(counter.counter.seat.receiving(None))
    async with counter.at("P05") as clerk:
        assert clerk.reads("尚未接待单位")
