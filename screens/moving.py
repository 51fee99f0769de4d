"""Where the cursor goes: fields, sections, pages, and the panel of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError
from screens.asking import Asking, done
from screens.keymap import BY_ID
from screens.widgets.choice_field import ChoiceField
from screens.widgets.field_input import FieldInput
from screens.widgets.message_line import Grade
from screens.widgets.panel import MOST_ROWS
from screens.widgets.record_table import RecordTable
from screens.widgets.section import Section
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.widget import Widget

RESETS_ONLY: Final = frozenset({"enter", "escape"})
"""Keys that close or reset what stands in the way and do nothing else then."""


class Moving(Asking):
    """A screen whose fields the cursor walks, with choices over the work area."""

    def __init__(self) -> None:
        super().__init__()
        self._picked: Callable[[int], Awaitable[None] | None] | None = None

    def on_mount(self) -> None:
        """Put the cursor into the first field."""
        if self.focused is None and (fields := self.fields()):
            self.go_to(fields[0])

    async def entered(self, field: FieldInput) -> bool:
        """Enter in a field: look up here (call super for choices). True: the cursor goes on."""
        return await self._settle(field)

    async def left(self, field: FieldInput) -> None:
        """The cursor has left a field (any key): check it, mark it, write the draft; never block."""

    async def repeat(self, field: FieldInput) -> None:
        """`*` in an untouched dup field: `field.load(previous)`, then `self.go_next()`."""
        del field
        self.say("上一笔没有可重复的内容", Grade.PROBLEM)

    async def open_row(self, table: RecordTable) -> None:
        """Enter on a row of a table."""
        del table
        self._means_nothing("enter")

    async def turn_page(self, table: RecordTable, by: int) -> None:
        """PgDn (1) or PgUp (-1) in a table: query that page and `table.show` it."""
        del table
        self._means_nothing("page_down" if by > 0 else "page_up")

    def fields(self) -> list[Widget]:
        """Everything the cursor can stand on, in reading order."""
        return self.focus_chain

    def go_to(self, widget: Widget) -> None:
        """Put the cursor there, at once."""
        self.set_focus(widget)

    def go_next(self) -> None:
        """To the next field; on the last one the cursor stays and the message line names the key that saves."""
        self._go(1)

    def go_previous(self) -> None:
        """To the previous field; on the first one the cursor stays."""
        self._go(-1)

    def _go(self, by: int) -> None:
        fields = self.fields()
        if not fields:
            return
        place = fields.index(self.focused) + by if self.focused in fields else 0
        if 0 <= place < len(fields):
            self.go_to(fields[place])
        elif by > 0 and self.offers("save"):
            self.say_last()

    def say_last(self) -> None:
        """Two Enters too many never save: name the key that does."""
        self.say(f"已是最后一栏，{self.desk.keymap.name('save')} {self.LABELS.get('save', BY_ID['save'].label)}")

    def set_focus(
        self,
        widget: Widget | None,
        scroll_visible: bool = True,  # noqa: FBT001, FBT002 - the framework's signature
        from_app_focus: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> None:
        """Move the cursor and show the hint of where it stands."""
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)
        self._hint.show(getattr(widget, "hint", ""))
        # Leaving a field may open a section or show amounts: what is in view then is known only after the layout.
        if scroll_visible:
            self.call_after_refresh(self.keep_in_view)

    async def leave(self, move: Callable[[], None]) -> None:
        """Leave the field by a move (`self.go_next`, …): choices are written out, then `left` is called."""
        field = self.focused
        if isinstance(field, FieldInput) and not self.panel.is_open:
            await self._settle_quietly(field)
        move()
        if isinstance(field, FieldInput) and self.focused is not field:
            await self.left(field)

    _leave = leave

    async def _turn(self, by: int) -> None:
        focused = self.focused
        if isinstance(focused, RecordTable):
            await self.turn_page(focused, by)
            return
        pages = [
            (section, section.query_one(FieldInput)) for section in self.query(Section) if section.query(FieldInput)
        ]
        here = next(
            (place for place, (section, _) in enumerate(pages) if focused is not None and section in focused.ancestors),
            0,
        )
        if not pages or not 0 <= here + by < len(pages):
            self._means_nothing("page_down" if by > 0 else "page_up")
            return
        section, first = pages[here + by]
        await self.leave(lambda: self.go_to(first))
        self._work.scroll_to_widget(section, animate=False, top=True)

    async def _settle(self, field: FieldInput) -> bool:
        if isinstance(field, TicksField):
            field.settle()
        if not isinstance(field, ChoiceField) or not field.value:
            return True
        hits = field.hits()
        if not hits:
            field.select_all()
            self.desk.bell()
            self.say(f"没有这个代码，{self.desk.keymap.name('look')} 查看代码表", Grade.PROBLEM)
        elif len(hits) == 1:
            field.choose(hits[0].code)
        elif len(hits) > MOST_ROWS:
            self.say(f"有 {len(hits)} 项，请再多输入几个字")
        else:
            self._open_choices(field, hits)
        return len(hits) == 1

    async def _settle_quietly(self, field: FieldInput) -> None:
        """On leaving by Tab or an arrow nothing blocks: what is clear is written out, the rest stays as typed."""
        try:
            if isinstance(field, TicksField):
                field.settle()
            elif isinstance(field, ChoiceField) and len(hits := field.hits()) == 1:
                field.choose(hits[0].code)
        except CounterError as refusal:
            self.say(refusal.sentence, Grade.PROBLEM)

    def _open_choices(self, field: ChoiceField, hits: Sequence[Any]) -> None:
        async def pick(row: int) -> None:
            field.choose(hits[row].code)
            await self.leave(self.go_next)

        self.open_panel([choice.shown for choice in hits], pick)

    def open_panel(self, rows: Sequence[str], then: Callable[[int], Awaitable[None] | None]) -> None:
        """Show numbered rows over the work area; `then` gets the index of the one picked. Esc closes."""
        if not rows:
            return
        self._picked = then
        self.panel.open(rows)
        self.hint("输入序号或用上下箭头选择，回车确认，Esc 关闭")

    def close_panel(self) -> None:
        """Take the panel away."""
        self.panel.close()
        self._picked = None
        self._hint.show(getattr(self.focused, "hint", ""))

    async def _panel_acts(self, action: str) -> bool:
        steps = {"down": 1, "up": -1, "page_down": self.panel.size.height, "page_up": -self.panel.size.height}
        if action in steps:
            self.panel.move(steps[action])
            return True
        picked, row = self._picked, self.panel.chosen
        self.close_panel()
        if action == "enter" and picked is not None:
            await done(picked(row))
        return action in RESETS_ONLY

    def _open_ticks(self, field: TicksField) -> None:
        def add(row: int) -> None:
            field.tick({*field.ticked(), field.choices[row].code})

        self.open_panel([choice.name for choice in field.choices], add)
