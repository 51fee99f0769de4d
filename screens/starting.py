"""The first screen: painted before any file is opened; it gives way to the login, or says why it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.base import CounterScreen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from counter_tui.services.counter import Counter


class Starting(CounterScreen):
    """Opens the counter beside the paint; F12 ends the program when that failed."""

    def __init__(
        self,
        title: str,
        open_counter: Callable[[], Awaitable[Counter]],
        take: Callable[[Counter], CounterScreen],
    ) -> None:
        """Start.

        Args:
            title: row 1.
            open_counter: opens files and hub; raises a CounterError with the sentence to show.
            take: hands the open counter to the program and makes the next screen.
        """
        super().__init__()
        self._name = title
        self._open = open_counter
        self._take = take

    def heading(self) -> str:
        """The program and its region."""
        return self._name

    def on_mount(self) -> None:
        """Begin once the frame is painted."""
        super().on_mount()
        self.say("正在打开本机数据，请稍候")
        self.call_after_refresh(lambda: self.work(self._open(), self._opened))

    def _opened(self, counter: Counter) -> None:
        # Awaited in the program's own turn: a screen that waits for its own removal never goes.
        self.app.call_later(self.app.switch_screen, self._take(counter))

    async def act_back(self) -> None:
        """Leave the program."""
        self.app.exit(1)
