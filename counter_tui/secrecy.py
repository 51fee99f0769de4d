"""The process keeps what it holds to itself: no picture of its memory reaches a disk or another program."""

from __future__ import annotations

import ctypes
import resource
from contextlib import suppress
from typing import Final

_PR_SET_DUMPABLE: Final = 4
"""prctl(2)."""


def forbid_dumps() -> None:
    """No core file, no crash collector, no look into the memory by other programs of the account."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(AttributeError, OSError):  # not Linux: the limit alone
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
