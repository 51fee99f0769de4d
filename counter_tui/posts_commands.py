"""`counter-tui keys request`, `review`, `approve`, `carry-out`, `revoke`, `suspend`: path 92 from a shell."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counter_tui.at_shell import Identification, asked, identification, on_counter, place, seated

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import date

    from counter_tui.domain.grants import GrantAct, Granted
    from counter_tui.services.counter import Counter
    from counter_tui.services.operators import Offered
    from counter_tui.services.recording import Recorded
    from counter_tui.services.seats import Seat

identity = click.option(
    "--identity-file", type=click.Path(path_type=Path), help="第一行是居民身份证号码的文件；不给时在终端上输入。"
)
"""Whose identity number: never an argument, which other users of the host could read."""
ROLES: Final = ("R1", "R2", "R3", "R4", "F", "C", "H")
ACTS: Final = ("issue", "renew", "change", "resume")


@click.command()
@click.argument("act", type=click.Choice(ACTS))
@click.argument("number")
@click.option("--name", default="", help="姓名；只在新设时。")
@click.option(
    "--identity-file", type=click.Path(path_type=Path), help="第一行是居民身份证号码的文件；不给时在终端上输入。"
)
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, help="岗位，可写几次；新设和变更时。")
@click.option(
    "--groups",
    default="",
    metavar="A,B|all",
    help="只办哪些业务组，字母用逗号分开；默认岗位可办的全部，变更时默认不变。",
)
@click.option("--since", default="", metavar="YYYY-MM-DD", help="起始日；默认今日。")
@click.option("--until", default="", metavar="YYYY-MM-DD", help="截止日；默认一年或至证书到期。")
@click.option("--certificate", default="", help="新证书：插入介质的序号或证书尾号，或证书文件。")
@place
@identification
def request(  # the options are the request
    *, act: str, number: str, region: str, data_dir: Path | None, key: str, pin_file: Path | None, **typed: Any
) -> int:
    """业务申请（主管）：issue 新设，renew 换证，change 变更岗位，resume 恢复工号 NUMBER。"""
    from counter_tui.domain.grants import GrantAct

    who = Identification(key=key, pin_file=pin_file)

    async def work(counter: Counter) -> int:
        meant, granted = GrantAct(act), await _granted(counter, GrantAct(act), number, **typed)
        kept = await _signed(counter, who, lambda seat, pin: counter.posts.request(meant, granted, seat=seat, pin=pin))
        click.echo(f"已申请，编号 {kept.operations[-1].op_id}，等待内控审核")
        return 0

    return _run(region, data_dir, work)


def _step(name: str, help_: str) -> click.Command:
    """One of the three steps after the request."""

    @click.command(name, help=help_)
    @click.argument("grant")
    @click.option("--refuse", "reason", default=None, metavar="REASON", help="不同意，写明原因。")
    @place
    @identification
    def command(
        *, grant: str, reason: str | None, region: str, data_dir: Path | None, key: str, pin_file: Path | None
    ) -> int:
        return _run(region, data_dir, lambda counter: _answer(counter, name, grant, reason, key, pin_file))

    return command


review = _step("review", "内控审核（稽核内控）编号以 GRANT 开头的申请。")
approve = _step("approve", "领导核准（机构负责人）编号以 GRANT 开头的申请。")
carry_out = _step("carry-out", "系统赋权（系统管理）编号以 GRANT 开头的申请；登记随即改变。")


async def _answer(counter: Counter, name: str, start: str, reason: str | None, key: str, pin_file: Path | None) -> int:
    from counter_tui.domain.grants import STEPS

    step = next(each for each in STEPS if each.kind == f"grant.{name.replace('-', '_')}")
    posts, who = counter.posts, Identification(key=key, pin_file=pin_file)
    grant = await posts.grant(start)
    if reason is not None:
        why = reason
        await _signed(counter, who, lambda seat, pin: posts.refuse(grant, reason=why, seat=seat, pin=pin))
        click.echo(f"已不同意 {grant.granted.number} 的授权申请，登记不变")
        return 0
    await _signed(counter, who, lambda seat, pin: posts.sign(step, grant, seat=seat, pin=pin))
    click.echo(
        f"{grant.granted.number} {grant.granted.name} {grant.act.label}：{(await posts.grant(grant.id)).state.label}"
    )
    return 0


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="原因。")
@click.option("--lost", is_flag=True, help="介质遗失（挂失）。")
@place
@identification
def revoke(
    *, number: str, reason: str, lost: bool, region: str, data_dir: Path | None, key: str, pin_file: Path | None
) -> int:
    """吊销或挂失（主管或稽核内控）工号 NUMBER 的证书：立即生效。"""
    who = Identification(key=key, pin_file=pin_file)

    async def work(counter: Counter) -> int:
        operator = await counter.posts.operator(number)
        await _signed(
            counter,
            who,
            lambda seat, pin: counter.posts.revoke(operator, reason=reason, lost=lost, seat=seat, pin=pin),
        )
        click.echo(f"{number} 已{'挂失' if lost else '吊销'}")
        return 0

    return _run(region, data_dir, work)


@click.command()
@click.argument("number")
@click.option("--reason", required=True, help="原因。")
@place
@identification
def suspend(*, number: str, reason: str, region: str, data_dir: Path | None, key: str, pin_file: Path | None) -> int:
    """停用（主管或稽核内控）工号 NUMBER：立即生效；恢复须经四人办理。"""
    who = Identification(key=key, pin_file=pin_file)

    async def work(counter: Counter) -> int:
        operator = await counter.posts.operator(number)
        await _signed(
            counter, who, lambda seat, pin: counter.posts.suspend(operator, reason=reason, seat=seat, pin=pin)
        )
        click.echo(f"{number} 已停用")
        return 0

    return _run(region, data_dir, work)


def typed_identity(file: Path | None) -> str:
    """An identity number from the first line of a file, or typed without an echo; never an argument."""
    from counter_tui.pin_files import read_pin

    return read_pin(file).decode(errors="replace") if file else asked("居民身份证号码", hidden=True)


async def _granted(
    counter: Counter,
    act: GrantAct,
    number: str,
    *,
    name: str,
    identity_file: Path | None,
    roles: Sequence[str],
    groups: str,
    since: str,
    until: str,
    certificate: str,
) -> Granted:
    from counter_tui.domain.functions import read_groups
    from counter_tui.domain.grants import GrantAct
    from counter_tui.domain.posts import Role
    from counter_tui.services.operators import Wanted

    wanted = Wanted(
        number=number,
        name=name,
        roles=tuple(map(Role, roles)),
        since=_day(counter, since),
        until=_day(counter, until),
        groups=read_groups(groups) if groups else None,
    )
    if act in {GrantAct.CHANGE, GrantAct.RESUME}:
        return await counter.posts.kept(wanted)
    offered = await _offered(counter, certificate)
    wanted = replace(wanted, identity=typed_identity(identity_file))
    return (
        counter.posts.issued(wanted, offered) if act is GrantAct.ISSUE else await counter.posts.renewed(wanted, offered)
    )


async def _offered(counter: Counter, typed: str) -> Offered:
    """A certificate in a file that was named, or as at the counter."""
    from storage.incoming import NoPlainFile, read_plain

    try:
        content = await asyncio.to_thread(read_plain, Path(typed))
    except (OSError, NoPlainFile):  # no file: a key that is plugged in
        return await counter.posts.offered(typed)
    return await asyncio.to_thread(counter.posts.certificates.read, content)


def _day(counter: Counter, typed: str) -> date | None:
    from counter_tui.domain.calendar import read_day

    return read_day(typed, counter.clock.today()) if typed else None


async def _signed(
    counter: Counter, who: Identification, act: Callable[[Seat, bytearray], Coroutine[None, None, Recorded]]
) -> Recorded:
    return await seated(counter, who, lambda seat: act(seat, who.pin("再次输入 PIN 签名")))


def _run(region: str, data_dir: Path | None, work: Callable[[Counter], Coroutine[None, None, int]]) -> int:
    return on_counter(region, data_dir, work)
