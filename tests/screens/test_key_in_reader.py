"""A clerk at the screens with a card in a real reader: whatever cuts her off from it locks within a second."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.piv import PivKeys
from counter_tui.devices.keys.training import training_bureau
from screens.blank import Blank
from screens.home import Home
from screens.lock import Lock
from screens.reception import ReceptionDesk
from tests.devices.readers import readers
from tests.devices.virtual.issue import training_card
from tests.screens.desks import at_home
from tests.screens.stories import PIN
from tests.services.bureau import FixedClock, counter_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from tests.devices.readers import Readers
    from tests.devices.virtual.card import Card
    from tests.screens.stories import Clerk

pytestmark = pytest.mark.serial

AT_ONCE = 1.0
"""Seconds from the event to a screen on which nothing can be read."""
PATIENCE = 15.0


@pytest.fixture(scope="module")
def service() -> Iterator[Readers]:
    with readers() as ready:
        yield ready


@pytest.fixture
def card(service: Readers, tmp_path: Path) -> Iterator[Card]:
    """The key of clerk 0007, in the first reader."""
    made = training_card(training_bureau(tmp_path, now=FixedClock().now()).folder)
    service.insert(made)
    yield made
    service.clear()


@asynccontextmanager
async def clerk_typing(folder: Path) -> AsyncIterator[Clerk]:
    """A clerk who signed on with the card and types into a reception."""
    async with counter_of(folder, source=PivKeys()) as counter, at_home(counter) as clerk:
        await clerk.enters("02")
        await clerk.enters("130400100001")
        await clerk.types("刘芳")
        yield clerk


async def comes(condition: Callable[[], bool], within: float = PATIENCE) -> float:
    """Wait for something on the screen; after how many seconds it came."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < within
        await asyncio.sleep(0.01)
    return time.monotonic() - begin


async def comes_back(clerk: Clerk) -> None:
    """The PIN, and everything stands there as it was."""
    await comes(lambda: clerk.reads("证书介质已插入，请输入 PIN"))
    await clerk.enters(PIN)
    assert isinstance(clerk.screen, ReceptionDesk)
    assert clerk.reads("刘芳")


def covered(clerk: Clerk) -> bool:
    return isinstance(clerk.screen, Lock | Blank) and not clerk.reads("刘芳")


async def test_a_pulled_card_locks_within_a_second_and_its_pin_brings_everything_back(
    service: Readers, card: Card, tmp_path: Path
) -> None:
    async with clerk_typing(tmp_path) as clerk:
        session = clerk.app.counter.seat.session  # type: ignore[attr-defined]
        service.slots[0].remove()
        await comes(lambda: covered(clerk), AT_ONCE)
        assert not session.alive
        await comes(lambda: clerk.reads("请重新插入证书介质"))
        service.slots[0].insert(card)
        await comes_back(clerk)


async def test_a_killed_service_locks_within_a_second_and_a_new_one_is_found_by_itself(
    service: Readers, card: Card, tmp_path: Path
) -> None:
    async with clerk_typing(tmp_path) as clerk:
        service.service.kill()
        await comes(lambda: isinstance(clerk.screen, Lock), AT_ONCE)
        await comes(lambda: clerk.reads("读卡服务未启动"))
        service.service.start()
        service.insert(card)
        await comes_back(clerk)


async def test_a_stopped_service_blanks_within_a_second_and_vouches_for_the_card_when_it_goes_on(
    service: Readers, card: Card, tmp_path: Path
) -> None:
    del card
    async with clerk_typing(tmp_path) as clerk:
        session = clerk.app.counter.seat.session  # type: ignore[attr-defined]
        service.service.pause()
        try:
            await comes(lambda: covered(clerk), AT_ONCE)
            assert isinstance(clerk.screen, Blank)
        finally:
            service.service.resume()
        await comes(lambda: isinstance(clerk.screen, ReceptionDesk))
        assert session.alive
        await clerk.types("菲")
        assert clerk.reads("刘芳菲")


async def test_a_service_stopped_for_longer_locks_and_wants_the_pin(
    service: Readers, card: Card, tmp_path: Path
) -> None:
    del card
    async with clerk_typing(tmp_path) as clerk:
        session = clerk.app.counter.seat.session  # type: ignore[attr-defined]
        service.service.pause()
        try:
            await comes(lambda: isinstance(clerk.screen, Lock))
            assert not session.alive
        finally:
            service.service.resume()
        await comes_back(clerk)


async def test_a_card_pulled_while_the_service_is_stopped_locks(service: Readers, card: Card, tmp_path: Path) -> None:
    async with clerk_typing(tmp_path) as clerk:
        service.service.pause()
        try:
            await comes(lambda: isinstance(clerk.screen, Blank), AT_ONCE)
            service.slots[0].remove()
        finally:
            service.service.resume()
        await comes(lambda: isinstance(clerk.screen, Lock), AT_ONCE)
        service.slots[0].insert(card)
        await comes_back(clerk)


async def test_a_card_in_another_reader_comes_and_goes_without_a_word(
    service: Readers, card: Card, tmp_path: Path
) -> None:
    other = training_card(training_bureau(tmp_path, now=FixedClock().now()).folder, "0008")
    async with clerk_typing(tmp_path) as clerk:
        await asyncio.to_thread(service.insert, other, 1)
        await asyncio.to_thread(service.remove, 1)
        await clerk.settled()
        assert isinstance(clerk.screen, ReceptionDesk)
        assert not any(isinstance(screen, Lock | Blank) for screen in clerk.app.screen_stack)
        assert any(isinstance(screen, Home) for screen in clerk.app.screen_stack)
    assert card.atr
