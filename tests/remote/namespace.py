"""A machine within this one: a mount namespace whose changes nobody else sees and which go with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.conftest import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

TOP: Final = Path(__file__).parents[2]
PATIENCE: Final = 20.0
"""Seconds that a program may take on a busy machine."""
_OPENING: Final = """
set -e
stage=$1; shift
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$stage"
for place in "$@"; do
  mkdir -p "$stage$place/upper" "$stage$place/work"
  mount -t overlay -o "lowerdir=$place,upperdir=$stage$place/upper,workdir=$stage$place/work" none "$place"
done
mount -t tmpfs -o mode=755 none /run
echo open
read -r _
"""


class Machine:
    """An empty `/run`, so that no service of this machine answers there, and layers over the folders that are named."""

    def __init__(self, *layered: str) -> None:
        """A machine that changes these folders for itself alone."""
        self.place = Path(tempfile.mkdtemp(prefix="machine-"))
        """A folder outside of it, readable by all accounts."""
        self.place.chmod(0o755)
        self._layered = layered
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        needs(os.geteuid() == 0, "only root can make accounts and a mount namespace")
        try:
            self._opens()
            self.is_set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        shutil.rmtree(self.place, ignore_errors=True)

    def is_set_up(self) -> None:
        """What a kind of machine has of its own."""

    def _opens(self) -> None:
        stage = self.place / "stage"
        stage.mkdir()
        self._first = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", _OPENING, "sh", stage, *self._layered],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._stack.callback(self._ends)
        assert self._first.stdout
        assert self._first.stderr
        opened = self._first.stdout.readline() == "open\n"
        trouble = "" if opened else self._first.stderr.read()
        needs(opened, f"mount namespaces or overlays are not allowed here: {trouble}")

    def _ends(self) -> None:
        """End whatever runs in it; what was mounted goes with its last process."""
        with contextlib.suppress(OSError):
            mine = Path(f"/proc/{self._first.pid}/ns/mnt").readlink()
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    if (process / "ns/mnt").readlink() == mine:
                        os.kill(int(process.name), signal.SIGKILL)
        self._first.communicate()

    def inside(self, *command: str) -> list[str]:
        """A command of the machine's own, as root; the process stays the same."""
        return ["nsenter", "--mount", "--target", str(self._first.pid), *command]

    def runs(self, *command: str) -> str:
        """Run it to its end; what it said."""
        done = subprocess.run(self.inside(*command), cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def starts(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a service, which ends with the machine."""
        log = self._stack.enter_context((self.place / "service.log").open("wb"))
        service = subprocess.Popen(self.inside(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._stack.callback(service.wait)
        self._stack.callback(service.kill)
        return service

    def said(self) -> str:
        """What the service said."""
        return (self.place / "service.log").read_text(errors="replace")

    def at(self, path: str) -> Path:
        """A file of the machine's as this process sees it."""
        return Path(f"/proc/{self._first.pid}/root") / path.lstrip("/")

    def writes(self, path: str, text: str) -> None:
        """Write a file of the machine's."""
        subprocess.run(self.inside("tee", path), input=text, text=True, check=True, stdout=subprocess.DEVNULL)


def until(
    holds: Callable[[], bool], otherwise: str, more: Callable[[], str] = str, *, seconds: float = PATIENCE
) -> None:
    """Wait for something that another program does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{otherwise}\n{more()}"
        time.sleep(0.02)


def ended(argv: Sequence[str], *, seconds: float = PATIENCE, typed: str = "", **environment: str) -> tuple[int, str]:
    """Run a program without a terminal to its end; its status and everything it said."""
    done = subprocess.run(
        argv,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
        timeout=seconds,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout
