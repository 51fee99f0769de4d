"""What stands behind the pty: pyte's cells, and what it leaves out: the other screen, the scroll-back, answers."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable

ALTERNATE_SCREEN = 1049
WHOLE, WITH_SCROLL_BACK = 2, 3
"""Parameters of ED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """In what terminals differ where it matters what a program leaves behind."""

    alternate_screen: bool = True
    """Whether it has another screen for programs; a VT220 and the Linux console have none."""
    keeps_erased: bool = False
    """Whether erasing the whole screen at once sends it to the scroll-back, as GNU screen, tmux and PuTTY do."""


class Emulator(pyte.Screen):
    """One terminal. What has left the screen at its top is in `scroll_back`, as texts."""

    def __init__(self, columns: int, rows: int, traits: Traits, reply: Callable[[str], None]) -> None:
        self.traits = traits
        self.scroll_back: list[str] = []
        self._reply = reply
        self._main: dict[str, Any] | None = None
        super().__init__(columns, rows)

    @property
    def on_the_other_screen(self) -> bool:
        """Whether a program has the other screen."""
        return self._main is not None

    def text_of(self, row: int) -> str:
        """One row, from 0, blanks at its end cut off."""
        return "".join(self.buffer[row][x].data for x in range(self.columns)).rstrip()

    def index(self) -> None:
        """The row that goes at the top is kept, on the main screen."""
        if self.cursor.y == self.lines - 1:
            self._keep(0)
        super().index()

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """The whole screen may go to the scroll-back; 3 clears that."""
        whole = how == WHOLE or (how == 0 and (self.cursor.x, self.cursor.y) == (0, 0))
        if whole and self.traits.keeps_erased:
            for row in range(self.lines):
                self._keep(row)
        if how == WITH_SCROLL_BACK:
            self.scroll_back.clear()
            return
        super().erase_in_display(how, *args, **kwargs)

    def _keep(self, row: int) -> None:
        if not self.on_the_other_screen and (text := self.text_of(row)):
            self.scroll_back.append(text)

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        """The other screen begins empty."""
        if ALTERNATE_SCREEN in modes and kwargs.get("private") and self.traits.alternate_screen:
            self._main = {"buffer": copy.deepcopy(self.buffer), "cursor": copy.copy(self.cursor)}
            super().erase_in_display(WHOLE)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        """The main screen is as it was."""
        if ALTERNATE_SCREEN in modes and kwargs.get("private") and self._main is not None:
            self.buffer, self.cursor = self._main["buffer"], self._main["cursor"]
            self._main = None
        super().reset_mode(*modes, **kwargs)

    def write_process_input(self, data: str) -> None:
        """Where the cursor is, when the program asks."""
        self._reply(data)
