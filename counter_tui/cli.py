"""The command line: thin; every command hands over to the part that does the work."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counter_tui import __version__
from counter_tui.errors import CounterError
from counter_tui.keys_commands import keys
from counter_tui.policy_commands import policy
from counter_tui.settings import SUITES

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_tui.settings import Settings


def _settings() -> Settings:
    import os

    from counter_tui.settings import read_settings

    return read_settings(environment=os.environ)


@click.group(context_settings={"max_content_width": 100})
@click.help_option("-h", "--help", help="显示本说明后退出。")
@click.version_option(__version__, prog_name="counter-tui", message="%(prog)s %(version)s", help="显示版本后退出。")
def commands() -> None:
    """社保柜台终端。"""


commands.add_command(keys)
commands.add_command(policy)


@commands.command()
@click.option("--region", default="", help="地区方案，如 handan、tianjin；默认取设置文件。")
@click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="演练数据目录；默认在用户数据目录下。"
)
@click.option(
    "--suite", type=click.Choice(SUITES), help="算法套件：international 或 national（国密）；默认取设置文件。"
)
def demo(region: str, data_dir: Path | None, suite: str | None) -> int:
    """演练：样例城市、软证书、上级在同一进程。"""
    from counter_tui.terminal import require_terminal

    require_terminal()
    from counter_tui.session import run_demo

    settings = _settings()
    if suite:
        settings = replace(settings, trust=replace(settings.trust, suite=suite))
    region = region or settings.region
    return run_demo(settings, region, data_dir or settings.practice(region))


@commands.command()
@click.option("--region", default="", help="地区方案；默认取设置文件。")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="数据目录；默认在用户数据目录下。")
@click.option("--training", is_flag=True, help="演练：样例城市，用插在读卡器中的演练证书介质登录。")
def run(region: str, data_dir: Path | None, *, training: bool) -> int:
    """办理业务：用设置文件认可的证书介质登录。"""
    from counter_tui.terminal import require_terminal

    require_terminal()
    from counter_tui.session import run_counter, run_training

    settings = _settings()
    region = region or settings.region
    if training:
        return run_training(settings, region, data_dir or settings.practice(region))
    return run_counter(settings, region, data_dir or settings.office(region))


@commands.command()
@click.option("--region", required=True, help="地区方案，如 handan、tianjin。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序读取。")
def functions(region: str, *, as_json: bool) -> int:
    """列出一个地区的菜单：路径、功能、栏目数、是否审核；--json 另有栏目、材料和打印文书。"""
    import json

    from counter_tui.forms.catalog_map import functions_map
    from counter_tui.policy.regions import load_policy

    entries = functions_map(load_policy(region, training=False))
    if as_json:
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for entry in entries:
            review = "须审核" if entry["review"] else ""
            print(f"{entry['path']:<4}{entry['function']:<6}{entry['name']}  {len(entry['fields'])} 项  {review}")
    return 0


@commands.command()
@click.option("--region", default="", help="地区方案；默认取设置文件。")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="要检查的数据目录。")
@click.option("--quiet", is_flag=True, help="不请人按键，只检查程序自己能看到的。")
def doctor(region: str, data_dir: Path | None, *, quiet: bool) -> int:
    """检查终端、按键、线路、字库、数据目录，说明哪里不合适、怎样设置。"""
    from counter_tui.doctor import examine

    settings = _settings()
    region = region or settings.region
    return examine(settings, region, data_dir or settings.in_use(region), quiet=quiet)


def _store_options(command: Callable[..., int]) -> Callable[..., int]:
    """--region and --data-dir, which name one counter's file."""
    folder = click.Path(file_okay=False, path_type=Path)
    command = click.option("--data-dir", type=folder, help="数据目录。")(command)
    return click.option("--region", default="", help="地区方案；默认取设置文件。")(command)


def _store(region: str, data_dir: Path | None) -> Path:
    return (data_dir or _settings().in_use(region)) / "counter.sqlite"


@commands.group()
def backup() -> None:
    """备份与恢复本机数据。"""


@backup.command("make")
@_store_options
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup_make(region: str, data_dir: Path | None, target: Path) -> int:
    """把本机数据备份到新文件 TARGET，办理业务不受影响。"""
    from storage.local.inspection import back_up_file

    back_up_file(_store(region, data_dir), target)
    print(f"已备份到 {target}")
    return 0


@backup.command("restore")
@_store_options
@click.argument("source", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def backup_restore(region: str, data_dir: Path | None, source: Path) -> int:
    """用备份 SOURCE 恢复本机数据；原文件须先移走。"""
    from storage.local.inspection import restore_file

    report = restore_file(source, _store(region, data_dir))
    print(f"已恢复，{report.sentence}")
    return 0


@commands.command()
@_store_options
def verify(region: str, data_dir: Path | None) -> int:
    """核对本机业务链与审计链。"""
    from storage.local.inspection import verify_file

    report = verify_file(_store(region, data_dir))
    print(report.sentence)
    return 0 if report.sound else 1


@commands.command()
@click.help_option("-h", "--help", help="显示本说明后退出。")
@click.option("--kinds", is_flag=True, help="列出可用的计算和号码种类，各附一行样例，不读输入。")
def calc(*, kinds: bool) -> int:
    """逐行计算：标准输入每行一个 JSON，逐行写出一个 JSON 结果。

    \b
    "calc" 一栏写明计算种类：
      capital           金额大写；以 text 代替 amount 时由大写读出金额
      check             号码校验
      retirement        法定退休年龄
      pension           月养老金试算
      late_fee          滞纳金试算
      contribution      应缴费额
      account_interest  个人账户年度计息

    金额、比例一律写成加引号的文字，如 "1409.50"；不认识的栏目、重复的栏目不予计算。

    \b
    结果的 "ok" 为 true 时算得；号码不对时另有 "reason"，
    不能读取或不能计算时另有 "error"，其余各行照常计算。
    空行跳过。各行读完即以 0 退出，与结果无关；接收方中途离开为 1，没有输入输出为 2。
    """  # noqa: D301  click's mark for text that is not wrapped
    from counter_tui.calc import converse
    from counter_tui.calc_kinds import kinds_text

    if kinds:
        print(kinds_text())
        return 0
    return converse()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; every refusal is one sentence on standard error."""
    try:
        return int(commands.main(args=arguments, standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return 130
    except click.ClickException as mistake:
        print(_misused(mistake), file=sys.stderr)
        return mistake.exit_code
    except CounterError as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001 - the last resort: no trace of the program's inside on the terminal
        print(f"程序意外停止，编号 {_noted(error)}。已保存的业务不受影响。", file=sys.stderr)
        return 1


def _misused(mistake: click.ClickException) -> str:
    """What is wrong with a command, and how to see the right one."""
    context = getattr(mistake, "ctx", None)
    command = context.command_path if context is not None else "counter-tui"
    match mistake:
        case click.exceptions.NoArgsIsHelpError():
            return mistake.format_message()
        case click.NoSuchOption():
            why = f"没有 {mistake.option_name} 这个选项"
        case click.MissingParameter():
            why = f"缺少 {_named(mistake.param)}"
        case click.BadParameter():
            why = f"{_named(mistake.param)} 的值不对"
        case click.UsageError() if isinstance(getattr(context, "command", None), click.Group):
            why = "没有这个命令"
        case _:
            why = "参数不对"
    return f"命令有误：{why}。用法见 {command} --help"


def _named(parameter: click.Parameter | None) -> str:
    return "参数" if parameter is None else max(parameter.opts, key=len, default=parameter.human_readable_name)


def _noted(error: Exception) -> str:
    """Write an unknown error down, masked; its reference."""
    from counter_tui.faults import FaultLog
    from counter_tui.settings import default_directory

    return FaultLog(default_directory() / "counter.log").write(error)
