"""Keys and sign-on cost nothing before somebody signs on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.devices.training_kit import counter

if TYPE_CHECKING:
    from counter_tui.services.keys import KeyRing, KeySource

TOP = Path(__file__).parents[2]
ALL_MODULES = """
import importlib, pkgutil, sys
package = importlib.import_module({package!r})
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
loaded = sorted({{"cryptography", "asn1crypto", "smartcard", "pkcs11"}} & set(sys.modules))
assert not loaded, loaded
"""


@pytest.mark.parametrize("package", ["counter_tui.devices.keys", "counter_tui.security"])
def test_importing_keys_and_sign_on_loads_no_heavy_library(package: str) -> None:
    program = ALL_MODULES.format(package=package)
    outcome = subprocess.run([sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=False)

    assert outcome.returncode == 0, outcome.stderr


def test_soft_keys_fit_the_port_of_the_services(tmp_path: Path) -> None:
    source: KeySource = counter(tmp_path).keys
    ring: KeyRing = source.open(source.present()[0].fingerprint)

    assert ring.present() == source.present()[0].fingerprint
