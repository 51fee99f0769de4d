"""上级暂缓 at the screen: a supervisor vouches or refuses with his PIN; others see their own and are told who."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.declarations import ItemState
from counter_tui.services.ports import Delivery
from screens.held import HeldList
from screens.held_case import HeldCase, HeldForOtherCause
from screens.help import Help
from screens.worklist import TodaysWork
from tests.screens.desks import at_home, fits, opens
from tests.screens.stories import LARGE, PIN, SMALL, USUAL, Clerk
from tests.services.bureau import PAYING, counter_of
from tests.services.holding import Bureau, held_at_the_hub
from tests.services.test_held import unknown_kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

THE_CLERK, ANOTHER_CLERK, THE_SUPERVISOR = "1", "2", "5"
"""Keys by their number in the list of the sign-on screen."""


@asynccontextmanager
async def held_work(
    folder: Path, key: str = THE_SUPERVISOR, *, size: tuple[int, int] = USUAL
) -> AsyncIterator[tuple[Bureau, Clerk]]:
    """Somebody looks at what a clerk left that the hub holds."""
    async with held_at_the_hub(folder, sits=False) as bureau:
        await bureau.counter.leave_seat()
        async with at_home(bureau.counter, size=size, number=key) as clerk:
            await clerk.enters("05")
            await clerk.presses("f7", "f7")
            assert isinstance(clerk.screen, HeldList)
            yield bureau, clerk


@pytest.mark.parametrize("region", ["handan", "tianjin", "dalian", "generic", "yuanbo"])
async def test_it_is_two_keys_behind_todays_work_in_every_region(tmp_path: Path, region: str) -> None:
    async with counter_of(tmp_path, region=region) as counter, at_home(counter, number=THE_SUPERVISOR) as clerk:
        assert clerk.reads("暂缓 0")
        await clerk.enters("05")
        await clerk.presses("f7", "f7")
        assert clerk.reads("05 今日待办  上级暂缓  全机构 0 笔")
        await clerk.presses("enter")
        assert clerk.reads("没有暂缓的业务")
        await clerk.presses("f7")
        assert isinstance(clerk.screen, TodaysWork)


async def test_a_supervisors_day_begins_with_what_is_held(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path, sits=False) as bureau:
        await bureau.counter.leave_seat()
        async with at_home(bureau.counter, number=THE_SUPERVISOR) as clerk:
            assert clerk.reads("暂缓 3")
            await clerk.enters("05")
            assert clerk.reads("暂缓     上级暂缓         3 笔"), clerk.page
            await clerk.presses("enter")
            assert isinstance(clerk.screen, HeldList)
            assert clerk.reads("证书 人员停保保存")
            assert clerk.reads("0007 3号窗")


async def test_one_is_read_with_masked_data_and_released_with_the_pin(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (bureau, clerk):
        await clerk.presses("enter")
        assert isinstance(clerk.screen, HeldCase)
        assert clerk.reads("业务：接待")
        assert clerk.reads("暂缓原因：证书。办理之后柜员证书已于")
        assert clerk.reads("按 F8 放行")
        await clerk.presses("f8")
        assert clerk.reads("本人已核实：以上业务确由经办柜员在证书失效前办理")
        await clerk.enters(PIN)
        assert clerk.reads("已放行 1 笔"), clerk.page
        assert clerk.reads("上级暂缓  全机构 2 笔")
        await clerk.presses("enter")
        assert clerk.reads("业务：人员停保保存")
        assert clerk.reads("证件号码：130***********"), clerk.page
        assert not clerk.reads(PAYING)
        assert not clerk.reads("张建国")
        assert len(await bureau.held()) == 2


async def test_a_ticked_set_takes_the_count_and_one_pin(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (bureau, clerk):
        await clerk.types("*")
        await clerk.presses("f8")
        assert clerk.reads("共 3 笔，经办 0007")
        await clerk.enters("2")
        assert clerk.reads("与上面所列的笔数不一致")
        await clerk.enters("3")
        await clerk.enters(PIN)
        assert clerk.reads("已放行 3 笔"), clerk.page
        assert clerk.reads("上级暂缓  全机构 0 笔")
        assert await bureau.states() == [ItemState.SUBMITTED]


async def test_a_refusal_needs_a_reason_and_tells_it_to_the_maker(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (bureau, clerk):
        save = (await bureau.held())[1].operation.op_id
        await clerk.types("*")
        await clerk.presses("f6")
        assert isinstance(clerk.screen, HeldCase)
        await clerk.presses("f6")
        assert clerk.reads("请填写不同意的原因，再按 F6")
        await clerk.types("当日未在场")
        await clerk.presses("f6")
        assert clerk.reads("拒收后不再生效，须由经办重新办理")
        await clerk.enters("3")
        await clerk.enters(PIN)
        assert clerk.reads("已不同意 3 笔"), clerk.page
        assert (await bureau.entry(save)).delivery is Delivery.REJECTED


async def test_what_leans_on_another_says_so_and_stays(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (bureau, clerk):
        await clerk.presses("down", "space", "f8")
        await clerk.enters(PIN)
        assert clerk.reads("一并勾选"), clerk.page
        await clerk.presses("f12")
        assert isinstance(clerk.screen, HeldList)
        assert len(await bureau.held()) == 3


async def test_nothing_ticked_names_the_key(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (_, clerk):
        for key in ("f8", "f6"):
            await clerk.presses(key)
            assert clerk.reads("请先用空格勾选")
            assert isinstance(clerk.screen, HeldList)


async def test_a_wrong_pin_is_told_and_nothing_is_released(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (bureau, clerk):
        await clerk.presses("enter", "f8")
        await clerk.enters("999999")
        assert clerk.reads("PIN"), clerk.page
        assert len(await bureau.held()) == 3


async def test_without_a_line_the_answer_waits_and_the_screen_says_so(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (bureau, clerk):
        await bureau.counter.line.stop()  # type: ignore[attr-defined]
        bureau.counter.line._connected = False  # type: ignore[attr-defined]
        await clerk.presses("enter", "f8")
        await clerk.enters(PIN)
        assert clerk.reads("M63"), clerk.page
        assert len(await bureau.held()) == 3


async def test_the_clerk_sees_his_own_and_that_a_supervisor_decides(tmp_path: Path) -> None:
    async with held_work(tmp_path, ANOTHER_CLERK) as (_, clerk):
        assert clerk.reads("上级暂缓  本人 0 笔")


async def test_the_maker_is_told_the_cause_and_cannot_answer(tmp_path: Path) -> None:
    async with held_work(tmp_path, THE_CLERK) as (bureau, clerk):
        assert clerk.reads("上级暂缓  本人 4 笔"), clerk.page  # his sign-on is one
        assert clerk.reads("由主管核实后放行或不同意，经办无须操作")
        for key in ("f8", "f6"):
            await clerk.presses(key)
            assert clerk.reads("请由主管登录后办理"), clerk.page
        await clerk.presses("enter")
        assert clerk.reads("办理之后柜员证书已于")
        assert clerk.reads("由主管在「上级暂缓」中核实")
        for key in ("f8", "f6"):
            await clerk.presses(key)
            assert clerk.reads("请由主管登录后办理"), clerk.page
        assert len(await bureau.held()) >= 3


async def test_what_nobody_can_vouch_for_is_judged_again(tmp_path: Path) -> None:
    async with held_at_the_hub(tmp_path, sits=False) as bureau:
        await bureau.sits("0021")
        reception = (await bureau.held())[0]
        with unknown_kind("reception.open"):
            await bureau.release(reception)
            await bureau.counter.leave_seat()
            async with at_home(bureau.counter, number=THE_SUPERVISOR) as clerk:
                await opens(clerk, HeldList())
                assert clerk.reads("版本 接待"), clerk.page
                await clerk.presses("down", "down", "enter")
                assert isinstance(clerk.screen, HeldForOtherCause)
                assert clerk.reads("按 F8 立即再判")
                await clerk.presses("f8")
                assert clerk.reads("已再判，其中仍在暂缓"), clerk.page
        async with at_home(bureau.counter, number=THE_SUPERVISOR) as clerk:
            await opens(clerk, HeldList())
            await clerk.presses("down", "down", "enter", "f8")
            assert clerk.reads("已再判"), clerk.page
            assert clerk.reads("全机构 2 笔")


async def test_help_tells_the_rules(tmp_path: Path) -> None:
    async with held_work(tmp_path) as (_, clerk):
        for _ in range(2):
            await clerk.presses("f1")
            assert isinstance(clerk.screen, Help)
            assert clerk.reads("【上级暂缓】")
            await clerk.presses("f12", "enter")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_list_and_case_fit_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with held_work(tmp_path, size=size) as (_, clerk):
        assert fits(clerk)
        assert clerk.reads("人员停保")
        await clerk.presses("enter")
        assert fits(clerk)
        assert clerk.reads("业务：接待")
