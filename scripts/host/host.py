"""What a counter host is to be: its port, its folders, its operators' accounts; and the file in which that stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUP: Final = "counter"
"""Group of the operators' accounts."""
SSHD: Final = "/usr/sbin/sshd"
_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,16}")
_PATH: Final = re.compile(r"/[A-Za-z0-9/._+-]*")
_ADDRESS: Final = re.compile(r"[0-9A-Za-z.:-]*")
_PUBLIC_KEY: Final = re.compile(r"(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*(?: .*)?")


class CannotPrepare(Exception):
    """Why the host cannot be prepared: one Chinese sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Everything that the administrator decides."""

    root: Path = Path("/")
    """Where the files go; another place than `/` for images and tests."""
    port: int = 2222
    listen: str = ""
    """Address that sshd listens at; empty: all of them."""
    data_dir: str = "/var/lib/counter"
    program: str
    """The command `counter-tui`, as the host will have it."""
    training: bool = False
    homes: str = "/home"
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Account → operator number, empty where the account is nobody's in particular."""

    def __post_init__(self) -> None:
        """Nothing that a shell, sshd or TOML would read otherwise. Raises CannotPrepare."""
        for path in (self.data_dir, self.program, self.homes):
            if not _PATH.fullmatch(path):
                raise CannotPrepare(f"路径 {path} 不对：须以 / 开头，只用字母、数字和 . _ + -")
        if not _ADDRESS.fullmatch(self.listen):
            raise CannotPrepare(f"地址 {self.listen} 不对")

    @property
    def real(self) -> bool:
        """Whether this is the machine itself, with its accounts and services."""
        return self.root == Path("/")

    @property
    def etc(self) -> Path:
        """Settings, keys and sshd's configuration."""
        return Path("/etc/counter")

    @property
    def lib(self) -> Path:
        """What sessions begin with."""
        return Path("/usr/local/lib/counter")

    @property
    def file(self) -> Path:
        """The host file."""
        return self.etc / "host.toml"

    def home(self, account: str) -> Path:
        """Home of an account."""
        return Path(self.homes) / account

    def at(self, path: Path | str) -> Path:
        """Where a file of the host lies now."""
        return self.root / str(path).lstrip("/")

    def with_account(self, named: str) -> Host:
        """The host with one more account, or with another operator for it: `zhang=1024`. Raises CannotPrepare."""
        account, _, number = named.partition("=")
        if not _ACCOUNT.fullmatch(account):
            raise CannotPrepare(f"账户名 {account} 不对：小写字母开头，只用小写字母、数字、- 和 _，最多 31 个字符")
        if number and not _NUMBER.fullmatch(number):
            raise CannotPrepare(f"柜员号 {number} 不对：只用数字和字母，最多 16 个字符")
        return replace(self, accounts={**self.accounts, account: number or self.accounts.get(account, "")})

    def text(self) -> str:
        """The host file."""
        lines = [
            "# 由 scripts/install-host 写成；要改就再次运行该命令。[accounts]：账户 = 柜员号，本账户只许该柜员登录。",
            f"port = {self.port}",
            f'listen = "{self.listen}"',
            f'data_dir = "{self.data_dir}"',
            f'program = "{self.program}"',
            f"training = {str(self.training).lower()}",
            f'homes = "{self.homes}"',
            "",
            "[accounts]",
            *(f'{account} = "{number}"' for account, number in sorted(self.accounts.items())),
        ]
        return "\n".join(lines) + "\n"


def prepared(root: Path) -> Host | None:
    """The host as it was prepared before; None when it never was. Raises CannotPrepare."""
    file = root / "etc/counter/host.toml"
    try:
        return Host(root=root, **tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise CannotPrepare(f"{file} 读不懂，请移走它后再运行（账户须用 --operator 重新列出）") from None


def authorized(keys: str) -> str:
    """Lines for sshd from a file of public keys: nothing but a terminal and the two sockets. Raises CannotPrepare."""
    found = [line.strip() for line in keys.splitlines() if line.strip() and not line.startswith("#")]
    if not found:
        raise CannotPrepare("公钥文件是空的")
    for line in found:
        if not _PUBLIC_KEY.fullmatch(line):
            raise CannotPrepare("公钥文件中有一行不是 OpenSSH 公钥（应如 ssh-ed25519 AAAA…），私钥和选项都不能写进来")
    return "".join(f"restrict,pty,port-forwarding {line}\n" for line in found)
