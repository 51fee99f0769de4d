"""What the same keys send from different terminals."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

XTERM: Mapping[str, str] = MappingProxyType(
    {
        "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b", "up": "\x1b[A", "down": "\x1b[B",
        "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~",
        "pagedown": "\x1b[6~", "backspace": "\x7f", "delete": "\x1b[3~", "f1": "\x1bOP", "f2": "\x1bOQ",
        "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~",
        "f9": "\x1b[20~", "f10": "\x1b[21~", "f12": "\x1b[24~", "ctrl+k": "\x0b", "ctrl+u": "\x15",
    }
)  # fmt: skip

SCREEN = MappingProxyType({**XTERM, "home": "\x1b[1~", "end": "\x1b[4~"})
"""GNU screen and tmux."""

LINUX = MappingProxyType(
    {
        **SCREEN, "f1": "\x1b[[A", "f2": "\x1b[[B", "f3": "\x1b[[C", "f4": "\x1b[[D", "f5": "\x1b[[E",
        "shift+tab": "\x1b\t",
    }
)  # fmt: skip

VT220 = MappingProxyType({**SCREEN, "backspace": "\x08"})
"""F1 to F4 are its PF keys."""

PUTTY = MappingProxyType(
    {**SCREEN, "f1": "\x1b[11~", "f2": "\x1b[12~", "f3": "\x1b[13~", "f4": "\x1b[14~"}
)  # fmt: skip
"""Its default, `ESC[n~`; rxvt sends the same."""

KEYPAD = MappingProxyType(
    {
        **PUTTY, "enter": "\x1bOM", "tab": "\x1bOI", "up": "\x1bOA", "down": "\x1bOB", "right": "\x1bOC",
        "left": "\x1bOD", **{str(digit): f"\x1bO{chr(ord('p') + digit)}" for digit in range(10)},
        "*": "\x1bOj", "+": "\x1bOk", ",": "\x1bOl", "-": "\x1bOm", ".": "\x1bOn", "/": "\x1bOo",
    }
)  # fmt: skip
"""PuTTY with cursor keys and keypad in application mode: every digit and Enter from the keypad."""

SCO = MappingProxyType(
    {
        **{key: code for key, code in XTERM.items() if key not in ("pageup", "pagedown", "f3", "delete")},
        "f1": "\x1b[M", "f2": "\x1b[N", "f4": "\x1b[P", "f5": "\x1b[Q", "f6": "\x1b[R", "f7": "\x1b[S",
        "f8": "\x1b[T", "f9": "\x1b[U", "f10": "\x1b[V", "f12": "\x1b[X",
    }
)  # fmt: skip
"""PuTTY's SCO mode, as far as it can be told from other terminals."""
