"""The rule of the last tries: at two left a key must be put in anew and the warning be confirmed; the last is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from counter_tui.security.refusals import LastPukTryKept, StopAtTwo
from counter_tui.services.keys import WrongPin, WrongPuk
from counter_tui.services.signing import ConfirmTries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counter_tui.services.keys import KeyRing, Plug

T = TypeVar("T")


@dataclass(slots=True)
class _Stopped:
    """A key the program has stopped at."""

    left: int
    plug: Plug | None
    """Where it stood when it was last stopped at or warned of."""
    pulled: bool = False
    """It was seen to be gone since."""
    warned: bool = False
    confirmed: bool = False

    def put_in_anew(self, plug: Plug | None) -> bool:
        return self.pulled or self.warned or (plug is not None and plug != self.plug)

    def confirmed_tries(self, plug: Plug | None) -> int | None:
        return self.left if self.confirmed and plug == self.plug else None


class Caution:
    """What this program knows of keys with few tries left. Used in the thread of the key desk alone."""

    def __init__(self) -> None:
        self._stopped: dict[str, _Stopped] = {}
        self._puk_tries: dict[str, int] = {}

    def looked(self, present: Iterable[str]) -> None:
        """Fingerprints that were plugged in just now; a key that was not among them has been pulled."""
        for fingerprint in self._stopped.keys() - set(present):
            stopped = self._stopped[fingerprint]
            stopped.pulled, stopped.warned, stopped.confirmed = True, False, False

    def confirm(self, fingerprint: str) -> None:
        """The warning that was given about this key has been read."""
        if (stopped := self._stopped.get(fingerprint)) is not None:
            stopped.confirmed = stopped.warned

    def minding(self, fingerprint: str, keyring: KeyRing, act: Callable[[int | None], T]) -> T:
        """Do something that may spend a PIN try of a key; `act` is given the number of tries confirmed for it.

        Raises what `act` raises, and ConfirmTries instead of StopAtTwo once the key was put in anew.
        """
        plug, before = keyring.plug(), self._stopped.get(fingerprint)
        anew = before is not None and before.put_in_anew(plug)
        try:
            done = act(before.confirmed_tries(plug) if before is not None else None)
        except StopAtTwo as stop:
            self._stopped[fingerprint] = _Stopped(stop.left, plug, warned=anew)
            if anew:
                raise ConfirmTries(left=stop.left, fingerprint=fingerprint) from None
            raise
        except WrongPin:
            self._stopped.pop(fingerprint, None)
            raise
        self._stopped.pop(fingerprint, None)
        return done

    def minding_puk(self, fingerprint: str, act: Callable[[], None]) -> None:
        """As `minding` for the PUK: only after a wrong one a key tells how many tries are left.

        Raises LastPukTryKept: a key whose PUK is blocked is lost.
        """
        if self._puk_tries.get(fingerprint) == 1:
            raise LastPukTryKept
        try:
            act()
        except WrongPuk as wrong:
            self._puk_tries[fingerprint] = wrong.left
            raise
        self._puk_tries.pop(fingerprint, None)
        self._stopped.pop(fingerprint, None)
