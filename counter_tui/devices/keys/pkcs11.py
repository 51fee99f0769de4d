"""Keys that a vendor's PKCS#11 module reaches, behind the key port."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from counter_tui.devices.keys.described import described
from counter_tui.devices.keys.pkcs11_certificates import certificates, pairs
from counter_tui.devices.keys.pkcs11_key import Pkcs11Key, TokenPlace
from counter_tui.devices.keys.pkcs11_module import Pkcs11Module
from counter_tui.devices.keys.vendors import found_in, shown
from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.services.keys import KeyGone, Plug, PresentKey
from counter_tui.x509 import NoCertificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_tui.services.keys import KeyWatch


class Pkcs11Keys:
    """The keys that one module reaches: several slots, tokens and certificates. One for each module in a program.

    `plugs` is for the watch's thread, the rest for the thread of the key desk; the module's lock stands between them.
    The watch therefore waits while a step is under way: one that does not come back is silence, and silence blanks the
    screen. Nothing answers in the module's place, for nobody else knows whether the key is still there.
    """

    def __init__(self, module: Path) -> None:
        """`module` is the vendor's, loaded when first asked."""
        self._module = Pkcs11Module(module)
        self._spoiled: set[Plug] = set()
        self._plugs: dict[tuple[int, str], Plug] = {}

    def present(self) -> tuple[PresentKey, ...]:
        """All keys by slot; a certificate that shows in two slots stands once.

        Raises NoLibrary, LibraryUnfit, and what the first token answers when all fail.
        """
        keys: dict[str, PresentKey] = {}
        for place in self._places():
            with suppress(NoCertificate):
                key = described(place.pair.sign_on.certificate, backend="pkcs11", reader=place.plug.reader)
                keys.setdefault(key.fingerprint, key)
        return tuple(keys.values())

    def open(self, fingerprint: str) -> Pkcs11Key:
        """The key with that fingerprint. Raises KeyGone."""
        for place in self._places():
            if place.pair.fingerprint == fingerprint:
                return Pkcs11Key(self._module, place, self._spoiled)
        raise KeyGone

    def plugs(self) -> frozenset[Plug]:
        """What is plugged in now, for the watch. A token is asked for its number only when it is new.

        Some modules speak with the card for it, and a card that wants its PIN immediately before a signature would
        want it again. Whether a token is there, a slot tells without. Raises CounterError: then nothing is known.
        """
        known, self._plugs = self._plugs, {}
        with self._module.step("C_GetSlotList") as library:
            found = {}
            for slot in library.get_slots(token_present=True):
                key = (slot.slot_id, slot.slot_description)
                if plug := known.get(key) or _new_plug(slot):
                    found[key] = plug
        self._plugs = found
        return frozenset(found.values())

    def watch(self) -> KeyWatch:
        """List the plugs again and again; one for each source."""
        return PolledWatch(self.plugs)

    def _places(self) -> Iterator[TokenPlace]:
        """Every key there is."""
        with self._module.step("C_GetSlotList") as library:
            slots = library.get_slots(token_present=True)
        return found_in(slots, self._places_in)

    def _places_in(self, slot: Any) -> tuple[TokenPlace, ...]:
        with self._module.step("C_GetTokenInfo"):
            token = slot.get_token()
            plug = _plug(slot, token)
            if not _ready(token):
                return ()
        with self._module.step("C_FindObjects"), token.open() as session:
            listed = certificates(session)
        return tuple(
            TokenPlace(plug=plug, slot=slot.slot_description, serial=token.serial, pair=pair) for pair in pairs(listed)
        )


def _new_plug(slot: Any) -> Plug | None:
    """The token that came into a slot; None when it is none, or will not tell. Within a step."""
    from pkcs11 import PKCS11Error

    try:
        token = slot.get_token()
    except PKCS11Error:
        return None
    return _plug(slot, token) if _ready(token) else None


def _plug(slot: Any, token: Any) -> Plug:
    return Plug(shown(slot.slot_description.encode(), "utf-8"), token.serial.hex(), 0)


def _ready(token: Any) -> bool:
    """Whether it has been set up; modules show empty tokens, too."""
    from pkcs11 import TokenFlag

    return bool(token.flags & TokenFlag.TOKEN_INITIALIZED)
