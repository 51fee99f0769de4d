"""Changing a person's file: what stands there now beside what is to stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.services.bureau import PAYING

if TYPE_CHECKING:
    from tests.screens.stories import Stories


async def test_a_name_is_corrected_beside_the_old_one(counter: Stories) -> None:
    async with counter.at("P10") as clerk:
        await clerk.enters(PAYING)
        assert clerk.reads("变更前")
        assert clerk.at == "new_name", clerk.page
        assert "张建国" in clerk.page
        await clerk.enters("张建军")
        assert clerk.reads("身份证件复印件页数")
        await clerk.presses("f2")
        assert clerk.reads("已存本机"), clerk.page
    item = (await counter.items())[0]
    assert item.body["new_name"] == "张建军"


async def test_a_change_of_nothing_is_not_saved(counter: Stories) -> None:
    async with counter.at("P10") as clerk:
        await clerk.enters(PAYING)
        await clerk.presses("f2")
        assert clerk.reads("没有改动，无需保存")
    assert await counter.items() == []


async def test_the_old_number_is_masked_until_a_purpose_is_given(counter: Stories) -> None:
    async with counter.at("P11") as clerk:
        await clerk.enters(PAYING)
        assert "13800138000" not in clerk.page
        assert "138****8000" in clerk.page, clerk.page
        while clerk.at != "new_phone":
            await clerk.presses("down")
        await clerk.presses("f4", "2", "enter")
        assert "13800138000" in clerk.page


async def test_clearing_a_field_means_same_as_before(counter: Stories) -> None:
    async with counter.at("P11") as clerk:
        await clerk.enters(PAYING)
        while clerk.at != "new_email":
            await clerk.presses("down")
        await clerk.types("a@b.cn")
        await clerk.presses("f6", "f2")
        assert clerk.reads("没有改动，无需保存")
