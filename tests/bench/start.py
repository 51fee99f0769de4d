"""How long a session takes to its first paint, against the smallest Textual program."""

from __future__ import annotations

import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("counter-tui")
HELLO = Path(__file__).parent / "hello.py"
ROUNDS = 9
