"""Which operators' keys (证书介质) this host reads: the backends of its settings as one source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counter_tui.devices.keys.several import SeveralKeys

if TYPE_CHECKING:
    from counter_tui.services.keys import KeySource
    from counter_tui.settings import KeyringSettings


def key_source(keyring: KeyringSettings) -> SeveralKeys:
    """All backends of the settings, in their order. Nothing is touched before keys are asked for."""
    return SeveralKeys(*(_backend(name, keyring) for name in keyring.backends))


def _backend(name: str, keyring: KeyringSettings) -> KeySource:
    match name:
        case "piv":
            from counter_tui.devices.keys.piv import PivKeys

            return PivKeys()
        case "pkcs11":
            from counter_tui.devices.keys.pkcs11 import Pkcs11Keys

            return Pkcs11Keys(Path(keyring.pkcs11_module))
    from counter_tui.devices.keys.skf import SkfKeys

    return SkfKeys(Path(keyring.skf_library), ulong=keyring.skf_ulong)
