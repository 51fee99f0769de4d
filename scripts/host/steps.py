"""What every thing that a host has can do, and how the system's commands are run."""

from __future__ import annotations

import subprocess
from typing import Protocol

from scripts.host.host import CannotPrepare


class Step(Protocol):
    """One thing that the host must have."""

    @property
    def what(self) -> str:
        """What it is, for the administrator."""

    def deviation(self) -> str:
        """How it differs from what it should be; empty when it does not."""

    def make(self) -> None:
        """Make it so; whatever is right already stays. Raises CannotPrepare."""

    def remove(self) -> str:
        """Take it away, if this command may; what was done, empty when nothing."""


def run(*command: str) -> str:
    """Run a command of the system; what it said. Raises CannotPrepare when it fails."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # fixed commands
    except OSError as trouble:
        raise CannotPrepare(f"{command[0]} 无法运行（{trouble.strerror}），请安装它") from None
    if ended.returncode:
        raise CannotPrepare(f"{' '.join(command)} 失败：{(ended.stderr or ended.stdout).strip()}")
    return ended.stdout
