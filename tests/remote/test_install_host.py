"""`scripts/install-host` on a tree of files: what it says, what it makes, and that the second run makes nothing."""

from __future__ import annotations

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.host.__main__ import install
from scripts.host.host import CannotPrepare, Host, authorized, prepared
from scripts.host.plan import TEMPLATES, UNIT, written
from tests.conftest import needs
from tests.remote.counter_host import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP = Path(__file__).parents[2]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1yRk0kG0Hk0kM0gq7m3bq7mJ1yRk0kG0Hk0kM0gq7m zhang@T1"
HOST = Host(program="/opt/counter/bin/counter-tui", data_dir="/srv/counter", accounts={"zhang": "1024"})


class Tree:
    """A host's files below a folder of the test's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key = root.with_name("zhang.pub")
        self.key.write_text(f"# his key\n{KEY}\n")

    def runs(self, *arguments: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "scripts.host", "--prefix", str(self.root), *arguments],
            cwd=TOP,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stdout + ended.stderr

    def is_prepared(self, *arguments: str) -> str:
        status, said = self.runs("--operator", "zhang=1024", "--public-key", str(self.key), *arguments)
        assert status == 0, said
        return said

    def reads(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def files(self) -> dict[str, tuple[int, int, bytes]]:
        """Every file with its mode, its moment of writing and its content."""
        found: dict[str, tuple[int, int, bytes]] = {}
        for path in self.root.rglob("*"):
            about = path.stat()
            found[str(path)] = (about.st_mode, about.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        return found


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    needs(os.access("/usr/sbin/sshd", os.X_OK), "sshd (apt install openssh-server)")
    return Tree(tmp_path / "host")


def test_what_will_be_done_is_said_first_and_not_done(tree: Tree) -> None:
    status, said = tree.runs("--dry-run", "--operator", "zhang=1024")
    assert status == 0
    assert re.search(r"\[将做\] 文件 \S+/etc/counter/sshd_config（柜员入口的 SSH 设置", said)
    assert not tree.root.exists()


def test_a_second_run_makes_nothing_and_the_check_is_content(tree: Tree) -> None:
    tree.is_prepared()
    before = tree.files()
    said = tree.is_prepared()
    assert "[将做]" not in said
    assert tree.runs("--check") == (0, "[好] 柜台主机与安排相符\n")
    assert tree.files() == before


def test_a_second_operator_joins_the_first(tree: Tree) -> None:
    tree.is_prepared("--port", "2022")
    status, said = tree.runs("--operator", "li=1025")
    assert status == 1
    assert "账户 li 还没有 SSH 公钥" in said
    host = prepared(tree.root)
    assert host
    assert (host.accounts, host.port) == ({"zhang": "1024", "li": "1025"}, 2022)
    assert KEY in tree.reads("etc/counter/keys/zhang")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            "chmod 755 var/lib/counter",
            "var/lib/counter（业务数据，全体柜员共用，root:root，2770）：权限是 2755，应为 2770",
        ),
        ("echo 'Subsystem sftp internal-sftp' >>etc/counter/sshd_config", "sshd_config.*：内容不同"),
        ("rm usr/local/lib/counter/session", "session.*：没有"),
        ("chmod 644 etc/counter/ssh_host_ed25519_key", "ssh_host_ed25519_key.*：权限是 0644，应为 0600"),
        ("touch var/lib/counter/counter.sqlite; chmod 600 var/lib/counter/counter.sqlite", "不是全体柜员共用的"),
        ("rm -r home/zhang/.counter; ln -s /usr home/zhang/.counter", "终端送来的套接字.*：不是目录"),
        ("echo 'ssh-ed25519 AAAA' >etc/counter/keys/zhang", "账户 zhang 还没有 SSH 公钥"),
    ],
)
def test_each_deviation_is_a_line_with_its_cure(tree: Tree, harm: str, said: str) -> None:
    tree.is_prepared()
    subprocess.run(["sh", "-c", harm], cwd=tree.root, check=True)
    before = tree.files()
    status, found = tree.runs("--check")
    assert status == 1
    (line,) = found.splitlines()
    assert re.search(said, line)
    assert re.search(r"；请(执行|运行|用)", line)
    assert tree.files() == before


def test_a_deviation_is_mended_by_running_it_again(tree: Tree) -> None:
    tree.is_prepared()
    (tree.root / "var/lib/counter").chmod(0o755)
    (tree.root / "etc/counter/sshd_config").write_text("PasswordAuthentication yes\n")
    tree.is_prepared()
    assert tree.runs("--check")[0] == 0
    assert stat.S_IMODE((tree.root / "var/lib/counter").stat().st_mode) == 0o2770


def test_a_socket_among_the_data_is_reported(tree: Tree) -> None:
    tree.is_prepared()
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tree.root / "var/lib/counter/s"))
    status, said = tree.runs("--check")
    assert status == 1
    assert "不该有的套接字" in said


def test_a_link_in_an_operator_s_home_is_never_followed(tree: Tree, tmp_path: Path) -> None:
    tree.is_prepared()
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tree.root / "home/zhang/.counter").rmdir()
    (tree.root / "home/zhang/.counter").symlink_to(tmp_path / "elsewhere")
    status, said = tree.runs()
    assert status == 2
    assert "不是目录，请查明来源并移走" in said
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o755


def test_the_settings_of_the_administrator_are_written_once(tree: Tree) -> None:
    tree.is_prepared("--data-dir", "/srv/counter")
    settings = tree.root / "etc/counter/settings.toml"
    assert 'data_dir = "/srv/counter"' in settings.read_text(encoding="utf-8")
    settings.write_text('data_dir = "/srv/counter"\nregion = "tianjin"\n')
    tree.is_prepared()
    assert "tianjin" in settings.read_text(encoding="utf-8")


def test_taking_it_away_leaves_the_data_and_the_settings(tree: Tree) -> None:
    tree.is_prepared()
    (tree.root / "var/lib/counter/counter.sqlite").touch()
    status, said = tree.runs("--remove")
    assert status == 0
    assert "保留" in said
    left = {str(path.relative_to(tree.root)) for path in tree.root.rglob("*") if path.is_file()}
    assert left == {"var/lib/counter/counter.sqlite", "etc/counter/settings.toml"}


def test_the_terminal_s_script_knows_the_host(tree: Tree) -> None:
    assert tree.runs("--terminal")[0] == 2
    tree.is_prepared("--listen", "10.1.2.3")
    status, script = tree.runs("--terminal", "--operator", "zhang")
    assert status == 0
    public = " ".join(tree.reads("etc/counter/ssh_host_ed25519_key.pub").split()[:2])
    assert f"[10.1.2.3]:2222 {public}" in script
    assert re.search(r"^operator=zhang ", script, re.MULTILINE)
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--operator", "Zhang"), "账户名 Zhang 不对"),
        (("--operator", "../zhang"), "账户名 ../zhang 不对"),
        (("--operator", "zhang=10 24"), "柜员号 10 24 不对"),
        (("--program", "/opt/a b"), "路径 /opt/a b 不对"),
        (("--data-dir", 'x"'), "路径"),
        (("--listen", "1;2"), "地址"),
        (("--port", "0"), "命令有误"),
        (("--nosuch",), "命令有误"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(tree: Tree, arguments: Sequence[str], sentence: str) -> None:
    status, said = tree.runs(*arguments)
    assert status == 2
    assert sentence in said
    assert said.count("\n") == 1
    assert not tree.root.exists()


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "# nothing\n",
        'command="/bin/sh" ssh-ed25519 AAAA',
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        f"{KEY}\nenvironment=x ssh-ed25519 AAAA",
    ],
)
def test_a_public_key_file_brings_keys_alone(keys: str) -> None:
    with pytest.raises(CannotPrepare):
        authorized(keys)


def test_a_key_opens_a_terminal_and_the_two_sockets_alone() -> None:
    assert authorized(f"{KEY}\n") == f"restrict,pty,port-forwarding {KEY}\n"


def test_a_damaged_host_file_stops_it(tree: Tree) -> None:
    tree.is_prepared()
    (tree.root / "etc/counter/host.toml").write_text("port = \n")
    status, said = tree.runs()
    assert status == 2
    assert "读不懂" in said


def test_every_line_for_sshd_has_a_word_why() -> None:
    lines = (TEMPLATES / "sshd_config").read_text(encoding="utf-8").splitlines()
    bare = [line for before, line in pairwise(lines) if line[:1].isupper() and not before.startswith("#")]
    assert bare == []


@pytest.mark.parametrize("template", ["session", "terminal"])
def test_the_scripts_are_plain_shell(template: str) -> None:
    script = written(template, HOST, HOST="h", KNOWN="k", OPERATOR="zhang", MACHINE="x86_64-linux-gnu")
    assert not re.search(r"@[A-Z_]+@", script)
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0


def test_what_ssh_said_is_shown_when_the_terminal_starts_again_and_not_before(tmp_path: Path) -> None:
    needs(shutil.which("ssh"), "ssh is missing: apt install openssh-client")
    script = written("terminal", HOST, HOST="127.0.0.1", KNOWN="k", OPERATOR="zhang", MACHINE="x86_64-linux-gnu")
    script = script.replace(f"port={HOST.port}", f"port={free_port()}").replace("identity= ", "identity=/none ")
    log = tmp_path / "counter-terminal.log"
    surroundings = {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)}

    def starts() -> str:
        done = subprocess.run(["sh"], input=script, capture_output=True, text=True, check=False, env=surroundings)
        assert done.returncode == 255
        return done.stderr

    assert "refused" not in starts()
    assert "Connection refused" in log.read_text()
    assert "Connection refused" in starts()
    log.unlink()
    log.mkdir()
    assert "refused" not in starts(), "where nothing can be written it is not said at all"


def test_the_session_begins_with_the_program_itself() -> None:
    assert written("session", HOST).rstrip().endswith("\nexec /opt/counter/bin/counter-tui run")


def test_the_paper_names_every_option_and_every_place() -> None:
    paper = (TOP / "docs/柜台主机.md").read_text(encoding="utf-8")
    assert {option for each in install.params for option in each.opts if option != "--help"} <= set(
        re.findall(r"--[a-z-]+", paper)
    ) | {"-h"}
    for place in (HOST.lib / "session", HOST.etc / "sshd_config", HOST.file, HOST.etc / "settings.toml", UNIT):
        assert str(place) in paper
