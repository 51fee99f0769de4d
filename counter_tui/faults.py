"""Where unknown errors are written down: masked, without local variables, under a number for the clerk."""

from __future__ import annotations

import random
import re
import traceback
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

_NUMBERS: Final = re.compile(r"[0-9]{5,}[0-9Xx]?")
"""Identity, account and telephone numbers; times and line numbers are shorter."""
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of a reference: none that is mistaken for another on the telephone."""


def masked(text: str) -> str:
    """The text with every long number starred out and every Chinese word but the sources' own left to its length."""
    return _NUMBERS.sub(lambda found: "*" * len(found[0]), text)


class FaultLog:
    """A file of errors, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, error: BaseException) -> str:
        """Write an error down; the reference under which it is found."""
        reference = "".join(random.SystemRandom().choice(_LETTERS) for _ in range(6))
        try:
            import structlog  # with the first fault: the program starts sooner without it

            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._path.open("a", encoding="utf-8") as file:
                logger = structlog.wrap_logger(
                    structlog.WriteLogger(file),
                    processors=[
                        structlog.processors.add_log_level,
                        structlog.processors.TimeStamper(fmt="iso"),
                        _mask_event,
                        structlog.processors.JSONRenderer(),
                    ],
                )
                logger.error("fault", reference=reference, error=type(error).__name__, trace=_trace(error))
        except (OSError, ImportError):
            return f"{reference}-未记录"
        return reference


def _trace(error: BaseException) -> str:
    """Where it happened; the messages of errors are kept only masked, source lines and locals not at all."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__name__}: {seen}")
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def _mask_event(logger: Any, method: str, event: Any) -> Any:
    del logger, method
    return {
        name: masked(value) if isinstance(value, str) and name != "timestamp" else value
        for name, value in event.items()
    }
