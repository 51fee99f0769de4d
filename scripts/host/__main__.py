"""`scripts/install-host`: prepare a counter host, look it over, or take it away again."""

from __future__ import annotations

import os
import platform
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from scripts.host.checks import PRIVILEGE_SEPARATION, findings, start_command
from scripts.host.host import SSHD, CannotPrepare, Host, authorized, prepared
from scripts.host.plan import has_systemd, plan, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.host.steps import Step

PROGRAM: Final = Path(sys.executable).with_name("counter-tui")
"""The command of the environment in which this runs."""
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(context_settings={"max_content_width": 100})
@click.help_option("-h", "--help", help="显示本说明后退出。")
@click.option("--operator", "operators", multiple=True, metavar="账户[=柜员号]", help="柜员账户，可写多次。")
@click.option("--public-key", type=_FILE, help="该柜员的 SSH 公钥文件；只与一个 --operator 同用。")
@click.option("--port", type=click.IntRange(1, 65535), help="SSH 端口，默认 2222。")
@click.option("--listen", help="只在这个地址上监听；默认所有地址。")
@click.option("--data-dir", help="业务数据目录，默认 /var/lib/counter。")
@click.option("--program", help="counter-tui 命令的位置；默认是本程序所在的。")
@click.option("--training", "mode", flag_value="training", help="演练主机：会话运行 counter-tui run --training。")
@click.option("--production", "mode", flag_value="production", help="生产主机（默认）。")
@click.option("--check", "act", flag_value="check", help="只检查，不改动；全部相符以 0 退出。")
@click.option("--dry-run", "act", flag_value="dry-run", help="只说明将做什么。")
@click.option("--terminal", "act", flag_value="terminal", help="写出窗口终端的启动脚本。")
@click.option("--remove", "act", flag_value="remove", help="撤除；业务数据和程序设置保留。")
@click.option("--no-start", is_flag=True, help="不启动服务，不改内核参数（制作镜像时用）。")
@click.option(
    "--prefix",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/"),
    help="在此目录下写文件，不建账户、不启动服务（制作镜像时用）。",
)
def install(
    *,
    operators: tuple[str, ...],
    public_key: Path | None,
    port: int | None,
    listen: str | None,
    data_dir: str | None,
    program: str | None,
    mode: str | None,
    act: str | None,
    no_start: bool,
    prefix: Path,
) -> int:
    """把一台 Debian 12 主机准备成柜台主机：柜员从窗口终端经 SSH 登录，只能启动柜台程序。

    先说明将做什么，再做；可以重复运行，已经相符的不动。没有写出的选项沿用上次的。
    """
    before = prepared(prefix)
    host = before or Host(root=prefix, program=str(PROGRAM))
    host = replace(
        host,
        port=port or host.port,
        listen=host.listen if listen is None else listen,
        data_dir=data_dir or host.data_dir,
        program=program or host.program,
        training=mode == "training" if mode else host.training,
    )
    for named in operators:
        host = host.with_account(named)
    if act == "terminal":
        print(terminal(host, operators), end="")
        return 0
    keys = _keys(operators, public_key)
    if host.real and os.geteuid() != 0:
        raise CannotPrepare("需要 root 权限，请用 sudo 或以 root 运行")
    steps = list(plan(host, keys, before=before, start=not no_start))
    match act:
        case "check":
            return check(host, steps)
        case "dry-run":
            tell(steps)
            return 0
        case "remove":
            return remove(steps)
        case _:
            prepare(host, steps, start=not no_start)
            return check(host, list(plan(host, keys, before=host, start=not no_start)))


def _keys(operators: Sequence[str], public_key: Path | None) -> dict[str, str]:
    if public_key is None:
        return {}
    if len(operators) != 1:
        raise CannotPrepare("--public-key 只与一个 --operator 同用")
    return {operators[0].partition("=")[0]: authorized(public_key.read_text(encoding="utf-8", errors="replace"))}


def check(host: Host, steps: Sequence[Step]) -> int:
    """Say every deviation with its cure; 0 when there is none."""
    lines = [f"[差] {step.what}：{found}；请运行 scripts/install-host" for step in steps if (found := step.deviation())]
    lines += [finding.line() for finding in findings(host) if not finding.good]
    print("\n".join(lines) if lines else "[好] 柜台主机与安排相符")
    return 1 if lines else 0


def tell(steps: Sequence[Step]) -> list[Step]:
    """Say what is there and what will be made; the steps that will."""
    deviating = []
    for step in steps:
        found = step.deviation()
        print(f"[将做] {step.what}：{found}" if found else f"[已有] {step.what}")
        if found:
            deviating.append(step)
    return deviating


def prepare(host: Host, steps: Sequence[Step], *, start: bool) -> None:
    """Say what will be done, then do it."""
    if not os.access(SSHD, os.X_OK):
        raise CannotPrepare(f"没有 {SSHD}，请先执行 apt install openssh-server")
    deviating = tell(steps)
    for step in deviating:
        if step.deviation().startswith("已有同名账户"):
            raise CannotPrepare(f"{step.what}：{step.deviation()}，什么都没有改动；请换一个账户名")
    if host.real:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    for step in deviating:
        step.make()
    print()
    if host.real and not (start and has_systemd()):
        print(f"入口还没有启动（本机不用 systemd，或写了 --no-start）。启动命令：{start_command(host)}")
    print("终端的启动脚本：scripts/install-host --terminal")


def remove(steps: Sequence[Step]) -> int:
    """Take away what was made, the last thing first."""
    for step in reversed(steps):
        if done := step.remove():
            print(done)
    return 0


def terminal(host: Host, operators: Sequence[str]) -> str:
    """The script with which a terminal at a window starts."""
    address = host.listen or socket.getfqdn()
    public = host.at(host.etc / "ssh_host_ed25519_key.pub")
    if not public.exists():
        raise CannotPrepare("柜台主机还没有准备好（没有主机密钥），请先运行 scripts/install-host")
    kind, key, *_ = public.read_text(encoding="utf-8").split()
    return written(
        "terminal",
        host,
        HOST=address,
        KNOWN=f"[{address}]:{host.port} {kind} {key}",
        OPERATOR=operators[0].partition("=")[0] if operators else "",
        MACHINE=f"{platform.machine()}-linux-gnu",
    )


def main() -> int:
    """Run the command; a refusal is one sentence."""
    try:
        return int(install.main(standalone_mode=False) or 0)
    except CannotPrepare as refusal:
        print(refusal, file=sys.stderr)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as mistake:
        print(f"命令有误：{mistake.format_message()}。用法见 scripts/install-host --help", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
