"""99 参数与代码: everybody sees what is in force, what is missing and where it is from; loading is for some."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.text import width
from counter_tui.policy import inventory
from counter_tui.policy.dated import Dated
from counter_tui.policy.profile import MenuEntry
from screens.explanation import ExplanationPages
from screens.figure_loading import FigureLoading
from screens.figure_views import VIEWS, marked
from screens.figures import Figures
from screens.help import Help
from screens.menu import Menu
from screens.routes import open_function
from tests.screens.desks import fits
from tests.screens.stories import CLERK, LARGE, REVIEWER, SMALL, SUPERVISOR, USUAL, Clerk, Stories, StoryApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ADMINISTRATOR = "0031"


@asynccontextmanager
async def looking(stories: Stories, operator: str = CLERK, size: tuple[int, int] = USUAL) -> AsyncIterator[Clerk]:
    """The screen of path 99, at a seat of that operator."""
    await stories.sits(operator)
    app = StoryApp(stories.counter)
    async with app.run_test(size=size) as pilot:
        clerk = Clerk(app, pilot)
        await clerk.settled()
        await app.push_screen(open_function("figures"))
        await clerk.settled()
        yield clerk
    for fault in app.faults:
        raise fault


async def test_this_months_figures_stand_there_at_once(counter: Stories) -> None:
    month = YearMonth.of(counter.counter.clock.today())
    async with looking(counter) as clerk:
        assert isinstance(clerk.screen, Figures)
        assert clerk.reads(f"（{month}）  F7：缺少的数值、未确认的数值、参数、代码表")
        assert clerk.reads("企业职工基本养老保险缴费基数下限  4,076.00 元")
        assert clerk.reads("元〔演练数据〕")
        shown = VIEWS[0].found(counter.counter.policy, month, "")
        assert clerk.reads(f"在用数值 {len(shown)} 项")
        await clerk.presses("pagedown")
        assert clerk.reads("  21 ")
        for _ in range(20):
            await clerk.presses("pagedown")
        assert clerk.reads("没有更多页")


async def test_another_month_shows_the_law_of_that_month(counter: Stories) -> None:
    async with looking(counter) as clerk:
        await clerk.presses("shift+tab", "shift+tab")
        await clerk.enters("201001")
        assert clerk.reads("（2010-01）")
        assert clerk.reads("0.2%")
        await clerk.presses("shift+tab", "shift+tab")
        await clerk.enters("201013")
        assert clerk.reads("月份应在 1 至 12 之间")
        assert clerk.reads("（2010-01）")


async def test_a_word_narrows_the_list_and_f6_brings_all_back(counter: Stories) -> None:
    async with looking(counter) as clerk:
        await clerk.presses("shift+tab")
        await clerk.enters("失业")
        assert clerk.reads("在用数值 3 项")
        await clerk.presses("f6")
        assert not clerk.reads("在用数值 3 项")
        await clerk.presses("shift+tab")
        await clerk.enters("月球")
        assert clerk.reads("没有这样的数值，改变条件后按 F5")


async def test_f7_goes_through_the_views(counter: Stories) -> None:
    async with looking(counter) as clerk:
        await clerk.presses("f7")
        assert clerk.reads("缺少的数值")
        assert clerk.reads("原因")
        assert clerk.reads("个人账户记账利率")
        await clerk.presses("f7")
        assert clerk.reads("未确认的数值")
        assert clerk.reads("〔未确认〕")
        await clerk.presses("f7")
        assert clerk.reads("工资超出上下限的处理") or clerk.reads("年度工资申报后方可核定")
        await clerk.presses("f7")
        assert clerk.reads("性别 1")
        await clerk.presses("f7")
        assert clerk.reads("在用数值")


async def test_f4_opens_the_history_with_citation_and_confidence(counter: Stories) -> None:
    async with looking(counter, size=LARGE) as clerk:
        await clerk.presses("shift+tab")
        await clerk.enters("floor:110")
        await clerk.presses("f4")
        assert isinstance(clerk.app.screen, ExplanationPages)
        assert clerk.reads("企业职工基本养老保险缴费基数下限")
        assert clerk.reads("2026-01 至 2026-12：4,076.00 元（可信程度高）（冀人社字〔2026〕57号）")
        assert clerk.reads("可信程度低")
        await clerk.presses("f12")
        assert isinstance(clerk.screen, Figures)


async def test_the_history_of_a_missing_figure_says_what_is_missing(counter: Stories) -> None:
    async with looking(counter, size=LARGE) as clerk:
        policy = counter.counter.policy
        settings = {name: each for name, each in policy.settings.items() if name != "large_medical_month"}
        counter.counter.policy = replace(policy, settings=settings)
        await clerk.presses("f7")
        await clerk.presses("shift+tab")
        await clerk.enters("large_medical_month")
        await clerk.presses("enter")
        assert clerk.reads("不分月份：没有数值：没有载入")
        await clerk.presses("f12")
        await clerk.presses("shift+tab", "shift+tab")
        await clerk.enters("202801")
        await clerk.presses("shift+tab")
        await clerk.enters("floor:110")
        await clerk.presses("enter")
        assert clerk.reads("2026-01 至 2026-12：4,076.00 元")
        assert clerk.reads("2027-01 起：没有数值：尚未公布，或尚未载入")


async def test_what_was_loaded_meanwhile_is_there_on_coming_back(counter: Stories) -> None:
    async with looking(counter, ADMINISTRATOR) as clerk:
        await clerk.presses("f8")
        assert isinstance(clerk.screen, FigureLoading)
        policy = counter.counter.policy
        floor = policy.floors["110"]
        without = Dated(figure=floor.figure, values=floor.values[:1])
        counter.counter.policy = replace(policy, floors={**policy.floors, "110": without})
        await clerk.presses("f12", "f7")
        assert clerk.reads("企业职工基本养老保险缴费基数下")


@pytest.mark.parametrize(("operator", "loads"), [(CLERK, False), (REVIEWER, False), (SUPERVISOR, True)])
async def test_everybody_looks_and_only_some_load(counter: Stories, operator: str, *, loads: bool) -> None:
    async with looking(counter, operator) as clerk:
        assert clerk.reads("F8载入") is loads
        await clerk.presses("f8")
        assert isinstance(clerk.screen, FigureLoading) is loads
        if not loads:
            assert clerk.reads("由系统管理员办理")


@pytest.mark.parametrize("operator", [CLERK, REVIEWER, ADMINISTRATOR])
async def test_the_menu_opens_it_for_every_post(counter: Stories, operator: str) -> None:
    await counter.sits(operator)
    entry = MenuEntry(path="99", function="figures", name="参数与代码", group="系统")
    assert Menu(entries=(entry,), operator=counter.counter.seat.session.operator).opens(entry)


async def test_f1_explains_the_marks_and_the_keys(counter: Stories) -> None:
    async with looking(counter) as clerk:
        await clerk.presses("f1")
        assert isinstance(clerk.app.screen, Help)
        assert clerk.reads("〔未确认〕表示")
        assert "F8 载入" not in clerk.page


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_every_view_fits_every_terminal(counter: Stories, size: tuple[int, int]) -> None:
    async with looking(counter, size=size) as clerk:
        for view in VIEWS:
            assert fits(clerk)
            assert view.name in clerk.page
            assert all(width(row) <= size[0] for row in clerk.page.splitlines())
            await clerk.presses("f7")


async def test_a_mark_is_never_cut_off(counter: Stories) -> None:
    for entry in inventory.figures(counter.counter.policy):
        for cells in (20, 36, 60):
            assert width(marked(entry, cells)) <= cells
            assert all(f"〔{mark}〕" in marked(entry, cells) for mark in entry.marks)
