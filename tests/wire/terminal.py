"""A terminal for tests: a pty with a pyte screen behind it, every byte kept."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyte

from tests.wire.emulator import Emulator, Traits
from tests.wire.keyboards import XTERM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

ROOT = Path(__file__).resolve().parents[2]
TEN_FIELDS = (sys.executable, str(Path(__file__).with_name("ten_fields.py")))

KEYS = XTERM


class Terminal:
    """`opens` a program, `sends` keys and returns the answer, `reads` the screen, `idles` for what comes unasked.

    with Terminal() as terminal:
        terminal.opens([sys.executable, "-m", "counter_tui", "demo"], columns=132, rows=43)
        answer = terminal.presses("f2")
    """

    keyboard: Mapping[str, str] = KEYS
    """What each key sends."""
    answers = True
    """Whether it tells where its cursor is."""
    delay = 0.0
    """Seconds that its line takes to bring the answer."""

    def __init__(self, charset: str = "utf-8", traits: Traits | None = None) -> None:
        self.charset = charset
        self.traits = traits or Traits()
        self.pid = 0
        self.fd = -1
        self.bytes = b""
        self.status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closes()

    def opens(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        term: str = "xterm-256color",
        environment: Mapping[str, str] | None = None,
        until: str | None = None,
        seconds: float = 20,
    ) -> bytes:
        """Start a program on a terminal of this size; waits for `until` on the screen, or for the first quiet."""
        self.screen = Emulator(columns, rows, self.traits, self._reply)
        self.stream = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder(self.charset)(errors="replace")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            os.chdir(ROOT)
            os.execvpe(  # noqa: S606 - the program under test
                argv[0],
                list(argv),
                {**inherited, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TERM": term, **(environment or {})},
            )
        self.resizes(columns, rows, wait=False)
        if until is not None:
            return self.waits(until, seconds)
        return self.quiet(first=seconds)

    def resizes(self, columns: int, rows: int, *, wait: bool = True) -> bytes:
        """Another window size; the program hears it by signal."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return self.quiet() if wait else b""

    def sends(self, data: str | bytes, *, quiet: float = 0.1, first: float = 0.5) -> bytes:
        """Type; the bytes that came back until it was quiet."""
        self.types(data)
        return self.quiet(quiet, first)

    def presses(self, *keys: str, quiet: float = 0.12) -> bytes:
        """Press named keys in one go; what came back."""
        return self.sends("".join(self.keyboard[key] for key in keys), quiet=quiet)

    def types(self, data: str | bytes) -> None:
        """Type and do not wait."""
        data = data.encode(self.charset) if isinstance(data, str) else data
        while data:
            data = data[os.write(self.fd, data[:1024]) :]
            if data:
                self._take(0.001)

    def waits(self, text: str, seconds: float = 10, *, quiet: float = 0.12) -> bytes:
        """Read until a text stands on the screen."""
        got, end = b"", time.monotonic() + seconds
        while text not in self.text:
            if time.monotonic() > end:
                raise AssertionError(f"never shown: {text}\n{self.text}")
            got += self._take(0.05)
        return got + (self.quiet(quiet) if quiet else b"")

    def quiet(self, seconds: float = 0.12, first: float | None = None) -> bytes:
        """Read until nothing came for so long."""
        got = self._take(first if first is not None else seconds)
        while more := self._take(seconds):
            got += more
        return got

    def idles(self, seconds: float) -> bytes:
        """What came unasked in so many seconds."""
        got, end = b"", time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            got += self._take(left)
        return got

    def _take(self, seconds: float) -> bytes:
        if self.fd < 0:
            time.sleep(seconds)
            return b""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.bytes += got
        self.stream.feed(self._decoder.decode(got))
        return got

    def _reply(self, answer: str) -> None:
        if self.answers:
            time.sleep(self.delay)
            os.write(self.fd, answer.encode())

    def reads(self, row: int) -> str:
        """One row of the screen, from 1, blanks at its end cut off."""
        return self.rows[row - 1]

    @property
    def rows(self) -> list[str]:
        """All rows as texts."""
        return [self.screen.text_of(y) for y in range(self.screen.lines)]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.rows)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the terminal's cursor, from 0."""
        return self.screen.cursor.x, self.screen.cursor.y

    def columns(self, row: int) -> list[str]:
        """The cells of one row, from 1; the right half of a wide character is empty."""
        return [self.screen.buffer[row - 1][x].data for x in range(self.screen.columns)]

    def ends(self, seconds: float = 10) -> int:
        """Wait for the program to end; its exit status."""
        end = time.monotonic() + seconds
        while self.status is None:
            self._take(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f"still running\n{self.text}")
        self._take(0.05)
        return self.status

    def signals(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def hangs_up(self) -> None:
        """Close the terminal's side, as a dropped line does: the kernel sends SIGHUP."""
        os.close(self.fd)
        self.fd = -1

    def closes(self) -> None:
        """End whatever still runs."""
        if self.pid and self.status is None:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        if self.fd >= 0:
            os.close(self.fd)
        self.pid, self.fd = 0, -1
