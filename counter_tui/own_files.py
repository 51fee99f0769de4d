"""Files that nobody but the counter reads: its own account or, where operators share a host, their group.

A folder is shared when its group may write there and it hands its group on (set-group-ID), as `scripts/install-host`
makes the data directory: what is made in it then belongs to all operators of the host. Everywhere else a file is its
owner's alone.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_SHARED: Final = stat.S_ISGID | stat.S_IWGRP


def file_mode(folder: Path) -> int:
    """Mode of files in a folder: 0660 where it is shared, else 0600."""
    return 0o660 if _is_shared(folder) else 0o600


def folder_mode(folder: Path) -> int:
    """Mode of folders in a folder: 2770 where it is shared, else 0700."""
    return 0o2770 if _is_shared(folder) else 0o700


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there. Raises OSError."""
    if path.is_dir():
        return
    make_folder(path.parent)
    mode = folder_mode(path.parent)
    with suppress(FileExistsError):  # another program was faster
        path.mkdir(mode=mode)
        path.chmod(mode)  # whatever the umask is
    if not path.is_dir():
        raise NotADirectoryError(path.name)


def open_file(path: Path, flags: int = os.O_RDWR) -> int:
    """A descriptor of a file, which is made unless it is there; a mode of it that differs is set right by its owner.

    Raises OSError.
    """
    mode = file_mode(path.parent)
    descriptor = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, mode)
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != mode:
        os.fchmod(descriptor, mode)
    return descriptor


def _is_shared(folder: Path) -> bool:
    return folder.stat().st_mode & _SHARED == _SHARED
