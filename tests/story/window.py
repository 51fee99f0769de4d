"""A window of the training counter: the real program on a terminal, its keys counted as a clerk presses them."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

from tests.wire.terminal import KEYS, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PIN = "123456"
CLERK, OTHER_CLERK, REVIEWER, OTHER_REVIEWER, SUPERVISOR, ADMINISTRATOR = "0007", "0008", "0011", "0012", "0021", "0031"
PATIENCE = 20
"""Seconds that a screen may take on a busy machine."""
_STROKE = re.compile(r"<([a-z0-9+]+)>|(.)", re.DOTALL)


def strokes(typed: str, keyboard: Mapping[str, str] = KEYS) -> list[str]:
    """What goes over the wire for each key of `11<enter>`; a keypad may send its own codes for digits."""
    return [
        keyboard[named] if named else keyboard.get(character, character) for named, character in _STROKE.findall(typed)
    ]


class Window(Terminal):
    """Types `11<enter>` and reads what stands there; `keys` counts."""

    keys = 0
    folder: Path
    """Where the program keeps its files."""

    def starts(
        self,
        folder: Path,
        region: str = "handan",
        *,
        columns: int = 80,
        rows: int = 24,
        term: str = "xterm-256color",
        environment: Mapping[str, str] | None = None,
        until: str = "证书序号",
        within: Sequence[str] = (),
    ) -> None:
        """Start the demo on a folder, by itself or as the last argument of another program."""
        self.folder = folder
        argv = [sys.executable, "-m", "counter_tui", "demo", "--region", region, "--data-dir", str(folder)]
        places = {"XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder), **(environment or {})}
        self.opens([*within, *argv], columns=columns, rows=rows, term=term, environment=places, until=until, seconds=60)

    def presses_keys(self, typed: str) -> None:
        """Press keys, all at once, as a fast clerk types ahead."""
        pressed = strokes(typed, self.keyboard)
        self.keys += len(pressed)
        self.types("".join(pressed))

    def does(self, typed: str, until: str | None = None, *, seconds: float = PATIENCE) -> str:
        """Press keys, wait for a text (else for quiet); the screen."""
        self.presses_keys(typed)
        if until is None:
            self.quiet(0.1, 0.5)
        else:
            self.waits(until, seconds, quiet=0.04)  # a frame is one write
        return self.text

    def until(self, holds: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> None:
        """Read until something holds on the screen."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"never: {what}\n{self.text}"
            self._take(0.05)

    @property
    def message(self) -> str:
        """The message line."""
        return self.rows[-3]

    @property
    def said(self) -> str:
        """The message with its beginning on the hint's row, when it is a long one."""
        return self.rows[-4] + self.rows[-3]

    def hears(self, sentence: str, *, seconds: float = PATIENCE) -> str:
        """Wait for words of a message, long or short."""
        self.until(lambda: sentence in self.said, sentence, seconds=seconds)
        return self.said

    @property
    def status_line(self) -> str:
        """The last row."""
        return self.rows[-1]

    # What every visit begins and ends with

    def signs_on(self, operator: str = CLERK, window: str = "") -> None:
        """Choose the operator's key, type window and PIN."""
        self.waits(f"证书尾号 {operator}")
        number = next(row.split()[0] for row in self.rows if f"证书尾号 {operator}" in row)
        self.does(f"{number}<enter>{window}<enter>{PIN}<enter>", until="今日待办（05）")

    def signs_off(self) -> None:
        """Path 01, from home."""
        self.does("01<enter>", until="再按一次")
        self.confirms("<enter>", until="证书序号")

    def leaves(self) -> int:
        """F12 twice at the login; the exit status."""
        self.does("<f12>", until="退出程序")
        self.idles(0.35)
        self.presses_keys("<f12>")
        return self.ends()

    def confirms(self, typed: str, until: str | None = None) -> str:
        """Press the same key again once a question may be answered."""
        self.idles(0.35)
        return self.does(typed, until=until)

    def receives(self, employer: str, visitor: str, visitor_id: str) -> None:
        """02: the employer's agent steps up to the window."""
        self.does("02<enter>", until="02 接待单位")
        self.does(f"{employer}<enter>", until="统一社会信用代码")
        self.does(f"{visitor}<enter>{visitor_id}<enter>1<enter>")
        self.does("<f2>", until="已接待")
