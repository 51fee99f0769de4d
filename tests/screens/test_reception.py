"""接待: who is received, what stands in the way, and what waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.declarations import ItemState
from counter_tui.domain.employers import EmployerState
from screens.home import Home
from screens.reception import ReceptionDesk
from tests.screens.desks import DamagedFile, at_home, fits
from tests.screens.stories import LARGE, SMALL, USUAL, Stories, receive
from tests.services.bureau import EMPLOYER, OTHER, PAYING, counter_of, employer, register, sign_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counter_tui.operations.outcome import Record
    from tests.screens.stories import Clerk

NAME = "邯郸市丛台区明远机械有限公司"


async def receives(clerk: Clerk, number: str = EMPLOYER) -> None:
    """The agent of an employer steps up."""
    await clerk.enters("02")
    await clerk.enters(number)
    await clerk.enters("刘芳")
    await clerk.enters(PAYING)
    await clerk.types("1")
    await clerk.presses("f2")


def with_employer(**changes: object) -> Sequence[Record]:
    """The usual register, its first employer changed."""
    return [replace(employer(EMPLOYER, NAME), **changes), *register()[1:]]  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", [EMPLOYER, "91130400MA0000015Y", "91130400ma0000015y", "明远"])
async def test_an_employer_is_found_by_number_credit_code_or_name(tmp_path: Path, typed: str) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters(typed)
        assert clerk.reads(f"名称：{NAME}")
        assert clerk.reads("统一社会信用代码：91130400MA0000015Y")
        assert clerk.reads("状态：登记在册  结算期：2026-11")
        assert clerk.at == "visitor"


async def test_several_employers_are_offered_in_a_panel(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("邯郸市")
        assert clerk.screen.panel.is_open
        await clerk.enters("2")
        assert clerk.reads("通达物流")


async def test_an_unknown_employer_is_told_and_the_cursor_stays(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("999999999999")
        assert clerk.reads("没有这个单位")
        assert clerk.at == "employer"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frozen": "稽核"}, "! 单位已冻结：稽核"),
        ({"sealed": True}, "! 单位已封存"),
        ({"arrears_months": 3}, "! 欠费 3 个月"),
        ({"state": EmployerState.DEREGISTERED}, "状态：注销"),
    ],
)
async def test_what_stands_in_the_way_is_read_before_the_reception(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    async with counter_of(tmp_path, rows=with_employer(**changes)) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters(EMPLOYER)
        assert clerk.reads(words)


async def test_f2_receives_and_the_home_screen_shows_whom(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await receives(clerk)
        assert isinstance(clerk.screen, Home)
        assert f"{EMPLOYER}  2026-11" in clerk.page.splitlines()[0]
        assert clerk.reads("已接待 邯郸市丛台区明远机械有")
        reception = counter.seat.reception
        assert reception is not None
        assert (reception.employer, reception.visitor, reception.letter) == (EMPLOYER, "刘芳", True)


async def test_a_credit_code_left_by_tab_still_finds_its_employer(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.types("91130400MA0000015Y")
        await clerk.presses("tab")
        await clerk.enters("刘芳")
        await clerk.enters(PAYING)
        await clerk.types("1")
        await clerk.presses("f2")
        assert counter.seat.employer == EMPLOYER


async def test_an_agents_wrong_identity_number_stops_the_reception(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters(EMPLOYER)
        await clerk.enters("刘芳")
        await clerk.enters("110105199001011230")
        await clerk.types("1")
        await clerk.presses("f2")
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.at == "visitor_id"
        assert counter.seat.reception is None


async def test_a_person_is_received_with_his_number_masked_in_row_one(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("03")
        await clerk.enters(PAYING)
        await clerk.presses("f2")
        assert isinstance(clerk.screen, Home)
        assert "个人  130***********" in clerk.page.splitlines()[0]
        assert PAYING not in clerk.page
        assert counter.seat.reception is not None
        assert counter.seat.reception.person == PAYING


async def test_an_employer_at_another_window_is_read_only_here(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0008", window="002")
        await receive(counter)
        await counter.leave_seat()
        async with at_home(counter, window="1") as clerk:
            await clerk.enters("02")
            await clerk.enters(EMPLOYER)
            assert clerk.reads("! 2号窗正在接待该单位，本窗接待为只读")
            await clerk.enters("刘芳")
            await clerk.enters(PAYING)
            await clerk.types("1")
            await clerk.presses("f2")
            assert clerk.page.splitlines()[0].endswith("只读")
            assert clerk.reads("其他窗口正在接待，本窗只能查询")
            await clerk.enters("11")
            assert clerk.reads("其他窗口正在接待该单位，本窗只能查询和打印，不能办理 11 人员参保")
            assert isinstance(clerk.screen, Home)


async def test_another_reception_suspends_the_open_one_after_a_question(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await receives(clerk)
        await receives(clerk, OTHER)
        assert clerk.reads(f"正在接待 {EMPLOYER}，将挂起，再按一次 F2 确认")
        await clerk.confirms("f2")
        assert counter.seat.employer == OTHER
        states = {each.employer: str(each.state) for each in await counter.receptions.at("001")}
        assert states == {EMPLOYER: "挂起", OTHER: "进行中"}


async def test_f8_suspends_and_a_row_of_the_list_resumes(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await receives(clerk)
        await clerk.enters("02")
        await clerk.presses("f8")
        assert counter.seat.reception is None
        assert "未接待" in clerk.page.splitlines()[0]
        while clerk.at != "waiting":
            await clerk.presses("down")
        await clerk.presses("enter")
        assert isinstance(clerk.screen, Home)
        assert counter.seat.employer == EMPLOYER


async def test_two_enters_too_many_never_resume_a_reception(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await receives(clerk)
        await clerk.enters("02")
        await clerk.presses("f8")
        for _ in range(8):
            await clerk.presses("tab")
        await clerk.presses("enter", "enter")
        assert counter.seat.reception is None


async def test_f8_means_nothing_without_a_reception(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        assert "F8" not in clerk.page
        await clerk.presses("f8")
        assert clerk.reads("没有进行中的接待")


async def test_ending_a_reception_forgets_what_dup_would_repeat(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await receives(clerk)
        counter.previous["P01"] = {"wage": "8432"}
        await clerk.enters("04")
        assert clerk.reads("接待已结束")
        assert counter.seat.reception is None
        assert counter.previous == {}


async def test_ending_a_reception_warns_of_what_nobody_submitted(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await receives(clerk)
        await Stories(counter).declares("P05", PAYING)
        await clerk.enters("04")
        assert clerk.reads("本次接待还有 1 笔未提交，仍要结束接待，再按一次 回车 确认")
        await clerk.confirms("escape")
        assert counter.seat.reception is not None
        await clerk.enters("04")
        await clerk.confirms("enter")
        assert counter.seat.reception is None
        assert [item.state for item in await Stories(counter).items()] == [ItemState.TO_SUBMIT]


async def test_ending_without_a_reception_says_how_to_begin_one(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("04")
        assert clerk.reads("本窗口没有进行中的接待，请先按 02")


async def test_a_damaged_file_refuses_the_reception_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        object.__setattr__(counter.record, "store", DamagedFile(counter.store))
        await receives(clerk)
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.message.startswith("! ")
        assert clerk.reads("刘芳")
        assert counter.seat.reception is None


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_reception_fits_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter, size=size) as clerk:
        await clerk.enters("02")
        await clerk.enters(EMPLOYER)
        assert fits(clerk)
        for word in ("02 接待单位", "服务对象", "委托书", "F2接待"):
            assert word in clerk.page
