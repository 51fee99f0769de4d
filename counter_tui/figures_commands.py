"""`counter-tui policy load` and `policy confirm`: two persons bring figures into force from the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counter_tui.at_shell import Identification, agreed, opened_counter, seated
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from counter_tui.domain.figures import FiguresFile
    from counter_tui.policy.figure_changes import Change
    from counter_tui.services.counter import Counter
    from counter_tui.services.figures import Looked
    from counter_tui.services.seats import Seat


class Unreadable(CounterError):
    """文件 {name} 无法读取：{why}，请核对路径和权限"""

    name: str
    why: str


class NothingWaits(CounterError):
    """没有待确认的载入申请，请先由系统管理员用 counter-tui policy load 提出"""


def _place(command: Callable[..., int]) -> Callable[..., int]:
    folder = click.Path(file_okay=False, path_type=Path)
    command = click.option("--data-dir", type=folder, help="演练数据目录；默认在用户数据目录下。")(command)
    return click.option("--region", default="", help="地区方案；默认取设置文件。")(command)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@_place
@click.option("--check", is_flag=True, help="只检查文件并列出变化，不提出申请。")
def load(file: Path, region: str, data_dir: Path | None, *, check: bool) -> int:
    """系统管理员申请载入数值文件 FILE；另一人确认后才生效。"""
    return _run(_load(region, data_dir, file.name, _content(file), check=check))


@click.command()
@click.argument("number", required=False, default="")
@_place
@click.option("--refuse", "reason", default=None, metavar="REASON", help="不同意载入，写明原因。")
def confirm(number: str, region: str, data_dir: Path | None, reason: str | None) -> int:
    """第二人确认编号为 NUMBER 的载入申请；不带编号时列出待确认的申请。"""
    return _run(_confirm(region, data_dir, number, reason))


def _run(work: Coroutine[None, None, int]) -> int:
    return asyncio.run(work)


def _content(file: Path) -> bytes:
    from storage.incoming import read_plain

    try:
        return read_plain(file)
    except OSError as trouble:
        raise Unreadable(name=file.name, why=trouble.strerror or "未知原因") from None


async def _load(region: str, data_dir: Path | None, name: str, content: bytes, *, check: bool) -> int:
    async with opened_counter(region, data_dir) as opened:
        counter = opened.counter
        looked = await counter.figures.look(content, name)
        _show(f"{name} 与现行数值相比：", looked.changes)
        if check:
            click.echo("文件没有问题，未提出申请")
            return 0
        return await seated(counter, Identification(), lambda seat: _propose(counter, looked, seat))


async def _propose(counter: Counter, looked: Looked, seat: Seat) -> int:
    if not agreed(f"申请载入以上 {len(looked.changes)} 项变化"):
        click.echo("未提出申请")
        return 1
    kept = await counter.figures.propose(looked, seat=seat, pin=Identification().pin("再次输入 PIN 签名"))
    number = kept.operations[-1].op_id
    click.echo(f"已提出申请，编号 {number}")
    click.echo(f"请另一名系统管理员或主管确认：counter-tui policy confirm {number}")
    return 0


async def _confirm(region: str, data_dir: Path | None, number: str, reason: str | None) -> int:
    async with opened_counter(region, data_dir) as opened:
        counter = opened.counter
        if not number:
            return _list(await counter.figures.files())
        file = await counter.figures.file(number)
        click.echo(f"{file.name}  {file.proposed.operator} 申请  {file.state.label}")
        if reason is None:
            _show("与现行数值相比：", await counter.figures.changes_of(file))
        return await seated(counter, Identification(), lambda seat: _answer(counter, file, reason, seat))


def _list(files: Iterable[FiguresFile]) -> int:
    from counter_tui.domain.figures import FiguresState

    waiting = [each for each in files if each.state is FiguresState.PROPOSED]
    if not waiting:
        raise NothingWaits
    for each in waiting:
        click.echo(f"{each.id}  {each.name}  {each.proposed.operator} 申请")
    return 0


async def _answer(counter: Counter, file: FiguresFile, reason: str | None, seat: Seat) -> int:
    if reason is not None:
        await counter.figures.refuse(file, reason=reason, seat=seat, pin=Identification().pin("再次输入 PIN 签名"))
        click.echo(f"已不同意 {file.name}，现行数值不变")
        return 0
    if not agreed("确认以上变化并使其生效"):
        click.echo("未确认，现行数值不变")
        return 1
    await counter.figures.confirm(file, seat=seat, pin=Identification().pin("再次输入 PIN 签名"))
    click.echo(f"已确认 {file.name}，自今日起按公布日和所属期执行")
    return 0


def _show(heading: str, changes: Iterable[Change]) -> None:
    click.echo(heading)
    for each in changes:
        click.echo(f"  {each.text}")
