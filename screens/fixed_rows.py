"""The fixed rows of every screen, and how words come to stand on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.containers import ScrollableContainer
from textual.events import Resize
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from screens.composing import SparingCompositor
from screens.desk import SaysStatus
from screens.keymap import BAR, BY_ID
from screens.widgets.hint_line import HintLine
from screens.widgets.key_bar import KeyBar
from screens.widgets.message_line import Grade, MessageLine
from screens.widgets.panel import Panel
from screens.widgets.status_bar import StatusBar
from screens.widgets.title_row import TitleRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from screens.desk import Desk


class Work(ScrollableContainer, can_focus=False):
    """Rows 2 to 20; what does not fit is reached by moving the cursor there."""

    DEFAULT_CSS = "Work { height: 1fr; width: 100%; scrollbar-size: 0 0; overflow: hidden auto; }"

    def on_resize(self) -> None:
        """Fewer rows: the field under the cursor stays among them."""
        if isinstance(self.screen, FixedRows):
            self.call_after_refresh(self.screen.keep_in_view)


class FixedRows(Screen[None], inherit_bindings=False):
    """Title, work, hint, message, key bar, status; quiet on the wire."""

    AUTO_FOCUS = None
    DEFAULT_CSS = "FixedRows { layout: vertical; overflow: hidden; layers: default panel; }"
    LABELS: ClassVar[Mapping[str, str]] = {}
    """Labels of the key bar that differ here: `{"send": "通过"}`."""

    focused = Reactive[Widget | None](None, repaint=False)
    """Textual repaints the whole screen when focus moves; fields repaint themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SparingCompositor()
        self._title = TitleRow()
        self._work = Work()
        self._hint = HintLine()
        self._message = MessageLine(self._hint)
        self._bar = KeyBar(BAR)
        self._status = StatusBar()
        self.panel = Panel()
        self._dropped = 0

    def compose_work(self) -> ComposeResult:
        """The widgets of rows 2 to 20."""
        yield from ()

    def heading(self) -> str:
        """Row 1, left: path and name."""
        return ""

    def heading_right(self) -> str:
        """Row 1, right: reception and settlement month."""
        return ""

    def status_text(self) -> str:
        """Row 24; by default the counter's own words."""
        counter = self.desk.counter
        return counter.status_line(self.app.size.width) if isinstance(counter, SaysStatus) else ""

    def offers(self, action: str) -> bool:
        """Whether a key does something here: by default, whether its `act_` method is there."""
        return hasattr(self, f"act_{action}")

    async def keep_draft(self) -> None:
        """Write what was typed and not saved; called on leaving, lock, line loss and the end of the session."""

    @property
    def desk(self) -> Desk:
        """The program around this screen."""
        return cast("Desk", self.app)

    def say(self, text: str, grade: Grade = Grade.INFO) -> None:
        """One sentence on the message line."""
        self._dropped = 0
        self._message.say(text, grade)

    def hint(self, text: str) -> None:
        """One sentence on the hint line."""
        self._hint.show(text)

    @property
    def message(self) -> str:
        """What the message line says."""
        return self._message.text

    def keep_in_view(self, looks: int = 3) -> None:
        """Scroll whatever holds the cursor until it is seen; looks again, for a layout may still be on its way."""
        focused = self.focused
        if focused is not None:
            focused.scroll_visible(animate=False, immediate=True)
            if looks > 1:
                self.call_after_refresh(self.keep_in_view, looks - 1)

    def retitle(self) -> None:
        """Read `heading`, `heading_right` and the keys again."""
        self._title.show(self.heading())
        self._title.show_right(self.heading_right())
        keymap = self.desk.keymap
        self._bar.show(
            {
                action: (keymap.name(action), self.LABELS.get(action, BY_ID[action].label))
                for action in BAR
                if self.offers(action)
            }
        )

    def refresh_status(self) -> None:
        """Read `status_text` again."""
        self._status.show(self.status_text())

    def _means_nothing(self, action: str) -> None:
        self.say(f"此处不用 {self.desk.keymap.name(action)}")

    def compose(self) -> ComposeResult:
        """The fixed rows around the work."""
        yield self._title
        with self._work:
            yield from self.compose_work()
        yield self._hint
        yield self._message
        yield self._bar
        yield self._status
        yield self.panel

    def on_mount(self) -> None:
        """Fill the fixed rows."""
        self.retitle()
        self.refresh_status()

    @on(Resize)
    def _refit_status(self) -> None:
        self.refresh_status()

    def on_screen_resume(self) -> None:
        """Counts may have changed while another screen was on top."""
        if self.is_mounted:
            self.refresh_status()
