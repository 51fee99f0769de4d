"""Branch review at the keyboard: what others made is passed, rejected or put back."""

from __future__ import annotations

import pytest

from tests.screens.stories import REVIEWER, SUPERVISOR, Stories, receive
from tests.services.bureau import PAYING, SUSPENDED


@pytest.fixture
async def submitted(counter: Stories) -> Stories:
    """Two items of the clerk wait, and a reviewer sits at the window."""
    await counter.declares("P05", PAYING)
    await counter.declares("P01", SUSPENDED, wage="5200")
    await counter.submits()
    await counter.sits(REVIEWER, window="004")
    return counter


async def states(counter: Stories) -> dict[str, str]:
    return {item.id_number: str(item.state) for item in await counter.items()}


async def test_clean_cases_are_passed_as_a_set_with_one_count_and_one_pin(submitted: Stories) -> None:
    async with submitted.at("P27") as clerk:
        assert clerk.reads("张建国")
        assert PAYING not in clerk.page
        await clerk.presses("space", "down", "space", "f8")
        await clerk.presses("enter", "enter")
        await clerk.enters("2")
        await clerk.enters("123456")
        assert clerk.reads("审核完成"), clerk.page
    assert set((await states(submitted)).values()) == {"D4"}


async def test_a_case_is_opened_seen_before_and_after_and_rejected_with_a_reason(submitted: Stories) -> None:
    async with submitted.at("P27") as clerk:
        await clerk.presses("enter")
        assert clerk.reads("自动核对")
        assert clerk.reads("变更前")
        assert (await states(submitted))[PAYING] == "D3"
        await clerk.presses("f6")
        await clerk.presses("f8")
        assert clerk.reads("必须填写原因"), clerk.page
        await clerk.presses("enter")
        await clerk.enters("退工手续未附")
        await clerk.presses("enter")
        await clerk.enters("123456")
        assert clerk.reads("李秀英"), clerk.page
    found = {item.id_number: item for item in await submitted.items()}
    assert (found[PAYING].state, found[PAYING].reason) == ("D5", "退工手续未附")
    assert found[SUSPENDED].state == "D3"


async def test_a_case_is_put_back_undecided(submitted: Stories) -> None:
    async with submitted.at("P27") as clerk:
        await clerk.presses("enter")
        assert (await states(submitted))[PAYING] == "D3"
        await clerk.presses("f12")
        assert clerk.reads("已退回待办")
    assert (await states(submitted))[PAYING] == "D2"


async def test_nobody_reviews_what_he_made_himself(counter: Stories) -> None:
    await counter.sits(SUPERVISOR)
    await receive(counter.counter)
    await counter.declares("P05", PAYING)
    await counter.submits()
    async with counter.at("P27") as clerk:
        assert clerk.reads("本人经办")
        await clerk.presses("space", "f8")
        assert clerk.reads("请先用空格勾选")
        await clerk.presses("enter")
        assert clerk.reads("由其他审核人员办理")
