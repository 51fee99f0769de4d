"""The doctor says in words whether the print service at the terminal answers, and never waits for it long."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.doctor import _sockets
from counter_tui.print_channel import (
    MOST_BYTES,
    NoPrintService,
    PrintChannelDead,
    default_printer,
)
from tests.devices.print_service import PRINTER, PrintService
from tests.remote.namespace import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: application/ipp\r\n\r\n"
HURRIED = 0.2


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other accounts can reach and whose name leaves room for that of a socket."""
    with tempfile.TemporaryDirectory(prefix="print-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextlib.contextmanager
def cups(place: Path, kind: str) -> Iterator[Path]:
    """A real CUPS server; its socket."""
    path = place / "cups.sock"
    service = PrintService(place / "cups", str(path), kind=kind)
    log = place / "log"
    with log.open("wb") as said, subprocess.Popen(service.command, stdout=said, stderr=said) as running:
        try:
            until(path.is_socket, "cupsd does not start", lambda: log.read_text(errors="replace"))
            yield path
        finally:
            running.terminate()


@contextlib.contextmanager
def answering(place: Path, answers: Callable[[socket.socket], None]) -> Iterator[Path]:
    """Somebody else at the end of the channel, for one question."""
    path = place / "other.cups"

    def answer() -> None:
        with contextlib.suppress(OSError):
            line, _ = service.accept()
            with line, contextlib.suppress(OSError):
                line.recv(4096)
                answers(line)

    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(path))
        service.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        yield path
        with contextlib.suppress(OSError):
            service.shutdown(socket.SHUT_RDWR)
        thread.join()


def named(name: bytes) -> bytes:
    """The answer of a service whose default printer has that name."""
    told = struct.pack(f">BH12sH{len(name)}s", 0x42, 12, b"printer-name", len(name), name)
    return HEAD + struct.pack(">BBHiB", 1, 1, 0, 1, 0x04) + told + b"\x03"


def told(path: Path) -> str:
    """What the doctor says of the service behind a channel."""
    *_, found = _sockets(path.parent / "data", {"CUPS_SERVER": str(path)})
    return found.line()


def test_a_service_and_its_default_printer_are_named(place: Path) -> None:
    with cups(place, "DefaultPrinter") as path:
        assert told(path) == f"[好] 打印服务有应答，默认打印机 {PRINTER}"


def test_a_service_without_a_default_printer_says_how_to_get_one(place: Path) -> None:
    with cups(place, "Printer") as path:
        assert told(path).startswith("[差] 打印服务有应答，没有默认打印机；请在终端设定默认打印机（lpadmin -d")


def test_a_channel_behind_which_nobody_listens_says_what_to_start(place: Path) -> None:
    path = place / "T1-0a.cups"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
        assert told(path).startswith("[差] 打印通道没有应答；请在终端启动打印服务")


def test_a_tunnel_that_closes_without_a_word_is_no_answer(place: Path) -> None:
    with answering(place, lambda line: line.shutdown(socket.SHUT_RDWR)) as path, pytest.raises(PrintChannelDead):
        default_printer(path)


def test_a_service_that_hangs_or_dribbles_is_waited_for_no_longer_than_said(place: Path) -> None:
    def dribbles(line: socket.socket) -> None:
        while line.send(b"H"):
            time.sleep(HURRIED / 20)

    with answering(place, dribbles) as path:
        began = time.monotonic()
        with pytest.raises(PrintChannelDead):
            default_printer(path, seconds=HURRIED)
        assert time.monotonic() - began < HURRIED * 5


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"\x00" * (MOST_BYTES * 2),
        HEAD,
        HEAD + b"\x01",
        named(b"window")[:-1],
        named(b"\xff\xfe"),
        HEAD + b"\x01\x01\x00\x00\x00\x00\x00\x01\x42\xff\xff\x03",
        HEAD + bytes(range(64)).replace(b"\x03", b"\x04"),
    ],
    ids=["another service", "no end", "nothing", "a byte", "cut off", "no text", "too long a name", "noise"],
)
def test_whatever_else_answers_is_no_print_service(place: Path, answer: bytes) -> None:
    with answering(place, lambda line: line.sendall(answer)) as path, pytest.raises(NoPrintService):
        default_printer(path)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.0 403 Forbidden\r\n\r\n", "HTTP 403"),
        (HEAD + struct.pack(">BBHiB", 1, 1, 0x0503, 1, 3), "IPP 0x0503"),
    ],
)
def test_a_refusal_is_told_with_its_number(place: Path, answer: bytes, said: str) -> None:
    with answering(place, lambda line: line.sendall(answer)) as path:
        assert told(path).startswith(f"[差] 打印服务拒绝了询问（{said}）；")


def test_a_printer_s_name_steers_no_terminal(place: Path) -> None:
    with answering(place, lambda line: line.sendall(named(b"\x1b]0;x\x07"))) as path:
        line = told(path)
    assert line == "[好] 打印服务有应答，默认打印机 ␛]0;x?"
