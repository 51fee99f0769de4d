"""What can be wrong with a host although everything that is made on it is right; each with its cure."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.findings import Finding
from scripts.host.host import GROUP, SSHD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.host.host import Host

SOCKET_PATH: Final = 107
"""Bytes that the path of a Unix socket may have (unix(7))."""
PRIVILEGE_SEPARATION: Final = Path("/run/sshd")
"""Folder that sshd insists on."""
_TERMINAL_NAME: Final = "T999-0123456789ab"
"""As long as the names that the terminals' script makes."""
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


def start_command(host: Host) -> str:
    """How the entrance is started where no systemd does it."""
    return f"install -d -m 755 {PRIVILEGE_SEPARATION} && {SSHD} -f {host.etc}/sshd_config"


def findings(host: Host) -> Iterator[Finding]:
    """Everything looked at, good or bad."""
    yield from _sshd(host)
    if host.real:
        yield from _program(host)
    yield from _accounts(host)
    yield from _data(host)


def _sshd(host: Host) -> Iterator[Finding]:
    if not os.access(SSHD, os.X_OK):
        yield Finding(good=False, text=f"没有 {SSHD}", cure="请执行 apt install openssh-server")
        return
    config = host.etc / "sshd_config"
    if not host.real or not config.exists():  # its paths hold in place only
        return
    if not PRIVILEGE_SEPARATION.is_dir():  # sshd asks for it even to be tested
        yield Finding(
            good=False, text=f"没有 {PRIVILEGE_SEPARATION}，入口没有运行", cure=f"请执行 {start_command(host)}"
        )
        return
    tested = subprocess.run((SSHD, "-t", "-f", str(config)), capture_output=True, text=True, check=False)  # noqa: S603
    yield Finding(
        good=tested.returncode == 0,
        text=f"sshd -t -f {config}{'：' if tested.returncode else ''}{tested.stderr.strip()}",
        cure="请按 sshd 所说改正后再运行",
    )


def _program(host: Host) -> Iterator[Finding]:
    """The command is there, an operator can run it and cannot change it."""
    program = Path(host.program)
    if not os.access(program, os.X_OK):
        yield Finding(good=False, text=f"没有程序 {program}", cure="请用 --program 指出 counter-tui 命令的位置")
        return
    loose = next((str(part) for part in (program, *program.parents) if part.stat().st_mode & _OTHERS), "")
    yield Finding(good=not loose, text=f"程序不能被他人改动 {loose}", cure="请执行 chmod go-w")
    for account in sorted(host.accounts):
        try:
            found = pwd.getpwnam(account)
        except KeyError:
            continue
        yield _runs_for(account, found.pw_uid, found.pw_gid, host)
        return


def _runs_for(account: str, uid: int, gid: int, host: Host) -> Finding:
    """Run the program as the operator would: whatever lies in a folder of root's alone is found so."""
    try:
        ended = subprocess.run(  # noqa: S603  # the product itself
            (host.program, "--version"),
            user=uid,
            group=gid,
            extra_groups=[],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(host.home(account))},
            capture_output=True,
            check=False,
        )
        runs = ended.returncode == 0
    except OSError:
        runs = False
    return Finding(
        good=runs,
        text=f"账户 {account} {'能' if runs else '不能'}运行 {host.program}",
        cure="程序、Python 和它们的上级目录都要让所有人可读；建议把程序装在 /opt/counter，不要放在 /root 下",
    )


def _accounts(host: Host) -> Iterator[Finding]:
    for account, number in sorted(host.accounts.items()):
        length = len(os.fsencode(host.home(account) / ".counter" / f"{_TERMINAL_NAME}.pcsc"))
        if length > SOCKET_PATH:
            cure = f"套接字的路径最多 {SOCKET_PATH} 字节，请缩短账户名"
            yield Finding(good=False, text=f"账户 {account} 的主目录太长（{length} 字节）", cure=cure)
        if not number and not host.training:
            cure = f"请用 --operator {account}=柜员号 登记，否则任何柜员都能在此账户登录"
            yield Finding(good=False, text=f"账户 {account} 没有登记柜员号", cure=cure)
        keys = host.at(host.etc / "keys" / account)
        if keys.exists() and "restrict" not in keys.read_text(encoding="utf-8", errors="replace"):
            cure = f"请用 --operator {account} --public-key 文件 登记"
            yield Finding(good=False, text=f"账户 {account} 还没有 SSH 公钥", cure=cure)


def _data(host: Host) -> Iterator[Finding]:
    """Every operator can work with whatever lies in the data directory; sockets do not belong there."""
    folder = host.at(host.data_dir)
    if not os.access(folder, os.R_OK | os.X_OK):
        return
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISSOCK(mode):
            yield Finding(good=False, text=f"数据目录中有不该有的套接字 {path}", cure="请查明来源并删除")
        elif not mode & stat.S_IRGRP or not mode & stat.S_IWGRP or (stat.S_ISDIR(mode) and not mode & stat.S_ISGID):
            cure = (
                f"chgrp -R {GROUP} {folder} && chmod -R g+rwX {folder} && find {folder} -type d -exec chmod g+s {{}} +"
            )
            yield Finding(good=False, text=f"{path} 不是全体柜员共用的", cure=f"请执行 {cure}")
            return
