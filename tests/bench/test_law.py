"""The ways that the bench of the law compares do the same work, and nothing of the law is read before it is asked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counter_tui.policy.regions import load_policy
from tests.bench import law

TOP = Path(__file__).parents[2]
POLICY = load_policy("handan", training=True)

READ_BY = """
import importlib, sys
read = set()

def note(event, facts):
    if event == "open" and isinstance(facts[0], str) and facts[0].endswith(".toml") and "policy" in facts[0]:
        read.add(facts[0].rpartition("/")[2])

sys.addaudithook(note)
{program}
print(*sorted(read))
"""
EVERYTHING = """
import pkgutil
import counter_tui, screens, storage
for package in (counter_tui, screens, storage):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)
"""
LOAD = """
from counter_tui.policy.regions import load_policy
load_policy("handan", training=False)
"""


def read_by(program: str) -> list[str]:
    outcome = subprocess.run(
        [sys.executable, "-c", READ_BY.format(program=program)], cwd=TOP, capture_output=True, text=True, check=True
    )
    return outcome.stdout.split()


def test_all_ways_come_to_the_same_lines_for_every_person() -> None:
    roster = law.wages(2_000)
    exact = law.by_decimal(POLICY, roster)
    assert len(exact) == 7
    assert {len(line) for line in exact} == {2_000}
    for lines in (
        law.by_counter(POLICY, roster),
        law.one_by_one(POLICY, roster),
        law.by_numpy(POLICY, np.array(roster, dtype=np.int64)),
    ):
        assert law.agree(lines, exact)


def test_wages_of_the_bench_lie_below_between_and_above_the_limits() -> None:
    roster = law.wages(2_000)
    for line in law.law(POLICY):
        assert min(roster) < line.floor < line.ceiling < max(roster)


def test_one_fen_of_one_person_is_a_disagreement() -> None:
    exact = law.by_decimal(POLICY, law.wages(50))
    wrong: law.Lines = [[*line] for line in exact]
    wrong[6] = [*exact[6][:-1], exact[6][-1] + 1]
    assert not law.agree(wrong, exact)
    assert not law.agree([line[:-1] for line in exact], exact)


def test_a_way_with_another_floor_stops_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    read = law.law
    monkeypatch.setattr(law, "SIZES", {100: 1})
    monkeypatch.setattr(law, "law", lambda policy: [replace(line, floor=line.floor + 100) for line in read(policy)])
    with pytest.raises(law.Disagreement):
        next(law.cities(POLICY))


def test_starting_the_counter_reads_no_figure_of_the_law() -> None:
    assert read_by(EVERYTHING) == []


def test_a_region_reads_its_own_chain_of_files_and_leaves_tables_for_later() -> None:
    assert read_by(LOAD) == ["handan.toml", "hebei.toml", "nation.toml"]
