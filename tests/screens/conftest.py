"""What every screen test needs: the environment of the program, and a clerk."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from counter_tui.__main__ import set_environment

set_environment()

from tests.screens.clerk import Clerk, clerk_at  # noqa: E402 - after the environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    ClerkAt: TypeAlias = Callable[..., AbstractAsyncContextManager[Clerk]]


@pytest.fixture
def at() -> ClerkAt:
    """`async with at(MyScreen, counter=…, size=(80, 24)) as clerk:`."""
    return clerk_at
