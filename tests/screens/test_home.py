"""The prompt at which every function begins: paths, names, initials, the menu, the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.policy.regions import load_policy
from screens.entry import Entry
from screens.help import Help
from screens.home import Home
from screens.login import Login
from screens.menu import initials
from screens.reception import ReceptionDesk
from screens.worklist import TodaysWork
from tests.screens.desks import at_home, fits, looks
from tests.screens.stories import LARGE, SMALL, USUAL, receive
from tests.services.bureau import EMPLOYER, counter_of, sign_on

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_path_opens_its_function_and_f12_comes_back(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        assert isinstance(clerk.screen, ReceptionDesk)
        await clerk.presses("f12")
        assert isinstance(clerk.screen, Home)
        assert clerk.at == "path"


@pytest.mark.parametrize("typed", ["05", "0 5", "０５", " 05 "])
async def test_a_path_may_be_spaced_or_full_width(tmp_path: Path, typed: str) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters(typed)
        assert isinstance(clerk.screen, TodaysWork)


async def test_a_function_without_its_reception_says_what_comes_first_and_keeps_the_path(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("11")
        assert clerk.reads("请先按 02 接待单位，再办理 11 人员参保")
        assert isinstance(clerk.screen, Home)
        assert "路径：11" in clerk.page


async def test_with_the_employer_in_reception_the_same_path_opens(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        async with at_home(counter) as clerk:
            assert f"{EMPLOYER}  2026-11" in clerk.page.splitlines()[0]
            await clerk.enters("11")
            assert isinstance(clerk.screen, Entry)


@pytest.mark.parametrize("path", ["31", "777", "*"])
async def test_a_path_outside_the_regions_scheme_is_told(tmp_path: Path, path: str) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters(path)
        assert clerk.reads(f"本地区业务方案没有路径 {path}")
        assert isinstance(clerk.screen, Home)


async def test_the_digit_of_a_group_lists_its_paths(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("5")
        assert clerk.screen.panel.text.split("\n")[0] == "51  数据提交"
        assert "59  核定回退" in clerk.screen.panel.text


@pytest.mark.parametrize("typed", ["ry", "人员", "RY"])
async def test_a_name_or_its_initials_list_hits_with_their_paths(tmp_path: Path, typed: str) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters(typed)
        assert clerk.screen.panel.text.split("\n")[:2] == ["11  人员参保", "12  人员停保"]


async def test_the_choice_of_a_search_goes_there(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("jrdb")
        await clerk.presses("enter")
        assert isinstance(clerk.screen, TodaysWork)


async def test_a_word_that_no_function_has_is_told(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("xyzzy")
        assert clerk.reads("没有名称或拼音首字母含「xyzzy」的业务")


@pytest.mark.parametrize("region", ["handan", "tianjin"])
def test_initials_are_those_of_the_dictionary(region: str) -> None:
    from storage.register.pinyin import initials as looked_up

    for entry in load_policy(region, training=True).menu:
        assert initials(entry.name) == looked_up(f"一{entry.name}")[1:], entry.name  # no name begins as a surname


async def test_the_post_decides_what_is_offered(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter, number="3") as clerk:
        assert clerk.reads("98  分中心审核")
        assert clerk.reads("59  核定回退")
        assert not clerk.reads("11  人员参保")
        assert clerk.reads("待审核 0  待确认回退 0")


async def test_a_function_of_another_post_is_refused_by_name(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        assert not clerk.reads("98  分中心审核")
        await clerk.enters("98")
        assert clerk.reads("经办岗位不办理 98 分中心审核")


async def test_the_menu_can_be_walked_with_arrows_alone(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.presses("down", "down", "down", "down")
        assert clerk.reads("05 今日待办，空着路径按回车打开")
        await clerk.presses("enter")
        assert isinstance(clerk.screen, TodaysWork)


async def test_a_small_terminal_turns_the_pages_of_the_menu(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter, size=SMALL) as clerk:
        assert not clerk.reads("75  单位征集核定单")
        await clerk.presses("pagedown")
        assert clerk.reads("75  单位征集核定单")
        await clerk.presses("pagedown")
        assert clerk.reads("菜单没有更多页")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_home_screen_fits_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter, size=size) as clerk:
        assert fits(clerk)
        assert "演练" in clerk.page.splitlines()[0]
        for word in ("今日待办（05）", "路径", "01  窗口登录", "F12返回", "1号窗"):
            assert word in clerk.page


async def test_help_of_a_path_is_read_before_it_is_opened(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("?11")
        assert isinstance(clerk.screen, Help)
        assert clerk.reads("【P01 人员参保】")
        await clerk.presses("f12")
        assert isinstance(clerk.screen, Home)


async def test_f6_empties_the_prompt_and_f4_lists_what_is_offered(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.types("11")
        await clerk.presses("f6", "f4")
        assert "02  接待单位" in clerk.screen.panel.text
        assert "98" not in clerk.screen.panel.text


async def test_an_idle_counter_sends_nothing_and_news_are_painted(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.presses("f5")
        for _ in range(3):
            await counter.line.answer([])
            await looks(clerk)
        frames = clerk.app.frames  # type: ignore[attr-defined]
        await looks(clerk)
        await looks(clerk)
        assert clerk.app.frames == frames  # type: ignore[attr-defined]
        object.__setattr__(counter.enquiries, "store", Told(counter.store, unsent=7))
        await looks(clerk)
        assert clerk.reads("未送 7")


async def test_changing_shift_signs_off_after_a_question(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        async with at_home(counter) as clerk:
            await clerk.enters("01")
            assert clerk.reads("签退换班，进行中的接待将挂起，再按一次 回车 确认")
            await clerk.confirms("enter")
            assert isinstance(clerk.screen, Login)
            assert counter.taken is None
            assert clerk.at == "key"
            assert not clerk.reads("明远机械")
            here = await counter.receptions.at("001")
            assert [each.state for each in here] == ["挂起"]


async def test_any_other_key_withdraws_the_change_of_shift(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("01")
        await clerk.confirms("escape")
        assert clerk.reads("已撤回")
        assert counter.taken is not None


class Told:
    """The counter's file, with another figure of what is unsent."""

    def __init__(self, store: object, *, unsent: int) -> None:
        self._store = store
        self._unsent = unsent

    async def read(self, work: object) -> object:
        from dataclasses import is_dataclass, replace

        found = await self._store.read(work)  # type: ignore[attr-defined]
        if is_dataclass(found) and hasattr(found, "unsent"):
            return replace(found, unsent=self._unsent)  # type: ignore[type-var]
        return found
