"""The operators' group and accounts."""

from __future__ import annotations

import grp
import pwd
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.host.host import GROUP, CannotPrepare
from scripts.host.steps import run

if TYPE_CHECKING:
    from pathlib import Path

NO_PASSWORD: Final = "*"  # noqa: S105  # shadow(5): no password fits, yet the account is not locked


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
        return "没有" if gid(self.name) < 0 else ""

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
        if self.name not in (grp.getgrnam(GROUP).gr_mem if gid(GROUP) >= 0 else ()):
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


def uid(account: str) -> int:
    """Number of an account; -1 when there is none."""
    with suppress(KeyError):
        return pwd.getpwnam(account).pw_uid
    return -1


def gid(group: str) -> int:
    """Number of a group; -1 when there is none."""
    with suppress(KeyError):
        return grp.getgrnam(group).gr_gid
    return -1
