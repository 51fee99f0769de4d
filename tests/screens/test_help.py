"""Help: the field first, then the function, then the keys of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.text import width
from screens.help import Help
from screens.home import Home
from screens.keymap import ACTIONS, KeyMap
from screens.reception import ReceptionDesk
from screens.widgets.reader import Reader, folded
from tests.screens.desks import at_home, fits, opens
from tests.screens.stories import LARGE, SMALL, USUAL, receive
from tests.services.bureau import counter_of, sign_on

if TYPE_CHECKING:
    from pathlib import Path


async def test_help_begins_with_the_field_under_the_cursor(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.presses("f1")
        text = clerk.screen.query_one(Reader).text
        assert text.startswith("【单位编号】")
        assert text.index("【单位编号】") < text.index("【P85 接待】") < text.index("【按键】")
        await clerk.presses("f12")
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.at == "employer"


async def test_a_question_mark_in_an_empty_field_is_the_same_as_f1(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("?")
        assert isinstance(clerk.screen, Help)
        await clerk.presses("escape")
        assert clerk.at == "employer"
        assert "?" not in clerk.page.split("F1")[0].split("单位编号：")[1][:20]


async def test_the_key_table_names_only_keys_that_do_something_here(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.presses("f1")
        text = clerk.screen.query_one(Reader).text
        assert "F6 清除" in text
        assert "F2 " not in text
        assert "F9 " not in text


async def test_every_key_of_a_full_screen_is_explained(tmp_path: Path) -> None:
    class Everything(Home):
        """A screen where every key does something."""

        def offers(self, action: str) -> bool:
            return bool(action)

    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        async with at_home(counter) as clerk:
            await opens(clerk, Everything())
            await clerk.presses("f1")
            text = clerk.screen.query_one(Reader).text
            keymap = KeyMap.read()
            for action in ACTIONS:
                assert f"  {keymap.name(action.id)} " in text, action.id


async def test_long_help_turns_its_pages_and_enter_leaves_after_the_last(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter, size=SMALL) as clerk:
        await clerk.enters("?11")
        assert clerk.reads("第 1 至 10 行，共")
        await clerk.presses("pagedown")
        assert clerk.reads("第 11 至 20 行，共")
        await clerk.presses("up")
        assert clerk.reads("第 10 至 19 行，共")
        await clerk.presses("pageup", "pageup")
        assert clerk.reads("没有更多内容")
        for _ in range(30):
            if isinstance(clerk.screen, Help):
                await clerk.presses("enter")
        assert isinstance(clerk.screen, Home)


async def test_a_path_that_is_no_form_still_has_a_page(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("?05")
        assert clerk.reads("【今日待办】")


async def test_help_of_an_unknown_path_is_refused(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("?31")
        assert clerk.reads("本地区业务方案没有路径 31")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_help_is_folded_and_never_cut_off(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter, size=size) as clerk:
        await clerk.enters("?11")
        lines = clerk.screen.query_one(Reader).lines
        assert max(map(width, lines)) <= size[0]
        assert fits(clerk)


def test_folding_keeps_every_character_and_the_indent() -> None:
    assert folded(["  一二三四五六"], 8) == ["  一二三", "  四五六"]
    assert "".join(line.strip() for line in folded(["  规则 " + "字" * 99], 20)) == "规则 " + "字" * 99
    assert folded([""], 20) == [""]
