"""The program on the screen: keys one at a time, quiet frames, an orderly end.

Private seams of the screen library (each with a loud test): `App.on_event`, `App._display`, `App._fatal_error`,
`App.panic`, `App._exit_renderables`, `App._close_messages_no_wait`, `App._batch_count`, `App._running`, `App._closed`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast, runtime_checkable

from rich.color import ColorSystem
from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Size

from counter_tui import jobs
from counter_tui.driver import CounterDriver
from counter_tui.faults import FaultLog
from screens.base import CounterScreen
from screens.keymap import KeyMap
from screens.widgets.line import show_dot_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import RenderableType
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.widget import Widget

STYLES: Final = Path(__file__).resolve().parent.parent / "screens" / "styles"
LINE_DROPPED: Final = 129
"""Exit status after SIGHUP or SIGTERM."""
LAST_RESORT: Final = 20.0
"""Seconds after which a session whose line is gone ends even if something in it hangs; what was kept is on disk."""
HOLD_LIMIT: Final = 1.0
"""Seconds after which held keys are taken again, and the clerk is told."""
SIZE_SETTLES: Final = 0.1
"""Seconds after a change of the window's size after which it is looked at again."""
_EATEN_LIMIT: Final = 1.0
_FRAME_WAIT: Final = 0.03


@runtime_checkable
class EndsSession(Protocol):
    """A counter that has something to do when the session ends: drop the sign-on, keep drafts."""

    async def end_session(self) -> None:
        """Called once, before the screens' own drafts are kept and jobs are drained."""


class CounterApp(App[int], inherit_bindings=False):
    """The screens of one clerk's session."""

    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        counter: object,
        first_screen: Callable[[], Screen[Any]],
        *,
        keys: Mapping[str, str] | None = None,
        log_file: Path | None = None,
        theme: str = "dark",
        dot: str = "·",
    ) -> None:
        """Make the program.

        Args:
            counter: what the screens work with; see `EndsSession` and `screens.base.SaysStatus` for what it may have.
            first_screen: makes the screen that is shown first.
            keys: `[keys]` of the settings.
            log_file: where unknown errors are written; default: nowhere but a reference for the clerk.
            theme: `dark` or `light`.
            dot: how the dot within names is shown, `terminal.middle_dot(terminal.ambiguous_width())`.

        Raises:
            BadKey: a key of the settings cannot be used.
        """
        super().__init__(
            driver_class=CounterDriver, css_path=[STYLES / "counter.tcss", STYLES / f"{theme}.tcss"], ansi_color=False
        )
        show_dot_as(dot)
        self.counter = counter
        self.keymap = KeyMap.read(keys)
        self._first_screen = first_screen
        self._faults = FaultLog(log_file)
        self._typed: deque[events.Key | events.Paste] = deque()
        self._dropped_at = 0.0
        self.last_key = time.monotonic()
        self._holds = 0
        self._hold_timer: Timer | None = None
        self._frame_waits = False
        self._ending: asyncio.Task[None] | None = None
        self._last: threading.Timer | None = None

    async def on_mount(self) -> None:
        """Listen for the line to drop, then show the first screen."""
        logging.captureWarnings(capture=True)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not the main thread: a test
                loop.add_signal_handler(number, self.end_session)
        await self.push_screen(self._first_screen())

    def on_unmount(self) -> None:
        """The end came in order."""
        if self._last is not None:
            self._last.cancel()

    # Keys, one at a time

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes; let everything else pass."""
        if isinstance(event, events.Resize):
            self._size_changed(event)
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self.last_key = time.monotonic()
        self._typed.append(event)
        await self.take_keys()

    async def take_keys(self) -> None:
        """Take queued keys until none is left or something holds them."""
        while self._typed and not self._holds:
            await self._take(self._typed.popleft())

    async def _take(self, event: events.Key | events.Paste) -> None:
        await self.look_at_size()
        screen = self.screen
        if event.time <= self._dropped_at:
            self.bell()
            if isinstance(screen, CounterScreen):
                screen.say_dropped(1)
            return
        if isinstance(event, events.Key) and (action := self.keymap.actions.get(event.key)) is not None:
            if isinstance(screen, CounterScreen):
                await screen.act(action)
        elif not isinstance(screen, CounterScreen) or await screen.take_key(event):
            await super().on_event(event)
        else:
            return
        if self.focused is not None:
            await eaten(self.focused)

    def hold_keys(self) -> None:
        """Take no more keys until `release_keys`: one hold for each call."""
        self._holds += 1
        if self._hold_timer is None:
            self._hold_timer = self.set_timer(HOLD_LIMIT, self._hold_too_long)

    def release_keys(self) -> None:
        """Take one hold away; with the last one keys typed meanwhile are taken, in order."""
        self._holds = max(self._holds - 1, 0)
        if self._holds == 0:
            self._stop_hold_timer()
            self.call_later(self.take_keys)

    def drop_keys(self) -> int:
        """Forget keys typed up to now; how many of them had arrived. Later ones ring and are said as they come in."""
        self._dropped_at = time.monotonic()
        dropped = len(self._typed)
        self._typed.clear()
        return dropped

    def _hold_too_long(self) -> None:
        self._holds = 0
        self._stop_hold_timer()
        if isinstance(self.screen, CounterScreen):
            self.screen.say("处理较慢，可以继续录入，完成后在此显示结果")
        self.call_later(self.take_keys)

    def _stop_hold_timer(self) -> None:
        if self._hold_timer is not None:
            self._hold_timer.stop()
            self._hold_timer = None

    # Frames

    def _size_changed(self, event: events.Resize) -> None:
        driver = self._driver
        if isinstance(driver, CounterDriver):
            driver.shadow.resize(event.size.width, event.size.height)
            if self._screen_stack:
                self.screen.refresh()
            self.set_timer(SIZE_SETTLES, self.look_at_size)

    async def look_at_size(self) -> None:
        """Take the window's size as it is now.

        The library reads it in the signal's handler; where one change follows the other closely the handlers overtake
        each other and the older size is told last.
        """
        driver = self._driver
        if isinstance(driver, CounterDriver):
            size = Size(*driver.terminal_size())
            if size != self.size:
                await self.on_event(events.Resize(size, size))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send the cells that changed; everything but a terminal is painted as the library does it."""
        driver = self._driver
        if not isinstance(driver, CounterDriver) or not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
            return
        try:
            if self._running and not self._closed and not self._batch_count:
                driver.take(renderable, self.console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001
                self._send_frame()
        except Exception as error:  # noqa: BLE001 - as the library: a frame that cannot be painted ends the program
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    def _send_frame(self) -> None:
        driver = cast("CounterDriver", self._driver)
        if not driver.behind:
            driver.send(self._cursor())
        elif not self._frame_waits:
            self._frame_waits = True
            self.set_timer(_FRAME_WAIT, self._send_later)

    def _send_later(self) -> None:
        self._frame_waits = False
        if self._running and not self._closed:
            self._send_frame()

    def _cursor(self) -> tuple[int, int] | None:
        """Where the terminal's cursor belongs, or None to hide it."""
        offset = getattr(self.focused, "cursor_screen_offset", None)
        if offset is None:
            return None
        x, y = offset
        return min(max(x, 0), self.size.width - 1), min(max(y, 0), self.size.height - 1)

    def copy_to_clipboard(self, text: str) -> None:
        """Nothing: the terminal's own selection copies; the program sends no data out."""
        del text

    # Faults and the end

    def note_fault(self, error: BaseException) -> str:
        """Write an unknown error down, masked; its reference."""
        return self._faults.write(error)

    def fail(self, error: Exception) -> None:
        """End as after an error that nobody caught."""
        self._handle_exception(error)

    def panic(self, *renderables: RenderableType) -> None:
        """End with a sentence; what the library would print stays unseen."""
        del renderables
        self._fatal_error()

    def _fatal_error(self) -> None:
        """The end after an error nobody caught: one sentence, a reference, no data on the terminal."""
        if not self._exit_renderables:
            reference = self.note_fault(self._exception or RuntimeError("panic"))
            self._return_code = 1
            self._exit_renderables.append(f"程序意外停止，编号 {reference}。已保存的业务不受影响。")
        self._close_messages_no_wait()

    def end_session(self) -> None:
        """The line dropped or the host stops: keep the draft, finish what is being written, leave. Only once."""
        if self._ending is None:
            self._last = threading.Timer(LAST_RESORT, os._exit, (LINE_DROPPED,))  # a thread: the loop itself may hang
            self._last.daemon = True
            self._last.start()
            self._ending = asyncio.get_running_loop().create_task(self._end_session())

    async def _end_session(self) -> None:
        hooks = []
        if isinstance(self.counter, EndsSession):
            hooks.append(self.counter.end_session)
        # Not only the one on top: help, a list or the lock may lie over a form.
        hooks += [screen.keep_draft for screen in reversed(self._screen_stack) if isinstance(screen, CounterScreen)]
        for hook in hooks:
            try:
                await hook()
            except Exception as error:  # noqa: BLE001 - the other hooks and the jobs must still run
                self.note_fault(error)
        for unheard in await jobs.drain():
            self.note_fault(unheard)
        self.exit(LINE_DROPPED, return_code=LINE_DROPPED)

    async def run_session(self) -> int:
        """Run on this terminal until the clerk leaves; drains jobs; the exit status."""
        result = await self.run_async(mouse=False)
        for error in await jobs.drain():
            self.note_fault(error)
        return result if result is not None else self.return_code or 0


async def eaten(widget: Widget) -> None:
    """Wait until the widget has handled every key it was sent (1 s at most: it may be closing)."""
    done = asyncio.Event()
    if widget.call_later(done.set):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _EATEN_LIMIT)
