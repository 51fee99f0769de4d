"""Entry of one person's declaration, as the clerk types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.services.bureau import ELSEWHERE, NEW, PAYING, SUSPENDED

if TYPE_CHECKING:
    from tests.screens.stories import Stories


async def test_a_stop_takes_the_number_enter_and_f2(counter: Stories) -> None:
    async with counter.at("P05") as clerk:
        await clerk.enters(PAYING)
        assert clerk.reads("张建国")
        await clerk.presses("f2")
        assert clerk.reads("已存本机，受理号")
        assert clerk.keys == 20
        assert clerk.at == "id_number"
    assert [item.state for item in await counter.items()] == ["D1"]


async def test_a_resumption_shows_its_verdict_and_amounts_at_once(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(SUSPENDED)
        assert clerk.reads("业务类别：续保")
        assert clerk.at == "wage"
        await clerk.enters("5200")
        assert clerk.reads("养老  基数 5,200.00")
        await clerk.presses("f2")
        assert clerk.reads("已存本机，受理号")
    assert [item.verdict for item in await counter.items()] == ["续保"]


async def test_a_person_paid_elsewhere_is_refused_with_the_employer_named(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(ELSEWHERE)
        assert clerk.reads("不能参保")
        await clerk.types("5200")
        await clerk.presses("f2")
        assert clerk.reads("通达物流")
    assert await counter.items() == []


async def test_a_new_person_is_asked_for_what_no_default_gives(counter: Stories) -> None:
    async with counter.at("P01") as clerk:
        await clerk.enters(NEW)
        assert clerk.reads("业务类别：参保登记")
        assert clerk.at == "name"
        await clerk.enters("赵晓明")
        await clerk.presses("f2")
        assert clerk.reads("!")
        assert clerk.at == "first_job"
