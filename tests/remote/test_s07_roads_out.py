"""S7: whoever may sign on over SSH reaches the counter and nothing else, by whatever road he tries."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.remote.counter_host import CounterHost, answers, free_port
from tests.remote.namespace import ended, until
from tests.story.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "lin"
WHO = f"{ACCOUNT}@127.0.0.1"
NOWHERE = "此处不能显示柜台界面"
"""What the counter says where there is no terminal: it was the counter that started."""
UNKNOWN = "终端未登记，请联系管理员"
NAMED = ("-o", "SetEnv=COUNTER_TERMINAL=T1-0a")


@dataclass(frozen=True, slots=True)
class Outside:
    """A host, and somebody with an operator's own key who wants more than the counter."""

    host: CounterHost
    key: Path

    def tries(self, *options: str, then: tuple[str, ...] = (), command: str = "ssh", typed: str = "") -> str:
        """Connect with options of his own and ask for a command; everything that was said."""
        argv = self.host.ssh(self.key, *NAMED, *options, command=command)
        who = () if command in {"scp", "sftp"} else (WHO,)
        return ended([*argv, *who, *then], typed=typed)[1]

    @contextlib.contextmanager
    def holds(self, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        """A connection without a session, kept open."""
        argv = [*self.host.ssh(self.key, *options), "-N", WHO]
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
            try:
                yield client
            finally:
                client.kill()

    @property
    def marks(self) -> list[Path]:
        """Places where a shell of the account's could have left its mark."""
        return [self.host.at(place) for place in ("/home/lin/marked", "/var/lib/counter/marked")]


MARK = "touch ~/marked; touch /var/lib/counter/marked; id"


@pytest.fixture(scope="module")
def prepared() -> Iterator[Outside]:
    with CounterHost() as host:
        key = host.admits(ACCOUNT, "0007")
        host.starts_sshd()
        yield Outside(host, key)


def test_a_shell_of_the_account_s_would_leave_its_mark(prepared: Outside) -> None:
    prepared.host.runs("runuser", "-u", ACCOUNT, "-g", "counter", "--", "env", "HOME=/home/lin", "sh", "-c", MARK)
    assert all(mark.exists() for mark in prepared.marks)
    for mark in prepared.marks:
        mark.unlink()


@pytest.fixture
def outside(prepared: Outside) -> Iterator[Outside]:
    yield prepared
    prepared.host.is_empty(ACCOUNT)
    assert not [mark for mark in prepared.marks if mark.exists()], "something ran a command"


@pytest.fixture
def window() -> Iterator[Window]:
    with Window() as opened:
        yield opened


def reached(port: int) -> bytes:
    """What answers at a port of this machine; nothing when the line is closed at once."""
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.settimeout(5)
        return line.recv(64)


# Commands and files


@pytest.mark.parametrize("command", ["id", MARK, "/bin/sh", "sh -i", "scp -t /tmp", "/usr/lib/openssh/sftp-server", ""])
def test_a_command_starts_the_counter(outside: Outside, command: str) -> None:
    said = outside.tries(then=(command,) if command else (), typed=f"{MARK}\nexit\n")
    assert NOWHERE in said
    assert "uid=" not in said


def test_a_command_with_a_terminal_starts_the_counter(outside: Outside, window: Window) -> None:
    argv = outside.host.ssh(outside.key, *NAMED)
    window.opens([*argv, "-tt", WHO, MARK], until="社保柜台终端")
    assert "uid=" not in window.text


@pytest.mark.parametrize("name", ["sftp", "shell", "../../bin/sh"])
def test_there_is_no_subsystem(outside: Outside, name: str) -> None:
    assert "subsystem request failed" in outside.tries("-s", then=(name,))


@pytest.mark.parametrize("options", [(), ("-O",)], ids=["by sftp", "by the old protocol"])
def test_no_file_is_copied_in_or_out(outside: Outside, tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "in").write_text("a file")
    outside.tries(*options, then=(str(tmp_path / "in"), f"{WHO}:.counter/in"), command="scp")
    outside.tries(*options, then=(f"{WHO}:/etc/counter/host.toml", str(tmp_path / "out")), command="scp")
    assert not outside.host.at("/home/lin/.counter/in").exists()
    assert not (tmp_path / "out").exists()


def test_no_file_is_put_by_sftp(outside: Outside, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("a file")
    outside.tries(then=(WHO,), command="sftp", typed=f"put {tmp_path / 'in'} .counter/in\n")
    assert not outside.host.at("/home/lin/.counter/in").exists()


# Ports, sockets and tunnels


@pytest.mark.parametrize("target", ["127.0.0.1:{sshd}", "/run/sshd/any", "/home/lin/.counter/service"])
def test_nothing_of_the_host_is_reached_from_outside(outside: Outside, target: str) -> None:
    port = free_port()
    with socket.socket(socket.AF_UNIX) as service:
        path = outside.host.at("/home/lin/.counter/service")
        service.bind(str(path))
        path.chmod(0o777)
        service.listen()
        with outside.holds("-L", f"{port}:{target.format(sshd=outside.host.port)}"):
            until(lambda: answers(port), "the client does not listen")
            assert reached(port) == b""
        path.unlink()


def test_no_connection_is_made_for_a_proxy(outside: Outside) -> None:
    port = free_port()
    with outside.holds("-D", str(port)):
        until(lambda: answers(port), "the client does not listen")
        with socket.create_connection(("127.0.0.1", port), 5) as line:
            line.settimeout(5)
            line.sendall(b"\x05\x01\x00")
            assert line.recv(2) == b"\x05\x00"
            line.sendall(b"\x05\x01\x00\x01\x7f\x00\x00\x01" + outside.host.port.to_bytes(2, "big"))
            assert b"SSH-2.0" not in line.recv(64)


def test_no_connection_is_made_for_another_client(outside: Outside) -> None:
    assert "administratively prohibited" in outside.tries("-W", f"127.0.0.1:{outside.host.port}")


@pytest.mark.parametrize("listening", ["0", "127.0.0.1:{free}", "0.0.0.0:{free}"])
def test_no_port_of_the_host_is_opened(outside: Outside, listening: str) -> None:
    port = free_port()
    asked = f"{listening.format(free=port)}:127.0.0.1:1"
    assert "remote port forwarding failed" in outside.tries("-N", "-o", "ExitOnForwardFailure=yes", "-R", asked)
    assert not answers(port)


def test_a_socket_never_takes_the_place_of_a_file(outside: Outside) -> None:
    file = outside.host.at("/home/lin/.counter/file")
    outside.host.writes("/home/lin/.counter/file", "kept")
    outside.host.runs("chown", "lin:lin", "/home/lin/.counter/file")
    said = outside.tries("-N", "-o", "ExitOnForwardFailure=yes", "-R", "/home/lin/.counter/file:/run/any")
    assert "remote port forwarding failed" in said
    assert file.read_text() == "kept"
    file.unlink()


def test_a_socket_never_takes_the_place_of_another(outside: Outside) -> None:
    path = outside.host.at("/home/lin/.counter/T9.pcsc")
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        number = path.stat().st_ino
        said = outside.tries("-N", "-o", "ExitOnForwardFailure=yes", "-R", "/home/lin/.counter/T9.pcsc:/run/any")
    assert "remote port forwarding failed" in said
    assert path.stat().st_ino == number
    path.unlink()


@pytest.mark.parametrize("place", ["/etc/counter/s", "/usr/local/lib/counter/s", "/home/lin/.ssh/rc", "/run/s"])
def test_no_socket_is_made_where_the_account_may_not_write(outside: Outside, place: str) -> None:
    said = outside.tries("-N", "-o", "ExitOnForwardFailure=yes", "-R", f"{place}:/run/any")
    assert "remote port forwarding failed" in said
    assert not outside.host.at(place).exists()


def test_a_socket_among_the_data_is_reported_to_the_administrator(outside: Outside) -> None:
    with outside.holds("-R", "/var/lib/counter/s:/run/any"):
        until(outside.host.at("/var/lib/counter/s").exists, "no socket is made")
        assert "数据目录中有不该有的套接字 /var/lib/counter/s" in outside.host.install("--check", "--no-start").stdout
    outside.host.at("/var/lib/counter/s").unlink()


def test_no_tunnel_is_opened(outside: Outside) -> None:
    said = outside.tries("-N", "-w", "any:any", "-o", "ExitOnForwardFailure=yes")
    assert "unnel" in said  # this machine's own device may be refused first
    assert "established" not in said


def test_no_second_session_comes_through_a_connection(outside: Outside, window: Window, tmp_path: Path) -> None:
    control = f"{tmp_path}/c"
    argv = outside.host.ssh(outside.key, *NAMED, "-M", "-S", control)
    window.opens([*argv, "-tt", WHO], until="社保柜台终端")
    said = ended(["ssh", "-F", "none", "-S", control, WHO, MARK])[1]
    assert "Session open refused by peer" in said
    assert "uid=" not in said


# Names, variables and files of the account's


@pytest.mark.parametrize(
    "name", ["", "../x", "a b", "x;id", "$(id)", "`id`", "x/../../y", "名称", "x\ty", "*", "-n x", "%n", "a\\nb"]
)
def test_an_odd_name_of_a_terminal_is_refused(outside: Outside, name: str) -> None:
    argv = outside.host.ssh(outside.key, "-o", "SendEnv=COUNTER_TERMINAL")
    status, said = ended([*argv, WHO], COUNTER_TERMINAL=name)
    assert said.endswith(f"{UNKNOWN}\n")
    assert NOWHERE not in said
    assert status == 64


INJECTED = {
    "LD_PRELOAD": "/home/lin/x.so",
    "PYTHONPATH": "/home/lin",
    "PYTHONSTARTUP": "/home/lin/x.py",
    "PYTHONINSPECT": "1",
    "ENV": "/home/lin/x",
    "BASH_ENV": "/home/lin/x",
    "PATH": "/home/lin",
    "LC_ALL": "zh_CN.GBK",
    "COUNTER_SETTINGS": "/home/lin/x.toml",
    "CUPS_SERVER": "/run/cups/cups.sock",
    "TEXTUAL_DRIVER": "x:y",
    "SSH_USER_AUTH": "/home/lin/x",
}


def test_no_variable_enters_but_the_three_that_may(outside: Outside, window: Window) -> None:
    wanted = " ".join(f"{name}={value}" for name, value in INJECTED.items())
    argv = outside.host.ssh(outside.key, "-A", "-X", "-o", f"SetEnv=COUNTER_TERMINAL=T1-0b NO_COLOR=1 {wanted}")
    window.opens([*argv, "-tt", WHO], until="社保柜台终端", environment={"DISPLAY": ":9"})
    pairs = Path(f"/proc/{outside.host.session(ACCOUNT)}/environ").read_bytes().decode().split("\0")
    found = dict(pair.split("=", 1) for pair in pairs if pair)
    assert found["COUNTER_TERMINAL"] == "T1-0b"
    assert found["NO_COLOR"] == "1"
    assert found["PATH"] == "/usr/bin:/bin"
    assert found["COUNTER_SETTINGS"] == "/etc/counter/settings.toml"
    assert found["CUPS_SERVER"] == "/home/lin/.counter/T1-0b.cups"
    assert found["SSH_USER_AUTH"] != "/home/lin/x"
    others = INJECTED.keys() - {"PATH", "COUNTER_SETTINGS", "CUPS_SERVER", "SSH_USER_AUTH"}
    assert not others & found.keys()
    assert not {"SSH_AUTH_SOCK", "DISPLAY", "SSH_ORIGINAL_COMMAND"} & found.keys()


def test_no_file_of_the_home_directory_is_run(outside: Outside) -> None:
    host = outside.host
    host.runs("mkdir", "-p", "/home/lin/.ssh")
    for name in (
        ".ssh/rc",
        ".ssh/environment",
        ".profile",
        ".bashrc",
        ".bash_profile",
        ".hushlogin",
        ".pam_environment",
    ):
        host.writes(f"/home/lin/{name}", f"{MARK}\nBASH_ENV=/home/lin/.profile\n")
        host.runs("chmod", "755", f"/home/lin/{name}")
    host.runs("chown", "-R", "lin:lin", "/home/lin")
    assert NOWHERE in outside.tries(then=(MARK,))
    host.runs("sh", "-c", "cd /home/lin && rm -r .ssh .profile .bashrc .bash_profile .hushlogin .pam_environment")


def test_no_key_is_taken_that_lies_in_the_home_directory(outside: Outside, tmp_path: Path) -> None:
    host, own = outside.host, tmp_path / "own"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", own], check=True)
    host.runs("mkdir", "-p", "/home/lin/.ssh")
    host.writes("/home/lin/.ssh/authorized_keys", Path(f"{own}.pub").read_text())
    host.runs("chown", "-R", "lin:lin", "/home/lin/.ssh")
    assert "Permission denied (publickey)" in ended([*host.ssh(own), WHO, "id"])[1]
    host.runs("rm", "-r", "/home/lin/.ssh")


@pytest.mark.parametrize("other", ["root", "daemon", "nobody", "sshd"])
def test_no_other_account_comes_in_here(outside: Outside, other: str) -> None:
    said = ended([*outside.host.ssh(outside.key), f"{other}@127.0.0.1", "id"])[1]
    assert "Permission denied (publickey)" in said


def test_the_account_has_no_password_and_no_shell(outside: Outside) -> None:
    assert outside.host.runs("getent", "shadow", ACCOUNT).split(":")[1] == "*"
    assert outside.host.runs("getent", "passwd", ACCOUNT).strip().endswith(":/usr/local/lib/counter/session")


# From within


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_on_a_terminal_without_a_screen_the_connection_ends(outside: Outside, window: Window, term: str) -> None:
    argv = outside.host.ssh(outside.key, *NAMED)
    window.opens([*argv, "-tt", WHO], term=term, until="不能显示柜台界面")
    assert window.ends() == 2


def test_what_a_crash_has_left_is_swept_away_after_a_day(outside: Outside) -> None:
    folder = outside.host.at("/home/lin/.counter")
    for name in ("old.pcsc", "new.pcsc"):
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(folder / name))
    outside.host.runs("touch", "-d", "2 days ago", "/home/lin/.counter/old.pcsc")
    assert NOWHERE in outside.tries()
    assert outside.host.sockets(ACCOUNT) == ["new.pcsc"]
    (folder / "new.pcsc").unlink()


def test_after_a_fault_the_connection_ends(outside: Outside, window: Window) -> None:
    argv = outside.host.ssh(outside.key, *NAMED)
    window.opens([*argv, "-tt", WHO], until="证书序号", seconds=30)
    os.kill(outside.host.session(ACCOUNT), signal.SIGSEGV)
    assert window.ends() != 0
