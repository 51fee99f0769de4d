"""The terminal as the counter uses it: its charset, its size, its cells; nothing but cells ever reaches it."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import tty
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

_UNUSABLE: Final = frozenset({"", "dumb", "unknown"})


class NoTerminal(CounterError):
    """此处不能显示柜台界面（TERM={term}），请在终端窗口中运行，并设置 TERM=xterm-256color"""


def require_terminal(environment: Mapping[str, str] | None = None) -> None:
    """Refuse to start a screen where none can be shown.

    Raises:
        NoTerminal: standard input or error is no terminal, or TERM names none.
    """
    term = (os.environ if environment is None else environment).get("TERM", "").strip()
    attached = all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__))
    if term.lower() in _UNUSABLE or not attached:
        raise NoTerminal(term=term or "无")


def encoding(environment: Mapping[str, str] | None = None) -> str:
    """The terminal's charset: `utf-8` or `gb18030`, from COUNTER_TERM_ENCODING, else from the locale's charset."""
    environment = os.environ if environment is None else environment
    named = environment.get("COUNTER_TERM_ENCODING", "").strip()
    # Any of the three counts: where the host lacks the locale, the interpreter sets LC_CTYPE to C.UTF-8 by itself.
    charsets = [named] if named else [_charset(environment.get(name, "")) for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    is_gb = any(charset.lower().replace("-", "").startswith(("gb", "euccn")) for charset in charsets)
    return "gb18030" if is_gb else "utf-8"


def _charset(language: str) -> str:
    return language.partition("@")[0].partition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What the terminal database says of a terminal; of an unknown one nothing is taken for granted."""

    erases_with_colour: bool = False
    """Whether erased cells take the current background (`bce`)."""
    own_screen: bool = True
    """Whether programs get a screen of their own (`smcup`), so that the scroll-back is the caller's alone."""

    @classmethod
    def of(cls, term: str | None = None) -> Self:
        """Those of a TERM, by default of the environment's."""
        import curses

        try:
            curses.setupterm(term, 1)
        except (curses.error, TypeError, ValueError):
            return cls()
        return cls(erases_with_colour=curses.tigetflag("bce") == 1, own_screen=curses.tigetstr("smcup") is not None)


def wiping(rows: int) -> str:
    """Blank the screen row by row: erased at once, many terminals push it into their scroll-back."""
    return "\x1b[m" + "".join(f"\x1b[{row}H\x1b[K" for row in range(1, rows + 1)) + "\x1b[J\x1b[H"


def ambiguous_width(fd: int = 0, seconds: float = 0.5) -> int | None:
    """Cells the terminal gives to U+00B7, or None when it does not answer within so many seconds.

    To be asked once, before the App starts: the answer would be taken for keys later.
    """
    return shown_cells("\u00b7", fd, seconds)


_CHARSET_SAMPLE: Final = "系统"
"""Its bytes in one charset, read in the other, are two or six cells wide instead of four."""


def reads_our_charset(fd: int = 0, seconds: float = 0.5) -> bool | None:
    """Whether the terminal shows Chinese in the charset the program writes; None when it does not answer."""
    cells = shown_cells(_CHARSET_SAMPLE, fd, seconds)
    return None if cells is None else cells == 2 * len(_CHARSET_SAMPLE)


def shown_cells(text: str, fd: int = 0, seconds: float = 0.5) -> int | None:
    """Cells that the terminal gives to a text, which is wiped again; None when it does not answer in time."""
    try:
        saved = termios.tcgetattr(fd)
    except termios.error:
        return None
    answer = b""
    tty.setcbreak(fd)
    try:
        os.write(fd, b"\r" + text.encode(encoding()) + b"\x1b[6n")
        while not (found := re.search(rb"\x1b\[\d+;(\d+)R", answer)):
            if not select.select([fd], [], [], seconds)[0]:
                return None
            answer += os.read(fd, 64)
        return int(found[1]) - 1
    finally:
        os.write(fd, b"\r\x1b[K")
        termios.tcsetattr(fd, termios.TCSANOW, saved)


def middle_dot(cells: int | None) -> str:
    """The dot shown in names: where `·` takes two cells, the wide form (never stored)."""
    return "・" if cells == 2 else "·"  # noqa: PLR2004


class TerminalFile:
    """Where the writer thread writes: bytes in the terminal's charset, one write for each flush.

    A terminal that has gone away (line dropped) swallows what is written: the session ends by SIGHUP, in order.
    """

    def __init__(self, fd: int, charset: str) -> None:
        self._fd = fd
        self._charset = charset
        self._waiting = bytearray()
        self.gone = False

    def write(self, text: str) -> int:
        """Keep text until the flush."""
        self._waiting += text.encode(self._charset, errors="replace")
        return len(text)

    def flush(self) -> None:
        """Write what waits."""
        try:
            while self._waiting and not self.gone:
                del self._waiting[: os.write(self._fd, self._waiting)]
        except OSError:
            self.gone = True
        if self.gone:
            self._waiting.clear()

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._fd

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return os.isatty(self._fd)


_OSC: Final = re.compile(r"(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?")
"""Strings for the terminal's program, not for its cells: clipboard, title, device control."""
_NEVER_SENT: Final = re.compile(r"\x1b\[(?:[<>][0-9]*u|\?1004[hl]|\?2048[hl]|\?2048\$p|\?2026[hl]|\?2026\$p)")
"""Kitty keys, focus reports, in-band sizes and synchronised frames: not needed, and junk on plain terminals."""


def without_strings(data: str) -> str:
    """Control data without anything that speaks to the terminal's program."""
    return _NEVER_SENT.sub("", _OSC.sub("", data))
