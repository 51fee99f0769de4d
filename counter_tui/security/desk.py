"""The key desk: blocking key calls run in one thread, one at a time, while the screen goes on."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class KeyDesk:
    """Takes key calls in the order they come. One per program; close it at the end."""

    def __init__(self) -> None:
        """The thread starts with the first call."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="key")

    async def call(self, act: Callable[[], T]) -> T:
        """Run a key call that needs no PIN."""
        return await asyncio.wrap_future(self._thread.submit(act))

    async def with_pin(self, pin: bytearray, act: Callable[[bytearray], T]) -> T:
        """Run a key call with a copy of the PIN, wiped when the call is over.

        The copy lets the caller wipe his own at once, even when the wait is cancelled: a key that is still reading
        would otherwise be given zeros and count a wrong try.
        """
        own = bytearray(pin)
        future = self._thread.submit(act, own)
        future.add_done_callback(lambda _: wipe(own))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let the running call end, drop the waiting ones."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def wipe(secret: bytearray) -> None:
    """Overwrite a PIN in place."""
    for place in range(len(secret)):
        secret[place] = 0
