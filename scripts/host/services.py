"""What runs on a host and how its kernel is set."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.host.host import SSHD, CannotPrepare
from scripts.host.steps import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.host.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The systemd unit of the entrance, loaded and running."""

    unit: str
    config: Path
    """What sshd reads."""
    changed: Sequence[Step]
    """Files that it has read: when one of them was written, it reads them again."""

    @property
    def what(self) -> str:
        """Its name."""
        return f"服务 {self.unit}（开机启动）"

    def deviation(self) -> str:
        """Not enabled, not running, or running with what was written before."""
        for verb, lacking in (("is-enabled", "没有设为开机启动"), ("is-active", "没有运行")):
            if subprocess.run(("systemctl", "--quiet", verb, self.unit), check=False).returncode:  # noqa: S603, S607
                return lacking
        return "设置有改动" if any(each.deviation() for each in self.changed) else ""

    def make(self) -> None:
        """Load it anew; sessions that are open go on."""
        run(SSHD, "-t", "-f", str(self.config))
        run("systemctl", "daemon-reload")
        run("systemctl", "enable", "--now", self.unit)
        run("systemctl", "reload", self.unit)

    def remove(self) -> str:
        """It stops; sessions that are open go on to their end."""
        with suppress(CannotPrepare):
            run("systemctl", "disable", "--now", self.unit)
            return f"已停止服务 {self.unit}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A setting of the kernel, as a file says it."""

    file: Path
    entry: Path
    """Below /proc/sys."""
    value: str

    @property
    def what(self) -> str:
        """Name and value."""
        return f"内核参数 {self.entry.name} = {self.value}"

    def deviation(self) -> str:
        """Another value."""
        found = self.entry.read_text().strip() if self.entry.exists() else "无法读取"
        return "" if found == self.value else f"现为 {found}"

    def make(self) -> None:
        """Set it now; the file sets it at each start."""
        run("sysctl", "--quiet", "--load", str(self.file))

    def remove(self) -> str:
        """It stays until the next start, without the file."""
        return ""
