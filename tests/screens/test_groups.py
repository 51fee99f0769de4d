"""What an operator of some groups of functions is offered, and how a supervisor ticks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.functions import FunctionGroup
from screens.home import Home
from screens.post_cards import GrantCard
from screens.review import ReviewQueue
from tests.screens.desks import at_home, fits
from tests.screens.stories import CLERK, LARGE, PIN, REVIEWER, SMALL, SUPERVISOR, USUAL, Stories, receive
from tests.screens.test_posts import keys_request, posts
from tests.screens.test_printing import settle
from tests.services.bureau import PAYING, counter_of, sign_on
from tests.services.groups import limited
from tests.services.test_groups import handed_in
from tests.services.test_operators import CONTROL, puts_in

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.counter import Counter

A, D = FunctionGroup.ENROLMENT, FunctionGroup.SETTLEMENT


async def test_the_menu_offers_only_the_groups_granted_and_a_path_outside_is_refused(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await limited(counter, CLERK, "A")
        await sign_on(counter, CLERK, window="001")
        await receive(counter)
        async with at_home(counter) as clerk:
            for inside in ("02  接待单位", "11  人员参保", "51  数据提交"):
                assert clerk.reads(inside), clerk.page
            for outside in ("21  人员关键信息修改", "59  核定回退", "74  单位缴费通知单"):
                assert not clerk.reads(outside)
            await clerk.enters("21")
            assert clerk.reads("您没有「B 信息修改」业务组的授权，不能办理 21 人员关键信息修改；请主管在 92 申请")
            assert isinstance(clerk.screen, Home)
            await clerk.enters("98")
            assert clerk.reads("经办岗位不办理 98 分中心审核")
            await clerk.enters("11")
            assert not isinstance(clerk.screen, Home)


async def test_a_reviewer_sees_and_counts_only_what_is_of_his_groups(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await limited(counter, REVIEWER, "B")
        await handed_in(counter)
        async with at_home(counter, number="3") as clerk:
            assert clerk.reads("待审核 0"), clerk.page
            assert not clerk.reads("待确认回退")
            assert not clerk.reads("59  核定回退")
            await clerk.enters("98")
            assert isinstance(clerk.screen, ReviewQueue)
            assert not clerk.reads("张建国"), clerk.page


async def test_an_item_of_another_group_is_not_opened_for_correction(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, CLERK)
        await receive(counter)
        await Stories(counter).declares("P05", PAYING)
        await counter.leave_seat()
        await limited(counter, CLERK, "B")
        await sign_on(counter, CLERK)
        await receive(counter)
        async with Stories(counter).at("P25") as clerk:
            await clerk.presses("enter")
            assert clerk.reads("您没有「A 人员增减」业务组的授权，不能办理"), clerk.page


@pytest.mark.parametrize("groups", ["D,G", "G,H", "G"])
async def test_a_notice_is_printed_from_an_enquiry_by_whoever_settles_or_prints(tmp_path: Path, groups: str) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, CLERK)
        await receive(counter)
        await settle(Stories(counter))
        await counter.leave_seat()
        await limited(counter, CLERK, groups)
        await sign_on(counter, CLERK)
        await receive(counter)
        async with Stories(counter).at("P50") as clerk:
            await clerk.enters("202611")
            await clerk.presses("f5", "f9")
            assert clerk.reads("您没有「H 报表打印」业务组的授权，不能办理 单位缴费通知单") is (groups == "G"), (
                clerk.page
            )


async def asks(counter: Counter, keyed: str) -> str:
    """A supervisor asks for a clerk and keys his groups; what the screen shows before the PIN."""
    async with posts(Stories(counter), SUPERVISOR) as clerk:
        await keys_request(clerk, groups=keyed)
        await clerk.presses("f8")
        page = clerk.page
        await clerk.enters(PIN)
        assert clerk.reads("已申请新设"), clerk.page
        return page


@pytest.mark.parametrize("keyed", ["a d", "1 4", "A，D"], ids=["letters", "numbers", "comma"])
async def test_groups_are_ticked_by_letter_or_number_and_shown_to_whoever_signs(tmp_path: Path, keyed: str) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        assert "业务组 A 人员增减、D 提交结算" in await asks(counter, keyed)
        (grant,) = await counter.posts.grants()
        assert grant.granted.groups == (A, D)
        async with posts(Stories(counter), CONTROL) as clerk:
            await clerk.presses("enter")
            assert isinstance(clerk.screen, GrantCard)
            assert clerk.reads("业务组    A 人员增减、D 提交结算")
            await clerk.presses("f8")
            assert clerk.reads("业务组 A 人员增减、D 提交结算"), clerk.page


@pytest.mark.parametrize("keyed", ["", "0"], ids=["nothing", "all"])
async def test_nothing_keyed_or_all_ticked_is_all_that_the_post_opens(tmp_path: Path, keyed: str) -> None:
    async with counter_of(tmp_path) as counter:
        puts_in(tmp_path)
        assert "业务组 全部（岗位可办的）" in await asks(counter, keyed)
        (grant,) = await counter.posts.grants()
        assert grant.granted.groups == ()


async def test_f1_lists_the_groups_with_their_letters(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, posts(Stories(counter), SUPERVISOR) as clerk:
        await clerk.presses("f8")
        while clerk.at != "groups":
            await clerk.presses("tab")
        await clerk.presses("f1")
        assert clerk.reads("空着为岗位可办的全部"), clerk.page
        assert all(clerk.reads(f"{group.value}{group.label}") for group in FunctionGroup), clerk.page


async def test_f4_ticks_one_group_after_another(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, posts(Stories(counter), SUPERVISOR) as clerk:
        await clerk.presses("f8")
        while clerk.at != "groups":
            await clerk.presses("tab")
        for number in ("1", "14"):
            await clerk.presses("f4")
            assert clerk.reads("N申报入口"), clerk.page
            await clerk.enters(number)
        assert clerk.reads("A人员增减 N申报入口"), clerk.page


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_groups_of_an_operator_stand_on_his_card_and_in_the_list(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with counter_of(tmp_path) as counter:
        await limited(counter, CLERK, "A,B,D")
        async with posts(Stories(counter), SUPERVISOR, size) as clerk:
            assert fits(clerk)
            assert clerk.reads("ABD") is (size != SMALL)
            await clerk.presses("enter")
            assert clerk.reads("业务组    A 人员增减、B 信息修改、D 提交结算"), clerk.page
            await clerk.enters("2")
            await clerk.presses("f8")
            assert fits(clerk)
            assert clerk.reads("A人员增减 B信息修改 D提交结算"), clerk.page
