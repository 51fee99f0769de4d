"""A session takes away the sockets that SSH made for it, and nothing else."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from counter_tui.channels import FOLDER, remove_channels

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir()
    return tmp_path / FOLDER


def listening(path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
    return path


def test_its_own_sockets_go_and_those_of_the_other_terminal_stay(folder: Path, tmp_path: Path) -> None:
    reader, printer = (listening(folder / f"T1-aa.{kind}") for kind in ("pcsc", "cups"))
    others = listening(folder / "T2-bb.pcsc")
    remove_channels({"PCSCLITE_CSOCK_NAME": str(reader), "CUPS_SERVER": str(printer)}, tmp_path)
    assert list(folder.iterdir()) == [others]


def test_whatever_is_no_socket_or_lies_elsewhere_stays(folder: Path, tmp_path: Path) -> None:
    file = folder / "T1-aa.pcsc"
    file.write_text("not a socket")
    service = listening(tmp_path / "pcscd.comm")
    link = folder / "T1-aa.cups"
    link.symlink_to(service)
    for path in (file, service, link, folder / ".." / "pcscd.comm", folder / "none", "localhost:631", ""):
        remove_channels({"PCSCLITE_CSOCK_NAME": str(path)}, tmp_path)
    assert file.exists()
    assert service.exists()
    assert link.is_symlink()


PROGRAM = """
import resource
from counter_tui.secrecy import forbid_dumps
forbid_dumps()
import ctypes
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
def test_a_session_leaves_no_picture_of_its_memory() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ended.stdout == "(0, 0) 0\n"
