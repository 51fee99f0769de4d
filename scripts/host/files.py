"""Folders and files of a host, with their owners and modes."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.host.accounts import gid, uid
from scripts.host.host import CannotPrepare
from scripts.host.steps import run

if TYPE_CHECKING:
    from pathlib import Path

ROOT: Final = "root"


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
        if os.geteuid() == 0 and (found.st_uid, found.st_gid) != (uid(self.owner), gid(self.group)):
            return f"不属于 {self.owner}:{self.group}"
        return ""

    def set(self) -> None:
        """Set them. Owner first: a change of it takes the set-group-ID away."""
        if os.geteuid() == 0:
            os.lchown(self.path, uid(self.owner), gid(self.group))
        self.path.chmod(self.mode)


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
