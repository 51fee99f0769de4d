"""S2: the program copies nothing out of the terminal, whoever asks."""

from __future__ import annotations

import pytest

from counter_tui.terminal import without_strings
from tests.wire.terminal import TEN_FIELDS, Terminal


@pytest.mark.parametrize("keys", ["\x03", "\x18", "\x16", "\x1b[67;6u", "\x1b[99;5u"], ids=repr)
def test_no_copy_key_sends_the_clipboard_sequence(keys: str) -> None:
    with Terminal() as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗")
        terminal.sends("110105199001011237")
        terminal.sends("\x1b[A" + keys)
        terminal.sends(keys)
        assert b"\x1b]" not in terminal.bytes
        assert b"52;" not in terminal.bytes
        assert "3号窗" in terminal.reads(24)


@pytest.mark.parametrize(
    "data",
    [
        "\x1b]52;c;eA==\x07",
        "\x1b]52;c;eA==\x1b\\",
        "\x9d52;c;eA==\x9c",
        "\x1b]0;title\x07",
        "\x1bPq#0\x1b\\",
        "\x1b[>25u",
        "\x1b[<u",
        "\x1b[?1004h",
    ],
)
def test_the_driver_drops_what_speaks_to_the_terminals_program(data: str) -> None:
    assert without_strings(f"a{data}b") == "ab"


def test_the_driver_keeps_what_it_needs() -> None:
    for data in ("\x1b[?1049h", "\x1b[?25l", "\x1b[?2004h", "\x1b[?7l", "\x07"):
        assert without_strings(data) == data
