"""A compiled SKF library for each width, and a fresh copy of it for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.devices.skf.kit import Vendor, compiled


@pytest.fixture(scope="session", params=[4, 8], ids=["ulong-4", "ulong-8"])
def compiled_library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    return compiled(tmp_path_factory.mktemp("skf"), request.param), request.param


@pytest.fixture
def vendor(compiled_library: tuple[Path, int], tmp_path: Path) -> Vendor:
    """A library that nobody has used yet: loaded from a file of its own, it has a state of its own."""
    library, ulong = compiled_library
    return Vendor(Path(shutil.copy(library, tmp_path)), ulong)
