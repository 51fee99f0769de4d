"""Real readers for tests: pcscd with the virtual driver vpcd, one test at a time on this machine.

pcscd has one socket and one pid file for the whole machine, so every test that starts it holds `LOCK`. A pcscd that
the machine runs already is left alone and the test skips. vpcd listens on all interfaces: never on a terminal.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import needs
from tests.devices.virtual.vpcd import PORTS, VirtualReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.devices.virtual.card import Card

LOCK: Final = Path(tempfile.gettempdir()) / "counter-tui-pcscd.lock"
"""Held by whoever runs pcscd for tests; the same for every checkout on the machine."""

SOCKET: Final = Path("/run/pcscd/pcscd.comm")
"""Where pcscd listens; fixed when it was built."""

DRIVER: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")

_PATIENCE: Final = 20.0
"""Seconds for pcscd to start, or to notice a card (it looks every 0.4 s)."""
_QUEUE: Final = 600.0
"""Seconds to wait for another test's readers."""


class ReaderService:
    """A pcscd of our own, to be stopped, killed and started again under the eyes of the program."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.log = folder / "pcscd.log"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it lists its readers."""
        pcscd = shutil.which("pcscd", path=f"{os.defpath}:/usr/sbin:/sbin")
        needs(pcscd, "pcscd is missing: apt install pcscd vsmartcard-vpcd")
        with self.log.open("ab") as log:
            # Dies with whoever started it: a pcscd left behind would keep all later tests from theirs.
            command = ["setpriv", "--pdeathsig", "KILL", str(pcscd), "--foreground", *self._options]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: len(reader_names()) == len(PORTS), "pcscd lists no readers", self.log)

    def pause(self) -> None:
        """Freeze it: no answer and no error from now on."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def end(self) -> None:
        """End it in good order; nothing when it does not run."""
        if self._process is None:
            return
        self.resume()
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)


class Readers:
    """Two readers on a running service."""

    def __init__(self, service: ReaderService) -> None:
        self.service = service
        self.slots = tuple(VirtualReader(port) for port in PORTS)

    @property
    def names(self) -> tuple[str, ...]:
        """The readers by the names that the service gives them, "Virtual PCD 00 00" first."""
        return reader_names()

    def insert(self, card: Card, reader: int = 0) -> None:
        """Put a card in and wait until the service has noticed it, and the removal of one that was there before."""
        self.remove(reader)
        self.slots[reader].insert(card)
        until(lambda: card_in(reader), "the card is not noticed", self.service.log)

    def remove(self, reader: int = 0) -> None:
        """Pull the card and wait until the service has noticed it."""
        self.slots[reader].remove()
        until(lambda: not card_in(reader), "the removal is not noticed", self.service.log)

    def clear(self) -> None:
        """Pull all cards and wait until the service has noticed it, if it runs."""
        for slot in self.slots:
            slot.remove()
        until(lambda: not any(map(card_in, range(len(self.slots)))), "the removal is not noticed", self.service.log)


@contextmanager
def readers(*, named: str | None = None) -> Iterator[Readers]:
    """Two empty virtual readers, and nobody else's test beside. Skips the test where that cannot be.

    Args:
        named: what the readers are called, for programs that go by the name; default "Virtual PCD".
    """
    with reader_lock(), started(named=named) as ready:
        yield ready


@contextmanager
def started(*, named: str | None = None) -> Iterator[Readers]:
    """As `readers`, for whoever holds the lock already, or only while he starts: tests then skip instead of waiting."""
    needs(DRIVER.exists(), "the virtual reader is missing: apt install vsmartcard-vpcd")
    needs(_library(), "pyscard is missing: uv sync --extra usbkey (gcc, libpcsclite-dev)")
    needs(os.geteuid() == 0, "only root can start pcscd")
    if service_runs():
        pytest.skip("this machine runs a pcscd of its own: stop it for these tests")
    with tempfile.TemporaryDirectory(prefix="pcscd-") as place:
        folder = Path(place)
        service = ReaderService(folder, *([] if named is None else ["--config", str(_configured(folder, named))]))
        ready = Readers(service)
        try:
            service.start()
            yield ready
        finally:
            service.end()
            ready.clear()


@contextmanager
def reader_lock() -> Iterator[None]:
    """Hold the machine's readers; waits for other tests."""
    with LOCK.open("a") as lock:
        end = time.monotonic() + _QUEUE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TimeoutError(f"another test holds {LOCK} for {_QUEUE:.0f} s") from None
                time.sleep(0.1)
        yield


def service_runs() -> bool:
    """Whether any pcscd answers on this machine."""
    with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
        line.connect(str(SOCKET))
        return True
    return False


def reader_names() -> tuple[str, ...]:
    """What the service lists; nothing when it does not run."""
    return tuple(name for name, _ in _states())


def card_in(reader: int) -> bool:
    """Whether the service sees a card in a reader, be it a mute one."""
    states = _states()
    return reader < len(states) and states[reader][1]


def until(condition: Callable[[], bool], otherwise: str, log: Path | None = None) -> None:
    """Wait for something that the service does. Raises AssertionError with what it logged."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{otherwise}: {log.read_text(errors='replace')[-2000:] if log else ''}")
        time.sleep(0.02)


def _states() -> tuple[tuple[str, bool], ...]:
    """Readers in the order of their names and whether a card is in them; nothing on any error."""
    from smartcard import scard

    failed, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if failed:
        return ()
    try:
        failed, names = scard.SCardListReaders(context, [])
        if failed or not names:
            return ()
        asked = [(name, scard.SCARD_STATE_UNAWARE) for name in sorted(names)]
        failed, states = scard.SCardGetStatusChange(context, 0, asked)
        return () if failed else tuple((name, bool(state & scard.SCARD_STATE_PRESENT)) for name, state, _ in states)
    finally:
        scard.SCardReleaseContext(context)


def _library() -> bool:
    try:
        import smartcard  # noqa: F401
    except ImportError:
        return False
    return True


def _configured(folder: Path, named: str) -> Path:
    """A reader configuration that gives the virtual readers another name."""
    place = folder / "reader.conf.d"
    place.mkdir()
    (place / "virtual").write_text(
        f'FRIENDLYNAME "{named}"\nDEVICENAME /dev/null:{PORTS[0]:#x}\nLIBPATH {DRIVER}\nCHANNELID {PORTS[0]:#x}\n'
    )
    return place
