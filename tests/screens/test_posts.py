"""92 岗位与证书 at the screen: asked for, signed by four humans with their PINs, taken away by one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.grants import GrantState
from counter_tui.domain.operators import OperatorState
from screens.home import Home
from screens.menu import Menu
from screens.post_cards import GrantCard, LedgerCard, OperatorCard
from screens.posts import Posts
from tests.screens.desks import at_home, fits, looks
from tests.screens.stories import CLERK, LARGE, PIN, REVIEWER, SMALL, SUPERVISOR, USUAL, Clerk, Stories, open_counter
from tests.services.bureau import PIN as KEY_PIN
from tests.services.bureau import citizen, counter_of, sign_on
from tests.services.test_operators import ADMINISTRATOR, CONTROL, HEAD, asked, puts_in, sits_beside

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

IDENTITY = citizen("13040319920505001")


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Stories]:
    async with open_counter(tmp_path) as stories:
        puts_in(tmp_path)
        yield stories


@asynccontextmanager
async def posts(stories: Stories, operator: str, size: tuple[int, int] = USUAL) -> AsyncIterator[Clerk]:
    await stories.sits(operator)
    stories.size = size
    async with stories.at("posts") as clerk:
        yield clerk


async def keys_request(clerk: Clerk, identity: str = IDENTITY, groups: str = "") -> None:
    """Number, name, identity number, post, groups, days, certificate."""
    await clerk.presses("f8")
    for typed in ("0101", "钱多多", identity, "1", groups, "", ""):
        await clerk.enters(typed)
    await clerk.enters("0101")


async def test_four_humans_at_their_keyboards_make_an_operator_who_signs_on(counter: Stories) -> None:
    async with posts(counter, SUPERVISOR) as clerk:
        assert isinstance(clerk.screen, Posts)
        assert clerk.reads("柜员 8 项  F7：授权申请、岗位台账")
        await keys_request(clerk)
        assert clerk.reads("备用一  2036-11-18 到期"), clerk.page
        await clerk.presses("f8")
        assert clerk.reads("0101 钱多多  经办"), clerk.page
        assert clerk.reads("2026-11-23 至 2027-11-22")
        await clerk.enters(PIN)
        assert clerk.reads("0101 已申请新设，等待内控审核"), clerk.page
        assert clerk.reads("柜员 8 项")
    for operator, said in ((CONTROL, "已内控审核"), (HEAD, "已领导核准"), (ADMINISTRATOR, "已赋权")):
        async with posts(counter, operator) as clerk:
            assert clerk.reads("授权申请 1 项，待您办理 1 件"), clerk.page
            await clerk.presses("enter")
            assert isinstance(clerk.screen, GrantCard)
            await clerk.presses("f8")
            await clerk.enters(PIN)
            assert clerk.reads(f"0101 {said}"), clerk.page
    async with posts(counter, SUPERVISOR) as clerk:
        assert clerk.reads("柜员 9 项")
        assert clerk.reads("钱多多")
        await clerk.presses("f7")
        assert clerk.reads("已赋权")
        await clerk.presses("f7")
        assert clerk.reads("0021 0041 0051 0031"), clerk.page
        await clerk.presses("enter")
        assert isinstance(clerk.screen, LedgerCard)
        assert clerk.reads("事项      新设")
    await counter.sits("0101")
    assert counter.counter.seat.session.operator.name == "钱多多"


async def test_whose_turn_it_is_not_reads_and_does_not_sign(counter: Stories) -> None:
    await asked(counter.counter)
    async with posts(counter, HEAD) as clerk:
        assert not clerk.reads("待您办理")
        await clerk.presses("f7", "enter")
        assert clerk.reads("内控审核  等待稽核内控岗位办理"), clerk.page
        await clerk.presses("f8")
        assert clerk.reads("内控审核须由稽核内控岗位办理")
        assert isinstance(clerk.screen, GrantCard)


async def test_a_refusal_needs_a_reason_and_changes_nothing(counter: Stories) -> None:
    grant = await asked(counter.counter)
    async with posts(counter, CONTROL) as clerk:
        await clerk.presses("enter", "f6")
        assert clerk.reads("请填写不同意的原因")
        await clerk.types("岗位已满")
        await clerk.presses("f6")
        await clerk.enters(PIN)
        assert clerk.reads("授权申请已不同意，登记不变"), clerk.page
    assert (await counter.counter.posts.grant(grant.id)).state is GrantState.REFUSED
    assert len(await counter.counter.posts.registered()) == 8


async def test_control_marks_a_lost_key_and_a_supervisor_resumes_by_asking(counter: Stories) -> None:
    async with posts(counter, CONTROL) as clerk:
        await clerk.presses("enter")
        assert isinstance(clerk.screen, OperatorCard)
        assert clerk.reads("证书编号  9999990007")
        await clerk.presses("f8")
        assert clerk.reads("请选择要办理的事项")
        await clerk.enters("3")
        await clerk.presses("f8")
        assert clerk.reads("挂失必须填写原因"), clerk.page
        await clerk.types("昨日遗失")
        await clerk.presses("f8")
        assert clerk.reads("立即生效，其登录随即结束")
        await clerk.enters(PIN)
        assert clerk.reads("0007 已挂失"), clerk.page
    assert (await counter.counter.posts.operator(CLERK)).state is OperatorState.REVOKED
    async with posts(counter, SUPERVISOR) as clerk:
        await clerk.presses("enter")
        await clerk.enters("1")
        await clerk.presses("f8")
        assert clerk.reads("业务申请  换证"), clerk.page
        await clerk.enters(IDENTITY)
        await clerk.enters("")
        await clerk.enters("")
        await clerk.presses("f4")
        assert clerk.reads("介质 备用一"), clerk.page
        await clerk.types("9")
        await clerk.presses("enter", "enter", "f8")
        await clerk.enters(PIN)
        assert clerk.reads("工号 0007 不是此人的工号"), clerk.page


@pytest.mark.parametrize(
    ("place", "typed", "said", "field"),
    [
        (1, "", "姓名不能为空", "name"),
        (2, "130403199213050011", "证", "identity"),
        (3, "", "请选择岗位", "roles"),
        (3, "9", "没有第 9 项", "roles"),
        (4, "A Z", "没有第 Z 项", "groups"),
        (5, "20261399", "日期", "since"),
        (6, "9999", "日期", "until"),
        (7, "", "请选择证书", "certificate"),
        (7, "nothing.cer", "没有可读的文件", "certificate"),
        (7, "../keys/0007.cer", "只能载入", "certificate"),
    ],
)
async def test_what_is_keyed_wrongly_is_said_at_its_field(
    counter: Stories, place: int, typed: str, said: str, field: str
) -> None:
    keyed = ["0101", "钱多多", IDENTITY, "1", "", "", "", "0101"]
    keyed[place] = typed
    async with posts(counter, SUPERVISOR) as clerk:
        await clerk.presses("f8")
        for text in keyed:
            await clerk.types(text)
            await clerk.presses("tab")
        await clerk.presses("f8")
        assert clerk.at == field, clerk.page
        assert clerk.reads(said)
    assert await counter.counter.posts.grants() == ()


@pytest.mark.parametrize("operator", [CONTROL, HEAD, ADMINISTRATOR])
async def test_only_a_supervisor_is_offered_to_ask(counter: Stories, operator: str) -> None:
    async with posts(counter, operator) as clerk:
        assert not clerk.reads("F8新设")
        await clerk.presses("f8")
        assert clerk.reads("业务申请由主管办理")
        await clerk.presses("enter")
        assert clerk.reads("事项") is (operator == CONTROL)


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_lists_and_the_request_fit_every_terminal(counter: Stories, size: tuple[int, int]) -> None:
    async with posts(counter, SUPERVISOR, size) as clerk:
        assert fits(clerk)
        assert clerk.reads("林晓岚")
        await clerk.presses("f7", "f7", "f7")
        await clerk.presses("enter")
        assert fits(clerk)
        assert clerk.reads("工号      0007")
        assert clerk.reads("事项")
        await clerk.presses("f12", "f8")
        assert fits(clerk)
        for label in ("工号", "姓名", "证件号码", "岗位", "业务组", "起始日", "截止日", "证书"):
            assert clerk.reads(label), (label, clerk.page)


async def test_the_menu_has_it_for_the_posts_concerned_in_every_region(tmp_path: Path) -> None:
    for region in ("handan", "tianjin", "dalian", "generic", "yuanbo"):
        async with counter_of(tmp_path / region, region=region) as counter:
            offered = {}
            for operator in (CLERK, REVIEWER, SUPERVISOR, CONTROL, HEAD, ADMINISTRATOR):
                await sign_on(counter, operator)
                menu = Menu(entries=tuple(counter.menu()), operator=counter.seat.session.operator)
                entry = menu.at("92")
                assert entry is not None
                assert entry.name == "岗位与证书"
                offered[operator] = menu.opens(entry)
                await counter.leave_seat()
            assert offered == {
                CLERK: False,
                REVIEWER: False,
                SUPERVISOR: True,
                CONTROL: True,
                HEAD: True,
                ADMINISTRATOR: True,
            }


async def test_the_terminal_locks_when_the_account_at_it_is_suspended(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter, at_home(counter) as clerk:
        here = counter.seat
        operator = await counter.posts.operator(CLERK)
        await sits_beside(counter, SUPERVISOR)
        await counter.posts.suspend(operator, reason="离岗", seat=counter.seat, pin=bytearray(KEY_PIN))
        counter.taken = here
        assert isinstance(clerk.screen, Home)
        await looks(clerk)
        assert clerk.reads("工号 0007 的岗位或证书已停用、吊销或变更，终端已锁定"), clerk.page
        await clerk.enters(PIN)
        assert clerk.reads("工号 0007 已停用，请由主管申请恢复"), clerk.page
