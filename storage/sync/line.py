"""The counter's line to its hub (`ports.HubLine`): two loops, run by one program of the host at a time."""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from sqlalchemy import select

from counter_tui.errors import CounterError
from counter_tui.own_files import open_file
from counter_tui.services.recording import HubAway
from storage.local import outbox
from storage.local.tables import host
from storage.sync.pull import HubWentBack, Puller
from storage.sync.push import Pusher, PushRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType

    from counter_tui.operations.outcome import Outcome
    from counter_tui.services.ports import Clock
    from storage.local.store import SqliteLocalStore
    from storage.sync.hub_client import HubClient

LOOK_SECONDS = 0.5
"""How often the holder of the lock looks for operations that other programs of the host have queued."""
PULL_SECONDS = 5
"""How often the feed is asked when nothing was pushed; a hub far away holds the question open itself."""
FIRST_WAIT = 0.5
LONGEST_WAIT = 60
"""Seconds: bounds of the waiting time after a failure."""
STALE = timedelta(seconds=90)
"""After this long without a reply the host counts as not connected."""


class Backoff:
    """Waiting times after failures: full jitter, doubling from half a second to a minute."""

    def __init__(self, chance: random.Random) -> None:
        """Draw from this source of chance."""
        self._chance = chance
        self._ceiling = float(FIRST_WAIT)

    def next(self) -> float:
        """Seconds to wait before the next try."""
        seconds = self._chance.uniform(0, self._ceiling)
        self._ceiling = min(float(LONGEST_WAIT), self._ceiling * 2)
        return seconds

    def reset(self) -> None:
        """Begin anew after a success."""
        self._ceiling = float(FIRST_WAIT)


def _unheard(error: BaseException) -> None:
    """Tell nobody; for a line without a log."""
    del error


class Line:
    """Push and pull for one counter file; use it as an asynchronous context."""

    def __init__(
        self,
        store: SqliteLocalStore,
        client: HubClient,
        clock: Clock,
        *,
        chance: random.Random | None = None,
        report: Callable[[BaseException], object] = _unheard,
    ) -> None:
        """Join a store with a hub.

        Args:
            store: the counter's file.
            client: the way to the hub.
            clock: for the time of the last reply.
            chance: source of jitter, for tests.
            report: told an error that is neither a refusal nor the network's, each kind once.
        """
        self._store = store
        self._clock = clock
        self._pusher = Pusher(store=store, client=client, clock=clock)
        self._puller = Puller(store=store, client=client, clock=clock)
        self._chance = chance or random.Random()  # noqa: S311  # jitter
        self._report = report
        self._reported: set[type[Exception]] = set()
        self._connected = False
        self._trouble = ""
        self._holds_lock = False
        self._push_now = asyncio.Event()
        self._pull_now = asyncio.Event()
        self._news = asyncio.Event()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether the last exchange succeeded."""
        return self._connected

    @property
    def trouble(self) -> str:
        """Why the last exchange failed, as a sentence; empty when it did not."""
        return self._trouble

    def wake(self) -> None:
        """Push and pull soon; returns at once."""
        self._push_now.set()
        self._pull_now.set()

    def start(self) -> None:
        """Begin the loops in the running event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="hub-line")

    async def stop(self) -> None:
        """End the loops; what is under way at the hub stays in the outbox and is asked again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def answer(self, op_ids: Sequence[str], *, seconds: int = 20) -> dict[str, Outcome]:
        """Push now, wait until the outcomes are here and their effects in the mirror.

        Raises:
            HubAway: they did not come in time; the operations stay in the outbox.
        """
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self._news.clear()
                    known = await self._store.look(lambda connection: outbox.known_outcomes(connection, op_ids))
                    if len(known) == len(set(op_ids)):
                        return known
                    self._hurry.set()
                    self.wake()
                    await self._heard(LOOK_SECONDS if self._holds_lock else LOOK_SECONDS / 10)
        except TimeoutError as error:
            raise HubAway from error

    async def _heard(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _run(self) -> None:
        descriptor = open_file(self._store.path.with_name(f"{self._store.path.name}.sync"))
        try:
            while not _taken(descriptor):
                await self._follow()
                await asyncio.sleep(1)
            self._holds_lock = True
            async with asyncio.TaskGroup() as loops:
                loops.create_task(self._push_loop())
                loops.create_task(self._pull_loop())
        finally:
            self._holds_lock = False
            os.close(descriptor)

    async def _follow(self) -> None:
        """Learn from the file how the program that holds the lock fares."""
        try:
            synced = await self._store.look(lambda look: look.execute(select(host.c.synced_at)).scalar_one())
        except Exception as error:  # noqa: BLE001  # looked at again in a second
            self._note(error)
            return
        self._connected = bool(synced) and self._clock.now() - datetime.fromisoformat(synced) < STALE

    async def _push_loop(self) -> None:
        backoff = Backoff(self._chance)
        while True:
            await _signalled(self._push_now, LOOK_SECONDS)
            while await self._tried(self._pusher.push, backoff, queued=True):
                self._pull_now.set()

    async def _pull_loop(self) -> None:
        backoff = Backoff(self._chance)
        self._pull_now.set()
        while True:
            await _signalled(self._pull_now, PULL_SECONDS)
            while await self._tried(self._puller.pull, backoff, queued=False):
                self._news.set()

    async def _tried(self, exchange: Callable[[], Awaitable[int | None]], backoff: Backoff, *, queued: bool) -> int:
        """Make one exchange, if there is any to make; after a failure wait, unless somebody is in a hurry."""
        self._hurry.clear()
        try:
            count = await exchange()
        except Exception as error:  # noqa: BLE001  # whatever a network can raise means: not now
            await self._failed(error, backoff, queued=queued)
            return 0
        if count is None:
            return 0
        backoff.reset()
        self._connected, self._trouble = True, ""
        return count

    def _note(self, error: Exception) -> None:
        """Remember why it failed; what nobody expects is told, each kind once and not with every try."""
        self._connected = False
        self._trouble = error.sentence if isinstance(error, CounterError) else HubAway().sentence
        if not isinstance(error, CounterError | OSError) and type(error) not in self._reported:
            self._reported.add(type(error))
            self._report(error)

    async def _failed(self, error: Exception, backoff: Backoff, *, queued: bool) -> None:
        self._note(error)
        seconds = backoff.next()
        if isinstance(error, PushRefused | HubWentBack):
            seconds = float(LONGEST_WAIT)
        if queued:
            again = self._clock.now() + timedelta(seconds=seconds)
            with suppress(CounterError):
                await self._store.change(lambda connection: outbox.failed(connection, self._trouble, again))
        await _signalled(self._hurry, seconds)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _signalled(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, or so long; the event is used up."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
