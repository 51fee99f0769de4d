"""S15: one sign-on for each key. The second ends the first with a notice within a second; nothing typed is lost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from counter_tui.operations.envelope import Proposal
from counter_tui.operations.signed_on import Superseded
from tests.services.bureau import counter_of, sign_on
from tests.story.cities import city, facts_of, made_once, other_window, window
from tests.story.walk import RESUMED_WAGE, Walk
from tests.story.window import CLERK, OTHER_CLERK, PIN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.cities import City
    from tests.story.window import Window

__all__ = ["city", "made_once", "other_window", "window"]

LIMIT = 1.0
"""Seconds until the first terminal is locked: the safety limit of the counter."""


async def test_what_an_ended_sign_on_would_record_is_refused_in_the_same_transaction(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as here, counter_of(tmp_path) as there:
        first = await sign_on(here, CLERK, window="001")
        assert await here.ended() == ""

        await sign_on(there, CLERK, window="005")

        assert "在 5 号窗口登录，这里的登录已结束" in await here.ended()
        with pytest.raises(Superseded, match="5 号窗口"):
            await here.record([Proposal(kind="access.enquiry", unit_id="B")], seat=first)
        assert await there.ended() == ""


async def test_another_operators_sign_on_ends_nobodys(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as here, counter_of(tmp_path) as there:
        await sign_on(here, CLERK, window="001")
        await sign_on(there, OTHER_CLERK, window="005")

        assert await here.ended() == ""


async def test_the_ended_one_may_still_put_its_lock_on_record_and_come_back(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as here, counter_of(tmp_path) as there:
        first = await sign_on(here, CLERK, window="001")
        await sign_on(there, CLERK, window="005")
        await here.leave_seat(how="lock")
        assert not first.session.alive

        await here.resume_seat(await here.signing.unlock(first.session, bytearray(PIN.encode())))

        assert await here.ended() == ""
        assert "在 1 号窗口登录" in await there.ended()


async def test_a_session_that_signs_on_again_without_its_key_is_refused_by_the_hub(tmp_path: Path) -> None:
    async with counter_of(tmp_path) as here, counter_of(tmp_path) as there:
        first = await sign_on(here, CLERK, window="001")
        await sign_on(there, CLERK, window="005")
        body = {"window": "001", "session": "made-up", "statement": first.session.statement.hex()}

        again = await here.record([Proposal(kind="signon.open", unit_id="B", body=body)], seat=first)

        answer = await here.line.answer([again.operations[0].op_id])
        assert "没有有效的登录证明" in answer[again.operations[0].op_id].sentence


@pytest.mark.serial
def test_the_second_terminal_locks_the_first_within_a_second_and_the_draft_comes_back(
    city: City, window: Window, other_window: Window
) -> None:
    folder, facts = city(), facts_of("handan")
    window.starts(folder)
    Walk(window, facts).first_clerk()
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.resume_id}<enter>{RESUMED_WAGE}<enter>", until="每月合计")
    other_window.starts(folder)
    other_window.waits(f"证书尾号 {CLERK}")
    number = next(row.split()[0] for row in other_window.rows if f"证书尾号 {CLERK}" in row)
    other_window.does(f"{number}<enter>5<enter>{PIN}")

    other_window.does("<enter>", until="今日待办（05）")
    signed_on = time.monotonic()
    window.waits("终端", seconds=LIMIT, quiet=0)
    assert time.monotonic() - signed_on <= LIMIT
    window.waits("在 5 号窗口登录，这里的登录已结束", seconds=LIMIT)

    assert "业务类别" not in window.text
    assert facts.employer_name not in window.text
    assert "草稿 1" in other_window.status_line

    window.does(f"{PIN}<enter>", until="每月合计")
    other_window.waits("号窗口登录，这里的登录已结束", seconds=5)
    assert "业务类别：续保" in window.text
