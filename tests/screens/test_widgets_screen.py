"""What every screen does with keys, questions, problems and workers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import events

from screens.widgets.field_row import FieldRow
from tests.screens.forms import Form, People

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screens.clerk import ClerkAt


async def test_the_fixed_rows_stand_where_clerks_look_for_them(at: ClerkAt) -> None:
    class Counter:
        def status_line(self, cells: int) -> str:
            assert cells == 80
            return "3号窗 0007"

    async with at(Form, counter=Counter()) as clerk:
        assert clerk.row(1).startswith("11 人员参保")
        assert clerk.row(21) == "与身份证一致"
        assert clerk.row(23).startswith("F1帮助  F2保存")
        assert "F9" not in clerk.row(23)
        assert clerk.row(24) == "3号窗 0007"


async def test_a_key_that_means_nothing_says_so_and_keeps_what_was_typed(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("张三")
        await clerk.presses("f8")
        assert clerk.message == "此处不用 F8"
        assert clerk.reads("张三")


async def test_the_first_screen_is_not_left_but_its_draft_is_kept(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("f12")
        assert isinstance(clerk.screen, Form)
        assert clerk.screen.drafts == 1


async def test_page_down_goes_to_the_next_section_and_back(at: ClerkAt) -> None:
    async with at(Form, size=(60, 15)) as clerk:
        await clerk.presses("pagedown")
        assert clerk.at == "reason"
        await clerk.presses("pageup")
        assert clerk.at == "name"
        await clerk.presses("pageup")
        assert "PgUp" in clerk.message


async def test_a_question_is_confirmed_by_the_same_key_after_a_moment(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("张三")
        await clerk.presses("f6")
        assert clerk.message == "清除全部栏目，再按一次 F6 确认"
        await clerk.presses("f6")
        assert clerk.reads("张三")
        await asyncio.sleep(0.35)
        await clerk.presses("f6")
        assert not clerk.reads("张三")


async def test_any_other_key_withdraws_a_question(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("张三")
        await clerk.presses("f6")
        await asyncio.sleep(0.35)
        await clerk.presses("tab")
        assert clerk.message == "已撤回"
        await asyncio.sleep(0.35)
        await clerk.presses("f6")
        assert "再按一次" in clerk.message
        assert clerk.reads("张三")


async def test_a_question_drops_the_keys_typed_before_it_was_seen(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("f6", "f6", "f2")
        assert "再按一次 F6 确认（先前键入的 2 键未收）" in clerk.message
        assert isinstance(clerk.screen, Form)
        assert clerk.screen.saved == []


async def test_problems_are_shown_one_at_a_time_with_marks_on_all(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        problems = [("identity", "证件号码的校验位不对"), ("wage", "工资低于下限")]
        clerk.screen.stop(problems)
        await clerk.settles()
        assert clerk.at == "identity"
        assert clerk.message == "! 1/2 证件号码的校验位不对"
        marked = [row.label for row in clerk.screen.query(FieldRow) if row._problem]
        assert marked == ["证件号码", "工资"]
        clerk.screen.stop(problems)
        assert clerk.message == "! 2/2 工资低于下限"
        clerk.screen.clear_problems()
        assert not any(row._problem for row in clerk.screen.query(FieldRow))


async def test_a_look_up_that_fails_is_a_sentence_and_later_keys_are_not_misled(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab")
        await clerk.types("404\n8432\n")
        assert clerk.message.startswith("! 没有 404 的参保记录")
        assert isinstance(clerk.screen, Form)
        assert clerk.screen.field("identity").value == "404"


async def test_keys_typed_during_a_save_wait_and_arrive_in_order(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("张三")
        await clerk.presses("f2", "ctrl+u")
        await clerk.types("李四")
        await clerk.presses("f2")
        assert isinstance(clerk.screen, Form)
        assert clerk.screen.saved == ["张三", "李四"]


async def test_an_unknown_error_is_a_reference_and_the_log_keeps_no_number(at: ClerkAt, tmp_path: Path) -> None:
    log = tmp_path / "faults.log"
    async with at(Form, log_file=log) as clerk:
        await clerk.types("张三")
        await clerk.presses("f5")
        assert "程序出错，编号" in clerk.message
        assert clerk.reads("张三")
        reference = clerk.message.split("编号 ")[1][:6]
    written = log.read_text()
    assert reference in written
    assert "ZeroDivisionError" in written
    assert "110105199001011237" not in written


async def test_a_hold_longer_than_a_second_is_released_and_said(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        clerk.app.hold_keys()
        clerk.app.post_message(events.Key("a", "a"))
        await asyncio.sleep(1.2)
        await clerk.settles()
        assert "处理较慢" in clerk.message
        assert clerk.reads("a")


async def test_moved_keys_work_and_the_bar_names_them(at: ClerkAt) -> None:
    async with at(Form, keys={"save": "f3"}) as clerk:
        await clerk.types("张三")
        await clerk.presses("f3")
        assert isinstance(clerk.screen, Form)
        assert clerk.screen.saved == ["张三"]
        assert "F3保存" in clerk.row(23)


async def test_rows_are_walked_ticked_and_opened_by_number(at: ClerkAt) -> None:
    async with at(People) as clerk:
        assert isinstance(clerk.screen, People)
        await clerk.presses("down", "space")
        await clerk.types("5\n")
        await clerk.presses("ideographic_space")
        assert clerk.screen.table.ticks == {"1", "4"}
        assert clerk.screen.opened == []
        await clerk.types("\n")
        assert clerk.screen.opened == ["4"]


async def test_a_star_ticks_all_that_may_be_ticked_and_again_none(at: ClerkAt) -> None:
    async with at(People) as clerk:
        assert isinstance(clerk.screen, People)
        await clerk.types("*")
        assert len(clerk.screen.table.ticks) == 19
        assert "3" not in clerk.screen.table.ticks
        await clerk.types("＊")
        assert clerk.screen.table.ticks == set()


async def test_pages_keep_their_ticks_and_their_numbers(at: ClerkAt) -> None:
    async with at(People, size=(132, 43)) as clerk:
        assert isinstance(clerk.screen, People)
        await clerk.presses("space", "pagedown")
        assert clerk.reads("21  张20")
        await clerk.types("25\n")
        await clerk.presses("space")
        assert clerk.screen.table.ticks == {"0", "24"}
        await clerk.presses("pageup")
        assert clerk.reads("[x]   1")


async def test_money_is_aligned_right_and_a_row_with_a_problem_is_marked(at: ClerkAt) -> None:
    async with at(People) as clerk:
        assert clerk.row(5) == " [ ]   3! 张2            2.00"
        assert clerk.row(6) == "       4  张3            3.00"


async def test_the_dot_of_a_name_is_shown_as_the_terminal_draws_it_and_stored_as_it_is(at: ClerkAt) -> None:
    async with at(Form, dot="・") as clerk:
        await clerk.types("阿凡提·买")
        assert isinstance(clerk.screen, Form)
        assert clerk.screen.field("name").value == "阿凡提·买"
        assert clerk.reads("阿凡提・买")
        offset = clerk.screen.field("name").cursor_screen_offset
        assert offset.x == 21 + 10
