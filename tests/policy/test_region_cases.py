"""The cases that officials can read and sign: tests/regions/*.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import read_yuan, yuan
from counter_tui.errors import CounterError
from counter_tui.policy.contributions import contribution
from counter_tui.policy.regions import load_policy

FILES = sorted((Path(__file__).parent.parent / "regions").glob("*.toml"))


def cases(kind: str) -> list[Any]:
    found = []
    for path in FILES:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [
            pytest.param(content["region"], case, id=f"{path.stem}-{number}")
            for number, case in enumerate(content.get(kind, ()))
        ]
    return found


@pytest.mark.parametrize(("region", "case"), cases("contribution"))
def test_the_program_comes_to_what_was_worked_out_by_hand(region: str, case: dict[str, Any]) -> None:
    owed = contribution(
        load_policy(region, training=False),
        case["scheme"],
        YearMonth.parse(case["month"]),
        read_yuan(case["wage"]),
        injury_class=case.get("injury_class"),
    )
    expected = case["expected"]
    assert (yuan(owed.base), yuan(owed.employer), yuan(owed.person)) == (
        expected["base"],
        expected["employer"],
        expected["person"],
    ), case["name"]
    assert owed.clamp == expected.get("clamp"), case["name"]
    assert list(owed.marks) == expected.get("marks", []), case["name"]
    if "account_person" in expected:
        assert yuan(owed.account_person) == expected["account_person"], case["name"]
    if "components" in expected:
        assert {name: yuan(fen) for name, fen in owed.components} == expected["components"], case["name"]


@pytest.mark.parametrize(("region", "case"), cases("refused"))
def test_a_month_without_law_is_refused_in_words(region: str, case: dict[str, Any]) -> None:
    with pytest.raises(CounterError) as refusal:
        contribution(
            load_policy(region, training=False),
            case["scheme"],
            YearMonth.parse(case["month"]),
            read_yuan(case["wage"]),
            injury_class=case.get("injury_class"),
        )
    assert refusal.value.sentence == case["sentence"], case["name"]


def test_every_region_brings_its_cases() -> None:
    for region in ("handan", "tianjin", "dalian", "yuanbo", "generic"):
        brought = {
            kind: [each for each in cases(kind) if each.values[0] == region] for kind in ("contribution", "refused")
        }
        assert len(brought["contribution"]) >= 14, region
        assert len(brought["refused"]) >= 5, region


def test_every_year_with_figures_has_its_case() -> None:
    for region, silent in (
        ("handan", ()),
        ("tianjin", ("2019",)),
        ("dalian", ("2018", "2019", "2020")),
        ("yuanbo", ()),
        ("generic", ()),
    ):
        years = {each.values[1]["month"][:4] for each in cases("contribution") if each.values[0] == region}
        assert years == {str(year) for year in range(2015, 2027)} - set(silent), region
