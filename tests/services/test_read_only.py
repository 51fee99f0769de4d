"""While revocation lists are too old nothing new is taken; what must be on record is recorded all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counter_tui.operations.envelope import Proposal
from counter_tui.services.trust import ReadOnly
from tests.screens.stories import receive
from tests.screens.test_trust import TOO_OLD, told
from tests.services.bureau import counter_of, sign_on

if TYPE_CHECKING:
    from pathlib import Path


async def test_new_work_is_refused_before_anything_is_kept_or_signed(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        seat = await sign_on(counter, "0007")
        await receive(counter)
        told(counter, TOO_OLD)
        before = await counter.store.write(lambda work: work.head())
        pin = bytearray(b"123456")

        for kind in ("item.submit", "P05.save", "month.settle"):
            with pytest.raises(ReadOnly, match="80 小时没有更新"):
                await counter.record([Proposal(kind=kind, unit_id="B")], seat=seat, pin=pin)

        assert await counter.store.write(lambda work: work.head()) == before
        assert pin == bytearray(6), "a PIN that was typed for a refused act must not stay in memory"


async def test_sign_off_and_receptions_are_recorded_while_read_only(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as counter:
        told(counter, TOO_OLD)
        await sign_on(counter, "0007")
        await receive(counter)
        assert counter.seat.reception is not None

        await counter.leave_seat()

        assert counter.taken is None
