"""05 今日待办 and 发送情况: what waits, why, and the key that helps."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.problems import stop_text
from counter_tui.operations.outcome import conflict, rejected
from counter_tui.services.ports import Delivery, OutboxEntry
from screens.conflict import Conflict
from screens.entry import Entry
from screens.held import HeldList
from screens.outbox import Outbox
from screens.reception import ReceptionDesk
from screens.worklist import TodaysWork
from tests.screens.desks import at_home, fits, opens
from tests.screens.stories import LARGE, PIN, REVIEWER, SMALL, USUAL, Stories, receive
from tests.services.bureau import EMPLOYER, PAYING, counter_of, sign_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from counter_tui.services.counter import Counter


@asynccontextmanager
async def one_saved(folder: Path) -> AsyncIterator[Stories]:
    """A counter where clerk 0007 received the employer at window 1 and saved a suspension."""
    async with counter_of(folder) as counter:
        await sign_on(counter, "0007", window="001")
        await receive(counter)
        stories = Stories(counter)
        await stories.declares("P05", PAYING)
        yield stories


async def entry_of(counter: Counter, **changes: Any) -> OutboxEntry:
    """The saved suspension as the outbox knows it, with another fate."""
    item = (await Stories(counter).items())[0]
    found = await counter.store.read(lambda reading: reading.entry(item.id))
    assert found is not None
    return replace(found, **changes)


async def test_what_was_saved_and_not_submitted_is_listed(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        assert clerk.reads("待提交 1")
        await clerk.enters("05")
        assert clerk.reads("05 今日待办  1 项")
        assert clerk.reads("待提交   人员停保         张建国 130400100001")


async def test_names_of_other_employers_are_masked(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        await clerk.enters("04")
        await clerk.confirms("enter")
        await clerk.enters("05")
        assert clerk.reads("张* 130400100001")
        assert not clerk.reads("张建国")


async def test_a_row_of_another_employer_leads_to_its_reception(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        await clerk.enters("04")
        await clerk.confirms("enter")
        await clerk.enters("05")
        await clerk.presses("enter")
        assert isinstance(clerk.screen, ReceptionDesk)
        assert clerk.reads("名称：邯郸市丛台区明远机械有限公司")


async def test_a_returned_item_opens_in_its_own_form(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories:
        counter = stories.counter
        await stories.submits()
        await stories.sits(REVIEWER, window="001")
        opened = await counter.reviews.open((await stories.items())[0], seat=counter.seat)
        await counter.reviews.decide(
            [opened], result="2", reason="材料不全", pages=0, seat=counter.seat, pin=bytearray(PIN.encode())
        )
        await counter.leave_seat()
        async with at_home(counter) as clerk:
            assert clerk.reads("退回 1")
            await clerk.enters("05")
            assert clerk.reads("退回     人员停保")
            assert clerk.reads("材料不全")
            await clerk.presses("enter")
            assert isinstance(clerk.screen, Entry)
            assert clerk.screen.editing is not None


async def test_a_reviewer_sees_what_waits_for_review(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories:
        await stories.submits()
        await stories.counter.leave_seat()
        async with at_home(stories.counter, number="3") as clerk:
            assert clerk.reads("待审核 1")
            await clerk.enters("05")
            assert clerk.reads("待审核   人员停保")


async def test_a_draft_is_a_row_that_opens_its_function(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        await stories.counter.drafts.keep("P01", {"wage": "8432"}, "wage", seat=stories.counter.seat)
        await clerk.enters("05")
        assert clerk.reads("草稿     人员参保")
        await clerk.presses("enter")
        assert isinstance(clerk.screen, Entry)


async def test_an_empty_worklist_says_so(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        await clerk.enters("05")
        assert clerk.reads("05 今日待办  0 项")
        await clerk.presses("enter")
        assert clerk.reads("没有待办事项")
        await clerk.presses("pagedown")
        assert clerk.reads("没有更多页")


async def test_f7_shows_what_is_under_way_and_f8_sends_at_once(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        await clerk.enters("05")
        await clerk.presses("f7")
        assert isinstance(clerk.screen, Outbox)
        await clerk.presses("f8")
        assert clerk.reads("正在发送，结果按 F5 查看")
        await clerk.presses("f7")
        assert isinstance(clerk.screen, HeldList)
        await clerk.presses("f7")
        assert isinstance(clerk.screen, TodaysWork)


async def test_a_refusal_is_listed_with_cause_and_age(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        counter = stories.counter
        refused = await entry_of(
            counter, delivery=Delivery.REJECTED, outcome=rejected(stop_text(None, "该月已核定")), seen=False
        )
        old = replace(refused.operation, made_at=counter.clock.now() - timedelta(hours=3))
        await opens(clerk, Outbox())
        clerk.screen._show((replace(refused, operation=old),))  # type: ignore[attr-defined]
        await clerk.settled()
        assert clerk.reads("拒收 人员停保保存")
        assert clerk.reads("3 小时")
        assert clerk.reads("该月已核定")
        await clerk.presses("enter")
        assert isinstance(clerk.screen, Conflict)
        assert clerk.reads("办法：改正后按 F2 重新办理")


async def test_a_conflict_may_be_done_again_or_put_away(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        counter = stories.counter
        entry = await entry_of(counter, delivery=Delivery.CONFLICT, outcome=conflict("另一窗口已停保"))
        await opens(clerk, Conflict(entry))
        assert clerk.reads("原因：另一窗口已停保")
        assert clerk.reads("受理号：999999-001-")
        await clerk.presses("f2")
        assert isinstance(clerk.screen, Entry)
        await clerk.presses("f12", "f6")
        assert clerk.reads("消除此笔提醒，记录仍保留，再按一次 F6 确认")
        await clerk.confirms("f6")
        assert not isinstance(clerk.screen, Conflict)
        kept = await counter.store.read(lambda reading: reading.entry(entry.operation.op_id))
        assert kept is not None
        assert kept.seen


async def test_what_is_still_under_way_is_sent_and_not_put_away(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        entry = await entry_of(stories.counter, delivery=Delivery.SAVED, outcome=None, trouble="上级未连通")
        await opens(clerk, Conflict(entry))
        assert clerk.reads("原因：上级未连通")
        assert "F8发送" in clerk.page
        assert "F6" not in clerk.page.splitlines()[-2]
        await clerk.presses("f6")
        assert clerk.reads("此笔还在途中，不能消除")
        await clerk.presses("f2")
        assert clerk.reads("此笔不用重新办理")


async def test_a_conflict_of_another_employer_asks_for_its_reception(tmp_path: Path) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter) as clerk:
        entry = await entry_of(stories.counter, delivery=Delivery.CONFLICT, outcome=conflict("已停保"))
        await clerk.enters("04")
        await clerk.confirms("enter")
        await opens(clerk, Conflict(entry))
        await clerk.presses("f2")
        assert clerk.reads(f"再按 02 接待单位 {EMPLOYER}")


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_lists_fit_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with one_saved(tmp_path) as stories, at_home(stories.counter, size=size) as clerk:
        await clerk.enters("05")
        assert fits(clerk)
        assert "待办" in clerk.page
        await clerk.presses("f7")
        assert fits(clerk)
