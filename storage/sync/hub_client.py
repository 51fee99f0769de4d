"""The way to a hub: the same bytes whether it runs in this process or far away."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from storage.hub.ingest import Hub


class HubClient(Protocol):
    """What a line asks of a hub. Any exception means that the exchange may or may not have happened."""

    async def ingest(self, data: bytes) -> bytes:
        """Push; returns the hub's reply."""

    async def feed(self, after: int, limit: int) -> bytes:
        """A page of the feed behind a position."""


class InProcessHub:
    """A hub in this process, in a thread of its own."""

    def __init__(self, hub: Hub) -> None:
        """Speak with this hub; it stays open when the client is closed."""
        self._hub = hub
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counter-hub")

    async def ingest(self, data: bytes) -> bytes:
        """Push; returns the hub's reply."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._hub.ingest, data)

    async def feed(self, after: int, limit: int) -> bytes:
        """A page of the feed behind a position."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._hub.feed, after, limit)

    def close(self) -> None:
        """Wait for the exchange under way and end the thread."""
        self._thread.shutdown()
