"""Where unknown errors are written down: masked, without local variables, under a number for the clerk."""

from __future__ import annotations

import re
import secrets
import traceback
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.security.logs import keep

if TYPE_CHECKING:
    from pathlib import Path

_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of a reference: none that is mistaken for another on the telephone."""
_LONG: Final = re.compile(r"[0-9]{5,}[0-9Xx]?")
"""Identity, account and telephone numbers; years and line numbers are shorter."""


def reference() -> str:
    """A short number for the clerk to quote; the log keeps the rest under it."""
    return "".join(secrets.choice(_SIGNS) for _ in range(6))


class FaultLog:
    """A file of errors, one JSON object a line."""

    def __init__(self, path: Path | None) -> None:
        """Write into this file; without one nothing is kept, and the references say so."""
        self._path = path

    def write(self, error: BaseException) -> str:
        """Write an error down; the reference under which it is found."""
        number = reference()
        event = {
            "event": "fault",
            "reference": number,
            "error": type(error).__name__,
            "trace": _trace(error),
            "level": "error",
            "timestamp": datetime.now(UTC).isoformat(),
        }
        try:
            if self._path is not None:
                keep(self._path, event)
                return number
        except OSError:
            pass  # the disk may be the fault; the clerk is told
        return f"{number}-未记录"


def _trace(error: BaseException) -> str:
    """Where it happened; the messages of errors are kept only masked, source lines and locals not at all."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__name__}: {_message(seen)}")
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def _message(error: BaseException) -> str:
    """A refusal's sentence without its facts; of other messages neither Chinese words nor numbers: they may name."""
    if isinstance(error, CounterError):
        return type(error).__doc__ or ""
    return masked(str(error))


def masked(text: str) -> str:
    """The text with every Chinese character and every long run of digits starred out."""
    words = "".join("*" if unicodedata.category(sign) == "Lo" else sign for sign in text)
    return _LONG.sub(lambda found: "*" * len(found[0]), words)
