"""Whether the print service of the terminal answers at the host's end of its channel: one IPP question, one answer."""

from __future__ import annotations

import socket
import struct
import time
from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import safe
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE: Final = 2.0
"""Seconds within which the whole answer must be here."""
MOST_BYTES: Final = 64 * 1024
"""Bytes of an answer; of one name it needs about 400."""

# RFC 8010 §3 and, for the operation, the CUPS implementation of IPP.
_GET_DEFAULT: Final = 0x4001
_OPERATION_GROUP, _END, _LAST_GROUP = 0x01, 0x03, 0x0F
_KEYWORD, _CHARSET, _LANGUAGE = 0x44, 0x47, 0x48
_REFUSED: Final = 0x0400
"""Status codes from here on are refusals."""
_NONE_FOUND: Final = 0x0406


class PrintChannelDead(CounterError):
    """打印通道没有应答"""


class NoPrintService(CounterError):
    """打印通道另一端不是打印服务"""


class PrintServiceRefuses(CounterError):
    """打印服务拒绝了询问（{code}）"""

    code: str


def default_printer(path: Path, *, seconds: float = PATIENCE) -> str:
    """Ask the print service behind a socket for its default printer; empty when it has none.

    Raises PrintChannelDead, NoPrintService or PrintServiceRefuses.
    """
    try:
        answer = _exchange(path, _question(), seconds)
    except OSError:
        raise PrintChannelDead from None
    if not answer:  # the far end of the tunnel is closed: nobody listens at the terminal
        raise PrintChannelDead
    head, _, body = answer.partition(b"\r\n\r\n")
    protocol, _, status = head.partition(b"\r\n")[0].decode("ascii", errors="replace").partition(" ")
    if not protocol.startswith("HTTP/"):
        raise NoPrintService
    if not status.startswith("200"):
        raise PrintServiceRefuses(code=f"HTTP {safe(status[:3])}")
    try:
        return _named(body)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise NoPrintService from None


def _question() -> bytes:
    asked = (
        (_CHARSET, b"attributes-charset", b"utf-8"),
        (_LANGUAGE, b"attributes-natural-language", b"zh-cn"),
        (_KEYWORD, b"requested-attributes", b"printer-name"),
    )
    body = struct.pack(">BBHiB", 1, 1, _GET_DEFAULT, 1, _OPERATION_GROUP)
    for tag, name, value in asked:
        body += struct.pack(f">BH{len(name)}sH{len(value)}s", tag, len(name), name, len(value), value)
    body += bytes([_END])
    head = (
        "POST / HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/ipp\r\n"  # 1.0: it closes behind its answer
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _exchange(path: Path, question: bytes, seconds: float) -> bytes:
    """Everything that is said in time; OSError (of which TimeoutError is one) when it is not."""
    end, answer = time.monotonic() + seconds, b""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(seconds)
        line.connect(str(path))
        line.sendall(question)
        while len(answer) < MOST_BYTES:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            line.settimeout(left)
            if not (more := line.recv(4096)):
                break
            answer += more
    return answer


def _named(body: bytes) -> str:
    """The printer's name in an IPP answer."""
    (status,) = struct.unpack_from(">H", body, 2)
    if status == _NONE_FOUND:
        return ""
    if status >= _REFUSED:
        raise PrintServiceRefuses(code=f"IPP {status:#06x}")
    return dict(_attributes(body)).get(b"printer-name", b"").decode()


def _attributes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8  # behind version, status and number of the question
    while body[place] != _END:
        if body[place] <= _LAST_GROUP:  # a group of attributes begins
            place += 1
            continue
        (length,) = struct.unpack_from(">H", body, place + 1)
        name = body[place + 3 : place + 3 + length]
        place += 3 + length
        (length,) = struct.unpack_from(">H", body, place)
        yield name, body[place + 2 : place + 2 + length]
        place += 2 + length
