"""Readers for the tests of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.devices.readers import Readers, readers, service_runs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def _service() -> Iterator[Readers]:
    with readers() as ready:
        yield ready


@pytest.fixture
def virtual_readers(_service: Readers) -> Iterator[Readers]:
    """Two empty virtual readers on a real pcscd, which the tests of one module share; mark these `serial`.

    A test may freeze or kill the service: the next one finds it running again.
    """
    if not service_runs():
        _service.service.start()
    yield _service
    _service.service.resume()
    _service.clear()
