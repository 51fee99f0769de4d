"""Reviewers at work: sets over several employers, and what they leave behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.services.bureau import ELSEWHERE, EMPLOYER, OTHER, PAYING, PIN, counter_of, sign_on
from tests.services.test_one_employer_from_key_to_bill import declares, receive

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.services.counter import Counter


async def quiet(counter: Counter) -> None:
    """Wait until everything sent has come back down the feed."""
    async with asyncio.timeout(20):
        while True:
            await counter.refresh()
            assert counter.counts is not None
            if not counter.counts.unsent and not counter.counts.undecided:
                return
            await asyncio.sleep(0.02)


async def versions(counter: Counter) -> dict[str, int]:
    return await counter.store.read(
        lambda reading: {number: reading.register.version(f"E:{number}") for number in (EMPLOYER, OTHER)}
    )


async def test_one_decision_over_two_employers_moves_both_on(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        await sign_on(counter, "0007")
        for employer, person in ((EMPLOYER, PAYING), (OTHER, ELSEWHERE)):
            await receive(counter, employer)
            await declares(counter, "P05", person)
            mine = [each for each in (await counter.enquiries.worklist("0007")).to_submit if each.employer == employer]
            await counter.declarations.submit(mine, seat=counter.seat)
        await counter.leave_seat()
        await sign_on(counter, "0011", window="004")
        queue = await counter.reviews.queue()
        assert {item.employer for item in queue} == {EMPLOYER, OTHER}
        await quiet(counter)
        before = await versions(counter)

        await counter.reviews.decide(queue, result="1", reason="", pages=0, seat=counter.seat, pin=bytearray(PIN))

        await quiet(counter)
        after = await versions(counter)
        assert all(after[number] == before[number] + 1 for number in before)
