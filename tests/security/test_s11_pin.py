"""S11: a PIN is never guessed here, never kept, never told."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import threading
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.soft import TRIES
from counter_tui.errors import CounterError
from counter_tui.faults import FaultLog
from counter_tui.operations.suites import SUITES
from counter_tui.security.desk import KeyDesk, wipe
from counter_tui.security.logs import keep
from counter_tui.security.refusals import LastTryKept, StopAtTwo
from counter_tui.security.sessions import decisive_signature
from counter_tui.services.keys import PinBlocked, WrongPin
from tests.devices.training_kit import PLACE, Counter, counter, pin

if TYPE_CHECKING:
    from counter_tui.security.sessions import Session

WRONG = "739164"
"""A PIN that stands nowhere else."""
AN_HOUR = 3600.0
DIGEST = bytes(range(32))


@pytest.fixture(params=SUITES, ids=lambda suite: suite.name)
def at(tmp_path: Path, request: pytest.FixtureRequest) -> Counter:
    return counter(tmp_path, request.param)


def attempt(at: Counter, text: str, confirmed: int | None = None) -> Session:
    at.clock.seconds += AN_HOUR
    return at.sign_on(at.key(), pin(text), at.challenges.issue(PLACE), confirmed_tries=confirmed)


def spend(at: Counter, tries: int) -> None:
    for _ in range(tries):
        with pytest.raises(WrongPin):
            attempt(at, WRONG)


def test_the_program_stops_by_itself_at_two_tries(at: Counter) -> None:
    spend(at, TRIES - 2)

    with pytest.raises(StopAtTwo, match="拔出介质后重新插入"):
        attempt(at, "123456")
    assert at.key().attempts_left() == 2


def test_it_goes_on_after_the_warning_was_confirmed(at: Counter) -> None:
    spend(at, TRIES - 2)

    assert attempt(at, "123456", confirmed=2).alive
    assert at.key().attempts_left() == TRIES


def test_the_last_try_is_never_spent_here(at: Counter) -> None:
    spend(at, TRIES - 2)
    with pytest.raises(WrongPin, match="还可尝试 1 次"):
        attempt(at, WRONG, confirmed=2)

    for confirmed in (None, 1, 2):
        with pytest.raises(LastTryKept, match="证书管理员解锁"):
            attempt(at, "123456", confirmed=confirmed)
    assert at.key().attempts_left() == 1


def test_a_blocked_key_says_so(at: Counter) -> None:
    for _ in range(TRIES):
        at.clock.seconds += AN_HOUR
        with contextlib.suppress(WrongPin, PinBlocked):
            at.key().verify_pin(pin(WRONG))

    with pytest.raises(PinBlocked, match="介质已锁定"):
        attempt(at, "123456")


def test_a_decision_stops_at_two_tries_as_well(at: Counter) -> None:
    session = at.session()
    for _ in range(TRIES - 2):
        with pytest.raises(WrongPin):
            decisive_signature(at.key(), pin(WRONG), DIGEST, session=session)
        at.clock.seconds += 60

    with pytest.raises(StopAtTwo):
        decisive_signature(at.key(), pin(), DIGEST, session=session)


def everything_said(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(error.args)


def test_no_refusal_repeats_the_pin(at: Counter) -> None:
    said = ""
    for confirmed in (None, None, None, None, None, 2, 1):
        with pytest.raises(CounterError) as refused:
            attempt(at, WRONG, confirmed)
        said += everything_said(refused.value) + repr(refused.value.facts)

    assert WRONG not in said


def test_no_representation_shows_the_pin_or_a_key(at: Counter) -> None:
    key = at.key()
    session = at.sign_on(key, pin(), at.challenges.issue(PLACE))

    assert "123456" not in repr(key) + repr(session) + repr(at.sign_on) + str(session.statement)
    assert repr(session) == f"<Session {session.id} of 0007>"


def test_the_log_of_a_failed_sign_on_holds_no_pin(at: Counter, tmp_path: Path) -> None:
    log = tmp_path / "log" / "counter.log"
    with pytest.raises(WrongPin) as refused:
        attempt(at, WRONG)
    FaultLog(log).write(refused.value)
    keep(log, {"event": "refused", "pin": WRONG, "typed": {"pin": bytearray(b"739164")}})

    written = log.read_text(encoding="utf-8")
    assert "WrongPin" in written
    assert WRONG not in written


def test_a_wiped_pin_is_zeros_at_the_same_place() -> None:
    typed = pin(WRONG)
    kept = (ctypes.c_char * len(typed)).from_buffer(typed)
    wipe(typed)

    assert kept.raw == bytes(6)


async def test_the_desk_wipes_its_copy_and_leaves_the_callers_to_him() -> None:
    desk, typed, seen = KeyDesk(), pin(WRONG), list[bytearray]()

    def read(own: bytearray) -> bytes:
        seen.append(own)
        return bytes(own)

    try:
        assert await desk.with_pin(typed, read) == WRONG.encode()
    finally:
        desk.close()

    assert seen == [bytearray(6)]
    assert typed == pin(WRONG)


async def test_the_desk_wipes_its_copy_when_the_key_refuses() -> None:
    desk, seen = KeyDesk(), list[bytearray]()

    def refuse(own: bytearray) -> None:
        seen.append(own)
        raise WrongPin(left=3)

    try:
        with pytest.raises(WrongPin):
            await desk.with_pin(pin(WRONG), refuse)
    finally:
        desk.close()

    assert seen == [bytearray(6)]


async def test_a_cancelled_wait_never_gives_the_key_a_wiped_pin() -> None:
    desk, typed = KeyDesk(), pin(WRONG)
    started, go_on, given = threading.Event(), threading.Event(), list[bytes]()

    def slow_key(own: bytearray) -> None:
        started.set()
        go_on.wait(5)
        given.append(bytes(own))

    waiting = asyncio.create_task(desk.with_pin(typed, slow_key))
    await asyncio.to_thread(started.wait, 5)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    wipe(typed)
    go_on.set()
    await asyncio.to_thread(desk.close)

    assert given == [WRONG.encode()]


async def test_the_desk_serves_one_call_at_a_time_in_order() -> None:
    desk, inside, order, most = KeyDesk(), list[int](), list[int](), 0

    def use(number: int) -> None:
        nonlocal most
        inside.append(number)
        most = max(most, len(inside))
        order.append(number)
        inside.remove(number)

    try:
        await asyncio.gather(*(desk.call(partial(use, number)) for number in range(20)))
    finally:
        desk.close()

    assert order == list(range(20))
    assert most == 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="the memory of a process is read through /proc")
def test_after_sign_on_the_typed_pin_is_nowhere_in_memory(at: Counter) -> None:
    """The PIN is typed as numbers and never written as text in this test, so that only leaks can be found."""
    numbers = [0x37, 0x33, 0x39, 0x31, 0x36, 0x34, 0x38, 0x32, 0x35, 0x30, 0x37]
    typed = bytearray(numbers)
    at.clock.seconds += AN_HOUR
    with pytest.raises(WrongPin):
        at.sign_on(at.key(), typed, at.challenges.issue(PLACE))
    wipe(typed)
    gc.collect()

    assert copies_in_memory(numbers) == 0


def test_the_search_of_the_memory_finds_a_pin_that_leaked() -> None:
    leaked = bytes([0x34, 0x34, 0x39, 0x31, 0x36, 0x34, 0x38, 0x32, 0x35, 0x30, 0x31])

    assert copies_in_memory(list(leaked)) >= 1


def copies_in_memory(numbers: list[int]) -> int:
    """How often the bytes stand in the writable memory of this process; searched in pieces that overlap."""
    found, window = 0, bytearray(1 << 20)
    masked = bytearray(number ^ 0xFF for number in numbers)
    flip = bytes(255 - byte for byte in range(256))
    with Path("/proc/self/maps").open() as maps, Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in maps:
            area, rights, *_ = line.split()
            if not rights.startswith("rw") or "[v" in line:
                continue
            begin, end = (int(place, 16) for place in area.split("-"))
            for at in range(begin, end, len(window) - len(masked)):
                memory.seek(at)
                try:
                    size = memory.readinto(memoryview(window)[: min(len(window), end - at)]) or 0
                except OSError:
                    break
                found += window[:size].translate(flip).count(masked)
                window[:] = bytes(len(window))
    return found
