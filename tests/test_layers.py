"""What is loaded when: the run-time twin of the import contracts, each case in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
HEAVY = (
    "sqlalchemy",
    "alembic",
    "reportlab",
    "openpyxl",
    "httpx",
    "cryptography",
    "pypinyin",
    "litestar",
    "PIL",
    "numpy",
)
OUTSIDE = ("textual", "rich", "sqlalchemy", "httpx", "smartcard", "reportlab", "openpyxl", "litestar", "cryptography")

LOADED_BY_VERSION = f"""
import sys
from counter_tui.__main__ import main
sys.argv = ["counter-tui", "--version"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
loaded = sorted(name for name in {HEAVY!r} if name in sys.modules)
assert not loaded, loaded
"""

IMPORTED_ALONE = """
import importlib, pkgutil, sys

class Wall:
    '''Refuses the libraries of the outside, installed or not.'''
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {outside!r}:
            raise ImportError("outside library: " + name)

sys.meta_path.insert(0, Wall())
package = importlib.import_module({package!r})
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
"""


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=False)


def test_asking_for_the_version_loads_no_heavy_library() -> None:
    outcome = run_python(LOADED_BY_VERSION)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip()


@pytest.mark.parametrize("layer", ["domain", "policy", "forms", "operations", "services"])
def test_a_core_layer_works_where_no_outside_library_exists(layer: str) -> None:
    outcome = run_python(IMPORTED_ALONE.format(outside=OUTSIDE, package=f"counter_tui.{layer}"))
    assert outcome.returncode == 0, outcome.stderr


def test_the_wall_of_the_test_above_does_refuse_a_library() -> None:
    outcome = run_python(IMPORTED_ALONE.format(outside=OUTSIDE, package="rich"))
    assert "outside library: rich" in outcome.stderr
