"""The screen every other screen is built on: fixed rows, keys one at a time, questions, problems, workers.

How to write a screen
---------------------
Subclass `CounterScreen`, yield the work rows from `compose_work`, return the name from `heading`, and write one
`async def act_<id>(self)` for each key that means something (ids: `screens.keymap.ACTIONS`). A key without a method
says so on the message line. The key bar shows the keys that have one.

Every `act_` runs to its end before the next key is taken. Inside it: move with `go_to`, open screens with
`await self.app.push_screen(...)`, never await the hub or a printer. Slow things go to a worker:
`work` (keys go on), `work_held` (keys wait: look-ups), `book` (keys wait, and the write is finished whatever happens).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from textual import on
from textual.message import Message

from counter_tui import jobs
from screens.asking import done
from screens.moving import RESETS_ONLY, Moving
from screens.widgets.choice_field import ChoiceField
from screens.widgets.field_input import FieldInput
from screens.widgets.record_table import RecordTable
from screens.widgets.ticks_field import TicksField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from textual import events
    from textual.screen import Screen

Result = TypeVar("Result")

_ARROWS: Final = frozenset({"left", "right"})


@dataclass
class Worked(Message):
    """A worker's one result."""

    then: Callable[[Any], Awaitable[None] | None]
    result: Any
    error: Exception | None
    held: bool


class CounterScreen(Moving):
    """Title, work, hint, message, key bar, status; quiet on the wire; see the module for how to write one."""

    HELP_PAGE: ClassVar[Callable[[CounterScreen], Screen[None]] | None] = None
    """Makes the help page for a screen; set once by the module that has it."""

    waiting: list[tuple[CounterScreen, Worked]] | None = None
    """On a screen that covers the work: results for the screens below, which wait until it goes. None on all others."""

    def offers(self, action: str) -> bool:
        """Whether a key does something here: by default, whether its `act_` method is there."""
        if action == "look" and type(self).act_look is CounterScreen.act_look:
            return any(isinstance(field, ChoiceField | TicksField) for field in self.fields())
        return super().offers(action)

    async def act(self, action: str) -> None:
        """Do what a control key means here; every refusal and fault ends here as a sentence."""
        try:
            if self._question is not None and await self._answer(action):
                return
            if self._stopped:
                self._stopped = False
                if action in RESETS_ONLY:
                    self.say("")
                    return
            if self.panel.is_open and await self._panel_acts(action):
                return
            focused = self.focused
            if isinstance(focused, RecordTable) and focused.take_action(action):
                return
            method = getattr(self, f"act_{action}", None)
            if method is None:
                self._means_nothing(action)
            else:
                await method()
        except Exception as error:  # noqa: BLE001 - the one place where unknown errors become a sentence
            self._refused(error)

    async def take_key(self, event: events.Key | events.Paste) -> bool:
        """Before a printing or editing key reaches the focused widget. False: it was answered here."""
        try:
            return await self._take_key(event)
        except Exception as error:  # noqa: BLE001 - as in act
            self._refused(error)
            return False

    async def _take_key(self, event: events.Key | events.Paste) -> bool:
        key = getattr(event, "key", "")
        character = getattr(event, "character", None) if getattr(event, "is_printable", False) else None
        if self._question is not None and await self._answer(key):
            return False
        if self._stopped:
            if key not in _ARROWS:
                self.desk.bell()
                return False
            self._stopped = False
        if self.panel.is_open:
            if character is not None and self.panel.type(character):
                return False
            self.close_panel()
        field = self.focused
        if isinstance(field, FieldInput) and field.wants_repeat(character):
            await self.repeat(field)
            return False
        return True

    async def act_enter(self) -> None:
        """Open a row; help after `?`; else look up and go on."""
        field = self.focused
        if isinstance(field, RecordTable):
            await self.open_row(field)
        elif isinstance(field, FieldInput) and field.asks_help:
            field.load("")
            await self.act_help()
        elif isinstance(field, FieldInput):
            if await self.entered(field):
                if self.focused is field:
                    self.go_next()
                await self.left(field)
        else:
            self.go_next()

    async def act_next(self) -> None:
        """Tab."""
        await self.leave(self.go_next)

    async def act_previous(self) -> None:
        """Shift+Tab."""
        await self.leave(self.go_previous)

    async def act_down(self) -> None:
        """Down arrow."""
        await self.leave(self.go_next)

    async def act_up(self) -> None:
        """Up arrow."""
        await self.leave(self.go_previous)

    async def act_page_down(self) -> None:
        """The next page of a table, or the next section."""
        await self._turn(1)

    async def act_page_up(self) -> None:
        """The previous page of a table, or the previous section."""
        await self._turn(-1)

    async def act_look(self) -> None:
        """The code list of a choice; screens add what else can be looked into."""
        field = self.focused
        if isinstance(field, ChoiceField):
            self._open_choices(field, field.choices)
        elif isinstance(field, TicksField):
            self._open_ticks(field)
        else:
            await self.look_around()

    async def look_around(self) -> None:
        """What there is to look into on a field that has nothing of its own; screens add theirs."""
        self._means_nothing("look")

    async def act_help(self) -> None:
        """The help page, or the hint of the field where there is none."""
        page = type(self).HELP_PAGE
        if page is None:
            self.say(getattr(self.focused, "hint", "") or "此处没有帮助")
        else:
            await self.app.push_screen(page(self))

    async def act_back(self) -> None:
        """Leave this screen; the draft is kept."""
        await self.keep_draft()
        if len(self.app.screen_stack) > 2:  # noqa: PLR2004 - the framework's own and the first
            self.app.pop_screen()
        else:
            self._means_nothing("back")

    async def act_escape(self) -> None:
        """Nothing is open: Esc never leaves a screen."""

    def work(
        self, work: Coroutine[Any, Any, Result], then: Callable[[Result], Awaitable[None] | None], *, group: str = ""
    ) -> None:
        """Run one service while keys go on; `then` gets its result in this screen's own turn.

        A newer call with the same non-empty `group` cancels an older one: for reads only.
        """
        self._start(work, then, held=False, group=group)

    def work_held(self, work: Coroutine[Any, Any, Result], then: Callable[[Result], Awaitable[None] | None]) -> None:
        """As `work`, but the next key waits until `then` has run (look-ups that fill fields). Never for the hub."""
        self.desk.hold_keys()
        self._start(work, then, held=True, group="")

    def book(self, work: Coroutine[Any, Any, Result], then: Callable[[Result], Awaitable[None] | None]) -> None:
        """As `work_held` for a write: it is finished even when the screen or the program goes."""
        self.desk.hold_keys()
        self._start(jobs.finish(work), then, held=True, group="")

    def _start(
        self,
        work: Coroutine[Any, Any, Result],
        then: Callable[[Result], Awaitable[None] | None],
        *,
        held: bool,
        group: str,
    ) -> None:
        async def run() -> None:
            result, error, posted = None, None, False
            try:
                try:
                    result = await work
                except Exception as caught:  # noqa: BLE001 - told to the clerk by the handler
                    error = caught
                posted = self.post_message(Worked(then, result, error, held))
            finally:
                if held and not posted:
                    self.desk.release_keys()

        self.run_worker(run(), group=group or "work", exclusive=bool(group), exit_on_error=False)

    def _is_covered(self, outcome: Worked) -> bool:
        """Keep a result back while the work is covered: it would show itself, or take the cover for this screen."""
        cover = self.app.screen
        if cover is self or not isinstance(cover, CounterScreen) or cover.waiting is None:
            return False
        cover.waiting.append((self, outcome))
        if outcome.held:
            outcome.held = False
            self.desk.release_keys()
        return True

    def give_way(self) -> None:
        """On a screen that covers the work: go, and let come in what waited."""
        if self.app.screen is not self:
            return
        self.app.pop_screen()
        for screen, outcome in self.waiting or ():
            screen.post_message(outcome)

    @on(Worked)
    async def _worked(self, outcome: Worked) -> None:
        outcome.stop()
        if self._is_covered(outcome):
            return
        try:
            if outcome.error is not None:
                self._refused(outcome.error)
            else:
                await done(outcome.then(outcome.result))
        except Exception as error:  # noqa: BLE001 - as in act
            self._refused(error)
        finally:
            if outcome.held:
                self.desk.release_keys()
