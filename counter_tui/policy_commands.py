"""`counter-tui policy`: what is in force, what is missing, where it comes from, and whether files can be read."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import click

from counter_tui.command_groups import ScatteredGroup
from counter_tui.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.figure_entries import FigureEntry
    from counter_tui.policy.regions import Policy

_WIDEST: Final = 46
"""Cells beyond which a value is cut in the list; JSON and `show` have all of it."""


class _Group(ScatteredGroup):
    """The commands of this module and those of others."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "load": "counter_tui.figures_commands",
        "confirm": "counter_tui.figures_commands",
    }


@click.group(cls=_Group)
def policy() -> None:
    """地区方案的数值：查看、检查、载入。"""


_region = click.option("--region", default="", help="地区方案，如 handan、tianjin；默认取设置文件。")
_data_dir = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="演练数据目录：连同其中已载入并确认的数值，含演练数据。",
)


@policy.command("list")
@_region
@click.option("--on", "month", default="", metavar="YYYY-MM", help="看哪个月份；默认本月。")
@click.option("--missing", "only_missing", is_flag=True, help="只列该月缺少的数值。")
@click.option("--unconfirmed", "only_unconfirmed", is_flag=True, help="只列该月待经办机构确认的数值。")
@click.option("--codes", is_flag=True, help="也列出代码表。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取。")
@click.option("--training", is_flag=True, help="含演练数据。")
@_data_dir
def list_figures(
    region: str,
    month: str,
    data_dir: Path | None,
    *,
    only_missing: bool,
    only_unconfirmed: bool,
    codes: bool,
    as_json: bool,
    training: bool,
) -> int:
    """列出一个月份执行的全部数值、所属期、可信程度和出处；本机载入的数值用 --data-dir 或在终端路径 99 查看。"""
    from counter_tui.policy import inventory
    from counter_tui.policy.figure_entries import Group

    law, on = _law(region, data_dir, training=training), _month(month)
    if only_missing and only_unconfirmed:
        entries = (*inventory.missing(law, on), *inventory.unconfirmed(law, on))
    elif only_missing:
        entries = inventory.missing(law, on)
    elif only_unconfirmed:
        entries = inventory.unconfirmed(law, on)
    else:
        entries = inventory.in_force(law, on)
    entries = tuple(entry for entry in entries if codes or entry.group is not Group.CODES)
    if as_json:
        click.echo(json.dumps([entry.plain() for entry in entries], ensure_ascii=False, indent=2))
        return 0
    words = "缺少" if only_missing else "未确认" if only_unconfirmed else "在用"
    click.echo(f"{law.region.city} {on} {words}的数值 {len(entries)} 项{'（含演练数据）' if law.training else ''}")
    heads = ("类别", "名称", "数值", "适用期", "可信", "出处")
    click.echo(table(heads, [(e.group, e.label, _cut(e), e.stretch, e.sureness, e.by) for e in entries]))
    return 0


@policy.command()
@click.argument("figure")
@_region
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取。")
@click.option("--training", is_flag=True, help="含演练数据。")
@_data_dir
def show(figure: str, region: str, data_dir: Path | None, *, as_json: bool, training: bool) -> int:
    """列出数值 FIGURE 的全部历史和出处；FIGURE 为名称、代码或其中一部分；用 --data-dir 连同本机载入的数值。"""
    from counter_tui.policy import inventory

    entries = inventory.found(_law(region, data_dir, training=training), figure)
    if as_json:
        click.echo(json.dumps([entry.plain() for entry in entries], ensure_ascii=False, indent=2))
        return 0
    click.echo(f"{entries[0].label}（{entries[0].code}）  {entries[0].group}")
    heads = ("适用期", "数值", "可信", "公布", "出处")
    click.echo(table(heads, [(e.stretch, e.shown, e.sureness, str(e.known_from or ""), e.by) for e in entries]))
    return 0


@policy.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@_region
def check(files: tuple[Path, ...], region: str) -> int:
    """严格读取全部地区方案，或只读取 FILE；有误时说明文件、行号和原因，退出码为 1。"""
    from counter_tui.errors import CounterError
    from counter_tui.policy.checking import check_file, everything

    on = _month("")
    faults = 0
    for name, read in [(file.name, partial(check_file, file, region=region)) for file in files] or everything():
        try:
            click.echo(f"{name}：{read(on)}")
        except CounterError as fault:
            click.echo(f"{name}：{fault.sentence}", err=True)
            faults += 1
    return 1 if faults else 0


def _law(region: str, data_dir: Path | None, *, training: bool) -> Policy:
    """The shipped law, or that of a data directory with what was loaded there."""
    import os
    from datetime import datetime

    from counter_tui.domain.calendar import BEIJING
    from counter_tui.loaded_law import loaded_law
    from counter_tui.policy.regions import load_policy
    from counter_tui.settings import read_settings

    region = region or read_settings(environment=os.environ).region
    if data_dir is not None:
        return loaded_law(region, data_dir, datetime.now(BEIJING).date())
    return load_policy(region, training=training)


def _month(typed: str) -> YearMonth:
    """The month that was typed, or the present one. Raises BadMonth."""
    from datetime import datetime

    from counter_tui.domain.calendar import BEIJING, YearMonth

    return YearMonth.parse(typed) if typed else YearMonth.of(datetime.now(BEIJING).date())


def _cut(entry: FigureEntry) -> str:
    """The value, cut where it is long, with its marks."""
    from counter_tui.domain.text import fit, width

    marks = entry.shown.removeprefix(entry.value)
    return f"{fit(entry.value, _WIDEST - 2)}..{marks}" if width(entry.value) > _WIDEST else entry.shown
