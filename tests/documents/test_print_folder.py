from __future__ import annotations

import os
import resource
import signal
import stat
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.devices.printer import FolderPrinter, NothingToPrint
from counter_tui.documents.rendering import AlreadyKept, file_name, keep, render
from counter_tui.services.ports import PrintState
from tests.documents.samples import CHANGES, ID_NUMBER, NOTICE, RARE, RECEIPT, STAMP

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_named_for_document_employer_month_and_serial() -> None:
    assert file_name(NOTICE, "0007") == "D01_13040012345_202611_0007.pdf"


def test_a_person_s_file_bears_neither_name_nor_full_number() -> None:
    name = file_name(replace(RECEIPT, employer_number="", employer_name=""), "0007")
    assert name == "D17_130xxxxxxxxxxx0015_202611_0007.pdf"
    assert ID_NUMBER not in name
    assert RARE not in name


@given(number=st.text(max_size=40), serial=st.text(max_size=40))
def test_no_name_leads_out_of_the_folder(number: str, serial: str) -> None:
    name = file_name(replace(CHANGES, employer_number=number), serial)
    assert PurePath(name).name == name
    assert name.isascii()
    assert name.isprintable()
    assert not name.startswith(".")


def test_a_print_is_kept_for_the_counter_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        path = keep(tmp_path, "D01_1_202611_1.pdf", b"%PDF-")
    finally:
        os.umask(previous)
    assert path.read_bytes() == b"%PDF-"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_disk_that_is_full_leaves_no_half_print(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    quiet = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            keep(tmp_path, "D01_1_202611_1.pdf", b"%PDF-" * 4096)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, quiet)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("there", ["file", "link", "dangling link"])
def test_what_lies_in_the_folder_is_never_overwritten(tmp_path: Path, there: str) -> None:
    folder, victim = tmp_path / "prints", tmp_path / "victim"
    folder.mkdir()
    path = folder / "D01_1_202611_1.pdf"
    if there == "file":
        path.write_bytes(b"before")
    else:
        if there == "link":
            victim.write_bytes(b"before")
        path.symlink_to(victim)
    with pytest.raises(AlreadyKept, match="已存在"):
        keep(folder, path.name, b"after")
    assert victim.exists() == (there == "link")
    assert there == "dangling link" or path.read_bytes() == b"before"


def test_a_print_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="link"):
        keep(tmp_path / "link", "a.pdf", b"%PDF-")
    assert not list((tmp_path / "real").iterdir())


async def test_what_was_kept_counts_as_printed(tmp_path: Path) -> None:
    path = keep(tmp_path, file_name(NOTICE, "1"), render(NOTICE, STAMP).pdf)
    assert await FolderPrinter(folder=tmp_path).spool(path, print_id="D01-1-1", copies=2) is PrintState.PRINTED
    assert path.exists()


@pytest.mark.parametrize("what", ["missing", "elsewhere", "link", "no pdf", "pipe"])
async def test_nothing_else_counts_as_printed(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "prints"
    folder.mkdir()
    path = (tmp_path if what == "elsewhere" else folder) / "D01_1_202611_1.pdf"
    if what == "elsewhere":
        path.write_bytes(b"%PDF-1.4")
    elif what == "no pdf":
        path.write_bytes(b"hello")
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "link":
        (tmp_path / "real.pdf").write_bytes(b"%PDF-1.4")
        path.symlink_to(tmp_path / "real.pdf")
    with pytest.raises(NothingToPrint, match="不在打印目录中"):
        await FolderPrinter(folder=folder).spool(path, print_id="D01-1-1", copies=1)
