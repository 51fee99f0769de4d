"""复算差额: what a published figure changes in a settled month, person by person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counter_tui.policy.dated import Confidence
from tests.screens.stories import LARGE, SMALL, USUAL
from tests.screens.test_settlement import settle
from tests.services.bureau import MONTH

if TYPE_CHECKING:
    from counter_tui.policy.regions import Policy
    from tests.screens.stories import Stories


def raised(policy: Policy, confidence: Confidence = Confidence.HIGH) -> Policy:
    """The law with a floor of 10,000.00 for pension, known for sure or not."""
    history = policy.floors["110"]
    values = tuple(
        replace(each, value=1_000_000, by="演示文号〔2026〕9号", confidence=confidence) for each in history.values
    )
    return replace(policy, floors={**policy.floors, "110": replace(history, values=values)})


async def test_f7_on_a_settled_month_shows_old_new_difference_and_both_citations(counter: Stories) -> None:
    await settle(counter)
    counter.counter.policy = raised(counter.counter.policy)
    async with counter.at("P50") as clerk:
        await clerk.types(f"{MONTH}\n")
        await clerk.presses("f5", "f7")
        assert clerk.reads("复算差额  核定编号"), clerk.page
        # 10,000.00 at 16 % and 8 % is 2,400.00; 8,888.88 was 1,422.22 + 711.11
        assert clerk.reads("266.67")
        assert clerk.reads("人民币贰佰陆拾陆元陆角柒分")
        assert clerk.reads("张建国")
        assert clerk.reads("不加收滞纳金")
        await clerk.presses("f4")
        assert clerk.reads("缴费下限变化"), clerk.page
        assert clerk.reads("冀人社字〔2026〕57号")
        assert clerk.reads("演示文号〔2026〕9号")
        assert clerk.reads("补收 266.67")
        await clerk.presses("f12")
        assert clerk.reads("复算差额")


async def test_where_nothing_changed_the_clerk_is_told(counter: Stories) -> None:
    await settle(counter)
    async with counter.at("P50") as clerk:
        await clerk.types(f"{MONTH}\n")
        await clerk.presses("f5", "f7")
        assert clerk.reads("现行数值与核定时一致，没有差额"), clerk.page


async def test_amounts_of_a_recomputed_bill_bear_the_marks_of_what_they_rest_on(counter: Stories) -> None:
    await settle(counter)
    counter.counter.policy = raised(counter.counter.policy, Confidence.LOW)
    async with counter.at("P50") as clerk:
        await clerk.types(f"{MONTH}\n")
        await clerk.presses("f5", "f7")
        # What was assessed is sure; what a doubtful floor makes of it is not, nor is the difference.
        (row,) = [line for line in clerk.page.splitlines() if "养老" in line and "266.67" in line]
        assert row.split()[-3:] == ["2,133.33", "2,400.00*", "266.67*"], row
        assert clerk.reads("266.67* 元")
        assert clerk.reads("* 未确认")
        await clerk.presses("f4")
        assert clerk.reads("差额合计：2,400.00 - 2,133.33 = 补收 266.67〔未确认〕"), clerk.page


async def test_before_a_bill_is_shown_f7_says_what_to_press(counter: Stories) -> None:
    async with counter.at("P50") as clerk:
        await clerk.presses("f7")
        assert clerk.reads("请先按 F5 查询"), clerk.page


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_differences_are_never_cut(counter: Stories, size: tuple[int, int]) -> None:
    await settle(counter)
    counter.counter.policy = raised(counter.counter.policy)
    counter.size = size
    async with counter.at("P50") as clerk:
        await clerk.types(f"{MONTH}\n")
        await clerk.presses("f5", "f7")
        assert clerk.reads("266.67"), clerk.page
        assert clerk.reads("2,400.00"), clerk.page
