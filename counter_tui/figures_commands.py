"""`counter-tui policy load` and `policy confirm`: two persons bring figures into force from the command line."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable

    from counter_tui.domain.figures import FiguresFile
    from counter_tui.policy.figure_changes import Change
    from counter_tui.services.counter import Counter
    from counter_tui.services.figures import Looked
    from counter_tui.services.seats import Seat
    from counter_tui.wiring.parts import Opened

T = TypeVar("T")

_PATIENCE = 20
"""Seconds to wait for the line to the hub."""


class NoTerminal(CounterError):
    """载入和确认须由本人在终端上选择证书并输入 PIN，请在终端窗口中运行"""


class NoSuchKey(CounterError):
    """没有第 {typed} 个证书，请按列出的序号输入"""

    typed: str


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


@asynccontextmanager
async def _counter(region: str, data_dir: Path | None) -> AsyncIterator[Counter]:
    """The training counter of a region, connected to its hub."""
    import os

    from counter_tui.domain.calendar import BEIJING
    from counter_tui.settings import read_settings
    from counter_tui.wiring.training import open_training

    settings = read_settings(environment=os.environ)
    region = region or settings.region
    folder = data_dir or settings.practice(region)
    opened = await open_training(settings, region, folder, real_today=datetime.now(BEIJING).date())
    try:
        await _connected(opened)
        yield opened.counter
    finally:
        await opened.close()


async def _connected(opened: Opened) -> None:
    """Wait for the hub and for what it has to tell. Raises HubAway."""
    from counter_tui.services.recording import HubAway

    try:
        async with asyncio.timeout(_PATIENCE):
            while not opened.line.connected:
                opened.line.wake()
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise HubAway from None
    await opened.line.answer([])


async def _load(region: str, data_dir: Path | None, name: str, content: bytes, *, check: bool) -> int:
    async with _counter(region, data_dir) as counter:
        looked = await counter.figures.look(content, name)
        _show(f"{name} 与现行数值相比：", looked.changes)
        if check:
            click.echo("文件没有问题，未提出申请")
            return 0
        return await _seated(counter, lambda seat: _propose(counter, looked, seat))


async def _propose(counter: Counter, looked: Looked, seat: Seat) -> int:
    if not _agreed(f"申请载入以上 {len(looked.changes)} 项变化"):
        click.echo("未提出申请")
        return 1
    kept = await counter.figures.propose(looked, seat=seat, pin=_pin("再次输入 PIN 签名"))
    number = kept.operations[-1].op_id
    click.echo(f"已提出申请，编号 {number}")
    click.echo(f"请另一名系统管理员或主管确认：counter-tui policy confirm {number}")
    return 0


async def _confirm(region: str, data_dir: Path | None, number: str, reason: str | None) -> int:
    async with _counter(region, data_dir) as counter:
        if not number:
            return _list(await counter.figures.files())
        file = await counter.figures.file(number)
        click.echo(f"{file.name}  {file.proposed.operator} 申请  {file.state.label}")
        if reason is None:
            _show("与现行数值相比：", await counter.figures.changes_of(file))
        return await _seated(counter, lambda seat: _answer(counter, file, reason, seat))


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
        await counter.figures.refuse(file, reason=reason, seat=seat, pin=_pin("再次输入 PIN 签名"))
        click.echo(f"已不同意 {file.name}，现行数值不变")
        return 0
    if not _agreed("确认以上变化并使其生效"):
        click.echo("未确认，现行数值不变")
        return 1
    await counter.figures.confirm(file, seat=seat, pin=_pin("再次输入 PIN 签名"))
    click.echo(f"已确认 {file.name}，自今日起按公布日和所属期执行")
    return 0


async def _seated(counter: Counter, work: Callable[[Seat], Coroutine[None, None, T]]) -> T:
    """Sign somebody on with his key and PIN, let him do one thing, and sign him off again."""
    from counter_tui.services.seats import Seat

    if not sys.stdin.isatty():
        raise NoTerminal
    keys = await counter.signing.keys()
    for place, key in enumerate(keys, 1):
        click.echo(f"{place:>3}  {key.certificate_number[-4:]}  {key.name}  {key.post}")
    typed = _asked("证书序号")
    if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed) <= len(keys):
        raise NoSuchKey(typed=typed)
    pin = _pin("PIN")
    window = counter.first_window
    session = await counter.signing.sign_on(keys[int(typed) - 1].fingerprint, pin, window=window)
    await counter.take_seat(Seat(session=session, window=window))
    try:
        return await work(counter.seat)
    finally:
        await counter.leave_seat()


def _pin(label: str) -> bytearray:
    """A PIN typed without an echo; never taken from an argument or a file."""
    return bytearray(_asked(label, hidden=True).encode())


def _agreed(question: str) -> bool:
    return _asked(f"{question}，输入 Y 办理").upper() == "Y"


def _asked(label: str, *, hidden: bool = False) -> str:
    """Ask on the terminal; the program waits. Raises click.Abort for Ctrl+C, which the event loop would keep back."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return str(click.prompt(label, hide_input=hidden, default="", show_default=False, prompt_suffix="：")).strip()
    finally:
        signal.signal(signal.SIGINT, before)


def _show(heading: str, changes: Iterable[Change]) -> None:
    click.echo(heading)
    for each in changes:
        click.echo(f"  {each.text}")
