"""How a session came in over SSH: by whose Unix account, opened by which key; and whom that lets sign on.

A host is prepared by `scripts/install-host`, which writes down, in a file of root's beside the settings, whose account
is whose. sshd tells the key that opened the connection in a file (`ExposeAuthInfo`, sshd_config(5)).
"""

from __future__ import annotations

import hashlib
import os
import pwd
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError
from counter_tui.security.logs import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from counter_tui.domain.operators import Operator

HOST_FILE: Final = "host.toml"
"""What `scripts/install-host` wrote down, in the folder of the host's settings."""
_METHOD: Final = "publickey"


class BadHostFile(CounterError):
    """{file} 有误，不能确认本账户属于哪位柜员，没有启动；请管理员重新运行 scripts/install-host"""

    file: str


class ConnectionUnknown(CounterError):
    """无法确认打开本次连接的 SSH 密钥，没有启动；请重新连接，仍不行请联系管理员"""


class OthersAccount(CounterError):
    """账户 {account} 属于柜员 {bound}，柜员 {operator} 不能在此登录。请退出后用自己的账户连接"""

    account: str
    bound: str
    operator: str


class OthersConnection(CounterError):
    """本次连接是用柜员 {owner} 的介质打开的，柜员 {operator} 不能在此登录。请退出后用自己的介质连接"""

    owner: str
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What is known of the way in, before anybody has signed on."""

    account: str
    """Unix account of the session."""
    bound: str = ""
    """Number of the operator whose account it is; empty where accounts are nobody's in particular."""
    key_hash: str = ""
    """SHA-256 of the public key info (SPKI) of the SSH key, hex, as `Operator.key_hash`; empty without SSH."""

    def admit(self, operator: Operator, registered: Iterable[Operator]) -> None:
        """Let an operator sign on.

        Args:
            operator: whose certificate it is.
            registered: all operators of the bureau: one of them may own the key that opened the connection.

        Raises:
            OthersAccount: the account is another operator's.
            OthersConnection: the SSH key is the key on another operator's certificate.
        """
        if self.bound and operator.number != self.bound:
            raise OthersAccount(account=self.account, bound=self.bound, operator=operator.number)
        for other in registered:
            if other.key_hash == self.key_hash and other.number != operator.number:
                raise OthersConnection(owner=other.number, operator=operator.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Asked at each sign-on; a refusal is written down."""

    connection: Connection
    log: Path

    def __call__(self, operator: Operator, registered: Iterable[Operator]) -> None:
        """Let an operator sign on here. Raises as `Connection.admit`, and OSError where it cannot be written down."""
        try:
            self.connection.admit(operator, registered)
        except CounterError as refusal:
            event = {
                "event": "sign-on refused",
                "why": type(refusal).__name__,
                "account": self.connection.account,
                "ssh_key": self.connection.key_hash,
                "operator": operator.number,
            }
            keep(self.log, event)
            raise


def this_connection(environment: Mapping[str, str]) -> Connection:
    """The connection of this process. Raises BadHostFile and ConnectionUnknown.

    Args:
        environment: `COUNTER_SETTINGS` names the settings, beside which the host file lies; `SSH_USER_AUTH` is sshd's.
    """
    account = pwd.getpwuid(os.getuid()).pw_name
    settings = environment.get("COUNTER_SETTINGS")
    bound = owners(Path(settings).with_name(HOST_FILE)).get(account, "") if settings else ""
    told = environment.get("SSH_USER_AUTH")
    return Connection(account=account, bound=bound, key_hash=key_hash(Path(told)) if told else "")


def owners(file: Path) -> dict[str, str]:
    """Account → operator number, from the host file; empty where there is none. Raises BadHostFile."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("accounts", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise BadHostFile(file=file.name) from None
    if not isinstance(found, dict) or not all(isinstance(number, str) for number in found.values()):
        raise BadHostFile(file=file.name)
    return found


def key_hash(file: Path) -> str:
    """SHA-256, hex, of the public key info of the key that opened the connection, from sshd's own file.

    Empty for a key of a kind that no certificate holds. Raises ConnectionUnknown.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key

    try:
        lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
        key = next(b" ".join(word.encode() for word in words[1:3]) for words in lines if words[:1] == [_METHOD])
    except (OSError, ValueError, StopIteration):
        raise ConnectionUnknown from None
    try:
        public = load_ssh_public_key(key).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except UnsupportedAlgorithm:
        return ""
    except ValueError:
        raise ConnectionUnknown from None
    return hashlib.sha256(public).hexdigest()
