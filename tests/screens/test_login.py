"""Signing on at a window: the keys that are there, the window, the PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.text import width
from counter_tui.security.refusals import StopAtTwo
from screens.home import Home
from screens.login import Login
from screens.widgets.title_row import TitleRow
from storage.trouble import DamagedStore
from tests.screens.desks import DamagedFile, RefusingKeys, fits, insert, looks, pull, signs_on, terminal
from tests.screens.stories import LARGE, PIN, SMALL, USUAL
from tests.services.bureau import counter_of

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.keys import PresentKey

TRAINEES = ("0007", "0008", "0011", "0012", "0021", "0031", "0041", "0051")


async def test_the_login_lists_every_key_with_name_post_and_certificate_tail(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        assert "社保柜台终端  邯郸市" in clerk.page
        assert " 1  林晓岚  经办  证书尾号 0007" in clerk.page
        assert " 5  周定安  主管  证书尾号 0021" in clerk.page


async def test_training_shows_as_a_word_as_a_colour_and_with_the_pin(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        assert clerk.page.splitlines()[0].endswith("演练")
        assert clerk.screen.query_one(TitleRow).has_class("training")
        assert "演练 PIN：123456" in clerk.page


async def test_without_a_training_note_no_pin_is_shown(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        counter.pin_note = ""
        async with terminal(counter) as clerk:
            assert "123456" not in clerk.page


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_login_fits_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter, size=size) as clerk:
        assert fits(clerk)
        for word in ("证书序号", "窗口号", "PIN", "吴长庚", "F12返回"):
            assert word in clerk.page


async def test_a_digit_a_window_and_the_pin_lead_to_the_home_screen(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("3")
        assert clerk.reads("孙若溪 复核")
        await clerk.enters("7")
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Home)
        assert counter.seat.window == "007"
        assert counter.seat.session.operator.number == "0011"
        assert clerk.reads("7号窗 0011 复核 证书在位")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_counts_and_time_of_the_last_row_are_never_cut(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter, size=size) as clerk:
        await clerk.enters("6")
        await clerk.enters("12")
        await clerk.enters(PIN)
        assert clerk.page.splitlines()[-1].rstrip() == counter.status_line(size[0])
        for cells in (60, 80, 132):
            said = counter.status_line(cells)
            assert width(said) <= cells
            assert "草稿 0" in said
            assert "待审 0" in said
        # The key is the first to go: a pulled one locks the terminal.
        assert "0031 系统管理  草稿 0" in counter.status_line(80)
        assert "12号窗 0031 系统管理 证书在位" in counter.status_line(132)


async def test_only_one_key_needs_no_digit(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        pull(tmp_path, *TRAINEES[1:])
        async with terminal(counter) as clerk:
            await clerk.presses("enter", "enter")
            await clerk.enters(PIN)
            assert isinstance(clerk.screen, Home)


async def test_a_pulled_key_leaves_the_list_and_comes_back(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        pull(tmp_path, "0008")
        await looks(clerk)
        assert not clerk.reads("赵启明")
        insert(tmp_path, "0008")
        await looks(clerk)
        assert clerk.reads(" 2  赵启明")


async def test_the_chosen_key_stays_chosen_when_another_one_is_pulled(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("2")
        pull(tmp_path, "0007")
        await looks(clerk)
        await clerk.presses("enter")
        await clerk.enters(PIN)
        assert counter.seat.session.operator.number == "0008"


async def test_a_chosen_key_that_is_pulled_must_be_chosen_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("2")
        pull(tmp_path, "0008")
        await looks(clerk)
        assert clerk.reads("所选证书已拔出，请重新选择")
        await clerk.presses("enter")
        await clerk.enters(PIN)
        assert isinstance(clerk.screen, Login)
        assert clerk.at == "key"


async def test_nothing_is_sent_while_the_keys_stay_the_same(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        frames = clerk.app.frames  # type: ignore[attr-defined]
        await looks(clerk)
        await looks(clerk)
        assert clerk.app.frames == frames  # type: ignore[attr-defined]
        pull(tmp_path, "0008")
        await looks(clerk)
        assert clerk.app.frames > frames  # type: ignore[attr-defined]


async def test_a_wrong_pin_counts_down_and_leaves_the_field_empty(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("1")
        await clerk.presses("enter")
        await clerk.enters("000000")
        assert clerk.reads("PIN 错误，还可尝试 5 次")
        assert clerk.at == "pin"
        assert "***" not in clerk.page
        assert counter.taken is None


async def test_a_second_pin_too_soon_is_told_how_long_to_wait(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("1")
        await clerk.presses("enter")
        await clerk.enters("000000")
        await clerk.enters("000000")
        assert clerk.reads("请等待 1 秒后再输入")


async def test_at_two_tries_left_the_key_says_what_to_do_and_the_pin_is_wiped(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        refusing = RefusingKeys(StopAtTwo(left=2), await counter.signing.keys())
        counter.signing = refusing  # type: ignore[assignment]
        async with terminal(counter) as clerk:
            await clerk.enters("1")
            await clerk.presses("enter")
            await clerk.enters("999999")
            assert clerk.reads("PIN 还可尝试 2 次，请拔出介质后重新插入")
            assert refusing.pins == [bytearray(6)]


async def test_the_pin_never_stands_on_the_screen(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        counter.pin_note = ""
        async with terminal(counter) as clerk:
            await clerk.enters("1")
            await clerk.presses("enter")
            await clerk.types("483920")
            assert "******" in clerk.page
            assert "483920" not in clerk.page


async def test_an_empty_pin_is_no_try(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("1")
        await clerk.presses("enter", "enter")
        assert clerk.reads("请输入 PIN 后按回车")


@pytest.mark.parametrize("typed", ["0", "000"])
async def test_a_window_that_is_none_is_refused(tmp_path: Path, typed: str) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters("1")
        await clerk.enters(typed)
        assert clerk.reads("窗口号是 1 至 999 的数字")
        assert clerk.at == "window"


@pytest.mark.parametrize("typed", ["9", "99", "0"])
async def test_a_number_outside_the_list_is_refused(tmp_path: Path, typed: str) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.enters(typed)
        assert clerk.reads(f"没有第 {typed} 个证书")
        assert clerk.at == "key"


async def test_the_window_is_remembered_for_the_next_sign_on(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        async with terminal(counter) as clerk:
            await signs_on(clerk, window="12")
        async with terminal(counter) as clerk:
            assert clerk.reads("012")


async def test_without_any_key_the_clerk_is_asked_for_one(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        pull(tmp_path, *TRAINEES)
        async with terminal(counter) as clerk:
            assert clerk.reads("未检测到证书介质，请插入 USB Key")
            await clerk.presses("enter")
            assert clerk.at == "key"


async def test_a_reader_that_fails_is_told_and_noted_once(tmp_path: Path) -> None:
    class Broken(RefusingKeys):
        async def keys(self) -> list[PresentKey]:
            raise OSError("no reader")

    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        counter.signing = Broken(StopAtTwo(left=2))  # type: ignore[assignment]
        with pytest.raises(OSError, match="no reader"):
            await looks(clerk)
        await looks(clerk)
        assert clerk.reads("读卡服务没有回答，请联系管理员")
        assert not clerk.reads("林晓岚")


async def test_a_damaged_file_refuses_the_sign_on_and_forgets_the_session(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        object.__setattr__(counter.record, "store", DamagedFile(counter.store))
        async with terminal(counter) as clerk:
            await signs_on(clerk)
            assert isinstance(clerk.screen, Login)
            assert clerk.reads(DamagedStore(file="counter.sqlite").sentence[:12])
            assert counter.taken is None


async def test_f12_leaves_the_program_after_a_question(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.presses("f12")
        assert clerk.reads("退出程序，再按一次 F12 确认")
        await clerk.confirms("f12")
        assert clerk.app.return_value == 0
