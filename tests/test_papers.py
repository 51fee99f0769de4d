"""The papers that users read tell the truth: commands, paths, keys, messages, and the walk-through itself."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.messages import WrongFacts, message
from counter_tui.forms.facts import Facts
from counter_tui.forms.kinds import Day, Kind, Month, YesNo, Yuan
from counter_tui.policy.regions import load_policy
from counter_tui.settings import AuthoritySettings, KeyringSettings, PrintSettings, Settings, TrustSettings
from screens.keymap import ACTIONS, KeyMap
from tests.story.window import PIN, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parent.parent
ENGLISH, CHINESE = (TOP / name for name in ("README.md", "README.zh-CN.md"))
MANUAL = (TOP / "docs/手册.md").read_text(encoding="utf-8")
READMES = {paper: paper.read_text(encoding="utf-8") for paper in (ENGLISH, CHINESE)}
REGIONS = ("handan", "tianjin", "dalian", "yuanbo", "generic")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of the same rank or a higher one."""
    found = re.search(rf"^(#+) {heading}[^\n]*\n(.*?)(?=^#{{1,2}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[2]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, head and rule left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


# Commands


def commands(text: str) -> list[str]:
    """Every command of ours that a paper names, in code."""
    return [command for command in re.findall(r"`?(scripts/[a-z_-]+[^`\n]*)", text) if not command.endswith("/")]


def names_of(command: str) -> tuple[str, ...]:
    """Script and subcommands, without options and values."""
    words = [word for word in shlex.split(command) if re.fullmatch(r"scripts/[a-z_-]+|[a-z][a-z-]*", word)]
    values = {"handan", "tianjin", "all"}
    return tuple(word for word in words if word not in values)


NAMED = sorted({names_of(command) for text in (*READMES.values(), MANUAL) for command in commands(text)})
MODULES = {
    "scripts/counter": ["-m", "counter_tui"],
    "scripts/install-host": ["-m", "scripts.host"],
    "scripts/make_city": ["scripts/city.py"],
    "scripts/bench": ["-m", "tests.bench"],
    "scripts/kill_campaign": ["-m", "tests.sync.kills"],
    "scripts/virtual_key": ["-m", "tests.devices.virtual"],
    "scripts/walkthrough": ["-m", "tests.story.walkthrough"],
}
"""What each script hands its arguments to, once the environment is there."""


@pytest.mark.parametrize("names", NAMED, ids=" ".join)
def test_every_command_of_the_papers_exists(names: tuple[str, ...]) -> None:
    script, *rest = names
    assert (TOP / script).is_file()
    if script != "scripts/test":
        argv = [sys.executable, *MODULES[script], *rest, "--help"]
        ran = subprocess.run(argv, cwd=TOP, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(TOP)})
        assert ran.returncode == 0, ran.stderr


def test_the_readme_names_every_script_and_every_command() -> None:
    scripts = {f"scripts/{file.name}" for file in (TOP / "scripts").iterdir() if file.is_file() and not file.suffix}
    from counter_tui.cli import commands as group

    ours: set[tuple[str, ...]] = set()
    for name, command in group.commands.items():
        parts = command.list_commands(click.Context(command)) if isinstance(command, click.Group) else ()
        ours |= {("scripts/counter", name, part) for part in parts} or {("scripts/counter", name)}
    named = {names_of(command) for command in commands(READMES[ENGLISH])}
    assert scripts <= {script for script, *_ in named}
    assert ours <= named


# Twins


def test_both_readmes_have_the_same_sections_and_commands() -> None:
    english, chinese = READMES[ENGLISH], READMES[CHINESE]
    ranks = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in (english, chinese)]
    assert ranks[0] == ranks[1]
    assert [names_of(each) for each in commands(english)] == [names_of(each) for each in commands(chinese)]


def test_both_readmes_have_the_same_tables() -> None:
    tables = [re.findall(r"^\|.*\|$", text, re.MULTILINE) for text in READMES.values()]
    assert len(tables[0]) == len(tables[1])


@pytest.mark.parametrize("paper", READMES, ids=lambda paper: paper.name)
def test_a_readme_lists_the_settings_with_their_defaults(paper: Path) -> None:
    table = rows(section(READMES[paper], "Where data lives" if paper is ENGLISH else "数据存放"))
    listed = {cells[0].replace("`", ""): cells[1].strip("`") for cells in table}
    plain = {each.name for each in fields(Settings)} - {"keys", "print", "keyring", "trust"}
    sections = {"[print]": PrintSettings, "[keyring]": KeyringSettings, "[trust]": TrustSettings}
    parts = {f"{where} {each.name}" for where, kind in sections.items() for each in fields(kind)}
    authority = {f"[[trust.authorities]] {each.name}" for each in fields(AuthoritySettings)}
    assert set(listed) == plain | {"[keys]"} | parts - {"[trust] authorities"} | authority
    for name in plain - {"data_dir"}:
        assert tomllib.loads(f"it = {listed[name]}")["it"] == getattr(Settings(), name)
    for name in parts - {"[trust] authorities"}:
        where, part = name.split()
        default = getattr(sections[where](), part)
        assert tomllib.loads(f"it = {listed[name]}")["it"] == (list(default) if isinstance(default, tuple) else default)
    KeyMap.read(tomllib.loads(listed["[keys]"]))


@pytest.mark.parametrize("paper", [ENGLISH, CHINESE, TOP / "docs/手册.md"], ids=lambda paper: paper.name)
def test_every_link_leads_to_a_file(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (paper.parent / link).is_file()] == []


# The manual


def test_the_manual_lists_the_functions_of_each_region_under_their_names() -> None:
    listed = {cells[0]: cells[1:] for cells in rows(section(MANUAL, "6 各功能"))[: len(_paths())]}
    assert set(listed) == _paths()
    for place, region in enumerate(REGIONS, 1):
        names = {entry.path: entry.name for entry in load_policy(region, training=False).menu}
        assert {path: cells[place] for path, cells in listed.items() if cells[place] != "—"} == names


def _paths() -> set[str]:
    return {entry.path for region in REGIONS for entry in load_policy(region, training=False).menu}


def test_the_manual_has_a_word_on_every_function() -> None:
    headings = " ".join(re.findall(r"^### (.*)$", MANUAL, re.MULTILINE))
    received = section(MANUAL, "5 接待与待办")
    for path in _paths() - {"01"}:
        assert re.search(rf"\b{path} ", headings) or f"**{path} " in received, path


def test_the_key_table_of_the_manual_is_that_of_the_program() -> None:
    names = KeyMap.read()
    assert rows(section(MANUAL, "3 按键")) == [[names.name(each.id), each.label, each.help] for each in ACTIONS]


def test_the_manual_quotes_messages_as_the_program_says_them() -> None:
    quoted = {cells[0]: cells[1] for cells in rows(section(MANUAL, "12 问题与办法"))}
    assert quoted == {number: _text(number) for number in quoted}
    assert set(re.findall(r"\bM\d\d\b", MANUAL)) <= {*quoted, "M63", "M66"}


def _text(number: str) -> str:
    try:
        return message(number).text
    except WrongFacts as fault:
        return message(number, *["……"] * fault.expected).text


KINDS: dict[str, Kind] = {"日期": Day(), "年月": Month(), "金额": Yuan(), "是否": YesNo()}
SHORTHAND = [
    (kind, typed, shown)
    for kind, ways, shown in rows(section(MANUAL, "4 简便输入"))
    if kind in KINDS
    for typed in re.findall(r"`([^`]+)`", ways)
]


@pytest.mark.parametrize(("kind", "typed", "shown"), SHORTHAND)
def test_the_shorthand_of_the_manual_is_read_so(kind: str, typed: str, shown: str) -> None:
    facts = Facts(today=date(2026, 7, 26), month=YearMonth(2026, 7), training=True)
    assert KINDS[kind].show(KINDS[kind].read(typed, facts)) == shown


# The walk-through of the README, key by key

WALKS = {"handan": ("Walk-through: an employer", "演练：服务"), "tianjin": ("Walk-through: settlement", "演练：天津")}
KEYS = {
    "Enter": "<enter>",
    "Space": " ",
    "空格": " ",
    "PgDn": "<pagedown>",
    "Esc": "<escape>",
    "↓": "<down>",
    "↑": "<up>",
}
STROKE = re.compile(
    r"(?:Key|证书) `(?P<key>\d)`"
    r"|(?P<list>↓ (?:until|to)|↓ 到)"
    r"|(?P<total>the total|输入应缴合计|，应缴合计)"
    r"|`(?P<typed>[\d*一-鿿]+)`"
    r"|(?P<named>Enter|Space|空格|PgDn|Esc|↓|↑|F\d+)"
)


def steps(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each step's words, and its keys as (group of STROKE, text)."""
    for paragraph in re.split(r"\n\n+", text):
        if paragraph.startswith("**"):
            said = paragraph.partition("** ")[2]
            yield said, [(str(each.lastgroup), str(each[str(each.lastgroup)])) for each in STROKE.finditer(said)]


def strokes(text: str) -> list[tuple[str, str]]:
    """All keys of a walk-through, alike in both languages."""
    found = (key for _, keys in steps(text) for key in keys)
    return [(group, "" if group in {"list", "total"} else KEYS.get(text, text)) for group, text in found]


@pytest.mark.parametrize("region", WALKS)
def test_both_readmes_press_the_same_keys(region: str) -> None:
    english, chinese = WALKS[region]
    assert strokes(section(READMES[ENGLISH], english)) == strokes(section(READMES[CHINESE], chinese))


@pytest.fixture
def window() -> Iterator[Window]:
    """A terminal at a window."""
    with Window() as opened:
        yield opened


def press(window: Window, keys: str) -> str:
    """Press keys and wait for what comes of them; what stood on the screen."""
    if "再按一次" in window.message:
        window.idles(0.35)  # a question takes no answer that was typed before it could be read
    window.presses_keys(keys)
    end = time.monotonic() + 20
    while True:
        window.quiet(0.15, 3)
        if "请稍候" not in window.text:
            return window.text
        assert time.monotonic() < end, window.text


def follow(window: Window, group: str, text: str) -> str:
    """Do what one key of the README says."""
    if group == "key":
        return press(window, f"{text}<enter><enter>{PIN}<enter>")
    if group == "list":
        for _ in range(6):
            if "上下箭头选择挂起的接待" in press(window, "<down>"):
                return window.text
        raise AssertionError(window.text)
    if group == "total":
        found = re.search(r"应缴合计 +([\d,]+\.\d\d)", window.text)
        assert found, window.text
        window.presses_keys(found[1].replace(",", ""))
        return ""
    if group == "typed":
        window.presses_keys(text)
        return ""
    return press(window, KEYS.get(text, f"<{text.lower()}>"))


@pytest.mark.serial
@pytest.mark.parametrize("region", WALKS)
def test_the_walk_through_of_the_readme_goes_as_it_is_told(region: str, window: Window, tmp_path: Path) -> None:
    window.starts(tmp_path / "data", region)
    window.does("1<enter><enter>" + PIN + "<enter>", until="今日待办（05）")
    told = list(steps(section(READMES[ENGLISH], WALKS[region][0])))
    for place, (said, keys) in enumerate(told):
        seen = window.text
        begun = 4 if not place and keys[:1] == [("typed", "1")] else 0  # it begins with the sign-on
        for group, text in keys[begun:]:
            seen += follow(window, group, text)
        words = re.findall(r"[一-鿿：]{2,}", re.sub(r"`[^`]*`", "", said))
        missing = [word for word in words if word not in seen]
        assert not missing, f"{missing} after {said}\n{window.text}"
    assert list((tmp_path / "data" / "prints").glob("D01_*.pdf")) or region != "handan"
