"""Handing items over, taking them back, and seeing how they fare."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.services.bureau import PAYING, SUSPENDED

if TYPE_CHECKING:
    from tests.screens.stories import Stories


async def test_one_item_is_submitted_with_a_tick_and_f8(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P25") as clerk:
        assert clerk.reads("张建国")
        await clerk.presses("space", "f8")
        assert clerk.reads("提交成功，等待审核")
        assert clerk.reads("受理号")
    assert [item.state for item in await counter.items()] == ["D2"]


async def test_a_batch_takes_its_count_and_a_pin(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    await counter.declares("P01", SUSPENDED, wage="5200")
    async with counter.at("P25") as clerk:
        await clerk.presses("*", "f8")
        assert clerk.reads("共 2 笔")
        await clerk.enters("3")
        assert clerk.reads("不一致")
        await clerk.enters("2")
        await clerk.enters("123456")
        assert clerk.reads("提交成功"), clerk.page
    assert {item.state for item in await counter.items()} == {"D2"}


async def test_a_wrong_pin_submits_nothing_and_may_be_typed_again(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    await counter.declares("P01", SUSPENDED, wage="5200")
    async with counter.at("P25") as clerk:
        await clerk.presses("*", "f8")
        await clerk.enters("2")
        await clerk.enters("999999")
        assert clerk.reads("PIN 错误")
        assert {item.state for item in await counter.items()} == {"D1"}
        await asyncio.sleep(1.1)  # the key itself makes a wrong PIN wait
        await clerk.enters("123456")
        assert clerk.reads("提交成功"), clerk.page


async def test_deleting_asks_once_and_any_other_key_withdraws(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P25") as clerk:
        await clerk.presses("f6")
        assert clerk.reads("再按一次 F6 确认")
        await clerk.presses("escape")
        assert [item.state for item in await counter.items()] == ["D1"]
        await clerk.presses("f6")
        await clerk.confirms("f6")
        assert clerk.reads("已删除")
    assert await counter.items() == []


async def test_a_submission_is_taken_back_with_a_reason(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    await counter.submits()
    async with counter.at("P26") as clerk:
        await clerk.presses("space", "f8")
        await clerk.presses("f8")
        assert clerk.reads("取消原因不能为空")
        await clerk.presses("enter")
        await clerk.types("日期录错")
        await clerk.presses("enter")
        assert clerk.reads("已取消申报")
    item = (await counter.items())[0]
    assert (item.state, item.reason) == ("D1", "日期录错")


async def test_the_state_list_shows_the_life_of_an_item(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    await counter.submits()
    async with counter.at("P28") as clerk:
        assert clerk.reads("待审核")
        await clerk.presses("enter")
        assert clerk.reads("变更前")
        await clerk.presses("end")
        assert clerk.reads("待提交")
        assert PAYING not in clerk.page


async def test_an_identity_number_is_shown_for_a_purpose_and_recorded(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P28") as clerk:
        assert PAYING not in clerk.page
        await clerk.presses("f4", "1", "enter")
        assert PAYING in clerk.page
    assert await counter.kinds("access.") == ["access.reveal"]
