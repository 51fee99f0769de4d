"""counter-tui doctor at a keyboard: every key is asked for once, and each red line names the setting to change."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.doctor import SOCKET_PATH, _files, _sockets, within_tmux
from counter_tui.terminal_checks import KEYS, TRIPS, judged_key, judged_name, judged_trips
from tests.conftest import needs
from tests.wire.terminal import KEYS as SENT
from tests.wire.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.terminal_checks import KeyStep

DOCTOR = (sys.executable, "-m", "counter_tui", "doctor")
HURRIED = (
    sys.executable,
    "-c",
    """
from counter_tui.terminal_checks import try_out
for finding in try_out(key_seconds=0.3, name_seconds=0.3):
    print(finding.line(), flush=True)
""",
)
"""The same steps for somebody who has gone away."""


class Window(Terminal):
    """A terminal that is asked for keys."""

    def answers_key(self, asked: str, sent: str | bytes) -> None:
        """Wait until a key is asked for, then send it."""
        self.waits(f"请按一次 {asked}", quiet=0)
        self.types(sent)

    def answers_name(self, sent: str | bytes) -> None:
        """Wait until the name is asked for, then send it."""
        self.waits("请用输入法输入", quiet=0)
        self.types(sent)

    def skips_keys(self) -> None:
        """Esc at every key."""
        for step in KEYS:
            self.answers_key(step.name, SENT["escape"])


@pytest.fixture
def window() -> Iterator[Window]:
    with Window() as opened:
        yield opened


@pytest.mark.serial
def test_a_fit_terminal_is_praised_key_by_key(window: Window, tmp_path: Path) -> None:
    window.opens([*DOCTOR, "--data-dir", str(tmp_path)], columns=100, rows=60, until="请按一次 F2")
    window.answers_key("F2", SENT["f2"])
    window.answers_key("F12", SENT["f12"])
    window.answers_key("小键盘的 *", "\x1bOj")
    window.answers_key("退格键", SENT["backspace"])
    window.answers_name("张四\x7f三\r")
    assert window.ends() == 0, window.text
    for said in ("F2 已收到", "F12 已收到", "小键盘的 * 已收到", "退格键 已收到", "收到 张三", f"{TRIPS} 次，中位"):
        assert f"[好] {said}" in window.text or f"：{said}" in window.text, window.text
    assert "[差]" not in window.text
    assert "请按一次" not in window.text, "the questions are wiped once they are answered"


@pytest.mark.serial
def test_keys_of_another_terminal_are_named_with_the_setting(window: Window, tmp_path: Path) -> None:
    window.opens([*DOCTOR, "--data-dir", str(tmp_path)], columns=160, rows=60)
    window.answers_key("F2", "\x1b[N")
    window.answers_key("F12", SENT["escape"])
    window.answers_key("小键盘的 *", "\x1b[2~")
    window.answers_key("退格键", SENT["delete"])
    window.answers_name("张三\r".encode("gb18030"))
    assert window.ends() == 1
    assert "[差] F2 是 SCO 方式，F3 和 PgUp、PgDn 不能用" in window.text
    assert "Xterm R6" in window.text
    assert "[好] F12：已跳过" in window.text
    assert "禁用应用小键盘模式" in window.text
    assert "Control-?（127）" in window.text
    assert "终端按 GB18030 发送汉字" in window.text
    assert "远程字符集" in window.text


@pytest.mark.serial
def test_nobody_at_the_keyboard_hangs_nothing(window: Window) -> None:
    window.answers = False
    window.opens(HURRIED, columns=160, rows=40)
    assert window.ends() == 0
    for said in ("没有收到 F2", "没有收到 F12", "没有收到 退格键", "没有收到 张三", "第 1 次在 1 秒内没有回答"):
        assert said in window.text, window.text


@pytest.mark.serial
def test_a_slow_line_is_said_with_its_figures(window: Window) -> None:
    window.delay = 0.13
    window.opens(HURRIED, columns=160, rows=40)
    assert window.ends(20) == 0
    assert "[差] 往返时间：20 次" in window.text
    assert "Nagle" in window.text


@pytest.mark.serial
def test_a_line_that_drops_ends_the_doctor(window: Window, tmp_path: Path) -> None:
    window.opens([*DOCTOR, "--data-dir", str(tmp_path)], columns=100, rows=40, until="请按一次 F2")
    window.hangs_up()
    assert window.ends() != 0


@pytest.mark.serial
@pytest.mark.parametrize(("shows", "writes"), [("gb18030", "utf-8"), ("utf-8", "gb18030")])
def test_a_terminal_that_shows_another_charset_is_found_out(tmp_path: Path, shows: str, writes: str) -> None:
    with Window(shows) as window:
        window.opens(
            [*DOCTOR, "--quiet", "--data-dir", str(tmp_path)],
            columns=160,
            rows=60,
            environment={"COUNTER_TERM_ENCODING": writes, "PYTHONUTF8": "1"},
        )
        assert window.ends() == 1
        said = window.bytes.decode("utf-8", errors="replace")  # plain lines are in the interpreter's own charset
        assert f"本程序按 {writes} 发送汉字，终端不按它显示" in said
        assert f"COUNTER_TERM_ENCODING={shows}" in said
        assert "远程字符集" in said


@pytest.mark.parametrize(("held", "good"), [(500, False), (10, True)])
def test_a_tmux_that_holds_esc_is_told_to_let_go(tmp_path: Path, held: int, good: bool) -> None:  # noqa: FBT001
    needs(shutil.which("tmux"), "tmux is not installed: apt-get install tmux")
    (tmp_path / "tmux.conf").write_text(f"set -sg escape-time {held}\n")
    command = ["tmux", "-S", str(tmp_path / "socket"), "-f", str(tmp_path / "tmux.conf")]
    subprocess.run([*command, "new-session", "-d", "cat"], check=True)
    try:
        (found,) = within_tmux({"PATH": os.environ["PATH"], "TMUX": f"{tmp_path / 'socket'},0,0"})
    finally:
        subprocess.run([*command, "kill-server"], check=False)
    assert found.good is good
    assert f"{held} 毫秒" in found.text


def test_tmux_at_the_terminals_own_end_is_only_mentioned() -> None:
    (found,) = within_tmux({"TERM": "tmux-256color"})
    assert found.good
    assert "escape-time 10" in found.text
    assert not list(within_tmux({"TERM": "xterm-256color"}))


@pytest.mark.serial
def test_with_quiet_no_key_is_asked_for(window: Window, tmp_path: Path) -> None:
    window.opens([*DOCTOR, "--quiet", "--data-dir", str(tmp_path)], columns=100, rows=60)
    assert window.ends() == 0, window.text
    assert b"\xe8\xaf\xb7\xe6\x8c\x89" not in window.bytes  # 请按
    assert "终端类型" in window.text


def test_without_a_keyboard_no_key_is_asked_for(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*DOCTOR, "--data-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0, ran.stdout
    assert "请按" not in ran.stdout
    assert "间隔号" not in ran.stdout
    assert "终端类型 TERM=xterm-256color" in ran.stdout


@pytest.mark.parametrize("step", KEYS, ids=lambda step: step.name)
def test_a_key_pressed_twice_or_with_enter_still_counts_and_another_does_not(step: KeyStep) -> None:
    assert all(judged_key(step, code * 2 + b"\r").good for code in step.codes)
    assert not judged_key(step, b"\x1bOS").good


@pytest.mark.parametrize(
    ("typed", "charset", "said"),
    [
        ("张三".encode(), "utf-8", "收到 张三"),
        ("张三".encode("gb18030"), "gb18030", "收到 张三"),
        ("张四\x08三".encode("gb18030"), "gb18030", "收到 张三"),
        ("张三".encode(), "gb18030", "COUNTER_TERM_ENCODING=utf-8"),
        (b"zhangsan", "utf-8", "收到“zhangsan”，不是 张三"),
        (b"??", "utf-8", "字符集须为 UTF-8"),
        (b"", "utf-8", "没有收到 张三"),
        (b"\x1b]0;x\x07", "utf-8", "␛]0;x?"),
    ],
)
def test_what_the_input_method_sent_is_told_in_words(typed: bytes, charset: str, said: str) -> None:
    assert said in judged_name(typed, charset).line()


@pytest.mark.parametrize(("slow", "good"), [(1, True), (2, False)])
def test_one_late_answer_of_twenty_is_forgiven_and_two_are_not(slow: int, good: bool) -> None:  # noqa: FBT001
    times = [4.0] * (TRIPS - slow) + [250.0] * slow
    assert judged_trips(times).good is good


@pytest.mark.parametrize(
    ("environment", "good", "said"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, "256 色"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, False, "xterm-256color"),
        ({"TERM": "vt100"}, False, "没有颜色"),
        ({"TERM": "vt100", "NO_COLOR": "1"}, True, "灰度"),
        ({"TERM": "no-such-terminal"}, False, "没有颜色"),
    ],
)
def test_colours_are_judged_by_the_terminals_name(environment: dict[str, str], good: bool, said: str) -> None:  # noqa: FBT001
    asked = "import os; from counter_tui.doctor import colours; print(colours(os.environ).line())"
    # The terminal database is opened once in the life of a program.
    line = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
    ).stdout
    assert line.startswith("[好]" if good else "[差]")
    assert said in line


def test_a_forwarded_channel_has_a_short_path_and_is_there(tmp_path: Path) -> None:
    longest = "/" + "x" * (SOCKET_PATH - 1)
    assert [each.good for each in _sockets(tmp_path, {"PCSCLITE_CSOCK_NAME": longest})] == [True, False]
    (too_long,) = _sockets(tmp_path, {"PCSCLITE_CSOCK_NAME": longest + "x"})
    assert "COUNTER_TERMINAL" in too_long.line()
    (missing,) = [each for each in _sockets(tmp_path, {"CUPS_SERVER": "/nowhere/3.cups"}) if not each.good]
    assert "-R" in missing.line()
    assert all(each.good for each in _sockets(tmp_path, {"CUPS_SERVER": "localhost:631"}))


def test_a_socket_among_the_data_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as stray:
        stray.bind("odd")
        (found,) = [each for each in _sockets(Path.cwd(), {}) if not each.good]
    assert "odd" in found.line()


def test_another_program_on_the_same_data_is_told(tmp_path: Path) -> None:
    (tmp_path / "counter.sqlite").touch()
    lock = tmp_path / "counter.sqlite.sync"
    lock.touch()
    assert any("没有其他程序" in each.text for each in _files(tmp_path))
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert any("另有程序" in each.text for each in _files(tmp_path))
