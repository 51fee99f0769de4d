"""`scripts/install-host` with real accounts, on a machine within the machine."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from tests.remote.counter_host import PROGRAM, PYTHON, CounterHost
from tests.remote.namespace import TOP, ended

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def prepared() -> Iterator[CounterHost]:
    with CounterHost() as host:
        host.admits("lin", "0007")
        yield host


def test_an_account_has_its_group_its_folders_and_nothing_else(prepared: CounterHost) -> None:
    assert "counter" in prepared.runs("id", "-Gn", "lin").split()
    for folder in ("/home/lin", "/home/lin/.counter"):
        about = prepared.at(folder).stat()
        assert (stat.S_IMODE(about.st_mode), about.st_uid) == (0o700, int(prepared.runs("id", "-u", "lin")))
    assert [path.name for path in prepared.at("/home/lin").iterdir()] == [".counter"]
    data = prepared.at("/var/lib/counter").stat()
    assert (stat.S_IMODE(data.st_mode), data.st_uid) == (0o2770, 0)
    assert prepared.runs("stat", "-c", "%G", "/var/lib/counter") == "counter\n"


def test_the_check_is_content_and_changes_nothing(prepared: CounterHost) -> None:
    checked = prepared.install("--check", "--no-start")
    assert (checked.returncode, checked.stdout) == (0, "[好] 柜台主机与安排相符\n")


@pytest.mark.parametrize(
    ("harm", "mended", "said"),
    [
        ("usermod -p secret lin", "", "有口令或已停用"),
        ("usermod -L lin", "", "有口令或已停用"),
        ("usermod -s /bin/bash lin", "", "登录程序是 /home/lin、/bin/bash"),
        ("gpasswd -d lin counter", "", "不在组 counter 中"),
        ("chown lin /etc/counter/keys/lin", "", "不属于 root:root"),
        ("chmod 777 /home/lin", "", "权限是 0777，应为 0700"),
        (f"chmod o-rx {PYTHON.rpartition('/')[0]}", f"chmod o+rx {PYTHON.rpartition('/')[0]}", "账户 lin 不能运行"),
        (f"chmod o+w {PROGRAM}", f"chmod o-w {PROGRAM}", "能被他人改动"),
        ("echo Bogus yes >>/etc/counter/sshd_config", "", "Bad configuration option: Bogus"),
        ("rm -r /run/sshd", "", "没有 /run/sshd"),
    ],
)
def test_each_deviation_is_told_and_mended(prepared: CounterHost, harm: str, mended: str, said: str) -> None:
    prepared.runs("sh", "-c", harm)
    checked = prepared.install("--check", "--no-start")
    assert checked.returncode == 1
    assert said in checked.stdout
    if mended:
        prepared.runs("sh", "-c", mended)
    assert prepared.install("--no-start").returncode == 0
    assert prepared.install("--check", "--no-start").returncode == 0


@pytest.mark.parametrize("name", ["root", "daemon", "wang"])
def test_an_account_that_others_made_is_never_taken_over(prepared: CounterHost, name: str) -> None:
    if name == "wang":
        prepared.runs("useradd", name)
    before = prepared.at("/etc/passwd").read_text(), prepared.at("/etc/shadow").read_text()
    refused = prepared.install("--operator", f"{name}=1024", "--no-start")
    assert refused.returncode == 2
    assert "已有同名账户，不是本命令建立的" in refused.stderr
    assert (prepared.at("/etc/passwd").read_text(), prepared.at("/etc/shadow").read_text()) == before
    assert name not in prepared.at("/etc/counter/host.toml").read_text()


@pytest.mark.parametrize("act", ["--check", "--dry-run", "--remove", "--training"])
def test_only_root_may_do_it(prepared: CounterHost, act: str) -> None:
    nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    surroundings = ("env", f"PYTHONPATH={TOP}", "PYTHONUTF8=1", "PYTHONDONTWRITEBYTECODE=1")
    status, said = ended(prepared.inside(*nobody, *surroundings, PYTHON, "-m", "scripts.host", act))
    assert (status, said) == (2, "需要 root 权限，请用 sudo 或以 root 运行\n")


def test_taking_it_away_takes_accounts_and_leaves_data_and_the_administrators_own_sshd() -> None:
    with CounterHost() as host:
        before = {path.name: path.read_bytes() for path in host.at("/etc/ssh").iterdir() if path.is_file()}
        accounts = host.at("/etc/passwd").read_text()
        host.admits("lin", "0007")
        host.writes("/var/lib/counter/counter.sqlite", "kept")
        removed = host.install("--remove", "--no-start")
        assert removed.returncode == 0, removed.stderr
        assert host.at("/etc/passwd").read_text() == accounts
        assert "counter" not in host.at("/etc/group").read_text()
        assert not host.at("/home/lin").exists()
        assert host.at("/var/lib/counter/counter.sqlite").read_text() == "kept"
        assert [path.name for path in host.at("/etc/counter").iterdir()] == ["settings.toml"]
        assert {path.name: path.read_bytes() for path in host.at("/etc/ssh").iterdir() if path.is_file()} == before
