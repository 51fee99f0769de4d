"""Operators of a counter limited to groups of functions, by the four signatures that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.functions import read_groups
from counter_tui.domain.grants import GrantAct
from counter_tui.services.operators import Wanted
from tests.services.test_operators import request_at, signs

if TYPE_CHECKING:
    from counter_tui.services.counter import Counter


async def limited(counter: Counter, number: str, groups: str) -> None:
    """An operator acts in these groups from now on; nobody sits at the counter afterwards."""
    changed = await counter.posts.kept(Wanted(number=number, groups=read_groups(groups)))
    await signs(counter, await request_at(counter, GrantAct.CHANGE, changed))
    await counter.leave_seat()
