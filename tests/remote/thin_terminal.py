"""A terminal at a window, for tests: a reader service with a virtual reader, a print service, and the ssh client."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.conftest import needs
from tests.devices.print_service import PrintService
from tests.devices.readers import DRIVER
from tests.devices.virtual.vpcd import VirtualReader
from tests.remote.counter_host import answers, free_port
from tests.remote.namespace import TOP, Machine, until

if TYPE_CHECKING:
    from tests.devices.virtual.card import Card
    from tests.story.window import Window

PRINTER: Final = "/run/cups/cups.sock"
READER: Final = "/run/pcscd/pcscd.comm"
_PCSCD: Final = "/usr/sbin/pcscd"
_SEEN: Final = "from tests.devices.readers import card_in, until; until(lambda: card_in(0), 'the card is not noticed')"


class ThinTerminal(Machine):
    """With a `/run` of its own it needs no turn at the machine's readers."""

    def is_set_up(self) -> None:
        """Start the reader service; a print service only `prints` starts."""
        needs(DRIVER.exists(), "the virtual reader is missing: apt install vsmartcard-vpcd")
        needs(os.access(_PCSCD, os.X_OK), "pcscd is missing: apt install pcscd")
        self._port = free_port()
        self._reader = VirtualReader(self._port)
        self._config = self.place / "reader.conf.d"
        self._config.mkdir()
        device = f"DEVICENAME /dev/null:{self._port:#x}\nLIBPATH {DRIVER}\nCHANNELID {self._port:#x}\n"
        (self._config / "reader").write_text(f'FRIENDLYNAME "Virtual PCD"\n{device}')
        self.runs("mkdir", "-m", "755", "-p", str(Path(READER).parent), str(Path(PRINTER).parent))
        self._stack.callback(self.pull)
        self.reads()

    def reads(self) -> None:
        """Start the reader service, also after its death."""
        self.service = self.starts(_PCSCD, "--foreground", "--config", str(self._config))
        until(lambda: answers(self._port) and self.at(READER).is_socket(), "pcscd does not start", self.said)

    def dies(self) -> None:
        """The reader service crashes."""
        self.service.kill()
        self.service.wait()

    def prints(self) -> PrintService:
        """A printer is plugged in and its service started."""
        printer = PrintService(self.place / "cups", PRINTER)
        self.starts(*printer.command)
        until(self.at(PRINTER).is_socket, "cupsd does not start", self.said)
        return printer

    def insert(self, card: Card) -> None:
        """Put a key in and wait until the terminal has noticed it."""
        self._reader.insert(card)
        self.runs("env", f"PYTHONPATH={TOP}", sys.executable, "-c", _SEEN)

    def pull(self) -> None:
        """Pull the key; nothing waits for the terminal to notice."""
        self._reader.remove()

    def opens(self, script: Path, window: Window) -> None:
        """Switch it on: its screen is the test's."""
        window.opens(self.inside(str(script)), until="证书序号", seconds=30)
