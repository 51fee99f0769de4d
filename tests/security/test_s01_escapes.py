"""S1: nothing in data steers the terminal, whichever widget shows it and however it came in."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

from tests.security.escape_corpus import PAYLOADS
from tests.wire.terminal import KEYS, TEN_FIELDS, Terminal

PROGRAM = (sys.executable, str(Path(__file__).with_name("every_widget.py")))

OURS = re.compile(r"\x1b\[(?:[0-9;]*[mHKXCDJ]|\?25[hl])|[\r\n\x08\x07]")
"""All that a frame may consist of beside text: pen, moves, erasures, the cursor, the bell."""


def leaked(sent: str) -> list[str]:
    """Characters that steer a terminal and are not the painter's own."""
    rest = OURS.sub("", sent)
    return [f"U+{ord(one):04X}" for one in rest if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


def test_no_payload_in_any_widget_steers_the_terminal() -> None:
    assert len(PAYLOADS) >= 200
    with Terminal() as terminal:
        terminal.opens(PROGRAM, until="第 0 件")
        begun = len(terminal.bytes)
        for place in range(len(PAYLOADS)):
            terminal.waits(f"第 {place} 件", quiet=0)
            for key in ("f6", "escape", "tab", "up", "f4", "escape", "f5", "f2", "f8") if place % 12 == 0 else ("f8",):
                terminal.presses(key, quiet=0.03)
            if place + 1 < len(PAYLOADS):
                terminal.types(KEYS["pagedown"])
        sent = terminal.bytes[begun:].decode()
    assert leaked(sent) == []
    assert "张" in sent


def test_no_pasted_or_typed_payload_comes_back(tmp_path: Path) -> None:
    with Terminal() as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(tmp_path / "out")})
        begun = len(terminal.bytes)
        for payload in PAYLOADS:
            if "\x1b[20" not in payload and not payload.startswith("\x1b"):
                terminal.types(f"\x1b[200~{payload.replace(chr(27), '')}\x1b[201~\x15")
                terminal.idles(0.01)
        terminal.quiet()
        assert leaked(terminal.bytes[begun:].decode()) == []
        terminal.sends("活着")
        assert "活着" in terminal.text


def test_the_scanner_of_this_test_finds_what_a_stock_painter_lets_through() -> None:
    assert leaked("张\x1b]52;c;eA==\x07三") != []
    assert leaked("张\x1b[?1049l三") != []
    assert leaked("张\u202e三") != []
    assert leaked("\x1b[1;3H\x1b[;1;38;5;17m张三\x1b[K\x1b[?25h") == []
