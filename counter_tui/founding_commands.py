"""`counter-tui keys found`: the first posts of a bureau, each opened by two persons with a one-time code."""

from __future__ import annotations

import asyncio
import getpass
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counter_tui.at_shell import Identification, asked, identification, opened_counter, place
from counter_tui.posts_commands import identity, typed_identity

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from counter_tui.services.counter import Counter
    from counter_tui.services.founding import FoundBureau

FIRST = ("R3", "C", "H", "R4")
"""Posts that can be opened this way: supervisor, control, head of the bureau, administrator."""

_post = click.option(
    "--post", required=True, type=click.Choice(FIRST), help="R3 主管，C 稽核内控，H 机构负责人，R4 系统管理。"
)


@click.group()
def found() -> None:
    """首次开立四类岗位：一人在主机上生成一次性开立码，另一人插入介质后输入；岗位有人在用时不能再开立。"""


@found.command()
@place
def missing(region: str, data_dir: Path | None) -> int:
    """列出还没有人在用的岗位。"""

    async def work() -> int:
        async with _founding(region, data_dir) as (_, bureau):
            roles = await asyncio.to_thread(bureau.missing)
            click.echo("\n".join(f"{role}  {role.label}" for role in roles) or "四类岗位已齐全")
            return 0

    return asyncio.run(work())


@found.command()
@_post
@identity
@place
def code(post: str, identity_file: Path | None, region: str, data_dir: Path | None) -> int:
    """生成开立码（第一人）：只显示一次，30 分钟内有效。"""
    from counter_tui.domain.posts import Role
    from counter_tui.services.founding import Person

    async def work() -> int:
        async with _founding(region, data_dir) as (_, bureau):
            by = Person(name=getpass.getuser(), identity=typed_identity(identity_file))
            shown = await asyncio.to_thread(bureau.new_code, Role(post), by)
            click.echo(f"{Role(post).label} 的开立码：{shown}")
            click.echo("30 分钟内有效，只显示这一次；请当面交给第二人，由其插入介质后运行 counter-tui keys found enter")
            return 0

    return asyncio.run(work())


@found.command()
@_post
@click.option("--number", required=True, help="工号，4 至 8 位数字。")
@click.option("--name", required=True, help="姓名。")
@identity
@click.option("--code-file", type=click.Path(path_type=Path), help="第一行是开立码的文件；不给时在终端上输入。")
@place
@identification
def enter(
    *,
    post: str,
    number: str,
    name: str,
    identity_file: Path | None,
    code_file: Path | None,
    region: str,
    data_dir: Path | None,
    key: str,
    pin_file: Path | None,
) -> int:
    """输入开立码（第二人）：以插入的介质担任该岗位，期限一年。"""
    from counter_tui.domain.posts import Role
    from counter_tui.pin_files import read_pin
    from counter_tui.security.desk import wipe
    from counter_tui.services.founding import Person

    who, role = Identification(key=key, pin_file=pin_file), Role(post)

    async def work() -> int:
        async with _founding(region, data_dir) as (counter, bureau):
            certificates = counter.posts.certificates
            chosen = who.key_among(await certificates.keys())
            typed = read_pin(code_file).decode(errors="replace") if code_file else asked("开立码", hidden=True)
            by = Person(name=name, identity=typed_identity(identity_file))
            pin = who.pin("PIN")
            try:
                offered = await certificates.proven(chosen.fingerprint, pin)
            finally:
                wipe(pin)
            operator = await asyncio.to_thread(lambda: bureau.enter(role, typed, number=number, by=by, offered=offered))
            click.echo(f"已开立：{operator.number} {operator.name} {operator.posts}，至 {operator.last_day}")
            return 0

    return asyncio.run(work())


@asynccontextmanager
async def _founding(region: str, data_dir: Path | None) -> AsyncIterator[tuple[Counter, FoundBureau]]:
    """The bureau of this host with its own hub."""
    from counter_tui.services.founding import FoundBureau
    from storage.hub.founding import FoundingBook

    async with opened_counter(region, data_dir) as opened:
        counter = opened.counter
        yield (
            counter,
            FoundBureau(
                book=FoundingBook(opened.hub), policy=counter.policy, clock=counter.clock, humans=counter.posts.humans
            ),
        )
