"""Work that must finish before the program ends, whatever becomes of the screen that asked for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

Result = TypeVar("Result")

_running: Final[set[asyncio.Task[Any]]] = set()
_unheard: Final[list[BaseException]] = []


async def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Await work that goes on to its end even when the one who waits for it is cancelled.

    Raises:
        CancelledError: the waiter was cancelled; the work itself goes on and `drain` waits for it.
    """
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_keep_error)
        raise


def _keep_error(task: asyncio.Task[Any]) -> None:
    """Nobody waits for this task any more: what it raises is told by `drain`."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _unheard.append(error)


def pending() -> int:
    """How many pieces of work are still under way in this event loop."""
    return len(_ours())


async def drain() -> tuple[BaseException, ...]:
    """Wait until every piece of work has ended; what went wrong while nobody listened is returned, not raised."""
    while tasks := _ours():
        await asyncio.wait(tasks)
    errors = tuple(_unheard)
    _unheard.clear()
    return errors


def _ours() -> set[asyncio.Task[Any]]:
    loop = asyncio.get_running_loop()
    return {task for task in _running if task.get_loop() is loop}
