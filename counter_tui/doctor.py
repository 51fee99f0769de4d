"""counter-tui doctor: what of this terminal and host is unfit, and which setting cures it."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_tui.settings import Settings

SMALLEST = (80, 24)
RARE = "张䶮㛃𬭚𠅤·买买提"
"""A line of rare characters: whoever sees it straight can serve everybody."""
WARN_DISK = 2 * 1024**3
"""Bytes of free space below which the host is warned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    good: bool
    text: str
    cure: str = ""

    def line(self) -> str:
        """The finding on one line, with the cure behind it."""
        return f"[{'好' if self.good else '差'}] {self.text}" + (f"；{self.cure}" if not self.good else "")


def examine(settings: Settings, region: str, folder: Path) -> int:
    """Print every finding; 0 when all are good."""
    findings = [*_terminal(), *_law(region), *_files(folder), *_fonts(settings)]
    for finding in findings:
        print(finding.line())
    return 0 if all(finding.good for finding in findings) else 1


def _terminal() -> Iterator[Finding]:
    """TERM, charset, size, width of the middle dot, rare characters."""
    from counter_tui.terminal import ambiguous_width, encoding

    term = os.environ.get("TERM", "")
    fit = term not in {"", "dumb", "unknown"}
    yield Finding(good=fit, text=f"终端类型 TERM={term or '无'}", cure="请设置 TERM=xterm-256color")
    yield Finding(
        good=term != "linux", text="控制台可显示中文", cure="Linux 文本控制台不能显示中文，请用图形终端或 kmscon"
    )
    yield Finding(good=True, text=f"终端编码 {encoding()}")
    columns, rows = shutil.get_terminal_size()
    yield Finding(
        good=columns >= SMALLEST[0] and rows >= SMALLEST[1],
        text=f"窗口 {columns} 列 {rows} 行",
        cure="请把窗口放大到 80 列 24 行以上",
    )
    if sys.stdin.isatty() and sys.stdout.isatty():
        cells = ambiguous_width()
        yield Finding(
            good=cells == 1,
            text=f"间隔号宽度 {cells or '未知'}",
            cure="请把终端的东亚模糊宽度设为窄（CJK ambiguous = narrow）",
        )
    yield Finding(good=True, text=f"生僻字：{RARE}|（竖线应紧接文字，字形应完整）")


def _law(region: str) -> Iterator[Finding]:
    """The region's figures load, and which ones are invented."""
    from counter_tui.policy.regions import load_policy

    try:
        policy = load_policy(region, training=False)
        yield Finding(good=True, text=f"地区方案 {policy.region.city}，政策版本 {policy.version[:12]}")
    except CounterError as fault:
        yield Finding(good=False, text=fault.sentence, cure="请核对 --region")


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
    try:
        report = verify_file(store)
        yield Finding(good=report.sound, text=report.sentence, cure="请联系管理员")
    except CounterError as fault:
        yield Finding(good=False, text=fault.sentence, cure="请联系管理员")


def _fonts(settings: Settings) -> Iterator[Finding]:
    """Fonts that printing will use, and their licence."""
    from pathlib import Path

    from counter_tui.documents.fonts import font_report

    for line in font_report(tuple(Path(font) for font in settings.print.fonts)):
        yield Finding(good=True, text=f"字库 {line}")
