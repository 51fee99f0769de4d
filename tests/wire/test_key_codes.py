"""The same key, whatever the terminal sends for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import constants, events
from textual._xterm_parser import XTermParser

from counter_tui.key_codes import KEY_CODES, know_key_codes
from tests.wire.keyboards import KEYPAD, LINUX, PUTTY, SCO, SCREEN, VT220, XTERM

if TYPE_CHECKING:
    from collections.abc import Mapping


def heard(code: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that the program hears: names, or the characters of printing ones."""
    monkeypatch.setattr(constants, "DISABLE_KITTY_KEY", True)
    parser = XTermParser()
    keys = [event for event in (*parser.feed(code), *parser.feed("")) if isinstance(event, events.Key)]
    return [key.character if key.is_printable and key.character else key.key for key in keys]


@pytest.mark.parametrize(
    "keyboard",
    [XTERM, SCREEN, LINUX, VT220, PUTTY, KEYPAD, SCO],
    ids=["xterm", "screen", "linux", "vt220", "putty", "keypad", "sco"],
)
def test_every_key_of_every_terminal_is_understood(
    keyboard: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    know_key_codes()
    for key, code in keyboard.items():
        if key != "escape":
            assert heard(code, monkeypatch) == [key], repr(code)


def test_none_of_our_codes_is_the_beginning_of_another() -> None:
    from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

    know_key_codes()
    for code in KEY_CODES:
        assert not [other for other in ANSI_SEQUENCES_KEYS if other != code and other.startswith(code)]
        assert ANSI_SEQUENCES_KEYS[code] == KEY_CODES[code]


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("\x1b1", ["escape", "1"]),
        ("\x1by", ["escape", "y"]),
        ("\x1b*", ["escape", "*"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b\x1bOQ", ["escape", "f2"]),
    ],
)
def test_a_key_right_behind_esc_is_that_key(code: str, keys: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    know_key_codes()
    assert heard(code, monkeypatch) == keys
