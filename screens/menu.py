"""The menu as one operator is offered it: paths, groups, and the search that teaches the number."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.domain.operators import Operator
    from counter_tui.policy.profile import MenuEntry

SHIFT: Final = "01"
RECEIVE_EMPLOYER: Final = "02"
RECEIVE_PERSON: Final = "03"
END_RECEPTION: Final = "04"
WORKLIST: Final = "05"
"""Paths of the reception group; digits never change between regions."""
FIGURES: Final = "99"
"""What is in force: loading it is for some, looking at it for all."""

_FOR_EVERYBODY: Final = frozenset({SHIFT, WORKLIST, FIGURES})

_FIRST: Final = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"), (0xD7FA, ""),
)  # fmt: skip
"""Where each initial begins among the common characters, which GB/T 2312 orders by pinyin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """All entries of a region, and which of them the operator's posts open."""

    entries: tuple[MenuEntry, ...]
    operator: Operator

    @property
    def offered(self) -> tuple[MenuEntry, ...]:
        """Entries that this operator may open, by path."""
        return tuple(entry for entry in self.entries if self.opens(entry))

    def opens(self, entry: MenuEntry) -> bool:
        """Whether the operator's posts and groups open an entry, as its maker or as its second person."""
        function = entry.function
        return entry.path in _FOR_EVERYBODY or self.operator.may_use(function) or self.operator.may_confirm(function)

    def at(self, path: str) -> MenuEntry | None:
        """The entry of a path, offered or not; None when the region has none."""
        return next((entry for entry in self.entries if entry.path == path), None)

    def under(self, path: str) -> tuple[MenuEntry, ...]:
        """Offered entries whose path begins so: a group, or a part of one."""
        return tuple(entry for entry in self.offered if entry.path.startswith(path))

    def found(self, typed: str) -> tuple[MenuEntry, ...]:
        """Offered entries by part of the name or by pinyin initials; those that begin so come first."""
        wanted = plain(typed).lower()
        if not wanted:
            return ()
        names = [(entry, plain(entry.name).lower(), initials(entry.name)) for entry in self.offered]
        first = [entry for entry, name, letters in names if name.startswith(wanted) or letters.startswith(wanted)]
        other = [entry for entry, name, letters in names if wanted in name or wanted in letters]
        return (*first, *(entry for entry in other if entry not in first))


def path_of(typed: str) -> str:
    """The path that was typed, `1 1` or `１１` for 11; empty when it is no path."""
    path = plain(typed).replace(" ", "")
    return path if path == "*" or (path.isascii() and path.isdigit()) else ""


def initials(name: str) -> str:
    """Pinyin initials of a name of the menu; characters outside the common ones are left out."""
    return "".join(map(_initial, name))


def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    place = bisect_right(_FIRST, code, key=lambda bound: bound[0])
    return _FIRST[place - 1][1] if place else ""


def lines(entries: Sequence[MenuEntry]) -> list[str]:
    """Entries as a panel lists them: the path first, so that it is learnt."""
    return [f"{entry.path:<4}{entry.name}" for entry in entries]
