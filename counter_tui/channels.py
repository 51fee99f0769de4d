"""What SSH forwards from the terminal: the sockets of its reader service and of its printer, afresh each time."""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PRINTING: Final = "CUPS_SERVER"
CHANNELS: Final = {"PCSCLITE_CSOCK_NAME": "证书", PRINTING: "打印"}
"""Variables that name a socket which the terminal forwards, and what comes through it."""
FOLDER: Final = ".counter"
"""Folder of the sockets, in the account's home."""


def remove_channels(environment: Mapping[str, str], home: Path) -> None:
    """Remove this session's own sockets: sshd leaves them lying. Whatever is no socket in that folder stays."""
    for name in CHANNELS:
        path = Path(environment.get(name, ""))
        with contextlib.suppress(OSError):
            if path.parent == home / FOLDER and stat.S_ISSOCK(path.lstat().st_mode):
                path.unlink()
