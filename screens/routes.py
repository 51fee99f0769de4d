"""Which screen serves a business function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from screens.base import CounterScreen


class NoScreen(CounterError):
    """本版本没有“{code}”这项功能，请按 F12 返回"""

    code: str


def open_function(code: str) -> CounterScreen:
    """The screen of a function, not yet shown. Raises NoScreen."""
    if code in {"P01", "P05"}:
        from screens.entry import Entry

        return Entry(code)
    raise NoScreen(code=code)
