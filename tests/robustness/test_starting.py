"""A counter that cannot start says in one Chinese sentence why, and changes nothing."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import needs
from tests.wire.terminal import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.story.cities import City
    from tests.story.window import Window


def told(*arguments: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a command without a terminal; its exit status and everything it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "counter_tui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
    )
    said = ended.stdout + ended.stderr
    assert "Traceback" not in said
    return ended.returncode, said


def flipped(path: Path) -> None:
    """A few thousand bits of a disk that lies."""
    content, chance = bytearray(path.read_bytes()), random.Random(20261123)
    for _ in range(4000):
        content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    os.truncate(path, 100_000)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def a_letter(path: Path) -> None:
    path.write_text("这不是数据库。\n" * 500, encoding="utf-8")


def newer(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("UPDATE alembic_version SET version_num = '0099'")
    file.close()


DAMAGED, LOST, NEWER = (
    "已损坏，为防止数据丢失已停止使用",
    "不见了或是空的，为防止数据丢失没有启动",
    "请升级本程序后再启动",
)


@pytest.mark.parametrize(
    ("store", "harm", "sentence"),
    [
        ("counter.sqlite", flipped, DAMAGED),
        ("counter.sqlite", cut_off, DAMAGED),
        ("counter.sqlite", a_letter, DAMAGED),
        ("counter.sqlite", emptied, LOST),
        ("counter.sqlite", os.unlink, LOST),
        ("counter.sqlite", newer, NEWER),
        ("hub.sqlite", cut_off, DAMAGED),
        ("hub.sqlite", os.unlink, LOST),
    ],
)
def test_a_harmed_file_stops_the_start_and_stays_as_it_is(
    city: City, window: Window, store: str, harm: Callable[[Path], None], sentence: str
) -> None:
    folder = city()
    harm(folder / store)
    before = (folder / store).read_bytes() if (folder / store).exists() else None
    window.starts(folder, until="没有打开本机数据，F12 退出")
    whole = window.text.replace("\n", "")
    assert sentence in whole
    assert store in whole
    if sentence != NEWER:
        assert "counter-tui backup restore" in whole
    window.presses_keys("<f12>")
    assert window.ends() == 1
    assert b"Traceback" not in window.bytes
    assert ((folder / store).read_bytes() if (folder / store).exists() else None) == before


def test_a_lost_file_is_put_back_from_a_copy(city: City, window: Window, tmp_path: Path) -> None:
    folder, copy = city(), tmp_path / "copy.sqlite"
    place = ("--data-dir", str(folder))
    assert told("backup", "make", *place, str(copy))[0] == 0
    (folder / "counter.sqlite").unlink()
    assert told("verify", *place) == (2, "没有找到数据文件 counter.sqlite，请核对 --data-dir 和 --region\n")
    assert told("backup", "restore", *place, str(copy))[0] == 0
    assert told("backup", "restore", *place, str(copy)) == (
        2,
        "counter.sqlite 已存在，没有覆盖；请另取文件名，或先移走原文件\n",
    )
    window.starts(folder)
    window.signs_on()


@pytest.mark.parametrize(("harm", "status"), [(flipped, 2), (a_letter, 2), (emptied, 2)])
def test_looking_a_harmed_file_over_says_so_too(city: City, harm: Callable[[Path], None], status: int) -> None:
    folder = city()
    harm(folder / "counter.sqlite")
    code, said = told("verify", "--data-dir", str(folder))
    assert code in {1, status}, said
    assert "损坏" in said or "不完整" in said
    assert "[差]" in told("doctor", "--data-dir", str(folder))[1]


def test_a_region_that_nobody_knows_is_named_with_those_that_are(window: Window, tmp_path: Path) -> None:
    sentence = "没有“atlantis”这个地区方案，现有：dalian、generic、handan、tianjin、yuanbo"
    assert told("functions", "--region", "atlantis") == (2, f"{sentence}\n")
    assert sentence in told("doctor", "--region", "atlantis")[1]
    window.starts(tmp_path / "data", "atlantis", until="F12 退出")
    assert sentence in window.text
    assert not (tmp_path / "data" / "counter.sqlite").exists()


def test_another_regions_folder_is_refused(city: City, window: Window) -> None:
    window.starts(city("handan"), "tianjin", until="F12 退出")
    assert "数据目录中是 handan 的演练城市，不能用于 tianjin" in window.text


def test_a_folder_that_cannot_be_written_is_said(city: City, window: Window, tmp_path: Path) -> None:
    needs(shutil.which("unshare") or os.geteuid(), "neither an ordinary user nor unshare: nothing here is read-only")
    folder = city()
    if os.geteuid():
        folder.chmod(0o500)
        for file in folder.glob("*"):
            file.chmod(0o400 if file.is_file() else 0o500)
        window.starts(folder, until="F12 退出")
    else:  # root writes everywhere but on a read-only mount, which only this program sees
        script = tmp_path / "locked"
        script.write_text(
            f"#!/bin/sh\nmount --bind {folder} {folder} && mount -o remount,bind,ro {folder} || exit 77\n"
            f"exec {sys.executable} -m counter_tui demo --data-dir {folder}\n"
        )
        script.chmod(0o700)
        probe = subprocess.run(["unshare", "-m", "mount", "--bind", folder, folder], check=False, capture_output=True)
        needs(probe.returncode == 0, "mount namespaces are not allowed here")
        window.opens(["unshare", "-m", str(script)], until="F12 退出", seconds=30)
    assert "不可写" in window.text
    assert b"Traceback" not in window.bytes


SETTINGS = [
    ("bogus = 1", "没有“bogus”这一项"),
    ("region = 5", "“region”的值应为文字（加引号）"),
    ('region = "handan', "末尾不完整"),
    ("region = = 3", "不是正确的 TOML 写法"),
    ('theme = "pink"', "“theme”的值应为dark 或 light"),
    ("idle_minutes = 0", "“idle_minutes”的值应为大于 0 的整数"),
    ('idle_minutes = "five"', "“idle_minutes”的值应为整数"),
    ('[print]\nphone = "1"', "[print] 没有“phone”这一项"),
    ("print = 3", "[print] 应为一节"),
    ("[keys]\nsave = 5", "的值应为文字（加引号）"),
    ('[keys]\nsave = "a"', "不能用字母或组合键"),
    ('[keys]\nsave = "f5"', "该键已用于"),
]


@pytest.mark.parametrize(("content", "sentence"), SETTINGS)
def test_a_mistake_in_the_settings_is_named(window: Window, tmp_path: Path, content: str, sentence: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(content, encoding="utf-8")
    window.starts(tmp_path / "data", environment={"COUNTER_SETTINGS": str(file)}, until="有误")
    assert sentence in window.text.replace("\n", "")
    assert window.ends() == 2
    assert not (tmp_path / "data").exists()
    assert b"\x1b[?" not in window.bytes


def test_settings_that_are_no_text_or_not_there_are_said(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"\xff\xfe\x00")
    assert "不是 UTF-8 编码的文字" in told("doctor", environment={"COUNTER_SETTINGS": str(file)})[1]
    assert "文件不存在" in told("doctor", environment={"COUNTER_SETTINGS": str(tmp_path / "none")})[1]


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_where_no_screen_can_be_shown_one_sentence_says_so(window: Window, tmp_path: Path, term: str) -> None:
    window.starts(tmp_path / "data", term=term, until="不能显示柜台界面")
    assert window.ends() == 2
    assert b"\x1b" not in window.bytes
    assert not (tmp_path / "data").exists()


def test_without_a_terminal_one_sentence_says_so(tmp_path: Path) -> None:
    code, said = told("demo", "--data-dir", str(tmp_path / "data"))
    assert (code, said.count("\n")) == (2, 1)
    assert "请在终端窗口中运行" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nosuch",), "没有这个命令"),
        (("demo", "--nosuch"), "没有 --nosuch 这个选项"),
        (("functions",), "缺少 --region"),
        (("demo", "--data-dir", "/etc/passwd"), "--data-dir 的值不对"),
        (("backup", "make"), "缺少"),
    ],
)
def test_a_wrong_command_is_corrected_in_chinese(arguments: tuple[str, ...], sentence: str) -> None:
    code, said = told(*arguments)
    assert code == 2
    assert sentence in said
    assert "--help" in said


def test_figures_that_the_law_does_not_give_are_named_not_guessed() -> None:
    from counter_tui.domain.calendar import YearMonth
    from counter_tui.policy.contributions import contribution
    from counter_tui.policy.dated import NotInForce
    from counter_tui.policy.regions import load_policy

    policy = load_policy("handan", training=False)
    with pytest.raises(NotInForce) as refused:
        contribution(policy, "310", YearMonth(2026, 7), 520_000, injury_class=None)
    assert "医疗" in refused.value.sentence or "310" in refused.value.sentence
    assert "2026" in refused.value.sentence
    assert told("functions", "--region", "handan")[0] == 0
