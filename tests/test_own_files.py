"""What the counter writes is its own account's alone, or the operators' together where they share a host."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.training import training_bureau
from counter_tui.documents.rendering import keep as keep_paper
from counter_tui.own_files import make_folder, open_file
from counter_tui.security.logs import keep as keep_event
from storage.local.inspection import back_up_file
from storage.local.store import open_local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=[0o022, 0o007, 0o077], ids="umask {:03o}".format)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """The data directory of a host, as `scripts/install-host` leaves it."""
    folder = tmp_path / "counter"
    folder.mkdir()
    folder.chmod(0o2770)
    return folder


def modes(folder: Path, *, of_folders: bool) -> set[int]:
    """Modes of all files, or of all folders, below a folder."""
    found = (path for path in folder.rglob("*") if path.is_dir() == of_folders)
    return {stat.S_IMODE(path.lstat().st_mode) for path in found}


@contextmanager
def worked_in(folder: Path) -> Iterator[None]:
    """One of every kind of file that the counter leaves, while its store is open."""
    place = folder / "training" / "handan"
    training_bureau(place, now=datetime(2026, 7, 26, tzinfo=UTC))
    store = open_local(place / "counter.sqlite", bureau="999999", device="one")
    try:
        store.load([])
        keep_event(place / "counter.log", {"event": "pushed"})
        make_folder(place / "prints")
        keep_paper(place / "prints", "D01_1.pdf", b"%PDF-1.4")
        back_up_file(place / "counter.sqlite", place / "copy.sqlite")
        assert (place / "counter.sqlite-wal").exists()
        yield
    finally:
        store.close()


@pytest.mark.usefixtures("_umask")
def test_operators_of_one_host_share_whatever_one_of_them_makes(shared: Path) -> None:
    with worked_in(shared):
        assert modes(shared, of_folders=False) == {0o660}
        assert modes(shared, of_folders=True) == {0o2770}


@pytest.mark.usefixtures("_umask")
def test_elsewhere_everything_is_its_owner_s_alone(tmp_path: Path) -> None:
    with worked_in(tmp_path):
        assert modes(tmp_path, of_folders=False) == {0o600}
        assert modes(tmp_path, of_folders=True) == {0o700}


@pytest.mark.parametrize("mode", [0o770, 0o2750, 0o2755])
def test_a_folder_is_not_shared_by_half(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    folder.chmod(mode)
    os.close(open_file(folder / "file"))
    assert stat.S_IMODE((folder / "file").stat().st_mode) == 0o600


def test_a_file_that_was_left_open_to_others_is_closed_by_its_owner(tmp_path: Path) -> None:
    loose = tmp_path / "loose"
    loose.touch()
    loose.chmod(0o644)
    os.close(open_file(loose))
    assert stat.S_IMODE(loose.stat().st_mode) == 0o600


def test_no_folder_is_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_folder(tmp_path / "file" / "folder")
