"""Where a PIN is typed: bytes that are handed on once and wiped, never a string."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from textual.geometry import Offset
from textual.widget import Widget

from counter_tui.domain.text import plain
from screens.widgets.field_input import FieldInput
from screens.widgets.line import painted

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

LONGEST: Final = 16
"""Digits and signs of the longest PIN that a key takes."""


class PinField(Widget, can_focus=True):
    """Shows one `*` for each character. `take` hands the bytes over; leaving the field by program wipes it."""

    DEFAULT_CSS = f"PinField {{ height: 1; width: {LONGEST + 1}; }}"

    def __init__(self, name: str = "pin", *, hint: str = "", classes: str | None = None) -> None:
        super().__init__(name=name, id=name, classes=classes)
        self.hint = hint
        self._typed = bytearray()

    def __len__(self) -> int:
        """How many characters stand there."""
        return len(self._typed)

    def __bool__(self) -> bool:
        """A widget is there even when nothing was typed."""
        return True

    def take(self) -> bytearray:
        """Hand the PIN over, once: the field is empty afterwards and the receiver wipes what it got."""
        taken, self._typed = self._typed, bytearray()
        self.refresh()
        return taken

    def same_as(self, other: PinField) -> bool:
        """Whether the same was typed into both."""
        return hmac.compare_digest(self._typed, other._typed)

    def wipe(self) -> None:
        """Overwrite and forget what was typed."""
        for place in range(len(self._typed)):
            self._typed[place] = 0
        self._typed.clear()
        self.refresh()

    def on_unmount(self) -> None:
        """What was not handed over does not outlive the screen."""
        self.wipe()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Printing keys are data here."""
        del key
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """One more character, or one less."""
        if event.key in ("backspace", "delete"):
            event.stop()
            if self._typed:
                self._typed[-1] = 0
                self._typed.pop()
                self.refresh()
        elif event.key in ("ctrl+u", "ctrl+k"):
            event.stop()
            self.wipe()
        elif event.character is not None and event.is_printable:
            event.stop()
            self._put(plain(event.character))

    def _put(self, character: str) -> None:
        """Take one character, the full-width form of an input method as the plain one."""
        if len(character) != 1 or not character.isascii():
            self._refuse("PIN 只有数字和字母，请关闭中文输入法")
        elif len(self._typed) >= LONGEST:
            self._refuse(f"PIN 最多 {LONGEST} 位")
        else:
            self._typed.append(ord(character))
            self.refresh()

    def on_paste(self, event: events.Paste) -> None:
        """A PIN is typed, never pasted: it would lie in a clipboard."""
        event.stop()
        self._refuse("PIN 请用键盘输入，不能粘贴")

    def _refuse(self, sentence: str) -> None:
        self.post_message(FieldInput.Refused(self, sentence))

    @property
    def cursor_screen_offset(self) -> Offset:
        """Behind the last mark."""
        return self.content_region.offset + Offset(len(self._typed), 0)

    def render_line(self, y: int) -> Strip:
        """One mark for each character."""
        style = self.rich_style
        return painted([("*" * len(self._typed), style)] if y == 0 else [], self.size.width, style)
