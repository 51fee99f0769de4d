"""SoftHSM with one empty token, plain and behind a module that fails; both begin anew for each test."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pytest

from tests.conftest import needs
from tests.devices.pkcs11.kit import SOFTHSM, Tokens, faulty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tokens]:
    yield from _begun(SOFTHSM, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def faulty_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faulty(tmp_path_factory.mktemp("pkcs11"))


@pytest.fixture
def rig(faulty_module: Path) -> Iterator[ctypes.CDLL]:
    """What makes the module fail."""
    rig = ctypes.CDLL(str(faulty_module))
    _mend(rig)
    yield rig
    _mend(rig)


@pytest.fixture
def failing(faulty_module: Path, rig: ctypes.CDLL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tokens]:
    """Tokens behind the module that fails, as soon as `rig` says so."""
    yield from _begun(faulty_module, tmp_path, monkeypatch)
    _mend(rig)


def _begun(module: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tokens]:
    """A module is initialised once in a program, and reads its settings then: end it after each test."""
    try:
        import pkcs11
    except ImportError:
        needs(None, "没有 python-pkcs11: uv sync --extra usbkey")
        return
    tokens = Tokens(module, folder)
    monkeypatch.setenv("SOFTHSM2_CONF", str(tokens.configuration))
    tokens.set_up("A")
    yield tokens
    loaded = pkcs11._loaded.get(str(module))
    if loaded is not None and loaded.initialized:
        loaded.finalize()


def _mend(rig: ctypes.CDLL) -> None:
    rig.rig_hold(0)
    rig.rig_remove_after(-1)
    rig.rig_answer(-1, ctypes.c_ulong(0))
