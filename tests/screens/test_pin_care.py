"""介质 PIN 维护: another PIN, a blocked key opened; reachable by whoever cannot sign on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screens.conflict import Conflict
from screens.home import Home
from screens.login import Login
from screens.pin_care import PinCare
from tests.devices.drawer import Card
from tests.screens.cards import re_inserts, with_cards
from tests.screens.desks import at_home, fits, looks, opens, signs_on, terminal
from tests.screens.stories import LARGE, PIN, SMALL, USUAL
from tests.services.bureau import counter_of
from tests.services.test_pin_care import disk_with_room_for, leaves

if TYPE_CHECKING:
    from pathlib import Path

    from tests.screens.stories import Clerk

CLERK = "0007"
NEW, PUK = "246810", "87654321"


async def fills(clerk: Clerk, *, act: str, old: str, new: str = NEW, again: str = "", number: str = "1") -> None:
    """Choose key and act, type three times, Enter behind the last."""
    for typed in (number, act, old, new, again or new):
        await clerk.enters(typed)


async def test_a_pin_is_changed_before_anybody_signs_on_and_the_new_one_signs_on(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                assert "F7改PIN" in clerk.page
                await clerk.presses("f7")
                assert clerk.reads("介质 PIN 维护")
                await fills(clerk, act="1", old=PIN)
                assert isinstance(clerk.screen, Login)
                assert clerk.reads("PIN 已修改，请使用新 PIN")
                assert drawer.card(CLERK).pin == NEW.encode()
                assert not any(any(given) for given in drawer.card(CLERK).given)
                await clerk.enters("1")
                await clerk.enters("")
                await clerk.enters(NEW)
                assert isinstance(clerk.screen, Home)


async def test_a_blocked_key_is_opened_by_its_puk(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            drawer.card(CLERK).tries = 0
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                await fills(clerk, act="2", old=PUK)
                assert clerk.reads("介质已解锁，请用新 PIN 登录")
                assert drawer.card(CLERK) == Card(pin=NEW.encode(), given=drawer.card(CLERK).given)


async def test_from_home_the_pin_is_changed_and_home_says_so(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with at_home(counter) as clerk:
                await clerk.presses("f7")
                await fills(clerk, act="1", old=PIN)
                assert isinstance(clerk.screen, Home)
                assert clerk.reads("PIN 已修改")
                assert drawer.card(CLERK).pin == NEW.encode()


async def test_a_new_pin_that_could_not_be_noted_to_the_end_is_told_where_it_was_asked_for(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                with disk_with_room_for(counter, 1):
                    await fills(clerk, act="1", old=PIN)
                assert isinstance(clerk.screen, Login)
                assert clerk.reads("新 PIN 已经生效，请用新 PIN；但本机没能记下办理结果，请报告管理员")
                assert drawer.card(CLERK).pin == NEW.encode()


async def test_a_full_disk_leaves_the_pin_as_it_was_and_f2_tries_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                with disk_with_room_for(counter, 0):
                    await fills(clerk, act="1", old=PIN)
                assert clerk.reads("介质 PIN 没有改动：磁盘空间已满")
                assert (isinstance(clerk.screen, PinCare), clerk.at) == (True, "old")
                assert not drawer.card(CLERK).given
                for typed in (PIN, NEW):
                    await clerk.enters(typed)
                await clerk.types(NEW)
                await clerk.presses("f2")
                assert clerk.reads("PIN 已修改，请使用新 PIN")


async def test_a_new_pin_is_told_in_words_among_what_is_under_way(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                await fills(clerk, act="1", old=PIN, number="2")
                await signs_on(clerk, "1", "7")
                assert isinstance(clerk.screen, Home)
                (leaf,) = await leaves(counter)
                entry = await counter.store.read(lambda reading: reading.entry(leaf.op_id))
                assert entry is not None
                await opens(clerk, Conflict(entry))
                assert clerk.reads("业务：修改介质 PIN")
                assert clerk.reads(f"介质：证书尾号 {leaf.body['certificate'][-4:]}  2026-11-23 10:00  1号窗")
                assert clerk.reads(f"经办：{CLERK}  7号窗")


async def test_two_entries_that_differ_change_nothing_and_ask_for_both_again(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                await fills(clerk, act="1", old=PIN, again="246811")
                assert clerk.reads("两次输入的新 PIN 不一致")
                assert clerk.at == "new"
                assert not drawer.card(CLERK).given
                await clerk.presses("enter")
                await clerk.enters(NEW)
                await clerk.enters(NEW)
                assert clerk.reads("PIN 已修改")


@pytest.mark.parametrize(
    ("act", "old", "new", "sentence"),
    [
        ("1", "000000", NEW, "PIN 错误，还可尝试 2 次"),
        ("1", PIN, "1234", "新 PIN 不符合介质的要求：6 至 8 位数字"),
        ("2", "11111111", NEW, "解锁码（PUK）错误，还可尝试 2 次"),
        ("1", "", NEW, "请输入原 PIN 或解锁码"),
        ("1", PIN, "", "请输入新 PIN"),
    ],
)
async def test_a_refusal_is_said_and_every_field_is_empty_again(
    tmp_path: Path, act: str, old: str, new: str, sentence: str
) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path):
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                await fills(clerk, act=act, old=old, new=new)
                assert clerk.reads(sentence)
                assert isinstance(clerk.screen, PinCare)
                assert clerk.at in ("old", "new")
                assert clerk.page.count("*" * 4) == (1 if not new else 0), (
                    "an old PIN stays while the new one is missing"
                )


async def test_with_two_tries_left_the_key_is_put_in_anew_here_too(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            drawer.card(CLERK).tries = 2
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                await fills(clerk, act="1", old=PIN)
                assert clerk.reads("请拔出介质后重新插入")
                await re_inserts(clerk, drawer, CLERK)
                await clerk.presses("enter")
                for typed in ("", PIN, NEW, NEW):
                    await clerk.enters(typed)
                assert clerk.reads("只剩 2 次 PIN 机会")
                await clerk.confirms("enter")
                assert clerk.at == "old"
                for typed in (PIN, NEW, NEW):
                    await clerk.enters(typed)
                assert clerk.reads("PIN 已修改")


async def test_soft_keys_say_that_they_cannot(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter) as clerk:
        await clerk.presses("f7")
        await fills(clerk, act="1", old=PIN)
        assert clerk.reads("此类介质不能在柜台修改 PIN")


async def test_a_key_pulled_in_between_takes_what_was_typed_with_it(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                for typed in ("1", "1", PIN, NEW):
                    await clerk.enters(typed)
                drawer.pull(CLERK)
                await looks(clerk)
                assert clerk.reads("所选证书已拔出")
                assert clerk.at == "key"
                assert "***" not in clerk.page


async def test_f12_leaves_and_nothing_is_changed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        with with_cards(counter, tmp_path) as drawer:
            async with terminal(counter) as clerk:
                await clerk.presses("f7")
                await clerk.enters("1")
                await clerk.presses("f12")
                assert isinstance(clerk.screen, Login)
                assert not drawer.card(CLERK).given


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_it_fits_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with counter_of(tmp_path) as counter, terminal(counter, size=size) as clerk:
        await clerk.presses("f7")
        assert fits(clerk)
        for word in ("证书序号", "办理事项", "原PIN/PUK", "新 PIN", "再次输入", "F12返回"):
            assert word in clerk.page
