"""Few bytes for a slow line: upper bounds for any key, and silence when nobody types."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.wire.terminal import TEN_FIELDS

if TYPE_CHECKING:
    from tests.wire.terminal import Terminal


@pytest.fixture(params=[(80, 24), (132, 43)], ids=["80x24", "132x43"])
def form(terminal: Terminal, request: pytest.FixtureRequest) -> Terminal:
    columns, rows = request.param
    terminal.opens(TEN_FIELDS, columns=columns, rows=rows, until="3号窗")
    return terminal


def test_moving_on_costs_little_on_a_slow_line(form: Terminal) -> None:
    keys, moves = [], []
    for _ in range(8):
        keys += [len(form.sends(digit)) for digit in "8432"]
        moves.append(len(form.sends("\r")))
    assert max(keys) <= 300
    assert median(keys) <= 8
    assert max(moves) <= 600
    assert median(moves) <= 120


def test_nothing_is_sent_while_nobody_types(form: Terminal) -> None:
    form.sends("123")
    assert form.idles(seconds=3) == b""


def test_a_message_costs_less_than_three_hundred_bytes(form: Terminal) -> None:
    assert 0 < len(form.presses("f2")) <= 300
    assert 0 < len(form.presses("f6")) <= 300


def test_another_screen_costs_less_than_six_kilobytes(form: Terminal) -> None:
    assert 0 < len(form.presses("f8")) <= 6000
    assert 0 < len(form.presses("pagedown")) <= 1200
    assert 0 < len(form.presses("f12")) <= 6000


def test_typing_into_a_field_that_is_full_of_text_stays_cheap(form: Terminal) -> None:
    form.presses("tab", "tab")
    assert max(len(form.sends(character)) for character in "北京市朝阳区建国路八八号院") <= 300


def test_the_start_asks_the_terminal_for_nothing_it_might_not_know(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    sent = terminal.bytes.decode()
    assert "\x1b[>" not in sent  # kitty keys
    assert "\x1b]" not in sent  # strings for the terminal's program
    assert not re.search(r"\x1b\[\?(1000|1002|1003|1004|1006|2026|2048)", sent)


def test_the_hardware_cursor_stands_behind_what_was_typed(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    column, row = terminal.cursor
    terminal.sends("张三")
    assert terminal.cursor == (column + 4, row)
    terminal.presses("left")
    assert terminal.cursor == (column + 2, row)
    assert not terminal.screen.cursor.hidden
