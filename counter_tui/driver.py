"""The driver between the screen library and the terminal: what is typed comes in, only cells go out.

Private seams of the screen library (pinned exactly; each has a loud test in tests/wire/test_seams.py):
`LinuxDriver.run_input_thread` and the name `getincrementaldecoder` in its module, `LinuxDriver._file`,
`_writer_thread`, `_request_terminal_sync_mode_support`, `_query_in_band_window_resize`, `Strip.render_ansi`,
`LayoutUpdate.strips`, `ChopsUpdate.chops/spans/chop_ends`; `ANSI_SEQUENCES_KEYS` in key_codes.py.
"""

from __future__ import annotations

import codecs
import contextlib
import functools
import signal
import sys
from typing import TYPE_CHECKING, Any, Final

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.drivers import linux_driver
from textual.strip import Strip

from counter_tui.cells import PLAIN, Look, Shadow, look_of
from counter_tui.key_codes import know_key_codes
from counter_tui.terminal import Abilities, TerminalFile, encoding, wiping, without_strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.color import ColorSystem
    from textual.app import App

_SCROLL_BACK_TOO: Final = "\x1b[3J"
_MOST_WAITING: Final = 8
"""Frames that may wait for a slow line before painting is put off."""


class CounterDriver(linux_driver.LinuxDriver):
    """Reads and paints in the terminal's own charset, outlives stray bytes, sends only cells that changed."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        know_key_codes()
        self.charset = encoding()
        self.output = TerminalFile(sys.__stderr__.fileno() if sys.__stderr__ else 2, self.charset)
        self._file: Any = self.output
        self._abilities = Abilities.of()
        self.shadow = Shadow(*self._get_terminal_size(), erases_with_colour=self._abilities.erases_with_colour)
        # A stopped program would leave the caller's shell on this terminal.
        for number in (signal.SIGTSTP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)

    def write(self, data: str) -> None:
        """Queue control data; strings for the terminal's program are dropped."""
        if self._writer_thread is None or self.output.gone:
            return
        if data := without_strings(data):
            self._writer_thread.write(data)

    def terminal_size(self) -> tuple[int, int]:
        """Columns and rows of the window now."""
        return self._get_terminal_size()

    @property
    def behind(self) -> bool:
        """Whether the line is slower than the frames: paint later rather than wait."""
        return self._writer_thread is not None and self._writer_thread._queue.qsize() >= _MOST_WAITING  # noqa: SLF001

    def take(self, update: object, colours: ColorSystem) -> None:
        """Note the cells of a compositor update."""

        def looks(strip: Strip) -> Iterator[tuple[str, Look]]:
            for text, style, control in strip:
                if not control:
                    yield text, PLAIN if style is None else look_of(Strip.render_ansi(style, colours))

        if isinstance(update, LayoutUpdate):
            for y, line in enumerate(update.strips, update.region.y):
                self.shadow.put(update.region.x, y, _chained(looks(strip) for strip in line))
        elif isinstance(update, ChopsUpdate):
            for y, first, last in update.spans:
                for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                    if strip is not None and x <= last and end > first:
                        self.shadow.put(x, y, looks(strip.crop(0, min(end, last) - x) if end > last else strip))
        else:
            raise TypeError(update)

    def send(self, cursor: tuple[int, int] | None) -> None:
        """Write one frame: what differs, then the cursor."""
        if self._writer_thread is not None and not self.output.gone and (frame := self.shadow.update(cursor)):
            self._writer_thread.write(frame)

    def start_application_mode(self) -> None:
        """As the library does; the terminal's cells are unknown then."""
        self.shadow.resize(*self._get_terminal_size())
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """As the library does; the last picture goes first, for terminals that keep the other screen or have none.

        Where there is none, what a smaller window pushed into the scroll-back goes as well.
        """
        self.write(wiping(self.shadow.rows) + ("" if self._abilities.own_screen else _SCROLL_BACK_TOO))
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Decode in the terminal's charset; a byte that fits nowhere becomes U+FFFD instead of the end."""
        decoder = functools.partial(codecs.getincrementaldecoder(self.charset), errors="replace")
        setattr(linux_driver, "getincrementaldecoder", lambda _utf8: decoder)  # noqa: B010 - a name of theirs
        with contextlib.suppress(OSError):  # the line dropped; SIGHUP ends the session
            super().run_input_thread()

    def _request_terminal_sync_mode_support(self) -> None:
        """Not asked: a frame is one write."""

    def _query_in_band_window_resize(self) -> None:
        """Not asked: the size comes by signal."""


def _chained(parts: Iterable[Iterable[tuple[str, Look]]]) -> Iterator[tuple[str, Look]]:
    for part in parts:
        yield from part
