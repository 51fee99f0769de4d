"""The month of an employer: trial, amount typed, PIN, bill; and taking it back."""

from __future__ import annotations

from tests.screens.stories import REVIEWER, Stories
from tests.services.bureau import EMPLOYER, MONTH, PAYING


async def settle(counter: Stories) -> None:
    async with counter.at("P29") as clerk:
        await clerk.presses("f5")
        total = clerk.message.split("应缴合计 ")[1].split(" 元")[0]
        await clerk.presses("f8")
        await clerk.enters(total.replace(",", ""))
        await clerk.enters("123456")
        assert clerk.reads("核定完成，核定编号"), clerk.page
        assert clerk.reads("F9 打印缴费通知单")


async def test_a_month_is_settled_by_typing_its_total_and_the_pin(counter: Stories) -> None:
    await settle(counter)
    bills = await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH)
    assert [bill.function for bill in bills] == ["P29"]
    assert counter.counter.employer is not None
    assert counter.counter.employer.settlement_month == MONTH + 1


async def test_a_wrong_total_settles_nothing(counter: Stories) -> None:
    async with counter.at("P29") as clerk:
        await clerk.presses("f5", "f8")
        await clerk.enters("1.00")
        assert clerk.reads("不一致")
        await clerk.presses("f12")
    assert not await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH)


async def test_unsubmitted_items_stop_the_settlement_and_the_way_to_them_is_named(counter: Stories) -> None:
    await counter.declares("P05", PAYING)
    async with counter.at("P29") as clerk:
        await clerk.presses("f5")
        assert clerk.reads("存在未提交的申报 1 笔")
        assert clerk.reads("路径 51")
        await clerk.presses("f8")
        assert not clerk.reads("PIN：")
        await clerk.presses("f4")
        assert clerk.reads("51 数据提交")
        assert clerk.reads("张建国")


async def test_the_views_of_a_trial_follow_each_other_and_amounts_explain_themselves(counter: Stories) -> None:
    async with counter.at("P29") as clerk:
        await clerk.presses("f5")
        assert clerk.reads("应缴（1/4")
        await clerk.presses("f4")
        assert clerk.reads("张建国 1000000001：单位 1,422.22 + 个人 711.11 = 2,133.33")
        await clerk.presses("f4")
        assert clerk.reads("缴费基数")
        assert clerk.reads("国办发〔2019〕13号")
        await clerk.presses("f12", "f12", "f7")
        assert clerk.reads("超出上下限人员")
        await clerk.presses("f7", "f7")
        assert clerk.reads("前六个月")


async def test_an_assessment_is_taken_back_by_two_persons(counter: Stories) -> None:
    await settle(counter)
    total = (await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH))[0].total
    async with counter.at("P34") as clerk:
        await clerk.presses("f5")
        assert clerk.reads("核定编号")
        await clerk.presses("tab")
        await clerk.types("工资录错")
        await clerk.presses("f8")
        await clerk.enters(f"{total // 100}.{total % 100:02d}")
        await clerk.enters("123456")
        assert clerk.reads("等待第二人确认"), clerk.page
        await clerk.presses("f7", "f8")
        assert clerk.reads("不能确认核定回退")
    await counter.sits(REVIEWER, window="004")
    async with counter.at("P27") as clerk:
        await clerk.presses("f7")
        assert clerk.reads("工资录错")
        await clerk.presses("f8")
        await clerk.enters("123456")
        assert clerk.reads("已同意核定回退"), clerk.page
    assert [bill.state for bill in await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH)] == ["B9"]


async def test_without_a_line_the_settlement_waits_and_says_so(counter: Stories) -> None:
    async with counter.at("P29") as clerk:
        await clerk.presses("f5")
        total = clerk.message.split("应缴合计 ")[1].split(" 元")[0]
        counter.counter.line._connected = False  # type: ignore[attr-defined]
        await clerk.presses("f8")
        await clerk.enters(total)
        counter.counter.line._connected = False  # type: ignore[attr-defined]
        await clerk.enters("123456")
        assert clerk.reads("M63"), clerk.page
    assert not await counter.counter.settlement.bills(EMPLOYER, MONTH, MONTH)
