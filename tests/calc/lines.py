"""Lines sent to `counter-tui calc`, and their answers."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from counter_tui.calc import answer

TODAY = date(2026, 11, 23)
_TESTS = Path(__file__).parent.parent


def asked(calc: str, **fields: object) -> dict[str, Any]:
    """The answer to a line of these fields."""
    return told(json.dumps({"calc": calc, **fields}))


def told(line: str | bytes) -> dict[str, Any]:
    """The answer to a line as it stands."""
    found = json.loads(answer(line.encode() if isinstance(line, str) else line, TODAY))
    assert isinstance(found, dict)
    return found


def rows(name: str) -> list[dict[str, str]]:
    """A table of the tests by its path under `tests`."""
    return list(csv.DictReader((_TESTS / name).read_text(encoding="utf-8").splitlines()))
