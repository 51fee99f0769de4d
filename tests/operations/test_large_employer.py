"""Ten thousand persons in four schemes are assessed while the clerk looks on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from counter_tui.operations.assessment import assess
from tests.operations.fake_register import FakeRegister
from tests.operations.office import MONTH, SCHEMES, Office, coverage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_tui.domain.coverage import Coverage


class Gathered(FakeRegister):
    """A register that has its rows at hand: it is not what is timed."""

    def __init__(self, rows: Iterable[Coverage]) -> None:
        super().__init__()
        self._gathered = tuple(rows)

    def coverages_of_employer(self, employer: str) -> Iterable[Coverage]:
        return (row for row in self._gathered if row.employer == employer)


@pytest.mark.serial
def test_an_employer_of_ten_thousand_is_assessed_within_a_second() -> None:
    office = Office()
    people = [f"1304{place:08d}" for place in range(10_000)]
    rows = Gathered(
        coverage(of, scheme, wage=300000 + place * 250) for place, of in enumerate(people) for scheme in SCHEMES
    )
    started = time.process_time()
    found = assess(rows, office.policy, office.employer(), MONTH)
    taken = time.process_time() - started
    assert (found.heads, len(found.roster)) == (10_000, 40_000)
    assert taken < 1
