"""Printing where no spooler is connected: the file in the print folder is the result."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.services.ports import PrintState
from counter_tui.services.printing import PrinterTrouble

if TYPE_CHECKING:
    from pathlib import Path


class NothingToPrint(PrinterTrouble):
    """打印文件 {name} 不在打印目录中，请再按 F9 打印"""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPrinter:
    """A spooler that leaves the PDF where it is: the clerk, or a person with a printer, takes it from the folder."""

    folder: Path

    async def spool(self, path: Path, *, print_id: str, copies: int) -> PrintState:
        """Look whether the file lies in the folder; it then counts as printed, as there is nothing to follow.

        Args:
            path: the PDF.
            print_id: title of the job for a real spooler; the file's own name says as much here.
            copies: as many as the reader of the folder likes.

        Raises:
            NothingToPrint: the file is elsewhere, missing, a link, or no PDF.
        """
        del print_id, copies
        if not await asyncio.to_thread(self._holds, path):
            raise NothingToPrint(name=path.name)
        return PrintState.PRINTED

    def _holds(self, path: Path) -> bool:
        if path.parent.resolve() != self.folder.resolve():
            return False
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return False
        with os.fdopen(descriptor, "rb") as file:
            return stat.S_ISREG(os.fstat(descriptor).st_mode) and file.read(5) == b"%PDF-"
