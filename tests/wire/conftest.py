"""A terminal for every test of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wire.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal() as opened:
        yield opened
