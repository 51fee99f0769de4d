"""The watch over real readers: whatever happens to card, reader or service is noticed within a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.cards import PcscCards
from counter_tui.devices.key_watch import ReaderWatch
from tests.devices.readers import until
from tests.devices.virtual.card import Card
from tests.devices.virtual.issue import SmallAuthority, both_slots, key_card
from tests.devices.virtual.piv import Piv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_tui.services.keys import KeyWatch
    from tests.devices.readers import Readers

pytestmark = pytest.mark.serial

AT_ONCE = 1.0
"""Seconds within which the terminal must know."""
HOLDINGS = both_slots(SmallAuthority.found())


@pytest.fixture
def watch(virtual_readers: Readers) -> Iterator[KeyWatch]:
    """A watch that has found the readers, with a key in the first."""
    virtual_readers.insert(key_card(Piv(HOLDINGS)))
    begun = ReaderWatch()
    begun.start()
    until(lambda: len(begun.plugged) == 1, "the key is not seen")
    yield begun
    begun.close()


def within_a_second(condition: Callable[[], bool]) -> None:
    begin = time.monotonic()
    until(condition, "it is not noticed")
    assert time.monotonic() - begin < AT_ONCE


def test_it_sees_what_the_source_sees(watch: KeyWatch, virtual_readers: Readers) -> None:
    virtual_readers.insert(Card(), 1)
    until(lambda: len(watch.plugged) == 2, "the other card is not seen")

    assert watch.plugged == frozenset(PcscCards().plugged())


def test_a_pulled_card_is_gone_within_a_second_and_the_other_stays(watch: KeyWatch, virtual_readers: Readers) -> None:
    virtual_readers.insert(Card(), 1)
    until(lambda: len(watch.plugged) == 2, "the other card is not seen")
    virtual_readers.slots[0].remove()
    within_a_second(lambda: len(watch.plugged) == 1)

    assert [plug.reader for plug in watch.plugged] == [virtual_readers.names[1]]
    assert watch.generation == 0


def test_a_twin_put_in_between_two_looks_is_another_plug(watch: KeyWatch, virtual_readers: Readers) -> None:
    (before,) = watch.plugged
    virtual_readers.remove()
    virtual_readers.insert(key_card(Piv(HOLDINGS)))
    until(lambda: len(watch.plugged) == 1, "the twin is not seen")
    (after,) = watch.plugged

    assert (before.reader, before.token) == (after.reader, after.token)
    assert before.count != after.count


def test_a_half_inserted_card_is_not_there(watch: KeyWatch, virtual_readers: Readers) -> None:
    mute = key_card(Piv(HOLDINGS))
    mute.half_inserted = True
    virtual_readers.insert(mute)
    until(lambda: not watch.plugged, "the mute card counts as a key")


def test_it_is_never_silent_while_nothing_happens(watch: KeyWatch) -> None:
    longest = 0.0
    end = time.monotonic() + 2
    while time.monotonic() < end:
        longest = max(longest, watch.silent_for)
        time.sleep(0.01)

    assert longest < 0.9


def test_a_killed_service_leaves_nothing_there_and_a_new_one_is_found_by_itself(
    watch: KeyWatch, virtual_readers: Readers
) -> None:
    virtual_readers.service.kill()
    within_a_second(lambda: not watch.plugged)
    assert watch.generation == 1
    virtual_readers.service.start()
    virtual_readers.insert(key_card(Piv(HOLDINGS)))
    until(lambda: len(watch.plugged) == 1, "the key is not seen again")

    assert watch.generation == 1


def test_a_stopped_service_is_silent_and_vouches_for_the_card_when_it_goes_on(
    watch: KeyWatch, virtual_readers: Readers
) -> None:
    (before,) = watch.plugged
    virtual_readers.service.pause()
    try:
        falls_silent(watch)
        assert watch.plugged == {before}
    finally:
        virtual_readers.service.resume()
    within_a_second(lambda: watch.silent_for < 0.5)

    assert (watch.plugged, watch.generation) == (frozenset({before}), 0)


def test_a_card_pulled_while_the_service_was_stopped_is_gone_when_it_goes_on(
    watch: KeyWatch, virtual_readers: Readers
) -> None:
    virtual_readers.service.pause()
    try:
        falls_silent(watch)
        virtual_readers.slots[0].remove()
    finally:
        virtual_readers.service.resume()

    within_a_second(lambda: not watch.plugged)


def test_a_service_stopped_for_longer_vouches_for_nothing(watch: KeyWatch, virtual_readers: Readers) -> None:
    virtual_readers.service.pause()
    try:
        until(lambda: watch.silent_for > 5.2, "it is not silent")
    finally:
        virtual_readers.service.resume()
    until(lambda: watch.silent_for < 0.9, "it does not go on")

    assert watch.generation == 1


def falls_silent(watch: KeyWatch) -> None:
    """Silence is known for what it is as soon as a look is overdue."""
    begin = time.monotonic()
    until(lambda: watch.silent_for >= 0.9, "it is not silent")
    assert time.monotonic() - begin < AT_ONCE


def test_it_costs_next_to_nothing(watch: KeyWatch) -> None:
    del watch
    begin, used = time.monotonic(), time.process_time()
    time.sleep(2)

    assert (time.process_time() - used) / (time.monotonic() - begin) < 0.01
