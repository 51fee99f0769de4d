"""Enquiries and prints: months in, a list out, the paper on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.services.settlement import Order
from tests.screens.stories import PIN
from tests.services.bureau import MONTH

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
    from tests.services.bureau import PAYING

    async with counter.at("P05") as clerk:
        await clerk.presses("f9")
        assert clerk.reads("没有回执可打")
        await clerk.enters(PAYING)
        await clerk.presses("f2", "f9")
        assert clerk.reads("回执"), clerk.page
