"""The doctor says whether this machine can work in the bureau's suite."""

from __future__ import annotations

import subprocess
import sys

import pytest

from counter_tui.doctor import _algorithms
from counter_tui.operations.suites import SUITES, Suite
from counter_tui.settings import Settings, TrustSettings


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_a_machine_that_has_the_algorithms_of_the_suite_is_fit(suite: Suite) -> None:
    (found,) = _algorithms(Settings(trust=TrustSettings(suite=suite.name)))

    assert found.good
    assert found.text == f"{suite.title}，本机可用"


def test_a_machine_without_sm2_is_told_what_is_missing() -> None:
    program = (
        "import sys; sys.modules['tongsuopy'] = None\n"
        "from counter_tui.doctor import _algorithms\n"
        "from counter_tui.settings import Settings, TrustSettings\n"
        "print(*(found.line() for found in _algorithms(Settings(trust=TrustSettings(suite='national')))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("[差] 本机没有 SM2 运算组件")
    assert "[trust] suite" in done.stdout
