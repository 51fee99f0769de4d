"""Problems carry field, number and facts to screen and wire."""

from __future__ import annotations

import msgspec
import pytest

from counter_tui.domain.messages import WrongFacts
from counter_tui.domain.problems import Grade, Problem, Rejected, ask, ask_text, hint, stop, stop_text


def test_a_problem_says_what_the_catalogue_says() -> None:
    problem = stop("stopped_on", "M16", "2026-07-01")
    assert problem.grade is Grade.STOP
    assert problem.sentence.startswith("停保时间不能早于上次变更时间（2026-07-01）")


def test_a_problem_in_free_words_says_those_words() -> None:
    assert ask_text(None, "材料不齐").sentence == "材料不齐"


def test_a_problem_with_a_missing_fact_is_refused_where_it_is_made() -> None:
    with pytest.raises(WrongFacts):
        hint("wage", "M19")


@pytest.mark.parametrize("problem", [ask("born", "M04"), hint("wage", "M19", 4200), stop_text("name", "姓名为空 {x}")])
def test_a_problem_survives_the_wire(problem: Problem) -> None:
    assert msgspec.json.decode(msgspec.json.encode(problem), type=Problem) == problem


def test_a_rejection_carries_all_problems_and_says_the_first() -> None:
    problems = (stop("reason", "M17"), stop("stopped_on", "M15"))
    rejected = Rejected(problems)
    assert rejected.problems == problems
    assert str(rejected) == problems[0].sentence


def test_a_rejection_without_a_problem_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs a problem"):
        Rejected(())
