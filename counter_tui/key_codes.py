"""Key codes that terminals send and the screen library does not know, or takes for something else.

What it does not know it types into the field.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Typed:
    """A printing key, named by its character."""

    value: str


_Codes: TypeAlias = "Mapping[str, tuple[Keys | Typed, ...] | str]"

_KEYPAD: Final[_Codes] = {"\x1bOI": (Keys.Tab,), "\x1bO ": " ", "\x1bOX": "=", "\x1bOl": ","}
"""Of the keypad in application mode, which some clients leave on; the other keys are known."""
_LINUX: Final[_Codes] = {"\x1b\t": (Keys.BackTab,)}
_SCO: Final[_Codes] = {
    "\x1b[M": (Keys.F1,),
    "\x1b[N": (Keys.F2,),
    "\x1b[P": (Keys.F4,),
    "\x1b[Q": (Keys.F5,),
    "\x1b[R": (Keys.F6,),
    "\x1b[S": (Keys.F7,),
    "\x1b[T": (Keys.F8,),
    "\x1b[U": (Keys.F9,),
    "\x1b[V": (Keys.F10,),
    "\x1b[X": (Keys.F12,),
}
"""Function keys of PuTTY's SCO mode. F3 is there what others send when they lose the focus, PgUp when they get it."""
_BEGIN_CODES: Final = "[O"
_AFTER_ESCAPE: Final[_Codes] = {
    "\x1b\r": (Keys.Escape, Keys.Enter),
    **{
        f"\x1b{key}": (Keys.Escape, Typed(key))
        for key in string.digits + string.ascii_letters + string.punctuation
        if key not in _BEGIN_CODES
    },
}
"""Esc and a key right behind it are those two keys; the library makes `¡` of Esc and 1 and loses Esc before letters."""
KEY_CODES: Final[_Codes] = {**_KEYPAD, **_LINUX, **_SCO, **_AFTER_ESCAPE}


def know_key_codes() -> None:
    """Teach the library's parser the codes above."""
    cast("dict[str, object]", ANSI_SEQUENCES_KEYS).update(KEY_CODES)
