"""Files and stores of the small bureau."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.local import SqliteLocalStore, open_local
from tests.storage.bureau import BUREAU, Clerk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "counter.db"


@pytest.fixture
def store(file: Path) -> Iterator[SqliteLocalStore]:
    opened = open_local(file, bureau=BUREAU, device="host-1")
    yield opened
    opened.close()


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()
