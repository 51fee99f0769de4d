"""The fewest bytes still give exactly the cells that were meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_tui.cells import PLAIN, Look, Shadow, change, look_of

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS, ROWS = 24, 5
SGR = (
    "",
    "1",
    "7",
    "4",
    "31",
    "38;5;17",
    "48;5;17",
    "1;38;5;231;48;5;17",
    "44",
    "97;104",
    "38;2;1;2;3;48;2;9;8;7",
    "7;41",
)
LOOKS = st.sampled_from([look_of(sgr) for sgr in SGR])
TEXTS = st.text(st.sampled_from("ab1 张三𠮷。ｆé· \x1b\x07\u202e\x9b"), max_size=14)
PUTS = st.tuples(st.integers(0, COLUMNS - 1), st.integers(0, ROWS - 1), st.lists(st.tuples(TEXTS, LOOKS), max_size=3))


def cells(screen: pyte.Screen) -> Iterator[tuple[object, ...]]:
    for y in range(ROWS):
        for x in range(COLUMNS):
            cell = screen.buffer[y][x]
            seen: tuple[object, ...] = (cell.data, cell.bg, cell.underscore, cell.reverse)
            if cell.data != " " or cell.underscore or cell.reverse:
                seen += (cell.fg, cell.bold)
            yield seen


@pytest.mark.parametrize("erases_with_colour", [True, False])
@settings(max_examples=150, deadline=None)
@given(
    frames=st.lists(st.lists(PUTS, max_size=6), min_size=1, max_size=6),
    cursor=st.tuples(st.integers(0, 23), st.integers(0, 4)),
)
def test_a_frame_by_frame_screen_equals_one_painted_at_once(
    frames: list[list[tuple[int, int, list[tuple[str, Look]]]]], cursor: tuple[int, int], *, erases_with_colour: bool
) -> None:
    stepwise, at_once = (pyte.Screen(COLUMNS, ROWS) for _ in range(2))
    shadow = Shadow(COLUMNS, ROWS, erases_with_colour=erases_with_colour)
    whole = Shadow(COLUMNS, ROWS, erases_with_colour=False)
    stream = pyte.Stream(stepwise)
    for puts in frames:
        for x, y, parts in puts:
            shadow.put(x, y, parts)
            whole.put(x, y, parts)
        stream.feed(shadow.update(cursor))
        assert (stepwise.cursor.x, stepwise.cursor.y) == cursor
    pyte.Stream(at_once).feed(whole.update(cursor))
    assert list(cells(stepwise)) == list(cells(at_once))
    assert shadow.update(cursor) == ""


@given(st.lists(st.tuples(st.text(max_size=20), LOOKS), max_size=3))
def test_no_text_at_all_gives_a_byte_that_steers(parts: list[tuple[str, Look]]) -> None:
    shadow = Shadow(COLUMNS, ROWS, erases_with_colour=True)
    shadow.put(0, 0, parts)
    screen = pyte.Screen(COLUMNS, ROWS)
    frame = shadow.update((0, 4))
    pyte.Stream(screen).feed(frame)
    assert (screen.cursor.x, screen.cursor.y) == (0, 4)
    assert "\x1b]" not in frame
    assert not {character for character in frame if 0x7F <= ord(character) < 0xA0 or character == "\x07"}


def test_nothing_new_costs_nothing() -> None:
    shadow = Shadow(COLUMNS, ROWS, erases_with_colour=True)
    shadow.put(0, 0, [("张三", PLAIN)])
    shadow.update((4, 0))
    shadow.put(0, 0, [("张三", PLAIN)])
    assert shadow.update((4, 0)) == ""


def test_one_more_character_costs_one_character() -> None:
    shadow = Shadow(COLUMNS, ROWS, erases_with_colour=True)
    shadow.put(0, 0, [("12", PLAIN)])
    shadow.update((2, 0))
    shadow.put(0, 0, [("123", PLAIN)])
    assert shadow.update((3, 0)) == "3"


def test_the_pen_changes_by_what_differs() -> None:
    assert change(look_of("1;31"), look_of("1;32")) == "\x1b[32m"
    assert change(look_of("1;31"), PLAIN) == "\x1b[m"
    assert change(PLAIN, look_of("7")) == "\x1b[7m"
    assert change(look_of("31;44"), look_of("44")) == "\x1b[39m"
    assert change(None, look_of("1")) == "\x1b[;1m"


def test_after_a_character_of_doubtful_width_the_place_is_named_again() -> None:
    shadow = Shadow(COLUMNS, ROWS, erases_with_colour=True)
    shadow.put(0, 0, [("a·b", PLAIN)])
    assert "·\x1b[1;3Hb" in shadow.update((3, 0))
