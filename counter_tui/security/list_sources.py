"""Where a revocation list comes from: a file, or an address of the bureau's network. Blocks: a thread calls it."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Final

from counter_tui.security.refusals import ListNotFetched

if TYPE_CHECKING:
    from http.client import HTTPMessage, HTTPResponse
    from urllib.request import Request

LARGEST_LIST: Final = 16 * 1024 * 1024
"""Bytes: some 400 000 revoked certificates."""
ANSWER_SECONDS: Final = 10
"""How long each answer of the other side is awaited."""
WHOLE_SECONDS: Final = 60
"""How long the whole list may take."""
ELSEWHERE: Final = "对方反复转到别处，或转到了另一种地址"
_MOVED: Final = range(300, 400)
_PIECE: Final = 64 * 1024


def is_address(location: str) -> bool:
    """Whether a list is fetched over the network."""
    return location.startswith(("http://", "https://"))


def fetched(location: str, *, seconds: float = WHOLE_SECONDS) -> bytes:
    """The bytes of a list, unjudged. Raises ListNotFetched."""
    return _from_address(location, seconds) if is_address(location) else _from_file(location)


def _from_file(location: str) -> bytes:
    try:
        with Path(location).open("rb") as file:
            return _within_limit(location, file.read(LARGEST_LIST + 1))
    except (OSError, ValueError) as trouble:
        raise ListNotFetched(location=location, why=_words(trouble)) from None


def _from_address(location: str, seconds: float) -> bytes:
    import http.client
    from urllib.error import HTTPError

    ends = monotonic() + seconds
    try:
        with _answer(location, min(ANSWER_SECONDS, seconds)) as answer:
            return _within_limit(location, _body(location, answer, ends))
    except HTTPError as trouble:
        trouble.close()
        why = ELSEWHERE if trouble.code in _MOVED else f"对方答复 {trouble.code}"
        raise ListNotFetched(location=location, why=why) from None
    except (OSError, ValueError, http.client.HTTPException) as trouble:
        raise ListNotFetched(location=location, why=_words(trouble)) from None


def _body(location: str, answer: HTTPResponse, ends: float) -> bytes:
    """All of the answer, piece by piece: a trickle would otherwise outlast every time-out."""
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_LIST:
            break
        if monotonic() > ends:
            raise ListNotFetched(location=location, why="传送太慢")
    if answer.length:
        raise ListNotFetched(location=location, why="传送中断")
    return b"".join(pieces)


def _answer(location: str, seconds: float) -> HTTPResponse:
    """Open an address. Nothing of the environment is asked: no proxy, no file, no password of any user."""
    from urllib import request

    class SameScheme(request.HTTPRedirectHandler):
        """Follows a redirection within the scheme: never from https to http, to a file or elsewhere."""

        max_redirections = 3

        def redirect_request(
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
        ) -> Request | None:
            if newurl.partition(":")[0] != location.partition(":")[0]:
                fp.close()
                raise ListNotFetched(location=location, why=ELSEWHERE)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    opener = request.OpenerDirector()
    for handler in (
        request.HTTPHandler(),
        request.HTTPSHandler(),
        SameScheme(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
        request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    answer: HTTPResponse = opener.open(location, timeout=seconds)
    return answer


def _within_limit(location: str, content: bytes) -> bytes:
    if len(content) > LARGEST_LIST:
        raise ListNotFetched(location=location, why=f"超过 {LARGEST_LIST // 1024 // 1024} MB")
    return content


def _words(trouble: Exception) -> str:
    """A library's trouble in words for an administrator."""
    import ssl
    from urllib.error import URLError

    cause = trouble.reason if isinstance(trouble, URLError) else trouble
    match cause:
        case FileNotFoundError() | IsADirectoryError():
            return "没有这个文件"
        case PermissionError():
            return "没有读取权限"
        case TimeoutError():
            return "对方没有按时答复"
        case ConnectionRefusedError():
            return "对方拒绝连接"
        case ssl.SSLCertVerificationError():
            return "对方的 https 证书不被信任"
        case _:
            return "连接失败"
