"""A program on a pty, seen as the line sees it: bytes and the time they take."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

SILENCE = 0.06
"""Seconds without a byte after which an answer counts as complete."""

PATIENCE = 20.0
"""Seconds a program may take to show what is waited for."""

CURSOR_QUERY, CURSOR_REPORT = b"\x1b[6n", b"\x1b[1;2R"
"""A terminal that counts ambiguous characters as one cell answers the width probe with column 2."""


class NotShown(Exception):
    """The program ended or stayed silent before it showed what was waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one key."""

    milliseconds: float
    """From the key to the last byte of the answer."""
    received: bytes


class Line:
    """A line to a program: opened by `with`, closed with its program."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = list(command)
        self._size = struct.pack("HHHH", rows, columns, 0, 0)
        self._environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
        # Programs keep their compiled modules, as they do at a counter.
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def __enter__(self) -> Self:
        self._opened = time.perf_counter()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, self._size)
            os.execvpe(self._command[0], self._command, self._environment)  # noqa: S606  # the program under measure
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)

    def _read(self, seconds: float) -> bytes:
        """What arrives next, or nothing after so many seconds or when the program has ended."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return b""
        try:
            received = os.read(self._fd, 65536)
        except OSError:
            return b""
        for _ in range(received.count(CURSOR_QUERY)):
            os.write(self._fd, CURSOR_REPORT)
        return received

    def shows(self, mark: str) -> float:
        """Wait for a text on the line.

        Returns:
            Milliseconds since the program was started.

        Raises:
            NotShown: the text did not come.
        """
        seen, limit = b"", time.perf_counter() + PATIENCE
        while mark.encode() not in seen:
            left = limit - time.perf_counter()
            received = self._read(max(left, 0))
            if not received:
                raise NotShown(f"{mark!r} after {seen[-400:]!r}")
            seen += received
        return (time.perf_counter() - self._opened) * 1000

    def settles(self, silence: float = 0.3, limit: float = 2.0) -> None:
        """Drop everything up to a silence of so many seconds, or to the limit when a cursor blinks for ever."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end and self._read(silence):
            pass

    def sends(self, keys: str) -> Answer:
        """Send keys in one packet and wait for the whole answer.

        Raises:
            NotShown: nothing came back within a second.
        """
        start = time.perf_counter()
        os.write(self._fd, keys.encode())
        received = self._read(1.0)
        if not received:
            raise NotShown(f"no answer to {keys!r}")
        last = time.perf_counter()
        while more := self._read(SILENCE):
            received += more
            last = time.perf_counter()
        return Answer(milliseconds=(last - start) * 1000, received=received)

    def idles(self, seconds: float) -> int:
        """Bytes sent in so many seconds without a key."""
        count, limit = 0, time.perf_counter() + seconds
        while (left := limit - time.perf_counter()) > 0:
            count += len(self._read(left))
        return count
