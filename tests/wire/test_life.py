"""How the program starts, refuses to start, and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.wire.terminal import ROOT, TEN_FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.terminal import Terminal

IDENTITY = "110105199001011237"


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_where_no_screen_can_be_shown_one_sentence_says_so(terminal: Terminal, term: str) -> None:
    terminal.opens(TEN_FIELDS, term=term)
    assert terminal.ends() == 2
    assert "不能显示柜台界面" in terminal.text
    assert b"\x1b" not in terminal.bytes


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_dropped_line_keeps_the_draft_and_ends_the_session(terminal: Terminal, tmp_path: Path, number: int) -> None:
    out = tmp_path / "out"
    terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
    terminal.sends("张三\r8432")
    terminal.signals(number)
    assert terminal.ends() == 129
    assert json.loads(out.read_text())["draft"][:2] == ["张三", "8432"]


def test_a_save_under_way_is_finished_when_the_line_drops(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
    for record in ("1", "2", "3", "4"):
        terminal.sends(record + "\x1bOQ")
        terminal.waits("已存本机")
    terminal.types("5\x1bOQ")
    terminal.idles(0.02)
    terminal.signals(signal.SIGHUP)
    terminal.ends()
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row[0] for row in rows if isinstance(row, list)][:5] == ["1", "2", "3", "4", "5"]


def test_a_vanished_terminal_ends_the_session_too(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
    terminal.sends("李四")
    terminal.hangs_up()
    assert terminal.ends() == 129
    assert json.loads(out.read_text())["draft"][0] == "李四"


def test_a_crash_is_a_sentence_with_a_reference_and_shows_no_data(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
    terminal.sends("crash")
    terminal.presses("f9")
    assert terminal.ends() == 1
    assert "程序意外停止，编号" in terminal.text
    assert IDENTITY.encode() not in terminal.bytes
    assert b"Traceback" not in terminal.bytes
    written = out.with_suffix(".log").read_text()
    assert "RuntimeError" in written
    assert "in crash" in written or " crash" in written
    assert IDENTITY not in written


def test_an_unknown_error_in_a_key_costs_nothing_that_was_typed(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
    terminal.sends("张三")
    terminal.presses("f9")
    assert "程序出错，编号" in terminal.reads(22)
    assert "张三" in terminal.reads(2)
    assert IDENTITY.encode() not in terminal.bytes
    assert IDENTITY not in out.with_suffix(".log").read_text()


def test_typing_goes_on_while_the_window_changes_its_size(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.types("123")
    terminal.resizes(132, 43)
    terminal.types("456\r789")
    terminal.resizes(60, 15)
    terminal.sends("0")
    assert "123456" in terminal.text
    assert "7890" in terminal.text


def test_on_sixty_by_fifteen_every_field_can_be_reached_and_the_fixed_rows_stay(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, columns=60, rows=15, until="3号窗")
    for _ in range(9):
        terminal.presses("tab")
        assert "栏目" in terminal.reads(terminal.cursor[1] + 1) or "原因" in terminal.reads(terminal.cursor[1] + 1)
    assert "原因" in terminal.reads(terminal.cursor[1] + 1)
    assert terminal.reads(1).startswith("11 人员参保")
    assert terminal.reads(15).startswith("3号窗")


@pytest.mark.parametrize("term", ["xterm-256color", "xterm", "vt220", "linux", "ansi"])
def test_every_kind_of_terminal_shows_the_form(terminal: Terminal, term: str) -> None:
    terminal.opens(TEN_FIELDS, term=term, until="3号窗")
    terminal.sends("8432\r")
    assert "栏目0：8432" in terminal.reads(2)


def test_stop_and_quit_signals_never_give_the_caller_a_shell(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.signals(signal.SIGTSTP)
    terminal.signals(signal.SIGQUIT)
    terminal.sends("\x1a\x1c7")
    assert "7" in terminal.reads(2)


def test_without_a_terminal_the_module_says_why() -> None:
    ended = subprocess.run(
        TEN_FIELDS,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=20,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
    )
    assert ended.returncode == 2
    assert "终端窗口" in ended.stderr.decode()
