"""The pulse of a screen: it beats as its look says, and an error ends it loudly."""

from __future__ import annotations

import asyncio

from screens.pulse import Pulse


async def test_it_looks_again_and_again_until_it_is_stopped() -> None:
    thrice, looks = asyncio.Event(), []

    def look() -> float:
        looks.append(1)
        if len(looks) == 3:
            thrice.set()
            pulse.stop()
        return 0.0

    failures: list[Exception] = []
    pulse = Pulse(look, failures.append)
    await asyncio.wait_for(thrice.wait(), 5)
    for _ in range(5):
        await asyncio.sleep(0)
    assert (len(looks), failures) == (3, [])


async def test_a_look_that_fails_is_told_and_nothing_goes_on_as_if_it_had_seen() -> None:
    broken, looks = RuntimeError("no look"), []
    told: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    def look() -> float:
        looks.append(1)
        raise broken

    Pulse(look, told.set_result)
    assert await asyncio.wait_for(told, 5) is broken
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(looks) == 1
