"""A seeded city of 100,000 persons under every rule of the law: each person's fen and every sum, the exact way too."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import counter_tui.policy
from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.money import Rounding, round_fen
from counter_tui.policy import rosters
from counter_tui.policy.charges import MergedScheme, RiskClasses, Shares
from counter_tui.policy.contributions import contribution, monthly_rules
from counter_tui.policy.dated import Confidence, Dated, NotInForce, Value
from counter_tui.policy.monthly_rules import WageAboveCeiling, WageBelowFloor
from counter_tui.policy.regions import Policy, load_policy
from counter_tui.training.city import plan_city
from counter_tui.training.lives import lives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.policy.monthly_rules import Columns, MonthlyRule

FOLDER = Path(counter_tui.policy.__file__).parent / "regions"
REGIONS = tuple(name for name in ("dalian", "handan", "tianjin") if (FOLDER / f"{name}.toml").exists())
PERSONS = 100_000
FEN = Decimal(1)
TODAY = date(2026, 7, 15)
FIRST, RECENT, LAST = YearMonth(2015, 1), YearMonth(2026, 1), YearMonth(2026, 12)
EXPLAINED = 25
"""Persons of each rule whose contribution is computed with its explanation, too."""


class Case(NamedTuple):
    """A rule of the law as it begins."""

    scheme: str
    month: YearMonth
    injury_class: int
    rule: MonthlyRule


@cache
def roster() -> array[int]:
    """Wages of a city's persons, in the order of their numbers."""
    plan = plan_city(load_policy("handan", training=True), employers=4_000, persons=PERSONS, seed=7, today=TODAY)
    pay = [life.pay for index in range(1, plan.employers + 1) for life in lives(plan, index)]
    band = plan.law.bands[TODAY.year]
    return array("q", (each.wage(band) for each in pay))


def cases(policy: Policy) -> Iterator[Case]:
    """The rule of each month in which rates changed, lately also limits, with classes of risk in turn."""
    for scheme in sorted(policy.charges):
        before: MonthlyRule | None = None
        for place, month in enumerate(months(FIRST, LAST)):
            try:
                rule = monthly_rules(policy, scheme, month, 1)
            except (NotInForce, MergedScheme):
                continue
            limits = (before.floor, before.ceiling) if before and month < RECENT else (rule.floor, rule.ceiling)
            if before is None or replace(rule, month=before.month, floor=limits[0], ceiling=limits[1]) != before:
                charge = policy.charge(scheme, month).value
                classes = tuple(charge.rates) if isinstance(charge, RiskClasses) else (1,)
                injury_class = classes[place % len(classes)]
                yield Case(scheme, month, injury_class, monthly_rules(policy, scheme, month, injury_class))
            before = rule


@cache
def rounded(mode: Rounding) -> list[int]:
    return [in_fen(Decimal(wage), mode) for wage in roster()]


def in_fen(exact: Decimal, mode: Rounding) -> int:
    """Round as a textbook does where the law asks for no more, else as the exact path does."""
    return int(exact.quantize(FEN, ROUND_HALF_UP)) if mode is Rounding.HALF_UP_FEN else round_fen(exact, mode)


class Due(dict[int, int]):
    """The share of a base by the law's own Decimal, computed once for each base."""

    def __init__(self, rate: Decimal, mode: Rounding) -> None:
        super().__init__()
        self.rate, self.mode = rate, mode

    def __missing__(self, base: int) -> int:
        due = self[base] = in_fen(base * self.rate, self.mode)
        return due


due_at = cache(Due)


def by_decimal(policy: Policy, case: Case) -> list[array[int]]:
    """The five figures of each person of the city: clamp, multiply, round."""
    limits = policy.limits(case.scheme, case.month)
    rates = policy.rates(case.scheme, case.month, injury_class=case.injury_class)
    names = ("base_rounding", "employer_rounding", "person_rounding")
    base_mode, employer, person = (Rounding(str(policy.parameter(name, case.month))) for name in names)
    low, high = limits.floor, limits.ceiling
    base = [low if fen < low else high if fen > high else fen for fen in rounded(base_mode)]  # noqa: FURB136 - as quick as can be
    sides = (
        (rates.employer, employer),
        (rates.person, person),
        (rates.account_employer, employer),
        (rates.account_person, person),
    )
    due = {side: array("q", map(due_at(*side).__getitem__, base)) for side in set(sides)}
    return [array("q", base), *(due[side] for side in sides)]


@pytest.mark.parametrize("region", REGIONS)
def test_every_person_of_a_city_owes_the_same_fen_either_way_under_every_rule(region: str) -> None:
    policy = load_policy(region, training=True)
    wages = roster()
    assert len(wages) == PERSONS
    edges = wages.index(min(wages)), wages.index(max(wages))
    seen = set()
    for place, case in enumerate(cases(policy)):
        columns = rosters.columns(case.rule, wages)
        assert columns is not None
        expected = by_decimal(policy, case)
        assert list(columns[:5]) == expected, case
        assert list(columns.sums()) == list(map(sum, expected)), case
        for number in (*edges, *range(place, PERSONS, PERSONS // EXPLAINED)):
            assert person(columns, number) == exact(policy, case, wages[number]), (case, number)
        seen.add(case.scheme)
    assert {"110", "210", "310", "410"} <= seen


def person(columns: Columns, number: int) -> tuple[int | str | None, ...]:
    return tuple(column[number] for column in columns)


def exact(policy: Policy, case: Case, wage: int) -> tuple[int | str | None, ...]:
    owed = contribution(policy, case.scheme, case.month, wage, injury_class=case.injury_class)
    return (owed.base, owed.employer, owed.person, owed.account_employer, owed.account_person, owed.clamp)


JULY = YearMonth(2025, 7)
LAW = load_policy("handan", training=True)
fen = st.integers(1, 10_000_000)
ppm = st.integers(0, 1_000_000).map(lambda each: Decimal(each).scaleb(-6))


def always(value: object) -> Dated[object]:
    ruling = Value(
        value=value, since=YearMonth(2000, 1), until=None, known_from=None, by="虚构", confidence=Confidence.HIGH
    )
    return Dated(figure="虚构", values=(ruling,))


@given(
    limits=st.tuples(fen, fen).map(sorted),
    rates=st.tuples(ppm, ppm, ppm, ppm),
    modes=st.tuples(*(st.sampled_from(Rounding),) * 3),
    base_mode=st.sampled_from(("clamp", "reject")),
    drawn=st.lists(fen, max_size=3),
)
def test_a_roster_a_wage_and_an_explained_contribution_come_to_the_same_fen(
    limits: list[int],
    rates: tuple[Decimal, Decimal, Decimal, Decimal],
    modes: tuple[Rounding, Rounding, Rounding],
    base_mode: str,
    drawn: list[int],
) -> None:
    floor, ceiling = limits
    names = ("base_rounding", "employer_rounding", "person_rounding")
    settings = dict(zip(names, map(always, modes), strict=True)) | {"base_mode": always(base_mode)}
    employer, whole, account_employer, account_person = rates
    shares = Shares(employer=employer, person=whole, account_employer=account_employer, account_person=account_person)
    policy = replace(
        LAW,
        floors={"110": always(floor)},  # type: ignore[dict-item]
        ceilings={"110": always(ceiling)},  # type: ignore[dict-item]
        charges={"110": always(shares)},  # type: ignore[dict-item]
        settings={**LAW.settings, **settings},  # type: ignore[dict-item]
    )
    case = Case("110", JULY, 1, monthly_rules(policy, "110", JULY))
    wages = [*drawn, 1, floor - 1, floor, floor + 1, ceiling - 1, ceiling, ceiling + 1, 10**11]
    taken = []
    for wage in filter(None, wages):
        if case.rule.refuses(wage):
            with pytest.raises((WageBelowFloor, WageAboveCeiling)):
                exact(policy, case, wage)
        else:
            taken.append(wage)
    columns = rosters.columns(case.rule, taken)
    assert columns is not None
    for number, wage in enumerate(taken):
        assert person(columns, number) == exact(policy, case, wage)
        assert person(columns, number) == tuple(case.rule.amounts(wage))
