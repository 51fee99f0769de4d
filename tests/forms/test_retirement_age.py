"""The statutory retirement age against rows that others publish."""

from __future__ import annotations

from datetime import date

import pytest

from counter_tui.policy.retirement import retirement_law


@pytest.mark.parametrize(
    ("born", "sex", "status", "day"),
    [
        ("1964-12-31", "1", "1", "2024-12-31"),
        ("1965-01-15", "1", "1", "2025-02-15"),
        ("1965-05-01", "1", "1", "2025-07-01"),
        ("1967-05-12", "1", "1", "2028-01-12"),
        ("1976-12-01", "1", "1", "2039-12-01"),
        ("2000-12-01", "1", "1", "2063-12-01"),
        ("1974-10-08", "2", "4", "2031-01-08"),
        ("1981-12-01", "2", "4", "2039-12-01"),
        ("1980-01-01", "2", "1", "2032-08-01"),
        ("1975-03-01", "2", "1", "2025-05-01"),
        ("1984-12-01", "2", "1", "2039-12-01"),
        ("1965-01-31", "1", "1", "2025-02-28"),
    ],
)
def test_the_age_rises_step_by_step(born: str, sex: str, status: str, day: str) -> None:
    assert retirement_law().retires_on(date.fromisoformat(born), sex, status) == date.fromisoformat(day)


def test_the_law_names_its_authority() -> None:
    assert "2024-09-13" in retirement_law().by
