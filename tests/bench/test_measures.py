"""The arithmetic of the bench: a wrong ratio would praise or blame for ever."""

from __future__ import annotations

import math
import sys

import pytest

from tests.bench.measures import Comparison, Growth, in_turns, percentile
from tests.bench.ptys import Line, NotShown


def test_the_ratio_compares_medians_and_not_outliers() -> None:
    comparison = Comparison(
        title="key", unit="ms", reference="curses", samples={"curses": [1.0, 1.0, 90.0], "counter": [2.0, 2.0, 3.0]}
    )
    assert comparison.ratio("counter") == 2.0
    assert comparison.ratio("curses") == 1.0


def test_silence_beside_silence_is_even_and_noise_beside_silence_is_without_measure() -> None:
    comparison = Comparison(title="idle", unit="bytes", reference="curses", samples={"curses": [0.0], "stock": [9.0]})
    assert comparison.ratio("curses") == 1.0
    assert math.isinf(comparison.ratio("stock"))


def test_the_95th_percentile_of_a_hundred_keys_is_the_95th() -> None:
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7.0], 95) == 7.0


def test_work_that_grows_with_its_square_is_said_to_do_so() -> None:
    assert Growth(program="p", seconds={10: 1.0, 100: 100.0}).exponent == pytest.approx(2)


def test_programs_take_turns() -> None:
    order: list[str] = []

    def sample(name: str) -> float:
        order.append(name)
        return float(len(order))

    samples = in_turns({"a": lambda: sample("a"), "b": lambda: sample("b")}, rounds=2)
    assert order == ["a", "b", "a", "b"]
    assert samples == {"a": [1.0, 3.0], "b": [2.0, 4.0]}


@pytest.mark.serial
def test_a_line_counts_the_bytes_a_program_sends_back() -> None:
    with Line([sys.executable, "-m", "tests.bench.curses_form"]) as line:
        line.shows("Field 10:")
        line.settles()
        assert line.sends("4").received == b"4"
        assert line.idles(0.2) == 0


@pytest.mark.serial
def test_a_program_that_ends_early_is_reported() -> None:
    with Line([sys.executable, "-c", "print('gone')"]) as line, pytest.raises(NotShown, match="gone"):
        line.shows("Field 10:")
