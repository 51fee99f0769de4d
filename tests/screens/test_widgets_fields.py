"""What a clerk's fingers know about fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screens.widgets.choice_field import ChoiceField
from screens.widgets.pin_field import PinField
from screens.widgets.ticks_field import TicksField
from tests.screens.forms import Form

if TYPE_CHECKING:
    from tests.screens.clerk import Clerk, ClerkAt


def form(clerk: Clerk) -> Form:
    assert isinstance(clerk.screen, Form)
    return clerk.screen


async def test_entering_a_field_selects_it_and_typing_replaces(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("张三\n")
        await clerk.presses("up")
        await clerk.types("李四")
        assert form(clerk).field("name").value == "李四"


async def test_an_arrow_or_home_starts_editing_instead_of_replacing(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("张三\n")
        await clerk.presses("up", "end")
        await clerk.types("丰")
        assert form(clerk).field("name").value == "张三丰"


async def test_the_editing_keys_of_a_fixed_key_terminal_work(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("一二三四五")
        await clerk.presses("left", "left", "ctrl+k")
        assert form(clerk).field("name").value == "一二三"
        await clerk.presses("left", "ctrl+u")
        assert form(clerk).field("name").value == "三"
        await clerk.presses("delete", "backspace")
        assert form(clerk).field("name").value == ""


async def test_enter_on_the_last_field_stays_and_names_the_key_that_saves(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses(*["tab"] * 5)
        assert clerk.at == "pin"
        await clerk.presses("enter", "enter")
        assert clerk.at == "pin"
        assert "F2 保存" in clerk.message
        assert form(clerk).saved == []


async def test_dup_repeats_in_an_untouched_field_and_goes_on(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab")
        await clerk.types("*")
        assert form(clerk).field("wage").value == "8432"
        assert clerk.at == "reason"


@pytest.mark.parametrize("star", ["*", "＊"])
async def test_a_star_in_a_field_that_was_typed_in_is_no_dup(at: ClerkAt, star: str) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab")
        await clerk.types("9" + star)
        assert form(clerk).field("wage").value == "9"
        assert clerk.at == "wage"


@pytest.mark.parametrize("last", ["x", "X", "*", "ｘ"])
async def test_the_check_character_of_an_identity_number_is_written_as_capital_x(at: ClerkAt, last: str) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab")
        await clerk.types("11010519900101123" + last)
        assert form(clerk).field("identity").value == "11010519900101123X"


async def test_a_number_field_refuses_letters_with_a_word_about_the_input_method(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab")
        await clerk.types("1ni2")
        assert form(clerk).field("wage").value == "12"
        assert "输入法" in clerk.message
        assert clerk.bells >= 1


async def test_full_width_figures_are_the_same_keys(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab")
        await clerk.types("８４３２。５")
        assert form(clerk).field("wage").value == "8432.5"


async def test_what_does_not_fit_is_announced_and_what_fits_stays(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("一二三四五六七")
        assert form(clerk).field("name").value == "一二三四五六"
        assert "最多 12 格" in clerk.message


async def test_a_question_mark_and_enter_is_help(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.types("?\n")
        assert clerk.message == "与身份证一致"
        assert form(clerk).field("name").value == ""
        assert clerk.at == "name"


@pytest.mark.parametrize("typed", ["21", "死亡", "sw", "SW", "死", "２１", "s"])
async def test_a_choice_is_found_by_code_initials_or_part_of_its_name(at: ClerkAt, typed: str) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab")
        await clerk.types(typed + "\n")
        field = clerk.screen.query_one(ChoiceField)
        assert field.code == "21"
        assert clerk.reads("21 死亡")
        assert clerk.at == "schemes"


async def test_several_hits_open_a_panel_from_which_a_number_picks(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab")
        await clerk.types("解除\n")
        assert clerk.screen.panel.is_open
        assert clerk.reads("2 13 解除聘用")
        await clerk.types("2\n")
        assert clerk.screen.query_one(ChoiceField).code == "13"
        assert not clerk.screen.panel.is_open
        assert clerk.at == "schemes"


async def test_escape_closes_the_panel_and_typing_more_narrows(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab")
        await clerk.types("解除\n")
        await clerk.presses("escape")
        assert not clerk.screen.panel.is_open
        assert clerk.at == "reason"
        await clerk.types("\n")
        await clerk.presses("down", "enter")
        assert clerk.screen.query_one(ChoiceField).code == "13"


async def test_an_unknown_code_stays_selected_and_says_so(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab")
        await clerk.types("99\n")
        assert "没有这个代码" in clerk.message
        assert clerk.at == "reason"
        await clerk.types("11\n")
        assert clerk.screen.query_one(ChoiceField).code == "11"


async def test_f4_lists_the_choices(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab", "f4")
        assert clerk.reads("1 11 在职转退休")
        await clerk.presses("down", "down", "down", "enter")
        assert clerk.screen.query_one(ChoiceField).code == "21"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1 3", ("110", "310")),
        ("0", ("110", "210", "310")),
        ("2,1", ("110", "210")),
        ("医疗", ("310",)),
        ("", ("110",)),
    ],
)
async def test_several_schemes_are_numbers_or_all(at: ClerkAt, typed: str, codes: tuple[str, ...]) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab", "tab")
        await clerk.types(typed + "\n")
        assert clerk.screen.query_one(TicksField).ticked() == codes
        assert clerk.at == "pin"


async def test_a_number_that_is_not_in_the_list_is_refused_where_it_stands(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses("tab", "tab", "tab", "tab")
        await clerk.types("1 7\n")
        assert "没有第 7 项" in clerk.message
        assert clerk.at == "schemes"


async def test_a_pin_is_bytes_shown_as_marks_and_handed_over_once(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses(*["tab"] * 5)
        await clerk.types("123457")
        await clerk.presses("backspace")
        await clerk.types("6")
        field = clerk.screen.query_one(PinField)
        assert clerk.reads("******")
        assert not clerk.reads("123456")
        taken = field.take()
        assert taken == bytearray(b"123456")
        assert field.take() == bytearray()
        await clerk.types("99")
        held = field._typed
        field.wipe()
        assert len(field) == 0
        assert held == bytearray()


async def test_a_pin_is_never_pasted(at: ClerkAt) -> None:
    async with at(Form) as clerk:
        await clerk.presses(*["tab"] * 5)
        await clerk.pastes("123456")
        assert len(clerk.screen.query_one(PinField)) == 0
        assert clerk.bells == 1
