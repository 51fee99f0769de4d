"""The keys of a source, called at the key desk, with the rule of the last tries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from counter_tui.security.desk import wipe
from counter_tui.security.proofs import guard_tries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counter_tui.security.caution import Caution
    from counter_tui.security.desk import KeyDesk
    from counter_tui.services.keys import KeyRing, KeySource, PresentKey

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarefulKeys:
    """PINs given here are wiped, whatever happens."""

    source: KeySource
    desk: KeyDesk
    caution: Caution

    async def present(self) -> Sequence[PresentKey]:
        """Keys plugged in now. Raises CounterError where none can be read."""

        def look() -> Sequence[PresentKey]:
            keys = self.source.present()
            self.caution.looked(key.fingerprint for key in keys)
            return keys

        return await self.desk.call(look)

    async def confirm(self, fingerprint: str) -> None:
        """The warning about a key's two last tries was read."""
        await self.desk.call(lambda: self.caution.confirm(fingerprint))

    async def with_pin(self, fingerprint: str, pin: bytearray, act: Callable[[KeyRing, bytearray, int | None], T]) -> T:
        """Open a key and run something with its PIN; it is given the number of tries that were confirmed.

        Raises KeyGone, what `act` raises, StopAtTwo or ConfirmTries.
        """

        def careful(own: bytearray) -> T:
            keyring = self.source.open(fingerprint)
            return self.caution.minding(fingerprint, keyring, lambda confirmed: act(keyring, own, confirmed))

        try:
            return await self.desk.with_pin(pin, careful)
        finally:
            wipe(pin)

    async def change_pin(self, fingerprint: str, old: bytearray, new: bytearray) -> None:
        """Set another PIN. Raises what the key raises, StopAtTwo, ConfirmTries or LastTryKept."""

        def change(own: bytearray, fresh: bytearray) -> None:
            keyring = self.source.open(fingerprint)

            def act(confirmed: int | None) -> None:
                try:
                    guard_tries(keyring.attempts_left(), confirmed)
                    keyring.change_pin(own, fresh)
                finally:
                    keyring.close()

            self.caution.minding(fingerprint, keyring, act)

        try:
            await self.desk.with_pins((old, new), change)
        finally:
            wipe(old, new)

    async def unblock_pin(self, fingerprint: str, puk: bytearray, new: bytearray) -> None:
        """Set a new PIN by the unblocking code. Raises what the key raises, and LastPukTryKept."""

        def unblock(own: bytearray, fresh: bytearray) -> None:
            keyring = self.source.open(fingerprint)

            def act() -> None:
                try:
                    keyring.unblock_pin(own, fresh)
                finally:
                    keyring.close()

            self.caution.minding_puk(fingerprint, act)

        try:
            await self.desk.with_pins((puk, new), unblock)
        finally:
            wipe(puk, new)
