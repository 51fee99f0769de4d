"""A counter host for tests: prepared by `scripts/install-host` on a machine of its own, with a real sshd."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

from tests.conftest import needs
from tests.remote.namespace import TOP, Machine, ended, until

PROGRAM: Final = "/opt/counter/bin/counter-tui"
PYTHON: Final = "/opt/counter/environment/bin/python"
_FIRST_ACCOUNT, _HOSTS, _ACCOUNTS = 10_000, 400, 100
"""Numbers for the accounts of each process that tests hosts."""
_SSHD: Final = "/usr/sbin/sshd"
_COMMAND: Final = f"""#!{PYTHON}
import sys

sys.path.insert(0, "/opt/counter/source")
from counter_tui.__main__ import main

sys.exit(main())
"""


class CounterHost(Machine):
    """The host, from its first account to its last session."""

    def __init__(self) -> None:
        super().__init__("/etc", "/home", "/opt", "/usr/local/lib", "/var/lib")
        self.port = free_port()

    def is_set_up(self) -> None:
        """The program as a host has it, in `/opt/counter`: readable by operators wherever this checkout lies."""
        for command in (_SSHD, "/usr/bin/ssh"):
            needs(os.access(command, os.X_OK), f"{command} is missing: apt install openssh-server openssh-client")
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        base = Path(sys.base_prefix)
        python = base if base == Path("/usr") else Path("/opt/counter/python")
        bound = {TOP / name: f"/opt/counter/source/{name}" for name in ("counter_tui", "screens", "storage")}
        bound[Path(sysconfig.get_path("purelib"))] = f"/opt/counter/environment/lib/{version}/site-packages"
        if python != base:
            bound[base] = str(python)
        for there, here in bound.items():
            self.runs("mkdir", "-p", here)
            self.runs("mount", "--bind", "-o", "ro", str(there), here)
        # Accounts are told apart by number on the whole machine, and other hosts may be tested beside this one.
        first = _FIRST_ACCOUNT + os.getpid() % _HOSTS * _ACCOUNTS
        self.runs("sed", "-i", f"s/^UID_MIN.*/UID_MIN {first}/", "/etc/login.defs")
        self.runs("mkdir", "-p", "/run/sshd", str(Path(PYTHON).parent), str(Path(PROGRAM).parent))
        self.runs("ln", "-s", str(python / "bin" / version), PYTHON)
        self.writes("/opt/counter/environment/pyvenv.cfg", f"home = {python}/bin\n")
        self.writes(PROGRAM, _COMMAND)
        self.runs("chmod", "755", PROGRAM)

    # What an administrator does

    def install(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`scripts/install-host`, as it runs there."""
        return subprocess.run(
            self.inside(sys.executable, "-m", "scripts.host", *arguments),
            cwd=TOP,
            env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    def admits(self, account: str, operator: str = "", *, key: Path | None = None) -> Path:
        """Prepare the host for one more operator; the file of his private SSH key, made unless it is given."""
        if key is None:
            key = self.place / account
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        done = self.install(
            *("--operator", f"{account}={operator}" if operator else account, "--public-key", f"{key}.pub"),
            *("--training", "--no-start", "--program", PROGRAM, "--port", str(self.port), "--listen", "127.0.0.1"),
        )
        needs("不能运行" not in done.stdout, f"this interpreter or checkout can be read by root alone: {done.stdout}")
        assert done.returncode == 0, done.stdout + done.stderr
        return key

    def starts_sshd(self, *options: str) -> None:
        """Start the entrance; nothing that it starts can raise its rights, as the service has it."""
        config = "/etc/counter/sshd_config"
        self.starts("setpriv", "--no-new-privs", _SSHD, "-D", "-e", "-f", config, *options)
        until(lambda: answers(self.port), "sshd does not answer", self.said)

    # What a terminal needs of it

    def known(self) -> Path:
        """A file by which a client knows the host."""
        file = self.place / "known_hosts"
        kind, key, *_ = self.at("/etc/counter/ssh_host_ed25519_key.pub").read_text().split()
        file.write_text(f"[127.0.0.1]:{self.port} {kind} {key}\n")
        return file

    def script(self, account: str, key: Path) -> Path:
        """The terminals' own script, its head filled in as an administrator does."""
        text = self.install("--terminal", "--operator", account).stdout
        for line, filled in {
            "identity= ": f"identity={key} ",
            "StrictHostKeyChecking=yes": f"StrictHostKeyChecking=yes -o UserKnownHostsFile={self.known()}",
        }.items():
            assert line in text
            text = text.replace(line, filled)
        file = self.place / f"terminal-{account}"
        file.write_text(text)
        file.chmod(0o700)
        return file

    def ssh(self, key: Path, *options: str, command: str = "ssh") -> list[str]:
        """A client that asks for something of its own; whom and what for is to be added."""
        port = "-P" if command in {"scp", "sftp"} else "-p"
        return [
            *(command, port, str(self.port), "-i", str(key), "-o", "IdentitiesOnly=yes", "-F", "none"),
            *("-o", "BatchMode=yes", "-o", f"UserKnownHostsFile={self.known()}", *options),
        ]

    # What is to be seen on it

    def sockets(self, account: str) -> list[str]:
        """What lies in the folder of an account's sockets."""
        return sorted(path.name for path in self.at(f"/home/{account}/.counter").iterdir())

    def processes(self, account: str) -> dict[int, str]:
        """Everything that runs on this host as an account: process id and command line."""
        uid = self.at("/etc/passwd").read_text().split(f"\n{account}:")[1].split(":")[1]
        here = (Path("/proc") / str(self._first.pid) / "ns/mnt").readlink()
        found: dict[int, str] = {}
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                line = (process / "cmdline").read_bytes()  # empty when only its parent has not heard of its end
                ours = f"\nUid:\t{uid}\t" in (process / "status").read_text()
                if line and ours and (process / "ns/mnt").readlink() == here:
                    found[int(process.name)] = line.replace(b"\0", b" ").decode()
        return found

    def session(self, account: str) -> int:
        """Process id of an account's only session."""
        (found,) = (pid for pid, line in self.processes(account).items() if "counter-tui" in line)
        return found

    def within(self, account: str, *command: str) -> tuple[int, str]:
        """Run something as a program of an account's session would: with its rights and with its variables."""
        variables = Path(f"/proc/{self.session(account)}/environ").read_bytes().rstrip(b"\0").decode().split("\0")
        return ended(self.inside("runuser", "-u", account, "-g", "counter", "--", "env", "-i", *variables, *command))

    def is_empty(self, account: str) -> None:
        """Wait until nothing of an account runs any more."""
        until(lambda: not self.processes(account), f"{account} still runs", lambda: str(self.processes(account)))


def free_port() -> int:
    """A TCP port of this machine that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether somebody listens at a port."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
