"""Which screen serves a business function."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.domain.declarations import Item
    from screens.base import CounterScreen

ROUTES: Final[Mapping[str, tuple[str, str]]] = {
    "P01": ("screens.entry", "Entry"),
    "P05": ("screens.entry", "Entry"),
    "P10": ("screens.compare", "Compare"),
    "P11": ("screens.compare", "Compare"),
    "P25": ("screens.submission", "Submission"),
    "P26": ("screens.submission", "Cancellation"),
    "P27": ("screens.review", "ReviewQueue"),
    "P28": ("screens.submission", "Progress"),
    "P29": ("screens.settlement", "Assessing"),
    "P30": ("screens.settlement", "Settling"),
    "P31": ("screens.settlement", "Settling"),
    "P34": ("screens.roll_back", "RollingBack"),
    "P50": ("screens.enquiry", "SettledAmounts"),
    "P60": ("screens.printing", "PrintChanges"),
    "P63": ("screens.printing", "PrintBills"),
    "P64": ("screens.printing", "PrintBills"),
    "figures": ("screens.figures", "Figures"),
    "posts": ("screens.posts", "Posts"),
}
"""Module and class of each function's screen; modules are loaded when they are opened."""

CONFIRMATIONS: Final[Mapping[str, tuple[str, str]]] = {"P34": ("screens.roll_back", "RollBackRequests")}
"""Where the second person of a function answers; nobody need be in reception for that."""


class NoScreen(CounterError):
    """本版本没有「{code}」这项功能，请按 F12 返回"""

    code: str


def open_function(code: str) -> CounterScreen:
    """The screen of a function, not yet shown. Raises NoScreen."""
    screen: CounterScreen = _screen(code)(code)
    return screen


def open_confirmation(code: str) -> CounterScreen:
    """What waits for the second person of a function, not yet shown. Raises NoScreen."""
    if code not in CONFIRMATIONS:
        raise NoScreen(code=code)
    module, name = CONFIRMATIONS[code]
    screen: CounterScreen = getattr(import_module(module), name)(code)
    return screen


def open_item(item: Item) -> CounterScreen:
    """The form of an item that is to be corrected, not yet shown. Raises NoScreen."""
    screen: CounterScreen = _screen(item.function)(item.function, item)
    return screen


def _screen(code: str) -> Any:
    if code not in ROUTES:
        raise NoScreen(code=code)
    module, name = ROUTES[code]
    return getattr(import_module(module), name)
