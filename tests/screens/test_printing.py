"""Enquiries and prints: months in, a list out, the paper on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.services.settlement import Order
from tests.screens.stories import CLERK, PIN, REVIEWER
from tests.services.bureau import MONTH, PAYING, SUSPENDED

if TYPE_CHECKING:
    from tests.screens.stories import Stories


async def settle(counter: Stories) -> None:
    order = Order(function="P29", month=MONTH)
    trial = await counter.counter.settlement.trial(order, seat=counter.counter.seat)
    assert trial.assessment is not None
    pin = bytearray(PIN.encode())
    await counter.counter.settlement.settle(order, trial.assessment.total, seat=counter.counter.seat, pin=pin)
    await counter.counter.refresh()


async def test_a_notice_is_found_by_its_months_and_previewed(counter: Stories) -> None:
    await settle(counter)
    async with counter.at("P63") as clerk:
        await clerk.presses("f5")
        assert clerk.reads("2026-11")
        await clerk.presses("f9")
        assert clerk.reads("缴费通知单"), clerk.page


async def test_months_in_the_wrong_order_are_refused_with_a_sentence(counter: Stories) -> None:
    async with counter.at("P64") as clerk:
        await clerk.enters("202611")
        await clerk.types("202609")
        await clerk.presses("f5")
        assert clerk.reads("终止年月不能早于开始年月")


async def test_a_range_without_assessments_says_that_nothing_was_found(counter: Stories) -> None:
    async with counter.at("P63") as clerk:
        await clerk.presses("f5")
        assert clerk.reads("查询结果为空")


async def test_the_settled_amount_is_enquired_with_number_state_and_due_day(counter: Stories) -> None:
    await settle(counter)
    async with counter.at("P50") as clerk:
        await clerk.enters("202611")
        await clerk.presses("f5")
        assert clerk.reads("核定编号 202611")
        assert clerk.reads("应缴合计")


async def test_the_receipt_of_the_last_save_is_previewed(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.presses("f9")
        assert clerk.reads("没有回执可打")
        await clerk.enters(PAYING)
        await clerk.presses("f2", "f9")
        assert clerk.reads("回执"), clerk.page


async def approved_changes(counter: Stories) -> None:
    """A stop and a resumption, approved by somebody else."""
    await counter.declares("P05", PAYING)
    await counter.declares("P01", SUSPENDED, wage="5200")
    await counter.submits()
    await counter.sits(REVIEWER, window="004")
    queue = list(await counter.counter.reviews.queue())
    pin = bytearray(PIN.encode())
    await counter.counter.reviews.decide(queue, result="1", reason="", pages=0, seat=counter.counter.seat, pin=pin)
    await counter.sits(CLERK)


async def test_the_changes_of_the_month_are_listed_and_previewed_as_one_sheet(counter: Stories) -> None:
    await approved_changes(counter)
    async with counter.at("P60") as clerk:
        assert clerk.reads("人员变更表打印")
        await clerk.presses("f5")
        assert clerk.reads("共 2 人次，1 张表"), clerk.page
        assert clerk.reads("张建国")
        assert clerk.reads("李秀英")
        assert PAYING not in clerk.page
        await clerk.presses("f9")
        assert clerk.reads("打印预览  人员变更表"), clerk.page
        assert clerk.reads("审核通过")
        assert PAYING not in clerk.page
        await clerk.presses("f9")
        assert clerk.reads("已打印 2 份"), clerk.page
    assert await counter.kinds("access.print") == ["access.print"]


async def test_only_the_ticked_changes_are_previewed(counter: Stories) -> None:
    await approved_changes(counter)
    async with counter.at("P60") as clerk:
        await clerk.presses("f5", "space", "enter")
        assert clerk.reads("打印预览  人员变更表"), clerk.page
        assert ("张建国" in clerk.page) != ("李秀英" in clerk.page), clerk.page


async def test_nothing_waiting_is_on_the_sheet_unless_it_is_asked_for(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P60") as clerk:
        await clerk.presses("f9")
        assert clerk.reads("请先按 F5 查询")
        await clerk.presses("f5")
        assert clerk.reads("没有可打印的人员变更"), clerk.page
        await counter.submits()
        await clerk.presses("f5")
        assert clerk.reads("没有可打印的人员变更"), clerk.page
        await clerk.presses("f6", "tab", "tab", "tab")
        assert clerk.at == "state"
        await clerk.enters("1")
        await clerk.presses("f5")
        assert clerk.reads("待审核"), clerk.page
        assert clerk.reads("张建国"), clerk.page


async def test_the_results_of_a_period_are_printed_as_its_change_sheet(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P05") as clerk:
        await clerk.presses("f7", "f9")
        assert clerk.reads("没有可打印的人员变更"), clerk.page
        await counter.submits()
        await clerk.presses("f9")
        assert clerk.reads("打印预览  人员变更表"), clerk.page
        assert clerk.reads("待审核"), clerk.page
