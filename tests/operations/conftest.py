"""Offices that the tests of the rules start from."""

from __future__ import annotations

import pytest

from tests.operations.office import CLERK, Office


@pytest.fixture
def office() -> Office:
    """A Handan office; the first clerk receives the first employer."""
    made = Office()
    made.receive(by=CLERK)
    return made


@pytest.fixture
def tianjin() -> Office:
    """A Tianjin office; likewise."""
    made = Office("tianjin")
    made.receive(by=CLERK)
    return made
