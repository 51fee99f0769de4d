"""帮助: the field first, then the function, then the keys of the screen, all from their declarations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from counter_tui.forms import help as pages
from screens.base import CounterScreen
from screens.keymap import ACTIONS
from screens.seated import AtCounter
from screens.widgets.reader import Reader, folded
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events
    from textual.app import ComposeResult

    from counter_tui.forms.spec import Form
    from counter_tui.policy.profile import MenuEntry


@runtime_checkable
class ServesFunction(Protocol):
    """A screen of a business function."""

    code: str


@runtime_checkable
class KnowsForms(Protocol):
    """A counter with a region."""

    def form(self, function: str) -> Form:
        """A function as the region asks it. KeyError for one that has no form."""


class Help(AtCounter):
    """A page to read; F12 leads back to the field."""

    def __init__(self, of: str, lines: Sequence[str]) -> None:
        """Show lines under the name of what they explain."""
        super().__init__()
        self._of = of
        self._lines = tuple(lines)
        self._reader = Reader(hint="PgDn、PgUp 翻页，F12 返回")

    @classmethod
    def of_screen(cls, screen: CounterScreen) -> Help:
        """What helps on a screen, beginning with the field under the cursor."""
        field = screen.focused
        name, hint = getattr(field, "name", "") or "", getattr(field, "hint", "")
        served = _form(screen)
        lines: list[str] = []
        if served is not None:
            known = name if any(each.name == name for each in served.fields) else ""
            lines = pages.page(served, known)
        elif hint:
            lines = ["【当前栏目】", f"  {hint}"]
            if isinstance(field, TicksField):
                lines += [f"  {place:>2}  {choice.name}" for place, choice in enumerate(field.choices, 1)]
        return cls(screen.heading(), [*lines, "", *pages.key_lines(_keys(screen))])

    @classmethod
    def of_entry(cls, screen: AtCounter, entry: MenuEntry) -> Self:
        """What a path is for, asked at the prompt with `?11`."""
        if entry.note:
            return cls(entry.name, [f"【{entry.name}】", f"  {entry.note}"])
        try:
            lines = pages.function_lines(replace(screen.counter.form(entry.function), title=entry.name))
        except KeyError:
            lines = [f"【{entry.name}】", "  此项没有录入栏目"]
        return cls(entry.name, lines)

    def heading(self) -> str:
        """What is explained."""
        return f"帮助  {self._of}"

    def compose_work(self) -> ComposeResult:
        """The lines."""
        yield self._reader

    def on_resize(self, event: events.Resize) -> None:
        """Fold to the terminal as it is now."""
        self._reader.show(folded(self._lines, max(event.size.width, 20)))
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        self.say(self._reader.place)

    async def act_enter(self) -> None:
        """The next page, or back after the last."""
        if not self._reader.turn(1):
            await self.act_back()
        else:
            self._tell()

    async def act_down(self) -> None:
        """One line on."""
        self._move(self._reader.move(1))

    async def act_up(self) -> None:
        """One line back."""
        self._move(self._reader.move(-1))

    async def act_page_down(self) -> None:
        """A page on."""
        self._move(self._reader.turn(1))

    async def act_page_up(self) -> None:
        """A page back."""
        self._move(self._reader.turn(-1))

    async def act_escape(self) -> None:
        """A page of help may be closed like a panel."""
        await self.act_back()

    async def act_help(self) -> None:
        """It is there already."""
        self.say("这里就是帮助，F12 返回")

    def _move(self, moved: bool) -> None:  # noqa: FBT001 - the answer of the reader
        self._tell()
        if not moved:
            self.say(f"没有更多内容。{self._reader.place}")


def _form(screen: CounterScreen) -> Form | None:
    """The form that a screen serves, in the region's dress."""
    counter = screen.desk.counter
    if not isinstance(screen, ServesFunction) or not isinstance(counter, KnowsForms):
        return None
    try:
        return counter.form(screen.code)
    except KeyError:
        return None


def _keys(screen: CounterScreen) -> Iterator[tuple[str, str, str]]:
    keymap = screen.desk.keymap
    for action in ACTIONS:
        if screen.offers(action.id):
            yield keymap.name(action.id), screen.LABELS.get(action.id, action.label), action.help


CounterScreen.HELP_PAGE = Help.of_screen
