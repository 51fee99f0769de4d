"""An assessed employer: each row is the person's own exact contribution, each line the sum of its rows (K4)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.bills import BillLine, RosterRow
from counter_tui.operations.assessment import Assessment, assess
from counter_tui.policy.contributions import contribution
from counter_tui.policy.monthly_rules import BadWage, WageAboveCeiling, WageBelowFloor
from tests.operations.fake_register import FakeRegister
from tests.operations.office import MONTH, SCHEMES, Office, coverage, employer

OFFICE = Office()
CLAMPING = OFFICE.policy
_MODE = CLAMPING.settings["base_mode"]
REJECTING = replace(
    CLAMPING,
    settings={**CLAMPING.settings, "base_mode": replace(_MODE, values=(replace(_MODE.values[0], value="reject"),))},
)
EDGES = sorted(
    {
        limit + step
        for scheme in SCHEMES
        for limits in [CLAMPING.limits(scheme, MONTH)]
        for limit in (limits.floor, limits.ceiling)
        for step in (-1, 0, 1)
    }
)
wages = st.one_of(st.sampled_from([1, *EDGES, 10**11]), st.integers(1, 5_000_000))
staff = st.lists(st.tuples(st.sampled_from(SCHEMES), wages), max_size=30)


def assessed(people: list[tuple[str, int]], *, rejects: bool) -> Assessment:
    register = FakeRegister()
    register.put(*(coverage(f"{place:05d}", scheme, wage=wage) for place, (scheme, wage) in enumerate(people)))
    return assess(register, REJECTING if rejects else CLAMPING, employer(), MONTH)


def exact_row(place: int, scheme: str, wage: int, *, rejects: bool) -> RosterRow:
    plain = RosterRow(person=f"{place:05d}", scheme=scheme, wage=wage, base=0, employer=0, person_due=0, clamp="")
    try:
        owed = contribution(REJECTING if rejects else CLAMPING, scheme, MONTH, wage, injury_class=3)
    except WageBelowFloor:
        return replace(plain, clamp="raised")
    except WageAboveCeiling:
        return replace(plain, clamp="cut")
    return replace(plain, base=owed.base, employer=owed.employer, person_due=owed.person, clamp=owed.clamp or "")


@given(rejects=st.booleans(), people=staff)
def test_every_row_is_the_persons_own_contribution_in_the_order_of_the_register(
    *, rejects: bool, people: list[tuple[str, int]]
) -> None:
    found = assessed(people, rejects=rejects)
    expected = [exact_row(place, scheme, wage, rejects=rejects) for place, (scheme, wage) in enumerate(people)]
    assert list(found.roster) == expected
    assert list(found.out_of_range) == [row for row in expected if row.clamp]


@given(rejects=st.booleans(), people=staff)
def test_every_line_adds_up_the_rows_that_owe(*, rejects: bool, people: list[tuple[str, int]]) -> None:
    found = assessed(people, rejects=rejects)
    assert [line.scheme for line in found.lines] == sorted({scheme for scheme, _ in people})
    for line in found.lines:
        owing = [row for row in found.roster if row.scheme == line.scheme and not (rejects and row.clamp)]
        assert added(line) == (
            len(owing),
            sum(row.wage for row in owing),
            sum(row.base for row in owing),
            sum(row.employer for row in owing),
            sum(row.person_due for row in owing),
        )
        shares = [contribution(CLAMPING, row.scheme, MONTH, row.wage, injury_class=3) for row in owing]
        assert line.account_employer == sum(each.account_employer for each in shares)
        assert line.account_person == sum(each.account_person for each in shares)


def added(line: BillLine) -> tuple[int, int, int, int, int]:
    return line.heads, line.wages, line.employer_base, line.employer, line.person


@pytest.mark.parametrize("rejects", [True, False])
def test_a_wage_of_nothing_stops_the_assessment(*, rejects: bool) -> None:
    with pytest.raises(BadWage):
        assessed([("110", 600_000), ("110", 0), ("110", 1)], rejects=rejects)
