"""Which terminal this is: charset, width of the dot, whether there is one at all."""

from __future__ import annotations

import asyncio
import os
import pty
import threading

import pytest

from counter_tui import jobs
from counter_tui.terminal import TerminalFile, ambiguous_width, encoding, middle_dot


@pytest.mark.parametrize(
    ("environment", "charset"),
    [
        ({}, "utf-8"),
        ({"LANG": "zh_CN.UTF-8"}, "utf-8"),
        ({"LANG": "zh_CN.GB18030"}, "gb18030"),
        ({"LANG": "zh_CN.gbk"}, "gb18030"),
        ({"LANG": "zh_CN.GB2312"}, "gb18030"),
        ({"LC_ALL": "zh_CN.GB18030", "LANG": "en_US.UTF-8"}, "gb18030"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "zh_CN.GB18030@pinyin"}, "gb18030"),
        ({"COUNTER_TERM_ENCODING": "utf-8", "LANG": "zh_CN.GB18030"}, "utf-8"),
        ({"COUNTER_TERM_ENCODING": "GB18030"}, "gb18030"),
    ],
)
def test_the_charset_is_named_or_the_locales(environment: dict[str, str], charset: str) -> None:
    assert encoding(environment) == charset


@pytest.mark.parametrize(("column", "cells", "shown"), [(2, 1, "·"), (3, 2, "・")])
def test_the_terminal_is_asked_how_wide_the_dot_is(column: int, cells: int, shown: str) -> None:
    ours, its = pty.openpty()

    def answer() -> None:
        while b"\x1b[6n" not in os.read(ours, 100):
            pass
        os.write(ours, f"\x1b[7;{column}R".encode())

    thread = threading.Thread(target=answer)
    thread.start()
    assert ambiguous_width(its, seconds=5) == cells
    thread.join()
    assert middle_dot(cells) == shown
    os.close(ours)
    os.close(its)


def test_a_terminal_that_does_not_answer_is_taken_as_narrow() -> None:
    ours, its = pty.openpty()
    assert ambiguous_width(its, seconds=0.05) is None
    assert middle_dot(None) == "·"
    os.close(ours)
    os.close(its)


def test_a_vanished_terminal_swallows_what_is_written() -> None:
    ours, its = pty.openpty()
    file = TerminalFile(its, "utf-8")
    file.write("张三")
    file.flush()
    assert os.read(ours, 100) == "张三".encode()
    os.close(its)
    file.write("李四")
    file.flush()
    assert file.gone
    os.close(ours)


async def test_work_goes_on_when_the_one_who_waits_is_cancelled_and_is_drained() -> None:
    done: list[str] = []

    async def book() -> None:
        await asyncio.sleep(0.05)
        done.append("booked")

    waiter = asyncio.create_task(jobs.finish(book()))
    await asyncio.sleep(0.01)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert done == []
    assert jobs.pending() == 1
    assert await jobs.drain() == ()
    assert done == ["booked"]


async def test_what_fails_while_nobody_listens_is_told_when_drained() -> None:
    async def fail() -> None:
        await asyncio.sleep(0.02)
        raise ValueError("lost")

    waiter = asyncio.create_task(jobs.finish(fail()))
    await asyncio.sleep(0.01)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    errors = await jobs.drain()
    assert [type(error) for error in errors] == [ValueError]
    assert await jobs.drain() == ()


async def test_a_failure_that_is_heard_is_not_told_twice() -> None:
    async def fail() -> None:
        raise ValueError("heard")

    with pytest.raises(ValueError, match="heard"):
        await jobs.finish(fail())
    assert await jobs.drain() == ()
