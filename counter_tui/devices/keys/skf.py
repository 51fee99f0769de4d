"""National keys (国密介质): whatever an SKF library reaches, behind the key port."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

from counter_tui.devices.keys.described import described
from counter_tui.devices.keys.skf_key import SkfKey, SkfPlace
from counter_tui.devices.keys.skf_library import Handle, Skf
from counter_tui.devices.keys.vendors import found_in, shown
from counter_tui.devices.polled_watch import PolledWatch
from counter_tui.errors import CounterError
from counter_tui.services.keys import (
    KeyFault,
    KeyGone,
    Plug,
    PresentKey,
)
from counter_tui.x509 import NoCertificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_tui.services.keys import KeyWatch


class SkfKeys:
    """The keys that one SKF library reaches: several devices, applications and containers.

    `plugs` is for the watch's thread, the rest for the thread of the key desk; the library's lock stands between them.
    The watch therefore waits while a call is under way: a call that does not come back is silence, and silence blanks
    the screen. Nothing answers in the library's place, for nobody else knows whether the key is still there.
    """

    def __init__(self, library: Path, *, ulong: int) -> None:
        """`library` is the vendor's, loaded when first asked; `ulong` the bytes of its ULONG, 4 or 8."""
        self._skf = Skf(library, ulong=ulong)
        self._plugs: dict[bytes, Plug] = {}
        self._naming = Lock()

    def present(self) -> tuple[PresentKey, ...]:
        """Every container with a certificate to sign with, in the library's order.

        Raises LibraryUnfit, UlongUnfit, and what the first device answers when all fail.
        """
        keys: list[PresentKey] = []
        for place in self._places():
            with suppress(NoCertificate):
                keys.append(described(place.certificate, backend="skf", reader=place.reader))
        return tuple(keys)

    def open(self, fingerprint: str) -> SkfKey:
        """The key with that fingerprint. Raises KeyGone."""
        for place in self._places():
            if place.fingerprint == fingerprint:
                return SkfKey(self._skf, place, self._plug(place.device))
        raise KeyGone

    def plugs(self) -> frozenset[Plug]:
        """What is plugged in now, for the watch. A device is asked for its number only when it is new.

        Connecting a second time to a device whose key is signing would be a risk; that it is still there, the library
        tells without. Raises CounterError: then nothing is known.
        """
        try:
            devices = [device for device in self._skf.devices() if self._skf.plugged(device)]
        except CounterError:
            self._plugs.clear()
            raise
        for gone in self._plugs.keys() - set(devices):
            self._plugs.pop(gone, None)
        return frozenset(filter(None, map(self._plug_if_told, devices)))

    def watch(self) -> KeyWatch:
        """List the plugs again and again; one for each source."""
        return PolledWatch(self.plugs)

    def _plug_if_told(self, device: bytes) -> Plug | None:
        try:
            return self._plug(device)
        except (KeyGone, KeyFault):
            return None

    def _plug(self, device: bytes) -> Plug:
        with self._naming:
            if (known := self._plugs.get(device)) is not None:
                return known
            with self._connected(device) as handle:
                plug = Plug(shown(device, "gbk"), self._skf.serial(handle).hex(), 0)
            self._plugs[device] = plug
            return plug

    def _places(self) -> Iterator[SkfPlace]:
        """Every certificate there is."""
        return found_in(self._skf.devices(), self._places_on)

    def _places_on(self, device: bytes) -> Iterator[SkfPlace]:
        self._plug(device)  # known before it is connected, so that the watch never connects beside this
        with self._connected(device) as connected:
            for application in self._skf.applications(connected):
                opened = self._skf.open_application(connected, application)
                try:
                    for container in self._skf.containers(opened):
                        if certificate := self._certificate(opened, container):
                            yield SkfPlace(
                                device=device, application=application, container=container, certificate=certificate
                            )
                finally:
                    with suppress(CounterError):
                        self._skf.close_application(opened)

    def _certificate(self, application: Handle, name: bytes) -> bytes:
        container = self._skf.open_container(application, name)
        try:
            return self._skf.certificate(container)
        finally:
            with suppress(CounterError):
                self._skf.close_container(container)

    @contextmanager
    def _connected(self, device: bytes) -> Iterator[Handle]:
        handle = self._skf.connect(device)
        try:
            yield handle
        finally:
            with suppress(CounterError):
                self._skf.disconnect(handle)
