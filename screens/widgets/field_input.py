"""One line of entry, as clerks know it from fixed-key terminals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Offset, Size
from textual.message import Message
from textual.widgets import Input

from counter_tui.domain.text import Unclean, clean_text, fit, plain, width
from screens.widgets.line import painted, shown

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events
    from textual.binding import BindingType
    from textual.strip import Strip
    from textual.widget import Widget

PASTE_LIMIT: Final = 64 * 1024
"""Bytes (UTF-8) of a paste that are looked at; a longer one is refused whole."""

REPEAT_KEYS: Final = frozenset("*＊")
HELP_MARKS: Final = frozenset({"?", "？"})

_WRONG_CHARSET: Final = "终端编码与程序不一致，请改为 UTF-8 或设为 GB18030"
_WRONG_CHARACTER: Final = "本栏只收数字，请关闭中文输入法后再输入"
_NO_ROOM: Final = "本栏最多 {cells} 格，多出的未收"
_HUGE_PASTE: Final = "粘贴内容过长，未收"
_ROWS_PASTED: Final = "本栏只收一行，粘贴的其余各行未收"


class FieldKind(Enum):
    """Which characters a field takes; `None` takes every character of a name or an address."""

    TEXT = None
    DIGITS = "0123456789"
    NUMERIC = "0123456789.-+,/ "
    """Amounts, dates, months and their shorthand."""
    IDENTITY = "0123456789Xx"
    """A trailing `*` is written X, as the numeric pad has no letter."""


_EDITING: Final = MappingProxyType(
    {
        "left": "cursor_left",
        "right": "cursor_right",
        "home": "home",
        "end": "end",
        "backspace": "delete_left",
        "delete": "delete_right",
        "ctrl+k": "delete_right_all",
        "ctrl+u": "delete_left_all",
    }
)


class FieldInput(Input, inherit_bindings=False, inherit_css=False):
    """A field of one row. Entering it selects its content, typing replaces it, nothing is validated while typing.

    The screen moves between fields (`CounterScreen.go_next`), answers `*` in an untouched field with `dup=True`
    (`CounterScreen.repeat`) and `?` + Enter with help. The terminal's own cursor is the only cursor.
    """

    COMPONENT_CLASSES = {"field-input--selection"}  # noqa: RUF012 - the framework reads a plain set
    DEFAULT_CSS = """
    FieldInput { height: 1; width: 20; border: none; padding: 0; scrollbar-size-horizontal: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []
    """None: a binding is run when the key has bubbled up to the App, after the next key was already taken."""

    @dataclass
    class Refused(Message):
        """Something typed or pasted was not taken; the screen says why and rings."""

        field: Widget
        sentence: str

    def __init__(
        self,
        name: str,
        *,
        value: str = "",
        cells: int = 20,
        limit: int | None = None,
        kind: FieldKind = FieldKind.TEXT,
        dup: bool = False,
        from_card: bool = False,
        hint: str = "",
        classes: str | None = None,
    ) -> None:
        """Make a field.

        Args:
            name: the field's name in its form; also its id, so `query_one("#person", FieldInput)` finds it.
            value: what stands in it at first.
            cells: width on the screen, in cells.
            limit: most cells the value may take; the screen scrolls within `cells`. Default: `cells`.
            kind: which characters it takes.
            dup: whether `*` repeats the value of the previous record.
            from_card: whether it takes a person's number, which a social security card can tell.
            hint: the sentence of row 21 while the cursor is here.
            classes: style classes.
        """
        super().__init__(value, name=name, id=name, classes=classes, compact=True, validate_on=[])
        self.kind = kind
        self.dup = dup
        self.from_card = from_card
        self.hint = hint
        self.limit = cells if limit is None else limit
        self.touched = False
        """Whether the clerk changed it since it was entered or loaded."""
        self.styles.width = cells + 1  # one more for the cursor behind a full value
        self.cursor_blink = False
        self._cursor_visible = False

    @property
    def field_name(self) -> str:
        """The name given, never None."""
        return self.name or ""

    def load(self, value: str) -> None:
        """Put a value there by program: no Changed message, untouched, selected when the cursor is here."""
        with self.prevent(Input.Changed):
            self.value = value
        self.touched = False
        if self.has_focus:
            self.select_all()

    def type_in(self, text: str) -> None:
        """Put a text there as if it had been typed over whatever stood there."""
        self.select_all()
        self._put(text)

    def wants_repeat(self, character: str | None) -> bool:
        """Whether this key means Dup here: only in a dup field that is empty or untouched."""
        return self.dup and character in REPEAT_KEYS and (not self.value or not self.touched)

    @property
    def asks_help(self) -> bool:
        """Whether only a question mark stands there."""
        return self.value in HELP_MARKS

    def refuse(self, sentence: str) -> None:
        """Tell the screen that something was not taken."""
        self.post_message(self.Refused(self, sentence))

    # Typing

    async def _on_key(self, event: events.Key) -> None:
        if (edit := _EDITING.get(event.key)) is not None:
            event.stop()
            event.prevent_default()
            getattr(self, f"action_{edit}")()
            return
        if not event.is_printable and event.key != "ideographic_space":
            return
        event.stop()
        event.prevent_default()
        character = "\u3000" if event.key == "ideographic_space" else event.character or ""
        typed = self._accepted(character)
        if typed:
            self._put(typed)

    def _accepted(self, character: str) -> str:
        """The character as this field keeps it, or nothing (said)."""
        if character == "\ufffd":
            self.refuse(_WRONG_CHARSET)
            return ""
        if self.kind is FieldKind.TEXT or (character in HELP_MARKS and self._is_replaced):
            return character
        folded = plain(character) or " "
        if self.kind is FieldKind.IDENTITY and folded in "x*" and self._at_check_character:
            folded = "X"
        if folded == "—":  # half of the dash that an input method gives for -
            folded = "-"
        if any(one not in self.kind.value for one in folded):
            self.refuse(_WRONG_CHARACTER)
            return ""
        return folded

    @property
    def _is_replaced(self) -> bool:
        """Whether typing now replaces everything that stands here."""
        start, end = sorted(self.selection)
        return end - start == len(self.value)

    @property
    def _at_check_character(self) -> bool:
        return self.cursor_position == len(self.value) == 17 and self.selection.is_empty  # noqa: PLR2004 - GB 11643

    def _put(self, text: str) -> bool:
        """Replace the selection; say so when it does not fit. True when all of it was taken."""
        start, end = sorted(self.selection)
        room = self.limit - width(self.value[:start]) - width(self.value[end:])
        taken = fit(text, room)
        if taken:
            self.touched = True
            self.replace(taken, start, end)
        if taken == text:
            return True
        self.refuse(_NO_ROOM.format(cells=self.limit))
        return False

    def delete(self, start: int, end: int) -> None:
        """Delete between two positions; the field counts as touched."""
        self.touched = True
        super().delete(start, end)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if len(event.text.encode(errors="replace")) > PASTE_LIMIT:
            self.refuse(_HUGE_PASTE)
            return
        rows = [row for row in (row.strip() for row in event.text.splitlines()) if row]
        if not rows:
            return
        try:
            text = clean_text(rows[0].replace("\t", " "))
        except Unclean as refusal:
            self.refuse(refusal.sentence)
            return
        if self.kind is not FieldKind.TEXT:
            text = plain(text).upper() if self.kind is FieldKind.IDENTITY else plain(text)
            if any(one not in self.kind.value for one in text):
                self.refuse(_WRONG_CHARACTER)
                return
        if self._put(text) and len(rows) > 1:
            self.refuse(_ROWS_PASTED)

    def action_cut(self) -> None:
        """Nothing: the terminal's own selection copies, the program sends nothing out."""

    def action_copy(self) -> None:
        """Nothing, as above."""

    def action_paste(self) -> None:
        """Nothing: pasting is the terminal's."""

    # Quiet painting

    def _watch_value(self, value: str) -> None:
        """As the framework does it, but the screen is laid out again only when the text outgrows the field."""
        needed = Size(max(self.content_width, self.size.width), 1)
        if needed != self.virtual_size and self.is_attached:
            self.virtual_size = needed
        self.post_message(self.Changed(self, value, None))
        if self._initial_value:
            self.cursor_position = len(value)
            self._initial_value = False
        else:
            self.selection = self.selection  # clamps it to the new length

    def _restart_blink(self) -> None:
        """No cursor is drawn: the terminal's own stands here."""

    def _pause_blink(self, visible: bool = False) -> None:  # noqa: FBT001, FBT002 - the framework's signature
        """Nothing blinks."""

    def _position_to_cell(self, position: int) -> int:
        return width(shown(self.value[:position]))

    @property
    def content_width(self) -> int:
        """Cells of the value and of the cursor behind it."""
        return width(shown(self.value)) + 1

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's cursor belongs; stock adds one cell at the end and input methods would stand apart."""
        offset = super().cursor_screen_offset
        return offset - Offset(1, 0) if self.cursor_at_end else offset

    def render_line(self, y: int) -> Strip:
        """The visible part of the value, the selection marked while the cursor is here."""
        rest, cells = self.rich_style, self.size.width
        if y != 0:
            return painted([], cells, rest)
        parts: list[tuple[str, Style]] = [(self.value, rest)]
        if self.has_focus and not self.selection.is_empty:
            start, end = sorted(self.selection)
            marked = self.get_component_rich_style("field-input--selection")
            parts = [(self.value[:start], rest), (self.value[start:end], marked), (self.value[end:], rest)]
        scrolled = self.scroll_offset.x
        whole = painted(parts, max(self.content_width, scrolled + cells), rest)
        return whole.crop(scrolled, scrolled + cells)
