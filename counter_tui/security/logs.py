"""The program log: JSON lines in one file, personal data masked, never on stderr (it is the screen).

The file is the counter's alone; operators who share a host share it, each line written at once behind the others.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from counter_tui.domain.masking import scrub
from counter_tui.own_files import make_folder, open_file

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 8 * 1024 * 1024
"""Bytes of one file before it is put aside."""
KEPT = 24
"""Files put aside that are kept beside the present one."""
LONGEST = 16_384
"""Characters of one value; enough for any traceback."""

_SECRETS = frozenset({"pin", "password", "secret", "private_key"})
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""DEL, C1, bidi and zero-width characters; JSON itself escapes C0."""


def keep(path: Path, event: Mapping[str, Any], *, largest: int = LARGEST) -> None:
    """Append an event as one line, masked: every text, at any depth; secrets go whole; bytes are told by their number.

    The folder is made if it is not there. A file that would grow beyond `largest` bytes is put aside first.

    Raises:
        OSError: it cannot be written, or what lies there is a link or no file.
    """
    data = (_line(_mapping(event)) + "\n").encode()
    make_folder(path.parent)
    descriptor = _opened(path)
    try:
        size = os.fstat(descriptor).st_size
        if size and size + len(data) > largest:
            os.close(descriptor)
            _put_aside(path)
            descriptor = _opened(path)
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    descriptor = open_file(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path.name} is no file")
    return descriptor


def _put_aside(path: Path) -> None:
    for number in range(KEPT, 0, -1):
        newer = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if newer.exists():
            newer.replace(path.with_name(f"{path.name}.{number}"))


def _mapping(event: Mapping[str, Any]) -> dict[str, Any]:
    return {_text(str(key)): "***" if key in _SECRETS else _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    match value:
        case None | bool() | float():
            return value
        case int():
            masked = scrub(str(value))
            return value if masked == str(value) else masked
        case bytes() | bytearray() | memoryview():
            return f"<{len(value)} bytes>"
        case Mapping():
            return _mapping(value)
        case list() | tuple() | set() | frozenset():
            return [_masked(one) for one in value]
    return _text(value if isinstance(value, str) else repr(value))


def _text(value: str) -> str:
    """Masked, and cut where it is long; a number at the cut goes whole, since its rest could not be known as one."""
    if len(value) <= LONGEST:
        return scrub(value)
    return scrub(value[:LONGEST].rstrip("0123456789Xx")) + ".."


def _line(event: Mapping[str, Any]) -> str:
    """One JSON line; whatever a terminal could take for a command is escaped, Chinese stays readable."""
    text = json.dumps(event, ensure_ascii=False, default=repr)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
