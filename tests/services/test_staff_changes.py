"""The staff-change sheet of a month: which items stand on it, with which figures, and what the paper says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.problems import Rejected
from counter_tui.forms.catalog.prints import APPROVED, EVERY_STATE, WAITING, change_of
from counter_tui.services.settlement import Order
from counter_tui.services.staff_changes import ChangesWanted, headcounts
from tests.documents.reading import Paper
from tests.services.bureau import EMPLOYER, MONTH, NEW, PAYING, PIN, SUSPENDED, TODAY, counter_of, sign_on
from tests.services.test_one_employer_from_key_to_bill import declares, items, receive
from tests.services.test_reviews import quiet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.services.counter import Counter
    from counter_tui.services.staff_changes import ChangeRow, Headcount

ALL = ChangesWanted(since=MONTH, until=MONTH, state=EVERY_STATE)
PERSON = {"name": "赵晓明", "first_job": "20230701", "hukou": "11", "phone": "13900139000"}


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """A clerk with the employer's agent before him."""
    async with counter_of(tmp_path) as opened:
        await sign_on(opened, "0007")
        await receive(opened)
        yield opened


async def submits(counter: Counter, *persons: str) -> None:
    waiting = [item for number, item in (await items(counter)).items() if number in persons]
    await counter.declarations.submit(waiting, seat=counter.seat, pin=bytearray(PIN))


async def reviews(counter: Counter, result: str, *persons: str) -> None:
    """Another human decides; the clerk sits down again."""
    await counter.leave_seat()
    await sign_on(counter, "0011", window="004")
    queue = [item for item in await counter.reviews.queue() if item.id_number in persons]
    if result == "2":
        queue = [await counter.reviews.open(item, seat=counter.seat) for item in queue]
    reason = "材料不全" if result == "2" else ""
    await counter.reviews.decide(queue, result=result, reason=reason, pages=0, seat=counter.seat, pin=bytearray(PIN))
    await counter.leave_seat()
    await sign_on(counter, "0007")


async def found(counter: Counter, wanted: ChangesWanted = ALL) -> dict[str, ChangeRow]:
    return {row.item.id_number: row for row in await counter.printing.changes(EMPLOYER, wanted)}


async def heads(counter: Counter, month: YearMonth = MONTH) -> dict[str, Headcount]:
    employer = await counter.enquiries.employer(EMPLOYER)
    assert employer is not None
    counted = await counter.store.read(lambda r: headcounts(r.register, employer, month, TODAY))
    return {each.scheme: each for each in counted}


async def test_every_kind_of_change_stands_there_with_its_word_wage_base_and_reason(counter: Counter) -> None:
    await declares(counter, "P01", NEW, **PERSON, wage="1000")
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await submits(counter, NEW, SUSPENDED)
    await reviews(counter, "1", NEW, SUSPENDED)
    await declares(counter, "P11", PAYING, new_phone="13911112222")
    rows = await found(counter)
    joined, resumed, corrected = rows[NEW], rows[SUSPENDED], rows[PAYING]
    assert (joined.change, resumed.change, corrected.change) == ("增", "续", "信息")
    assert (joined.reason, resumed.reason, corrected.reason) == ("111", "121", "")
    assert corrected.note == "联系电话"
    assert (joined.wage, resumed.wage, resumed.base) == (100_000, 520_000, 520_000)
    assert joined.base is not None
    assert joined.base > 100_000, "a wage below the floor pays on the floor"
    assert (corrected.wage, corrected.base, corrected.schemes) == (None, None, ())
    assert joined.schemes == ("110", "210", "310", "410")


async def test_a_stop_declares_no_wage_and_has_no_base(counter: Counter) -> None:
    await declares(counter, "P05", PAYING, on="20261120")
    await submits(counter, PAYING)
    stopped = (await found(counter))[PAYING]
    assert (stopped.change, stopped.wage, stopped.base) == ("减", None, None)
    assert (stopped.on.isoformat(), stopped.reason) == ("2026-11-20", "221")


async def test_what_is_still_the_clerks_is_never_listed(counter: Counter) -> None:
    await declares(counter, "P05", PAYING)
    with pytest.raises(Rejected, match="待提交"):
        await counter.printing.changes(EMPLOYER, ALL)
    await submits(counter, PAYING)
    assert set(await found(counter)) == {PAYING}
    await reviews(counter, "2", PAYING)
    assert (await items(counter))[PAYING].state == "D5"
    with pytest.raises(Rejected, match="不通过"):
        await counter.printing.changes(EMPLOYER, ALL)


async def test_the_filter_tells_waiting_from_approved_and_approved_includes_settled(counter: Counter) -> None:
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await declares(counter, "P05", PAYING)
    await submits(counter, SUSPENDED, PAYING)
    await reviews(counter, "1", PAYING)
    assert set(await found(counter, replace(ALL, state=WAITING))) == {SUSPENDED}
    assert set(await found(counter, replace(ALL, state=APPROVED))) == {PAYING}
    assert set(await found(counter)) == {PAYING, SUSPENDED}
    await reviews(counter, "1", SUSPENDED)
    order = Order(function="P29", month=MONTH)
    trial = await counter.settlement.trial(order, seat=counter.seat)
    assert trial.assessment is not None
    await counter.settlement.settle(order, trial.assessment.total, seat=counter.seat, pin=bytearray(PIN))
    assert {item.state for item in (await items(counter)).values()} == {"D6"}
    assert set(await found(counter, replace(ALL, state=APPROVED))) == {PAYING, SUSPENDED}


async def test_kind_name_and_number_narrow_the_sheet(counter: Counter) -> None:
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await declares(counter, "P05", PAYING)
    await submits(counter, SUSPENDED, PAYING)
    leaves = change_of((await items(counter))[PAYING])
    assert leaves is not None
    assert set(await found(counter, replace(ALL, change=leaves.code))) == {PAYING}
    assert set(await found(counter, replace(ALL, name="秀英"))) == {SUSPENDED}
    assert set(await found(counter, replace(ALL, id_number=PAYING))) == {PAYING}


async def test_months_in_the_wrong_order_are_refused(counter: Counter) -> None:
    with pytest.raises(Rejected) as refused:
        await counter.printing.changes(EMPLOYER, replace(ALL, until=MONTH - 1))
    assert refused.value.problems[0].message == "M35"


async def test_last_months_number_plus_added_minus_stopped_is_this_months(counter: Counter) -> None:
    await declares(counter, "P01", NEW, **PERSON, wage="5200")
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await declares(counter, "P05", PAYING)
    await submits(counter, NEW, SUSPENDED, PAYING)
    await reviews(counter, "1", NEW, SUSPENDED, PAYING)
    assert {(each.last_month, each.added, each.stopped) for each in (await heads(counter)).values()} == {(1, 2, 1)}
    before = (await heads(counter, MONTH - 1))["110"]
    assert (before.last_month, before.added, before.stopped) == (1, 0, 0), "a month that is over keeps its number"


async def test_a_reversed_change_moved_nobody(counter: Counter) -> None:
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await submits(counter, SUSPENDED)
    await reviews(counter, "1", SUSPENDED)
    assert (await heads(counter))["110"].added == 1
    approved = (await items(counter))[SUSPENDED]
    await counter.leave_seat()
    await sign_on(counter, "0021", window="004")
    await counter.declarations.reverse(approved, reason="录错", seat=counter.seat, pin=bytearray(PIN))
    assert not await items(counter)
    counted = (await heads(counter))["110"]
    assert (counted.last_month, counted.added, counted.stopped) == (1, 0, 0)


async def test_the_paper_says_what_the_screen_found_and_is_kept(counter: Counter, tmp_path: Path) -> None:
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await declares(counter, "P05", PAYING)
    await submits(counter, SUSPENDED, PAYING)
    await reviews(counter, "1", SUSPENDED, PAYING)
    await quiet(counter)
    (sheet,) = await counter.printing.staff_changes(EMPLOYER, ALL, seat=counter.seat)
    assert (sheet.document, sheet.month, sheet.copies) == ("D05", MONTH, 2)
    printed = await counter.printing.print(sheet, seat=counter.seat)
    text = Paper((tmp_path / "prints" / printed.file).read_bytes(), tmp_path).text()
    for words in ("人员变更表", "2026年11月", "李秀英", SUSPENDED, "5200.00", "张建国", PAYING, "审核通过", "盖章处"):
        assert words in text, words
    for words in ("续", "减", "在职人员续保", "上月人数", "离线打印"):
        assert (words in text) == (words != "离线打印"), words


async def test_only_the_ticked_changes_are_printed(counter: Counter) -> None:
    await declares(counter, "P01", SUSPENDED, wage="5200")
    await declares(counter, "P05", PAYING)
    await submits(counter, SUSPENDED, PAYING)
    ticked = (await found(counter))[PAYING].item.id
    (sheet,) = await counter.printing.staff_changes(EMPLOYER, ALL, seat=counter.seat, chosen=frozenset({ticked}))
    imprint = await counter.printing.imprint(sheet, seat=counter.seat)
    shown = "\n".join(line for page in sheet.preview(imprint, columns=132, lines=40) for line in page)
    assert "张建国" in shown
    assert "李秀英" not in shown
    assert PAYING not in shown, "the screen masks what the paper bears"
    with pytest.raises(Rejected, match="重新查询"):
        await counter.printing.staff_changes(EMPLOYER, ALL, seat=counter.seat, chosen=frozenset({"gone"}))


async def test_a_sheet_that_the_hub_has_not_seen_says_so(counter: Counter) -> None:
    await quiet(counter)
    await counter.line.stop()  # type: ignore[attr-defined]  # the line is down
    await asyncio.sleep(0)
    await declares(counter, "P11", PAYING, new_phone="13911112222")
    (sheet,) = await counter.printing.staff_changes(EMPLOYER, ALL, seat=counter.seat)
    imprint = await counter.printing.imprint(sheet, seat=counter.seat)
    shown = "\n".join(line for page in sheet.preview(imprint, columns=132, lines=40) for line in page)
    assert "离线打印 待同步核验" in shown
