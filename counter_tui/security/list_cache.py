"""The last good revocation list of an authority, kept for days without a line, shared by the programs of a host."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.own_files import file_mode, make_folder, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from counter_tui.security.certificates import Authority

NOTHING = (0, 0, 0)
"""The mark of a list that is not there."""


@dataclass(frozen=True, slots=True)
class KeptList:
    """One authority's file in the cache folder."""

    folder: Path
    authority: Authority

    @property
    def file(self) -> Path:
        """Named for the authority's certificate, so that a successor of the same name has its own."""
        return self.folder / f"{hashlib.sha256(self.authority.certificate).hexdigest()[:16]}.crl"

    def mark(self) -> tuple[int, int, int]:
        """What changes whenever any program of the host has kept another list."""
        try:
            found = self.file.stat()
        except OSError:
            return NOTHING
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def read(self) -> bytes:
        """The list as it was kept. Raises OSError."""
        return self.file.read_bytes()

    def keep(self, crl: bytes) -> None:
        """Put a list in the place of the last one: the whole of it or, after a power cut, still the other. OSError."""
        make_folder(self.folder)
        draft = self.file.with_name(f".{self.file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(file.fileno(), file_mode(self.folder))
                file.write(crl)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.file)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise
        _fsync_folder(self.folder)

    @contextmanager
    def turn(self, now: datetime, every: timedelta) -> Iterator[bool]:
        """Whether it is this program's turn to ask for a newer list: one program of the host does, now and then.

        Raises OSError.
        """
        make_folder(self.folder)
        descriptor = open_file(self.file.with_suffix(".asked"))
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            text = os.read(descriptor, 32).decode(errors="replace")
            asked = float(text) if text.replace(".", "", 1).isdigit() else 0.0
            # A clock that was set back must not silence the host: what was asked in the future was never asked.
            due = not 0 <= now.timestamp() - asked < every.total_seconds()
            if due:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{now.timestamp():.0f}".encode(), 0)
            yield due
        finally:
            os.close(descriptor)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
