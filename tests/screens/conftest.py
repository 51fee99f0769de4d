"""What every screen test needs: a clerk at a screen, and the counter of the stories on files of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.clerk import ClerkAt, clerk_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.screens.stories import Stories


@pytest.fixture
def at() -> ClerkAt:
    """`async with at(MyScreen, counter=…, size=(80, 24)) as clerk:`."""
    return clerk_at


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Stories]:
    from tests.screens.stories import open_counter

    async with open_counter(tmp_path) as opened:
        yield opened
