"""A counter runs all day: moving the cursor and opening screens leaves nothing behind in memory."""

from __future__ import annotations

import gc

from tests.screens.clerk import Clerk, clerk_at
from tests.wire.ten_fields import Second, Ten

TABS = 1_000
AT_ONCE = 50
SCREENS = 100
CHANCE = 300
"""Objects that caches of bounded size may still take."""


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


async def tabs(clerk: Clerk, count: int) -> None:
    for _ in range(count // AT_ONCE):
        await clerk.presses(*["tab"] * (AT_ONCE // 2), *["shift+tab"] * (AT_ONCE // 2))


async def visits(clerk: Clerk, count: int) -> None:
    for _ in range(count):
        await clerk.app.push_screen(Second())
        await clerk.presses("f12")


async def test_a_thousand_tabs_leave_no_objects() -> None:
    async with clerk_at(Ten) as clerk:
        await tabs(clerk, 2 * AT_ONCE)
        before = objects()
        await tabs(clerk, TABS)
        assert objects() - before < CHANCE


async def test_a_hundred_screens_leave_no_objects() -> None:
    async with clerk_at(Ten) as clerk:
        await visits(clerk, 5)
        before = objects()
        await visits(clerk, SCREENS)
        assert len(clerk.app.screen_stack) == 2
        assert not [one for one in gc.get_objects() if isinstance(one, Second) and one.is_running]
        assert objects() - before < 10 * SCREENS
