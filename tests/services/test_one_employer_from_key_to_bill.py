"""The main job without a screen: sign-on, reception, enrolments, review, settlement, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.problems import Rejected
from counter_tui.operations.suites import SUITES, Suite
from counter_tui.services.settlement import Order
from storage.local.inspection import verify_file
from tests.services.bureau import ELSEWHERE, EMPLOYER, MONTH, NEW, PAYING, PIN, SUSPENDED, counter_of, sign_on

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.domain.declarations import Item
    from counter_tui.services.counter import Counter
    from counter_tui.services.recording import Recorded


async def receive(counter: Counter, employer: str = EMPLOYER) -> None:
    asked = counter.form("P85")
    facts = await counter.declarations.facts(seat=counter.seat)
    typed = {"subject": "1", "employer": employer, "visitor": "刘芳", "visitor_id": PAYING, "letter": "1"}
    declaration = asked.read({**asked.defaults(facts, counter.policy), **typed}, facts, counter.policy)
    await counter.receive(await counter.receptions.open(declaration, seat=counter.seat))  # type: ignore[arg-type]


async def declares(counter: Counter, function: str, id_number: str, **typed: str) -> Recorded:
    asked = counter.form(function)
    facts = await counter.declarations.facts(seat=counter.seat, id_number=id_number)
    texts = {**asked.defaults(facts, counter.policy), "id_number": id_number, **typed}
    return await counter.declarations.save(asked.read(texts, facts, counter.policy), seat=counter.seat)


async def items(counter: Counter) -> dict[str, Item]:
    return {item.id_number: item for item in await counter.enquiries.items(EMPLOYER, MONTH)}


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
async def test_one_employer_is_served_from_key_to_bill(tmp_path: Path, suite: Suite) -> None:  # noqa: PLR0915  # one visit, one story
    async with counter_of(tmp_path, suite=suite) as counter:
        await sign_on(counter, "0007")
        await receive(counter)
        assert counter.employer is not None

        await declares(counter, "P01", SUSPENDED, wage="5200")
        with pytest.raises(Rejected) as refused:
            await declares(counter, "P01", ELSEWHERE, wage="5200")
        assert refused.value.problems[0].message == "M08"
        await declares(
            counter, "P01", NEW, name="赵晓明", first_job="20230701", hukou="11", phone="13900139000", wage="3500"
        )
        await declares(counter, "P05", PAYING)

        waiting = await items(counter)
        assert {item.verdict for item in waiting.values()} == {"续保", "参保登记", "人员停保"}
        sent = await counter.declarations.submit(list(waiting.values()), seat=counter.seat, pin=bytearray(PIN))
        assert not sent.problems
        await counter.leave_seat()

        await sign_on(counter, "0011", window="004")
        queue = await counter.reviews.queue()
        assert len(queue) == 3
        rejected_one = next(item for item in queue if item.id_number == NEW)
        passed = [item for item in queue if item.id_number != NEW]
        await counter.reviews.decide(passed, result="1", reason="", pages=0, seat=counter.seat, pin=bytearray(PIN))
        opened = await counter.reviews.open(rejected_one, seat=counter.seat)
        await counter.reviews.decide(
            [opened], result="2", reason="联系电话有误", pages=0, seat=counter.seat, pin=bytearray(PIN)
        )
        await counter.leave_seat()

        await sign_on(counter, "0007")
        back = (await items(counter))[NEW]
        assert (back.state, back.reason) == ("D5", "联系电话有误")
        asked = counter.form("P01")
        facts = await counter.declarations.facts(seat=counter.seat, id_number=NEW, editing=back.id)
        texts = {
            **asked.defaults(facts, counter.policy),
            "id_number": NEW,
            "name": "赵晓明",
            "first_job": "20230701",
            "hukou": "11",
            "phone": "13900139001",
            "wage": "3500",
        }
        await counter.declarations.edit(back, asked.read(texts, facts, counter.policy), seat=counter.seat)
        again = (await items(counter))[NEW]
        await counter.declarations.submit([again], seat=counter.seat)
        await counter.leave_seat()

        await sign_on(counter, "0012", window="004")
        await counter.reviews.decide(
            list(await counter.reviews.queue()), result="1", reason="", pages=0, seat=counter.seat, pin=bytearray(PIN)
        )
        await counter.leave_seat()

        await sign_on(counter, "0007")
        order = Order(function="P29", month=MONTH)
        trial = await counter.settlement.trial(order, seat=counter.seat)
        assert trial.problems == ()
        assert trial.assessment is not None
        bill = await counter.settlement.settle(order, trial.assessment.total, seat=counter.seat, pin=bytearray(PIN))
        assert {item.state for item in (await items(counter)).values()} == {"D6"}
        await counter.refresh()
        assert counter.employer.settlement_month == MONTH + 1

        (notice,) = await counter.printing.notices(EMPLOYER, MONTH, MONTH)
        printed = await counter.printing.print(notice, seat=counter.seat)
        assert printed.state == "printed"
        assert (tmp_path / "prints" / printed.file).read_bytes().startswith(b"%PDF")
        assert bill.total == trial.assessment.total
    report = verify_file(tmp_path / "counter.sqlite")
    assert report.sound
    assert report.operations > 10
