"""Power and patience run out: real programs are killed while they save."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.serial
def test_forty_killed_programs_lose_and_double_nothing(seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.kills", "--seed", str(seed), "--count", "40"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost, nothing doubled" in done.stdout
