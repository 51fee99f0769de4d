"""A counter file and a hub file of the small bureau."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.hub import Hub, open_hub
from storage.local import SqliteLocalStore, open_local
from tests.storage.bureau import BUREAU, Clerk, judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteLocalStore]:
    opened = open_local(tmp_path / "counter.db", bureau=BUREAU, device="host-1")
    yield opened
    opened.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    opened = open_hub(tmp_path / "hub.db", bureau=BUREAU, training=False, judge=judge())
    opened.enrol_device("host-1", ["003", "004"])
    opened.enrol_device("host-2", ["005"])
    yield opened
    opened.close()


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()
