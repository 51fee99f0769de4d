"""The folder in which files lie that are to be loaded: plain files of that folder, and nothing else."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_BYTES = 1 << 20
"""What is read of a file at most."""


class NotInFolder(CounterError):
    """只能载入 {folder} 中的文件，请把文件放到该目录后只输文件名"""

    folder: str


class NoSuchFile(CounterError):
    """{folder} 中没有可读的文件 {name}，请核对文件名"""

    folder: str
    name: str


class NoPlainFile(CounterError):
    """{name} 不是普通文件，或大于 1 MB，不能载入"""

    name: str


@dataclass(frozen=True, slots=True)
class IncomingFolder:
    """A folder of files to be loaded; data never name a place outside of it."""

    folder: Path

    @property
    def shown(self) -> str:
        """Where it is."""
        return str(self.folder)

    def names(self) -> Sequence[str]:
        """Plain files that lie there, by name."""
        if not self.folder.is_dir():
            return ()
        return sorted(each.name for each in self.folder.iterdir() if each.is_file() and not each.is_symlink())

    def read(self, name: str) -> bytes:
        """Content of a file. Raises NotInFolder, NoSuchFile, NoPlainFile."""
        if not name or name != os.path.basename(name) or name in {".", ".."} or "\0" in name:  # noqa: PTH119  # a name, no path
            raise NotInFolder(folder=self.shown)
        try:
            return read_plain(self.folder / name)
        except OSError:
            raise NoSuchFile(folder=self.shown, name=name) from None


def read_plain(path: Path) -> bytes:
    """Content of a plain file that is not too large; a link is no plain file. Raises NoPlainFile, OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise NoPlainFile(name=path.name)
        content = b""
        while part := os.read(descriptor, MOST_BYTES + 1 - len(content)):
            content += part
    finally:
        os.close(descriptor)
    if len(content) > MOST_BYTES:
        raise NoPlainFile(name=path.name)
    return content
