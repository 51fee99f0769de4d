"""A host without the reader library: the program starts all the same and says what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[2]
WITHOUT = """
import sys
sys.modules["smartcard"] = None
from counter_tui.devices.key_watch import ReaderWatch
from counter_tui.devices.keys.piv import PivKeys
from counter_tui.services.keys import NoLibrary
import counter_tui.cli
keys = PivKeys()
try:
    keys.present()
except NoLibrary as refusal:
    print(refusal)
watch = ReaderWatch()
watch.start()
assert watch.plugged == frozenset()
watch.close()
"""


def test_without_the_library_the_program_starts_and_says_how_to_get_it() -> None:
    outcome = subprocess.run([sys.executable, "-c", WITHOUT], cwd=TOP, capture_output=True, text=True, check=False)

    assert outcome.returncode == 0, outcome.stderr
    assert "uv sync --extra usbkey" in outcome.stdout
    assert not outcome.stderr
