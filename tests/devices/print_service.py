"""A real CUPS server with files and a socket of its own: it listens at no port, and its printer is a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tests.conftest import needs

CUPSD: Final = "/usr/sbin/cupsd"
LP: Final = "/usr/bin/lp"
PRINTER: Final = "window"
_DAEMONS, _TYPES = Path("/usr/lib/cups/daemon"), Path("/usr/share/cups/mime/mime.types")
_BACKEND: Final = """#!/bin/sh
# Given job, user, title, copies, options and perhaps a file; with nothing it would have to tell of itself.
[ $# -gt 0 ] || exit 0
folder=${DEVICE_URI#keeps:}
cat "${6:--}" >"$folder/.$1" && mv "$folder/.$1" "$folder/$1"
"""
_FOLDERS: Final = ("etc", "share/mime", "bin/backend", "bin/filter", "cache", "state", "spool", "passing", "printed")
_SERVER: Final = """
User lp
Group lp
SystemGroup root
ServerRoot {folder}/etc
ServerBin {folder}/bin
DataDir {folder}/share
CacheDir {folder}/cache
StateDir {folder}/state
RequestRoot {folder}/spool
TempDir {folder}/passing
AccessLog stderr
ErrorLog stderr
PageLog /dev/null
"""
_ENTRANCE: Final = """
Listen {socket}
Browsing Off
WebInterface No
DefaultAuthType None
LogLevel warn
<Location />
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""
_QUEUE: Final = """
<{kind} {printer}>
DeviceURI keeps:{folder}/printed
State Idle
Accepting Yes
</Printer>
"""


class PrintService:
    """What is to be started, and what it has printed."""

    def __init__(self, folder: Path, socket: str, *, kind: str = "DefaultPrinter") -> None:
        """Lay its files down.

        Args:
            folder: a new folder of its own, which the account `lp` can reach.
            socket: where it listens, as its own machine sees it.
            kind: how CUPS writes its queue down: `DefaultPrinter`, or `Printer` for one that nobody prefers.
        """
        for command, package in ((CUPSD, "cups-daemon"), (LP, "cups-client")):
            needs(os.access(command, os.X_OK), f"{command} is missing: apt install {package}")
        needs(os.geteuid() == 0, "only root can start a CUPS server that prints as another account")
        for name in _FOLDERS:
            (folder / name).mkdir(parents=True)
        folder.chmod(0o755)
        (folder / "bin/daemon").symlink_to(_DAEMONS)
        (folder / "share/mime/mime.types").symlink_to(_TYPES)
        backend = folder / "bin/backend/keeps"
        backend.write_text(_BACKEND)
        backend.chmod(0o700)
        given = {"folder": folder, "socket": socket, "kind": kind, "printer": PRINTER}
        for name, text in (("cups-files", _SERVER), ("cupsd", _ENTRANCE), ("printers", _QUEUE)):
            (folder / f"etc/{name}.conf").write_text(text.format(**given))
        self.command = (CUPSD, "-f", "-c", str(folder / "etc/cupsd.conf"), "-s", str(folder / "etc/cups-files.conf"))
        """Stays in the foreground."""
        self._printed = folder / "printed"

    def printed(self) -> list[bytes]:
        """Every job that came out whole, in no order."""
        return [job.read_bytes() for job in self._printed.glob("[0-9]*")]
