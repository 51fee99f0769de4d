"""The program log: JSON lines in one file of mode 0600, personal data masked, never on stderr (it is the screen)."""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
from collections.abc import Mapping
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, Any

from counter_tui.domain.masking import scrub

if TYPE_CHECKING:
    from pathlib import Path

    from structlog.typing import EventDict, Processor, WrappedLogger

LARGEST = 8 * 1024 * 1024
"""Bytes of one file before it is rotated."""
KEPT = 24
"""Rotated files kept beside the present one."""
LONGEST = 16_384
"""Characters of one value; enough for any traceback."""

_SECRETS = frozenset({"pin", "password", "secret", "private_key"})
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""DEL, C1, bidi and zero-width characters; JSON itself escapes C0."""
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are taken for one another when read aloud."""


def reference() -> str:
    """A short reference number for the clerk to quote, such as `K7D-2MX`; the log keeps the rest beside it."""
    signs = [secrets.choice(_ALPHABET) for _ in range(6)]
    return f"{''.join(signs[:3])}-{''.join(signs[3:])}"


def mask(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """The one processor that masks: every text, at any depth; secrets go whole; bytes are told by their number."""
    return _mapping(event)


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
    return scrub(value[:LONGEST].rstrip("0123456789Xx")) + "…"


def line(event: Mapping[str, Any], **_options: Any) -> str:
    """One JSON line; whatever a terminal could take for a command is escaped, Chinese stays readable."""
    text = json.dumps(event, ensure_ascii=False, default=repr)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner may read; a failing disk never speaks on the screen."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(
            self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        os.fchmod(descriptor, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name is logging's
        """Keep silent: stderr is the screen."""


class ProgramLog:
    """The open log of one process. `close` gives the standard logging back as it was."""

    def __init__(self, path: Path, *, level: int = logging.INFO, largest: int = LARGEST) -> None:
        """Open `path`, creating its folder with mode 0700, and lead structlog, logging and warnings into it.

        `largest` is the size in bytes at which the file is rotated.
        """
        import structlog

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handler = PrivateFile(path, maxBytes=largest, backupCount=KEPT, encoding="utf-8")
        before: list[Processor] = [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        last: list[Processor] = [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask,
            structlog.processors.JSONRenderer(serializer=line),
        ]
        self._handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=last))
        structlog.configure(
            processors=[
                structlog.stdlib.filter_by_level,
                *before,
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.stdlib.BoundLogger,
            cache_logger_on_first_use=False,
        )
        root = logging.getLogger()
        self._former = (root.handlers[:], root.level, logging.lastResort)
        root.handlers[:] = [self._handler]
        root.setLevel(level)
        logging.lastResort = None
        logging.captureWarnings(capture=True)

    def close(self) -> None:
        """Write what is left and let go."""
        import structlog

        root = logging.getLogger()
        root.handlers[:], level, logging.lastResort = self._former
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
        self._handler.close()
