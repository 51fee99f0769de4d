"""counter-tui doctor: what of this terminal and host is unfit, and which setting cures it."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counter_tui.channels import CHANNELS, FOLDER, PRINTING
from counter_tui.domain.text import safe
from counter_tui.errors import CounterError
from counter_tui.findings import Finding
from counter_tui.key_checks import keys_and_trust

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counter_tui.settings import Settings

SMALLEST = (80, 24)
RARE = "张䶮㛃𬭚𠅤·买买提"
"""A line of rare characters: whoever sees it straight can serve everybody."""
WARN_DISK = 2 * 1024**3
"""Bytes of free space below which the host is warned."""
FEWEST_COLOURS: Final = 8
LONGEST_ESCAPE: Final = 100
"""Milliseconds after which this program takes Esc for itself; held as long by tmux, it feels dead."""
SOCKET_PATH: Final = 107
"""Bytes that the path of a Unix socket may have."""
SHORTEST_NAME: Final = 8
"""Bytes that must be left for a terminal's name in the path of its sockets."""


def examine(settings: Settings, region: str, folder: Path, *, quiet: bool = False) -> int:
    """Print every finding; 0 when all are good.

    Args:
        settings: the host's.
        region: whose figures are loaded.
        folder: the data directory.
        quiet: do not ask for keys even where there is a keyboard.
    """
    unfit = 0
    for finding in _findings(settings, region, folder, quiet=quiet):
        print(finding.line(), flush=True)
        unfit += not finding.good
    return 1 if unfit else 0


def _findings(settings: Settings, region: str, folder: Path, *, quiet: bool) -> Iterator[Finding]:
    yield from _terminal()
    if not quiet and _at_keyboard():
        from counter_tui.terminal_checks import try_out

        yield from try_out(sys.stdin.fileno(), sys.stdout.fileno())
    yield from within_tmux(os.environ)
    yield from _law(region)
    yield from _algorithms(settings)
    yield from keys_and_trust(settings, folder)
    yield from _files(folder)
    yield from _sockets(folder, os.environ)
    yield from _fonts(settings)


def _at_keyboard() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _terminal() -> Iterator[Finding]:
    """TERM, charset, colours, size, width of the middle dot, rare characters."""
    from counter_tui.terminal import ambiguous_width, encoding, reads_our_charset

    term = os.environ.get("TERM", "")
    fit = term not in {"", "dumb", "unknown"}
    yield Finding(good=fit, text=f"终端类型 TERM={term or '无'}", cure="请设置 TERM=xterm-256color")
    yield Finding(
        good=term != "linux", text="控制台可显示中文", cure="Linux 文本控制台不能显示中文，请用图形终端或 kmscon"
    )
    fits = reads_our_charset() if _at_keyboard() else None
    other = {"utf-8": "gb18030", "gb18030": "utf-8"}[encoding()]
    yield Finding(
        good=fits is not False,
        text=f"终端编码 {encoding()}" if fits is not False else f"本程序按 {encoding()} 发送汉字，终端不按它显示",
        cure=f"请把 SSH 客户端的字符集设为 {encoding().upper()}（PuTTY：窗口→转换→远程字符集），"
        f"或设置 COUNTER_TERM_ENCODING={other}",
    )
    yield colours(os.environ)
    columns, rows = shutil.get_terminal_size()
    yield Finding(
        good=columns >= SMALLEST[0] and rows >= SMALLEST[1],
        text=f"窗口 {columns} 列 {rows} 行",
        cure="请把窗口放大到 80 列 24 行以上",
    )
    if _at_keyboard():
        cells = ambiguous_width()
        yield Finding(
            good=cells == 1,
            text=f"间隔号宽度 {cells or '未知'}",
            cure="请把终端的东亚模糊宽度设为窄（CJK ambiguous = narrow）",
        )
    yield Finding(good=True, text=f"生僻字：{RARE}|（竖线应紧接文字，字形应完整）")


def colours(environment: Mapping[str, str]) -> Finding:
    """How many colours the terminal's name promises; every state is also a word, so that grey is enough."""
    if environment.get("NO_COLOR"):
        return Finding(good=True, text="颜色：NO_COLOR 已设置，只用灰度；各种状态另有文字")
    term, promised = environment.get("TERM", ""), _promised(environment.get("TERM", ""))
    more = environment.get("COLORTERM", "").lower() in {"truecolor", "24bit"} and "256color" not in term
    return Finding(
        good=promised >= FEWEST_COLOURS and not more,
        text=f"颜色：{promised or '没有'}{' 色' if promised else '颜色'}",
        cure="请把 SSH 客户端的终端类型设为 xterm-256color（PuTTY：连接→数据→终端类型）",
    )


def _promised(term: str) -> int:
    """Colours by the terminal database; by the name where it is not known there."""
    import curses

    try:
        curses.setupterm(term or "unknown", 1)
    except (curses.error, ValueError):
        return 256 if "256color" in term else 0
    return max(curses.tigetnum("colors"), 0)


def within_tmux(environment: Mapping[str, str]) -> Iterator[Finding]:
    """How long tmux or screen holds Esc before it hands it on; the one at the terminal's end cannot be asked."""
    cure = "请在 tmux.conf 中设置 set -sg escape-time 10，并重新连接；否则 Esc 迟缓"
    if "TMUX" in environment:
        asked = subprocess.run(
            ["tmux", "show-options", "-sv", "escape-time"],  # noqa: S607 - the one that the clerk started
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
            env=dict(environment),
        )
        held = int(asked.stdout) if asked.stdout.strip().isdigit() else LONGEST_ESCAPE
        yield Finding(good=held < LONGEST_ESCAPE, text=f"tmux 把 Esc 保留 {held} 毫秒", cure=cure)
    elif environment.get("TERM", "").startswith(("tmux", "screen")):
        yield Finding(good=True, text="终端在 tmux 或 screen 中：tmux.conf 应有 set -sg escape-time 10")


def _law(region: str) -> Iterator[Finding]:
    """The region's figures load, and which ones are invented."""
    from counter_tui.policy.regions import load_policy

    try:
        policy = load_policy(region, training=False)
        yield Finding(good=True, text=f"地区方案 {policy.region.city}，政策版本 {policy.version[:12]}")
    except CounterError as fault:
        yield Finding(good=False, text=fault.sentence, cure="请核对 --region")


def _algorithms(settings: Settings) -> Iterator[Finding]:
    """This machine has the hash and the keys of the bureau's suite."""
    from counter_tui.operations.suites import suite_named
    from counter_tui.security.session_keys import new_session_key

    suite = suite_named(settings.trust.suite)
    try:
        suite.require()
        new_session_key(suite)
        yield Finding(good=True, text=f"{suite.title}，本机可用")
    except CounterError as fault:
        yield Finding(good=False, text=fault.sentence, cure="或改正设置 [trust] suite")


def _files(folder: Path) -> Iterator[Finding]:
    """The data directory, its file and its disk."""
    from storage.local.inspection import verify_file

    here = folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())
    free = shutil.disk_usage(here).free
    yield Finding(good=free >= WARN_DISK, text=f"磁盘剩余 {free // 1024**2} MB", cure="请管理员清理磁盘")
    yield Finding(good=os.access(here, os.W_OK), text=f"数据目录 {folder}", cure="目录不可写，请管理员检查权限")
    store = folder / "counter.sqlite"
    if not store.exists():
        yield Finding(good=True, text="尚无本机数据，首次启动时建立")
        return
    shared = "另有程序正在使用本机数据，可同时办理业务" if _in_use(folder) else "没有其他程序在使用本机数据"
    yield Finding(good=True, text=shared)
    try:
        report = verify_file(store)
        yield Finding(good=report.sound, text=report.sentence, cure="请联系管理员")
    except CounterError as fault:
        yield Finding(good=False, text=fault.sentence, cure="请联系管理员")


def _in_use(folder: Path) -> bool:
    """Whether another program holds the lock under which one program of the host talks to the hub."""
    try:
        descriptor = os.open(folder / "counter.sqlite.sync", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _sockets(folder: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """The channels that SSH forwards from the terminal, and sockets where none belong."""
    named = {name: path for name in CHANNELS if (path := environment.get(name, "")).startswith("/")}
    for name, path in named.items():
        yield from _channel(name, Path(path))
    if not named:
        room = SOCKET_PATH - len(os.fsencode(Path.home() / FOLDER / ".pcsc"))
        yield Finding(
            good=room >= SHORTEST_NAME,
            text=f"转发通道的路径中终端名称可有 {max(room, 0)} 字节",
            cure="账户主目录的路径太长，请管理员改短",
        )
    for stray in sorted(folder.glob("*")):
        if stat.S_ISSOCK(stray.lstat().st_mode):
            yield Finding(good=False, text=f"数据目录中有不该有的套接字 {stray.name}", cure="请管理员查明来源并删除")


def _channel(name: str, path: Path) -> Iterator[Finding]:
    what, length = CHANNELS[name], len(os.fsencode(path))
    yield Finding(
        good=length <= SOCKET_PATH,
        text=f"{what}通道的路径 {length} 字节，最多 {SOCKET_PATH}",
        cure="请缩短终端名称（SSH 命令中的 COUNTER_TERMINAL）或账户主目录的路径",
    )
    if length > SOCKET_PATH:
        return
    there = path.is_socket()
    yield Finding(
        good=there,
        text=f"{what}通道 {path.name}",
        cure="通道不存在，请在终端重新连接；SSH 命令须用 -R 转发该通道",
    )
    if there and name == PRINTING:
        yield _printer(path)


def _printer(path: Path) -> Finding:
    """Whether the channel leads to a print service that lives, and to which of its printers."""
    from counter_tui.print_channel import default_printer

    try:
        name = default_printer(path)
    except CounterError as fault:
        return Finding(
            good=False,
            text=fault.sentence,
            cure="请在终端启动打印服务（systemctl start cups）；终端不接打印机的，此行不必处理",
        )
    return Finding(
        good=bool(name),
        text=f"打印服务有应答，默认打印机 {safe(name)}" if name else "打印服务有应答，没有默认打印机",
        cure="请在终端设定默认打印机（lpadmin -d 打印机名）",
    )


def _fonts(settings: Settings) -> Iterator[Finding]:
    """Fonts that printing will use, and their licence."""
    from counter_tui.documents.fonts import font_report

    for line in font_report(tuple(Path(font) for font in settings.print.fonts)):
        yield Finding(good=True, text=f"字库 {line}")
