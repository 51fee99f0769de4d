"""A PIN that a command reads from a file instead of the keyboard."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 64
"""Bytes; a PIN with its line end is far shorter."""


class NoPinFile(CounterError):
    """PIN 文件 {name} 无法读取：{why}，请核对路径和权限"""

    name: str
    why: str


def read_pin(path: Path) -> bytearray:
    """The first line of a file as a PIN; the caller wipes it. A file that others may read is used with a warning.

    Raises:
        NoPinFile: it cannot be read, or what stands there is no PIN.
    """
    content = bytearray(LARGEST)
    try:
        with path.open("rb", buffering=0) as file:
            size = file.readinto(content)
            open_to_others = stat.S_ISREG(mode := os.fstat(file.fileno()).st_mode) and bool(mode & 0o077)
    except OSError as trouble:
        raise NoPinFile(name=path.name, why=trouble.strerror or "未知原因") from None
    end = next((place for place, byte in enumerate(content[:size]) if byte in b"\r\n"), size)
    if not 0 < end < LARGEST:
        raise NoPinFile(name=path.name, why="第一行不是 PIN")
    if open_to_others:
        print(f"注意：PIN 文件 {path.name} 其他人也能读取，请执行 chmod 600", file=sys.stderr)
    pin = content[:end]
    content[:] = bytes(LARGEST)
    return pin
