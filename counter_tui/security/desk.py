"""The key desk: blocking key calls run in one thread, one at a time, while the screen goes on."""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

_LAST_CALL: Final = 2.0
"""Seconds that the end waits for a running call: a reader service that hangs holds nobody back."""


class KeyDesk:
    """Takes key calls in the order they come. One per program; close it at the end."""

    def __init__(self) -> None:
        """The thread starts with the first call."""
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    async def call(self, act: Callable[[], T]) -> T:
        """Run a key call that needs no PIN."""
        return await asyncio.wrap_future(self._taken(act))

    async def with_pin(self, pin: bytearray, act: Callable[[bytearray], T]) -> T:
        """Run a key call with a copy of the PIN, wiped when the call is over.

        The copy lets the caller wipe his own at once, even when the wait is cancelled: a key that is still reading
        would otherwise be given zeros and count a wrong try.
        """
        return await self.with_pins((pin,), act)

    async def with_pins(self, pins: Sequence[bytearray], act: Callable[..., T]) -> T:
        """As `with_pin`, with several: an old one or an unblocking code, and the new one."""
        own = [bytearray(pin) for pin in pins]
        future = self._taken(partial(act, *own))
        future.add_done_callback(lambda _: wipe(*own))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let the running call end, but do not wait long for one that hangs; drop the waiting ones."""
        self._closed = True
        self._calls.put(None)
        if self._thread is not None:
            self._thread.join(_LAST_CALL)

    def _taken(self, act: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        if self._closed:
            future.cancel()
            return future
        self._calls.put((future, act))
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="key", daemon=True)
            self._thread.start()
        return future

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            future, act = call
            if self._closed:
                future.cancel()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(act())
            except BaseException as error:  # noqa: BLE001 - told to whoever waits, as an executor does
                future.set_exception(error)


def wipe(*secrets: bytearray) -> None:
    """Overwrite PINs in place."""
    for secret in secrets:
        secret[:] = bytes(len(secret))
