"""Which things a counter host has, in the order in which they are made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.host.accounts import Account, Group
from scripts.host.files import File, FirstFile, Folder, HostKey, Owned
from scripts.host.host import GROUP
from scripts.host.services import Kernel, Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.host.host import Host
    from scripts.host.steps import Step

TEMPLATES: Final = Path(__file__).parent / "templates"
UNIT: Final = "counter-sshd.service"
_SYSTEMD: Final = Path("/run/systemd/system")
_RETRIES: Final = Path("/proc/sys/net/ipv4/tcp_retries2")


def written(name: str, host: Host, **more: str) -> str:
    """A template with what is decided filled in."""
    values: Mapping[str, str] = {
        "PORT": str(host.port),
        "LISTEN": f"ListenAddress {host.listen}" if host.listen else "# （没有指定：所有地址）",
        "ETC": str(host.etc),
        "LIB": str(host.lib),
        "DATA_DIR": host.data_dir,
        "PROGRAM": host.program,
        "RUN": "run --training" if host.training else "run",
        "HOME": host.homes,
        **more,
    }
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], text)


def has_systemd() -> bool:
    """Whether services are started by systemd here."""
    return _SYSTEMD.is_dir()


def plan(host: Host, keys: Mapping[str, str], *, before: Host | None, start: bool) -> Iterator[Step]:
    """Everything the host must have.

    Args:
        host: what it is to be.
        keys: account → lines for sshd, of accounts whose keys are given now; those of others stay as they are.
        before: what it was before: whose accounts were made by this command.
        start: whether services are started and the kernel is set.
    """
    if host.real:
        yield Group()
    yield Folder(owned=Owned(path=host.at(host.lib), mode=0o755), use="会话的入口")
    yield File(
        owned=Owned(path=host.at(host.lib / "session"), mode=0o755),
        use="柜员登录时唯一启动的程序",
        content=written("session", host),
    )
    yield Folder(owned=Owned(path=host.at(host.etc), mode=0o755), use="主机的设置")
    # Before the accounts: whatever is made from here on is known as ours, even if something fails on the way.
    yield File(owned=Owned(path=host.at(host.file), mode=0o644), use="主机的安排和账户", content=host.text())
    yield from _accounts(host, keys, before)
    yield FirstFile(
        owned=Owned(path=host.at(host.etc / "settings.toml"), mode=0o644),
        use="程序设置，由管理员修改",
        keep=True,
        content=written("settings.toml", host),
    )
    group = GROUP if host.real else "root"
    data = Owned(path=host.at(host.data_dir), mode=0o2770, group=group)
    yield Folder(owned=data, use="业务数据，全体柜员共用", keep=True)
    yield from _entrance(host, start=start)


def _accounts(host: Host, keys: Mapping[str, str], before: Host | None) -> Iterator[Step]:
    yield Folder(owned=Owned(path=host.at(host.etc / "keys"), mode=0o755), use="柜员的 SSH 公钥")
    for account in sorted(host.accounts):
        home, owner = host.home(account), account if host.real else "root"
        if host.real:
            ours = before is not None and account in before.accounts
            yield Account(name=account, home=home, shell=host.lib / "session", ours=ours)
        for folder, use in ((home, f"{account} 的主目录"), (home / ".counter", "终端送来的套接字")):
            yield Folder(owned=Owned(path=host.at(folder), mode=0o700, owner=owner, group=owner), use=use)
        file = Owned(path=host.at(host.etc / "keys" / account), mode=0o644)
        if account in keys:
            yield File(owned=file, use=f"{account} 的 SSH 公钥", content=keys[account])
        else:
            yield FirstFile(owned=file, use=f"{account} 的 SSH 公钥", content="# 还没有公钥\n")


def _entrance(host: Host, *, start: bool) -> Iterator[Step]:
    key = HostKey(path=host.at(host.etc / "ssh_host_ed25519_key"))
    config = File(
        owned=Owned(path=host.at(host.etc / "sshd_config"), mode=0o644),
        use="柜员入口的 SSH 设置",
        content=written("sshd_config", host),
    )
    unit = File(
        owned=Owned(path=host.at(f"/etc/systemd/system/{UNIT}"), mode=0o644),
        use="入口的服务",
        content=written(UNIT, host),
    )
    retries = host.at("/etc/sysctl.d/60-counter.conf")
    kernel = File(owned=Owned(path=retries, mode=0o644), use="内核参数", content=written("sysctl.conf", host))
    yield from (key, config, unit, kernel)
    if host.real and start:
        yield Kernel(file=retries, entry=_RETRIES, value="6")
        if has_systemd():
            yield Service(unit=UNIT, config=config.owned.path, changed=(config, unit))
