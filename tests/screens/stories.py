"""A counter with a clerk at its keyboard: real files, real hub, real rules; only the terminal is imagined."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual import events
from textual.keys import _character_to_key

from counter_tui.app import CounterApp
from screens.base import CounterScreen
from screens.routes import open_function
from storage.local import journal
from tests.services.bureau import EMPLOYER, PAYING, counter_of, sign_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from textual.pilot import Pilot

    from counter_tui.domain.declarations import Item
    from counter_tui.operations.outcome import Record
    from counter_tui.services.counter import Counter

CLERK, OTHER_CLERK, REVIEWER, SUPERVISOR = "0007", "0008", "0011", "0021"
SMALL, USUAL, LARGE = (60, 15), (80, 24), (132, 43)
PIN = "123456"
CONTROLS = frozenset({"enter", "tab", "up", "down", "escape", *(f"f{number}" for number in range(1, 13))})


class Home(CounterScreen):
    """Stands where the home screen will."""

    def heading(self) -> str:
        return "首页"

    def done(self, sentence: str) -> None:
        self.say(sentence)


class StoryApp(CounterApp):
    """Remembers faults of the program, so that no story passes over one."""

    def __init__(self, counter: object) -> None:
        super().__init__(counter, Home)
        self.faults: list[BaseException] = []

    def note_fault(self, error: BaseException) -> str:
        self.faults.append(error)
        return super().note_fault(error)


class Clerk:
    """Who types, and what he reads."""

    def __init__(self, app: StoryApp, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot
        self.keys = 0
        """Keys pressed so far."""

    async def types(self, text: str) -> None:
        """Type characters, one key each."""
        for character in text:
            self.keys += 1
            self.app.post_message(events.Key(_character_to_key(character), character))
        await self.settled()

    async def presses(self, *keys: str) -> None:
        """Press control keys (or single characters), waiting for each."""
        for key in keys:
            self.keys += 1
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await self.settled()

    async def bursts(self, *keys: str) -> None:
        """Keys of a fast clerk or a scanner: all of them before any is answered. Longer words are typed."""
        for key in keys:
            for one in [key] if key in CONTROLS else key:
                self.keys += 1
                name = one if one in CONTROLS else _character_to_key(one)
                self.app.post_message(events.Key(name, None if one in CONTROLS else one))
        await self.settled()

    async def enters(self, text: str) -> None:
        """Type and press Enter."""
        await self.types(text)
        await self.presses("enter")

    async def confirms(self, key: str) -> None:
        """Press the same key again once a question may be answered."""
        await asyncio.sleep(0.32)
        await self.presses(key)

    async def pastes(self, text: str) -> None:
        """Paste, as a terminal hands it over."""
        self.app.post_message(events.Paste(text))
        await self.settled()

    async def settled(self) -> None:
        """Wait until every key was taken and every worker has told its result."""
        for _ in range(400):
            await self._pilot.pause()
            busy = [worker for worker in self.app.workers if not worker.is_finished]
            if not self.app._typed and not self.app._holds and not busy:
                await self._pilot.pause()
                if self.app.faults:
                    raise self.app.faults.pop()
                if not self.app._typed and not self.app._holds:
                    return
            await asyncio.sleep(0.005)
        raise AssertionError("the screen never came to rest")

    @property
    def screen(self) -> CounterScreen:
        """The screen on top."""
        assert isinstance(self.app.screen, CounterScreen)
        return self.app.screen

    @property
    def page(self) -> str:
        """Everything that stands on the terminal."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def message(self) -> str:
        """The message line, unclipped."""
        return self.screen.message

    def reads(self, text: str) -> bool:
        """Whether it stands on the screen, or on the message line beyond the edge."""
        return text in self.page or text in self.message

    @property
    def at(self) -> str:
        """Name of the field under the cursor."""
        return (self.app.focused.name or "") if self.app.focused is not None else ""


class Stories:
    """A counter and what happens at it."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.size = USUAL

    @asynccontextmanager
    async def at(self, code: str) -> AsyncIterator[Clerk]:
        """Open a function on a terminal."""
        app = StoryApp(self.counter)
        async with app.run_test(size=self.size) as pilot:
            clerk = Clerk(app, pilot)
            await clerk.settled()
            await app.push_screen(open_function(code))
            await clerk.settled()
            yield clerk
        for fault in app.faults:
            raise fault

    async def items(self) -> list[Item]:
        """The employer's items of its settlement month, oldest first."""
        employer = await self.counter.enquiries.employer(EMPLOYER)
        assert employer is not None
        return list(await self.counter.enquiries.items(EMPLOYER, employer.settlement_month))

    async def kinds(self, prefix: str = "") -> list[str]:
        """Kinds of the operations recorded at this counter, oldest first."""
        recorded = await self.counter.store.look(lambda connection: journal.since(connection, 1, 1000))  # type: ignore[attr-defined]
        return [operation.kind for operation in recorded if operation.kind.startswith(prefix)]

    async def declares(self, function: str, id_number: str, **typed: str) -> str:
        """Save a declaration without a screen; its acceptance number."""
        asked = self.counter.form(function)
        facts = await self.counter.declarations.facts(seat=self.counter.seat, id_number=id_number)
        texts = {**asked.defaults(facts, self.counter.policy), "id_number": id_number, **typed}
        declaration = asked.read(texts, facts, self.counter.policy)
        kept = await self.counter.declarations.save(declaration, seat=self.counter.seat)
        return kept.acceptance_number

    async def submits(self) -> None:
        """Hand everything to the branch centre, in one batch."""
        waiting = [item for item in await self.items() if item.state == "D1"]
        await self.counter.declarations.submit(waiting, seat=self.counter.seat, pin=bytearray(PIN.encode()))

    async def sits(self, operator: str, window: str = "003") -> None:
        """Another operator signs on."""
        if self.counter.taken is not None:
            await self.counter.leave_seat()
        await sign_on(self.counter, operator, window=window)


@asynccontextmanager
async def open_counter(
    folder: Path, *, region: str = "handan", rows: Sequence[Record] = (), operator: str = CLERK
) -> AsyncIterator[Stories]:
    """A counter with a clerk signed on and the employer in reception."""
    async with counter_of(folder, region=region, rows=rows) as counter:
        await sign_on(counter, operator)
        await receive(counter)
        yield Stories(counter)


async def receive(counter: Counter) -> None:
    """The employer's agent steps up to the window."""
    asked = counter.form("P85")
    facts = await counter.declarations.facts(seat=counter.seat)
    typed = {"subject": "1", "employer": EMPLOYER, "visitor": "刘芳", "visitor_id": PAYING, "letter": "1"}
    declaration = asked.read({**asked.defaults(facts, counter.policy), **typed}, facts, counter.policy)
    await counter.receive(await counter.receptions.open(declaration, seat=counter.seat))  # type: ignore[arg-type]
