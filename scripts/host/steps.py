"""Things a host has: each says what it is, how it differs from what it should be, and makes itself so."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scripts.host.host import GROUP, SSHD, CannotPrepare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NO_PASSWORD: Final = "*"  # noqa: S105  # shadow(5): no password fits, yet the account is not locked
ROOT: Final = "root"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Owner, group and mode of a file or folder. Owners are set and looked at by root only."""

    path: Path
    mode: int
    owner: str = ROOT
    group: str = ROOT

    def deviation(self) -> str:
        """How they differ; the thing must be there."""
        found = self.path.lstat()
        if stat.S_IMODE(found.st_mode) != self.mode:
            return f"权限是 {stat.S_IMODE(found.st_mode):04o}，应为 {self.mode:04o}"
        if os.geteuid() == 0 and (found.st_uid, found.st_gid) != (_uid(self.owner), _gid(self.group)):
            return f"不属于 {self.owner}:{self.group}"
        return ""

    def set(self) -> None:
        """Set them. Owner first: a change of it takes the set-group-ID away."""
        if os.geteuid() == 0:
            os.lchown(self.path, _uid(self.owner), _gid(self.group))
        self.path.chmod(self.mode)


def _uid(account: str) -> int:
    with suppress(KeyError):
        return pwd.getpwnam(account).pw_uid
    return -1


def _gid(group: str) -> int:
    with suppress(KeyError):
        return grp.getgrnam(group).gr_gid
    return -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder."""

    owned: Owned
    use: str
    keep: bool = False
    """Never taken away: it holds what operators have made."""

    @property
    def what(self) -> str:
        """Path, owner, mode and use."""
        return f"目录 {self.owned.path}（{self.use}，{self.owned.owner}:{self.owned.group}，{self.owned.mode:04o}）"

    def deviation(self) -> str:
        """Not there, no folder, or of another owner or mode."""
        if self.owned.path.is_symlink() or (self.owned.path.exists() and not self.owned.path.is_dir()):
            return "不是目录"
        return self.owned.deviation() if self.owned.path.exists() else "没有"

    def make(self) -> None:
        """Make it with those above it. A link, or a file in its place, is not touched."""
        if self.deviation() == "不是目录":
            raise CannotPrepare(f"{self.owned.path} 不是目录，请查明来源并移走")
        self.owned.path.mkdir(parents=True, exist_ok=True)
        self.owned.set()

    def remove(self) -> str:
        """Only an empty folder goes."""
        if self.keep:
            return f"保留 {self.owned.path}（{self.use}）" if self.owned.path.exists() else ""
        with suppress(OSError):
            self.owned.path.rmdir()
            return f"已删除 {self.owned.path}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that this command alone writes."""

    owned: Owned
    use: str
    content: str

    @property
    def what(self) -> str:
        """Path, owner, mode and use."""
        return f"文件 {self.owned.path}（{self.use}，{self.owned.owner}:{self.owned.group}，{self.owned.mode:04o}）"

    def deviation(self) -> str:
        """Not there, another content, owner or mode."""
        path = self.owned.path
        if path.is_symlink() or (path.exists() and not path.is_file()):
            return "不是普通文件"
        if not path.exists():
            return "没有"
        if path.read_text(encoding="utf-8", errors="replace") != self.content:
            return "内容不同"
        return self.owned.deviation()

    def make(self) -> None:
        """Write it beside its place and move it there: sshd never reads half a file."""
        path = self.owned.path
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        draft.write_text(self.content, encoding="utf-8")
        Owned(path=draft, mode=self.owned.mode, owner=self.owned.owner, group=self.owned.group).set()
        draft.replace(path)

    def remove(self) -> str:
        """It goes."""
        if not self.owned.path.exists():
            return ""
        self.owned.path.unlink()
        return f"已删除 {self.owned.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstFile(File):
    """A file that the administrator goes on writing: made when there is none, then left as it is."""

    keep: bool = False
    """Never taken away."""

    def deviation(self) -> str:
        """Not there, or of another owner or mode."""
        if not self.owned.path.is_file():
            return "没有"
        return self.owned.deviation()

    def make(self) -> None:
        """Write it once."""
        if self.owned.path.is_file():
            self.owned.set()
        else:
            super(FirstFile, self).make()

    def remove(self) -> str:
        """It goes, or it is named as left."""
        if self.keep:
            return f"保留 {self.owned.path}（{self.use}）" if self.owned.path.exists() else ""
        return super(FirstFile, self).remove()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKey:
    """The key by which terminals know the host; never made anew."""

    path: Path
    use: str = "主机密钥"

    @property
    def what(self) -> str:
        """Path and use."""
        return f"文件 {self.path}（{self.use}，Ed25519，不会重新生成）"

    def deviation(self) -> str:
        """Not there, or readable by others."""
        if not self.path.is_file():
            return "没有"
        return Owned(path=self.path, mode=0o600).deviation()

    def make(self) -> None:
        """Make the pair once."""
        if not self.path.is_file():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "counter-host", "-f", str(self.path))
        Owned(path=self.path, mode=0o600).set()

    def remove(self) -> str:
        """Both halves go."""
        if not self.path.exists():
            return ""
        for half in (self.path, self.path.with_name(f"{self.path.name}.pub")):
            half.unlink(missing_ok=True)
        return f"已删除 {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operators' group."""

    name: str = GROUP

    @property
    def what(self) -> str:
        """Its name."""
        return f"组 {self.name}（全体柜员账户）"

    def deviation(self) -> str:
        """Not there."""
        return "没有" if _gid(self.name) < 0 else ""

    def make(self) -> None:
        """Make it."""
        if self.deviation():
            run("groupadd", "--system", self.name)

    def remove(self) -> str:
        """It goes, unless somebody is still in it."""
        if self.deviation() or grp.getgrnam(self.name).gr_mem:
            return ""
        run("groupdel", self.name)
        return f"已删除组 {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One operator's account: no password, no shell but the counter."""

    name: str
    home: Path
    shell: Path
    ours: bool
    """Whether this command made it; an account that others made is never taken over."""

    @property
    def what(self) -> str:
        """Name, home and what it starts."""
        return f"账户 {self.name}（组 {GROUP}，无口令，登录程序 {self.shell}）"

    def deviation(self) -> str:
        """Not there, or with another home, shell, group or password."""
        try:
            found = pwd.getpwnam(self.name)
        except KeyError:
            return "没有"
        if not self.ours or found.pw_uid == 0:
            return "已有同名账户，不是本命令建立的"
        if self.name not in (grp.getgrnam(GROUP).gr_mem if _gid(GROUP) >= 0 else ()):
            return f"不在组 {GROUP} 中"
        if (found.pw_dir, found.pw_shell) != (str(self.home), str(self.shell)):
            return f"主目录或登录程序是 {found.pw_dir}、{found.pw_shell}"
        return "" if _password(self.name) == NO_PASSWORD else "有口令或已停用"

    def make(self) -> None:
        """Make it, or set it right."""
        found = self.deviation()
        if found.startswith("已有同名账户"):
            raise CannotPrepare(f"账户 {self.name} 已存在，不是本命令建立的，没有改动；请换一个账户名")
        settings = ("--home-dir", str(self.home), "--shell", str(self.shell), "--password", NO_PASSWORD)
        if found == "没有":
            run("useradd", *settings, "--no-create-home", "--user-group", "--groups", GROUP, self.name)
        elif found:
            run("usermod", *settings[2:], "--home", str(self.home), "--append", "--groups", GROUP, self.name)

    def remove(self) -> str:
        """It goes with its home, in which nothing but sockets belongs."""
        if not self.ours or self.deviation() == "没有":
            return ""
        run("userdel", self.name)
        shutil.rmtree(self.home, ignore_errors=True)
        return f"已删除账户 {self.name} 和 {self.home}"


def _password(name: str) -> str:
    """What stands in the place of the password in shadow(5)."""
    for line in run("getent", "shadow", name).splitlines():
        return line.split(":")[1]
    return ""


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
