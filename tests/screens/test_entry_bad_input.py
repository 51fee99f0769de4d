"""What clerks, scanners and clipboards can do to an entry form, and what they read then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.bureau import NEW, PAYING, SUSPENDED

if TYPE_CHECKING:
    from tests.screens.stories import Stories


@pytest.mark.parametrize(
    "number",
    [
        "130403199001010010",  # wrong check character
        "130403199013010011",  # no such month
        "130403209001010011",  # born in the future
        "990000197909090011",  # no such province
    ],
)
async def test_a_wrong_identity_number_is_said_and_stays_to_be_corrected(counter: Stories, number: str) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(number)
        assert clerk.reads("证件号码校验未通过")
        assert clerk.at == "id_number"
        await clerk.presses("f2")
        assert clerk.at == "id_number"
    assert await counter.items() == []


async def test_full_width_digits_are_the_same_number(counter: Stories) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in PAYING)
    async with counter.at("P05") as clerk:
        await clerk.enters(wide)
        assert clerk.reads("张建国")
        assert clerk.screen.query_one("#id_number").value == PAYING  # type: ignore[attr-defined]


async def test_a_star_behind_seventeen_digits_is_an_x(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters("11010519491231002*")
        assert clerk.reads("11010519491231002X")
        assert clerk.reads("业务类别：参保登记")


async def test_the_last_four_find_a_person_of_the_employer(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING[-4:])
        assert clerk.reads("张建国")
        await clerk.presses("f2")
        assert clerk.reads("已存本机")


async def test_a_name_finds_a_person_and_an_unknown_one_is_said(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters("没有此人")
        assert clerk.reads("没有找到该人员")
        assert clerk.at == "id_number"
        await clerk.enters("张建国")
        assert clerk.screen.query_one("#id_number").value == PAYING  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "said"), [("20260231", "变更日期"), ("20261301", "变更日期"), ("99999999", "变更日期")]
)
async def test_an_impossible_date_is_never_rolled_over(counter: Stories, typed: str, said: str) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "on":
            await clerk.presses("down")
        await clerk.enters(typed)
        assert clerk.message.startswith("!"), clerk.message
        assert clerk.reads(said)
        await clerk.presses("f2")
        assert clerk.at == "on"
    assert await counter.items() == []


async def test_a_stop_after_today_and_one_before_the_last_change_are_refused(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "on":
            await clerk.presses("down")
        await clerk.enters("+1")
        assert clerk.reads("停保时间不能晚于今天")
        await clerk.presses("up")
        await clerk.enters("20200101")
        await clerk.presses("f2")
        assert clerk.reads("停保时间不能早于上次变更时间")
    assert await counter.items() == []


async def test_a_first_job_after_the_enrolment_is_refused_with_both_fields_named(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        while clerk.at != "first_job":
            await clerk.presses("up")
        await clerk.enters("20261105")
        while clerk.at != "wage":
            await clerk.presses("down")
        await clerk.types("5200")
        await clerk.presses("f2")
        assert clerk.reads("本次参保时间必须晚于参加工作日期"), clerk.page


@pytest.mark.parametrize("wage", ["0", "-5", "12.345", "1.2.3"])
async def test_a_wage_that_is_none_is_refused(counter: Stories, wage: str) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.types(wage)
        await clerk.presses("f2")
        assert clerk.reads("申报工资格式不正确"), clerk.page
        assert clerk.at == "wage"
    assert await counter.items() == []


async def test_a_wage_below_the_floor_is_kept_and_the_limit_is_said(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.enters("3000")
        assert clerk.reads("申报工资低于下限"), clerk.page
        await clerk.presses("f2")
        assert clerk.reads("已存本机")


async def test_pasted_rows_and_tabs_leave_one_line_in_the_field(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.pastes(f"{PAYING}\n130403198802140029\n")
        assert clerk.screen.query_one("#id_number").value == PAYING  # type: ignore[attr-defined]
        assert clerk.reads("只收一行")
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.pastes("离职\t已交接")
        assert clerk.reads("离职 已交接")


@pytest.mark.parametrize("hidden", ["\x1b]52;c;x\x07", "\u202e", "\u2066", "\u200b", "\x9b2J"])
async def test_characters_that_steer_a_terminal_are_refused_in_words(counter: Stories, hidden: str) -> None:
    async with counter.at("P05") as clerk:
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.pastes(f"离职{hidden}")
        assert clerk.screen.query_one("#remark").value == ""  # type: ignore[attr-defined]
        assert clerk.message.startswith("!")


async def test_markup_is_text(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.types("[red]张三[/] [/]")
        await clerk.presses("f2")
        assert clerk.reads("已存本机")
    assert (await counter.items())[0].body["remark"] == "[red]张三[/] [/]"


async def test_ten_thousand_pasted_characters_are_cut_to_the_field_and_said(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "remark":
            await clerk.presses("down")
        await clerk.pastes("长" * 10_000)
        assert clerk.reads("多出的未收")
        await clerk.presses("f2")
        assert clerk.reads("已存本机")
    assert (await counter.items())[0].body["remark"] == "长" * 100


@pytest.mark.parametrize("key", ["enter", "f2"])
async def test_a_number_scanned_into_another_field_is_refused_whole(counter: Stories, key: str) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        await clerk.bursts(PAYING, key)
        assert clerk.reads("读到身份证号，请先到证件号码栏")
        assert clerk.at == "wage"
        assert clerk.screen.query_one("#wage").value == ""  # type: ignore[attr-defined]
    assert await counter.items() == []


async def test_one_refusal_shows_every_problem_one_after_the_other(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(NEW)
        await clerk.presses("f2")
        assert clerk.reads("1/")
        first = clerk.at
        await clerk.presses("f2")
        assert clerk.reads("2/")
        assert clerk.at != first


async def test_printing_keys_after_a_refusal_change_nothing(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(NEW)
        await clerk.presses("f2")
        await clerk.types("abc")
        assert clerk.screen.query_one("#name").value == ""  # type: ignore[attr-defined]
        await clerk.presses("enter")
        await clerk.types("赵")
        assert clerk.screen.query_one("#name").value == "赵"  # type: ignore[attr-defined]
