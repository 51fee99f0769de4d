"""Watches over keys: an error is "nothing there", a late answer vouches for nothing, nobody waits for a hung call."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.devices.sightings import Sightings
from counter_tui.devices.watches import WatchOf
from counter_tui.services.keys import GONE_AFTER, KeyWatch, NoReaderService, Plug
from tests.devices.readers import until
from tests.devices.training_kit import Clock, counter

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER = Plug("Reader 0", "3b00", 1), Plug("token", "aa", 0)


@dataclass
class Listed:
    """A source that can be asked, can fail and can hang."""

    plugs: frozenset[Plug] = frozenset({ONE})
    trouble: Exception | None = None
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def __post_init__(self) -> None:
        self.go_on.set()

    def __call__(self) -> frozenset[Plug]:
        self.go_on.wait(10)
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return self.plugs


def looks_again(listed: Listed) -> None:
    """Two more lists were made, the last of them with everything that has changed."""
    before = listed.asked
    until(lambda: listed.asked >= before + 2, "nothing was listed")


def watching(listed: Listed) -> PolledWatch:
    watch = PolledWatch(listed, interval=0.005)
    watch.start()
    until(lambda: bool(watch.plugged), "nothing was seen")
    return watch


def test_what_was_seen_last_is_told() -> None:
    seen = Sightings()
    assert seen.plugged == frozenset()
    seen.seen([ONE, OTHER])

    assert (seen.plugged, seen.generation) == (frozenset({ONE, OTHER}), 0)


def test_silence_is_measured_from_the_last_sign_of_life() -> None:
    clock = Clock()
    seen = Sightings(clock.monotonic)
    clock.seconds += 3
    assert seen.silent_for == 3
    seen.seen([ONE])
    clock.seconds += 0.7

    assert round(seen.silent_for, 3) == 0.7


def test_an_answer_in_time_vouches_for_what_was_known_and_a_late_one_does_not() -> None:
    clock = Clock()
    seen = Sightings(clock.monotonic)
    seen.seen([ONE])
    clock.seconds += GONE_AFTER
    seen.seen([ONE])
    assert seen.generation == 0
    clock.seconds += GONE_AFTER + 0.1
    seen.seen([ONE])

    assert seen.generation == 1


def test_a_lost_line_leaves_nothing_there_and_trying_again_is_no_new_loss() -> None:
    seen = Sightings()
    seen.seen([ONE])
    seen.lost(line=True)
    for _ in range(5):
        seen.lost(line=False)

    assert (seen.plugged, seen.generation) == (frozenset(), 1)


def test_a_polled_source_is_followed() -> None:
    listed = Listed()
    watch: KeyWatch = watching(listed)
    listed.plugs = frozenset({OTHER})
    looks_again(listed)

    assert watch.plugged == {OTHER}
    listed.plugs = frozenset()
    looks_again(listed)
    assert (watch.plugged, watch.generation) == (frozenset(), 0)
    watch.close()


def test_a_source_that_fails_has_no_keys_and_begins_anew() -> None:
    for trouble in (NoReaderService(), OSError("torn"), ZeroDivisionError()):
        listed = Listed()
        watch = watching(listed)
        listed.trouble = trouble
        looks_again(listed)
        looks_again(listed)
        assert (watch.plugged, watch.generation) == (frozenset(), 1)

        listed.trouble = None
        looks_again(listed)
        assert (watch.plugged, watch.generation) == (frozenset({ONE}), 1)
        watch.close()


def test_a_list_that_hangs_is_silence_and_keeps_nobody_waiting() -> None:
    listed = Listed()
    watch = watching(listed)
    listed.go_on.clear()
    until(lambda: watch.silent_for > 0.05, "it is not silent")
    assert watch.plugged == {ONE}
    watch.close()

    listed.go_on.set()


def test_a_closed_watch_lists_no_more() -> None:
    listed = Listed()
    watch = watching(listed)
    watch.close()
    threads = [thread for thread in threading.enumerate() if thread.name == "polled watch"]
    for thread in threads:
        thread.join(5)
    asked = listed.asked

    assert not any(thread.is_alive() for thread in threads)
    assert listed.asked == asked


def test_soft_keys_are_plugs_by_file_and_certificate(tmp_path: Path) -> None:
    keys = counter(tmp_path).keys
    watch = keys.watch()
    watch.start()
    until(lambda: bool(watch.plugged), "nothing was seen")
    watch.close()
    plugs = sorted(watch.plugged, key=lambda plug: plug.reader)

    assert plugs == [keys.open(shown.fingerprint).plug() for shown in keys.present()]
    assert len(set(plugs)) == len(keys.present())


@dataclass
class Still:
    """A watch that stands still."""

    plugged: frozenset[Plug] = frozenset()
    silent_for: float = 0.0
    generation: int = 0
    running: bool = False

    def start(self) -> None:
        self.running = True

    def close(self) -> None:
        self.running = False


def test_several_watches_see_together_and_the_most_silent_one_counts() -> None:
    first = Still(frozenset({ONE}), silent_for=0.1, generation=2)
    second = Still(frozenset({OTHER}), silent_for=3.0, generation=1)
    watch: KeyWatch = WatchOf(first, second)
    watch.start()
    assert first.running
    assert second.running
    assert (watch.plugged, watch.silent_for, watch.generation) == (frozenset({ONE, OTHER}), 3.0, 3)
    watch.close()

    assert not first.running
    assert not second.running


def test_without_any_watch_nothing_is_there() -> None:
    assert (WatchOf().plugged, WatchOf().silent_for) == (frozenset(), 0.0)
