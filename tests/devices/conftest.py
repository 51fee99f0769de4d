"""Readers for the tests of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.devices.readers import Readers, readers

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def _service() -> Iterator[Readers]:
    with readers() as ready:
        yield ready


@pytest.fixture
def virtual_readers(_service: Readers) -> Iterator[Readers]:
    """Two empty virtual readers on a real pcscd, which the tests of one module share; mark these `serial`."""
    yield _service
    _service.clear()
