"""A list comes from a file or an address; whatever else the other side does is refused in words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from counter_tui.security.list_sources import LARGEST_LIST, fetched
from counter_tui.security.refusals import ListNotFetched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Answer = Callable[["Desk"], None]


class Desk(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    answers: ClassVar[dict[str, Answer]] = {}
    over: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        with suppress(OSError):  # the asker went away: that is what is tested
            self.answers[self.path](self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        del format, args

    def gives(self, content: bytes, *, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def sends_to(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.end_headers()

    def trickles(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.over.wait(0.02):
            self.wfile.write(b"\x00")

    def hangs(self) -> None:
        self.over.wait(5)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    base = f"http://127.0.0.1:{server.server_address[1]}"
    Desk.answers = {
        "/list.crl": lambda desk: desk.gives(b"list"),
        "/moved.crl": lambda desk: desk.sends_to("/list.crl"),
        "/to-file": lambda desk: desk.sends_to("file:///etc/passwd"),
        "/to-https": lambda desk: desk.sends_to("https://127.0.0.1/list.crl"),
        "/to-ftp": lambda desk: desk.sends_to("ftp://127.0.0.1/list.crl"),
        "/round": lambda desk: desk.sends_to("/round"),
        "/missing": lambda desk: desk.send_error(404),
        "/short": lambda desk: desk.gives(b"li", length=4),
        "/huge": lambda desk: desk.gives(b"\x00" * (LARGEST_LIST + 2)),
        "/trickle": Desk.trickles,
        "/hang": Desk.hangs,
    }
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield base
    Desk.over.set()
    server.shutdown()
    server.server_close()


def test_a_list_is_read_from_a_file_and_from_an_address(address: str, tmp_path: Path) -> None:
    (tmp_path / "list.crl").write_bytes(b"list")

    assert fetched(str(tmp_path / "list.crl")) == b"list"
    assert fetched(f"{address}/list.crl") == b"list"
    assert fetched(f"{address}/moved.crl") == b"list"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("to-file", "另一种地址"),
        ("to-https", "另一种地址"),
        ("to-ftp", "另一种地址"),
        ("round", "反复转到别处"),
        ("missing", "对方答复 404"),
        ("short", "传送中断"),
        ("huge", "超过 16 MB"),
        ("trickle", "传送太慢"),
        ("hang", "没有按时答复"),
    ],
)
def test_an_address_that_misbehaves_is_told_and_given_up(address: str, path: str, why: str) -> None:
    with pytest.raises(ListNotFetched) as refused:
        fetched(f"{address}/{path}", seconds=0.4 if path in {"trickle", "hang"} else 10)

    assert why in str(refused.value)
    assert f"{address}/{path}" in str(refused.value)


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ListNotFetched, match="拒绝连接"):
        fetched("http://127.0.0.1:9/list.crl")
    with pytest.raises(ListNotFetched, match="没有这个文件"):
        fetched(str(tmp_path / "list.crl"))
    with pytest.raises(ListNotFetched, match="连接失败"):
        fetched("http:///list.crl")


def test_no_proxy_of_the_environment_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert fetched(f"{address}/list.crl") == b"list"
