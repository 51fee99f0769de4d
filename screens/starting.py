"""The first screen: painted before any file is opened; it gives way to the login, or says why it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.base import CounterScreen
from screens.widgets.line import Words
from screens.widgets.message_line import Grade
from screens.widgets.reader import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.app import ComposeResult

    from counter_tui.services.counter import Counter


class Starting(CounterScreen):
    """Opens the counter beside the paint; F12 ends the program when that failed."""

    def __init__(
        self,
        title: str,
        open_counter: Callable[[], Coroutine[Any, Any, Counter]],
        take: Callable[[Counter], CounterScreen],
    ) -> None:
        """Start.

        Args:
            title: row 1.
            open_counter: opens files and hub; raises a CounterError with the sentence to show.
            take: hands the open counter to the program and makes the next screen.
        """
        super().__init__()
        self._program = title
        self._open = open_counter
        self._take = take
        self._why = Words("")

    def heading(self) -> str:
        """The program and its region."""
        return self._program

    def compose_work(self) -> ComposeResult:
        """Why it cannot begin, in full: such sentences are longer than the message line."""
        yield self._why

    def on_mount(self) -> None:
        """Begin once the frame is painted."""
        super().on_mount()
        self.say("正在打开本机数据，请稍候")
        self.call_after_refresh(lambda: self.work(self._open(), self._opened))

    def _refused(self, error: Exception) -> None:
        """Nothing was opened: the whole sentence stands in the work area, the message line says how to leave."""
        super()._refused(error)
        said = self.message.removeprefix("! ")
        self._why.show("\n".join(folded([said], self.size.width)))
        self.say(f"没有打开本机数据，{self.desk.keymap.name('back')} 退出", Grade.PROBLEM)

    def _opened(self, counter: Counter) -> None:
        # Awaited in the program's own turn: a screen that waits for its own removal never goes.
        self.app.call_later(self.app.switch_screen, self._take(counter))

    async def act_back(self) -> None:
        """Leave the program."""
        self.app.exit(1)
