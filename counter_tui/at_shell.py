"""A counter at the shell: opened for one command, with somebody signed on for one act of his."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

    from counter_tui.services.counter import Counter
    from counter_tui.services.keys import PresentKey
    from counter_tui.services.seats import Seat
    from counter_tui.wiring.parts import Opened

T = TypeVar("T")

SHORTEST_BEGINNING = 4
"""Characters of a certificate number or fingerprint; fewer would be taken for a place in the list."""
_PATIENCE = 20
"""Seconds to wait for the line to the hub."""


class NoTerminal(CounterError):
    """须由本人在终端上选择证书并输入 PIN，请在终端窗口中运行"""


class NothingPlugged(CounterError):
    """未检测到证书介质，请插入 USB Key 后重试"""


class WhichKey(CounterError):
    """插有 {count} 个证书介质，请用 --key 指明其中一个：keys list 中的序号、证书编号或指纹的开头"""

    count: int


class NoSuchKey(CounterError):
    """没有序号、证书编号或指纹为 {typed} 的证书介质，请用 keys list 核对后重新输入"""

    typed: str


def key_meant(keys: Sequence[PresentKey], typed: str) -> PresentKey:
    """The key that is meant: by its place in the list, or by the beginning of certificate number or fingerprint.

    Raises:
        NothingPlugged, WhichKey, NoSuchKey.
    """
    if not keys:
        raise NothingPlugged
    if not typed:
        if len(keys) > 1:
            raise WhichKey(count=len(keys))
        return keys[0]
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(keys):
        return keys[int(typed) - 1]
    wanted = typed.lower()
    found = [key for key in keys if key.certificate_number.startswith(wanted) or key.fingerprint.startswith(wanted)]
    if len(found) != 1 or len(wanted) < SHORTEST_BEGINNING:
        raise NoSuchKey(typed=typed)
    return found[0]


@asynccontextmanager
async def opened_counter(region: str, data_dir: Path | None) -> AsyncIterator[Opened]:
    """The counter of a data directory, connected to its hub: the one in use, or the training counter.

    Raises:
        HubAway, and the refusals of opening it.
    """
    import os

    from counter_tui.domain.calendar import BEIJING
    from counter_tui.key_sources import key_source
    from counter_tui.settings import read_settings
    from counter_tui.wiring.production import open_production
    from counter_tui.wiring.training import open_training

    settings = read_settings(environment=os.environ)
    region = region or settings.region
    folder, office = data_dir or settings.in_use(region), settings.office(region)
    if folder == office or holds_business(folder):
        opened = await open_production(settings, region, folder, source=key_source(settings.keyring))
    else:
        opened = await open_training(settings, region, folder, real_today=datetime.now(BEIJING).date())
    try:
        await _connected(opened)
        yield opened
    finally:
        await opened.close()


def holds_business(folder: Path) -> bool:
    """Whether a data directory is one of real business."""
    from counter_tui.wiring.production import DEVICE

    return (folder / DEVICE).exists()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """How whoever runs a command names his key and gives its PIN."""

    key: str = ""
    """As `key_meant` reads it; asked for without one, where there is a terminal."""
    pin_file: Path | None = None
    """Its first line is the PIN; asked for without an echo where there is none."""

    def pin(self, label: str) -> bytearray:
        """The PIN; whoever gets it wipes it. Raises NoPinFile, NoTerminal."""
        from counter_tui.pin_files import read_pin

        if self.pin_file is not None:
            return read_pin(self.pin_file)
        return bytearray(asked(label, hidden=True).encode())

    def key_among(self, keys: Sequence[PresentKey]) -> PresentKey:
        """The key he means. Raises NothingPlugged, WhichKey, NoSuchKey, NoTerminal."""
        if self.key or self.pin_file is not None:
            return key_meant(keys, self.key)
        if not keys:
            raise NothingPlugged
        need_terminal()
        for place, key in enumerate(keys, 1):
            click.echo(f"{place:>3}  {key.certificate_number[-4:]}  {key.name}  {key.post}")
        typed = asked("证书序号")
        return key_meant(keys, typed or "?")


async def seated(counter: Counter, who: Identification, work: Callable[[Seat], Coroutine[None, None, T]]) -> T:
    """Sign somebody on with his key and PIN, let him do one thing, and sign him off again."""
    from counter_tui.services.seats import Seat

    key = who.key_among(await counter.signing.keys())
    window = counter.first_window
    session = await counter.signing.sign_on(key.fingerprint, who.pin("PIN"), window=window)
    await counter.take_seat(Seat(session=session, window=window))
    try:
        return await work(counter.seat)
    finally:
        await counter.leave_seat()


def need_terminal() -> None:
    """Raise NoTerminal unless somebody can be asked."""
    if not sys.stdin.isatty():
        raise NoTerminal


def agreed(question: str) -> bool:
    """Whether the answer is Y."""
    return asked(f"{question}，输入 Y 办理").upper() == "Y"


def asked(label: str, *, hidden: bool = False) -> str:
    """Ask on the terminal; the program waits.

    Raises:
        NoTerminal: nobody is there.
        click.Abort: for Ctrl+C, which the event loop would keep back.
    """
    need_terminal()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return str(click.prompt(label, hide_input=hidden, default="", show_default=False, prompt_suffix="：")).strip()
    finally:
        signal.signal(signal.SIGINT, before)


def place(command: Callable[..., int]) -> Callable[..., int]:
    """--region and --data-dir, which name one counter."""
    folder = click.Path(file_okay=False, path_type=Path)
    command = click.option("--data-dir", type=folder, help="数据目录；默认为在用的机构，没有时为演练。")(command)
    return click.option("--region", default="", help="地区方案；默认取设置文件。")(command)


def identification(command: Callable[..., int]) -> Callable[..., int]:
    """--key and --pin-file: who signs."""
    file = click.Path(path_type=Path)
    command = click.option("--pin-file", type=file, help="第一行是本人 PIN 的文件；不给时在终端上输入。")(command)
    return click.option("--key", default="", help="本人的介质：序号、证书编号或指纹的开头。")(command)


def on_counter(region: str, data_dir: Path | None, work: Callable[[Counter], Coroutine[None, None, T]]) -> T:
    """Open the counter for one piece of work and give it back."""

    async def run() -> T:
        async with opened_counter(region, data_dir) as opened:
            return await work(opened.counter)

    return asyncio.run(run())
