"""Lines that drop, programs that die, disks that fill: what was confirmed stays, what was typed comes back."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import needs
from tests.story.cities import facts_of
from tests.story.walk import RESUMED_WAGE, Walk
from tests.story.window import CLERK, OTHER_CLERK, Window
from tests.wire.terminal import ROOT

if TYPE_CHECKING:
    from tests.story.cities import City

pytestmark = pytest.mark.serial

NUMBER = re.compile(r"\d{6}-\d{3}-\d{6}-\d{4}-\d")
KILLS = 12
_DECLARED = "SELECT id_number FROM items WHERE employer = ?"


def verified(folder: Path) -> str:
    """What `counter-tui verify` says; it must be content."""
    ended = subprocess.run(
        [sys.executable, "-m", "counter_tui", "verify", "--data-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "业务链与审计链完整" in ended.stdout
    return ended.stdout


def half_filled(window: Window, folder: Path) -> None:
    """A clerk in the middle of a resumption: number and wage entered, the remark being typed."""
    facts = facts_of("handan")
    window.starts(folder)
    Walk(window, facts).first_clerk()
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.resume_id}<enter>{RESUMED_WAGE}<enter>", until="每月合计")
    window.does("写到一半", until="写到一半")
    window.idles(0.3)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_after_a_sudden_end_the_draft_is_offered_with_at_most_the_field_being_typed_lost(
    city: City, window: Window, other_window: Window, number: int
) -> None:
    folder, facts = city(), facts_of("handan")
    half_filled(window, folder)
    window.signals(number)
    assert window.ends() == (-number if number == signal.SIGKILL else 129)
    assert b"Traceback" not in window.bytes
    if number != signal.SIGKILL:
        assert not window.text.strip(), "the last picture is wiped"

    other_window.starts(folder)
    other_window.signs_on(CLERK)
    assert "草稿 1" in other_window.status_line
    other_window.does("11<enter>", until="有未完成的草稿")
    assert "F5 取回，F6 丢弃" in other_window.message
    other_window.does("<f5>", until="草稿已取回")
    assert facts.resume_name in other_window.text or "5,200.00" in other_window.text
    assert "5,200.00" in other_window.text
    if number != signal.SIGKILL:
        other_window.until(lambda: "写到一半" in other_window.text, "the field being typed comes back")
    other_window.does("<f2>", until="已存本机")
    assert "草稿 0" in other_window.status_line
    verified(folder)


def test_help_over_a_form_hides_nothing_from_the_line_that_drops(
    city: City, window: Window, other_window: Window
) -> None:
    folder = city()
    half_filled(window, folder)
    window.does("<f1>", until="F12返回")
    window.until(lambda: "写到一半" not in window.text, "help lies over the form")
    window.signals(signal.SIGHUP)
    window.ends()
    other_window.starts(folder)
    other_window.signs_on(CLERK)
    other_window.does("11<enter>", until="有未完成的草稿")
    other_window.does("<f5>", until="草稿已取回")
    other_window.until(lambda: "写到一半" in other_window.text, "the field being typed comes back")


def test_a_draft_is_thrown_away_with_one_key(city: City, window: Window, other_window: Window) -> None:
    folder = city()
    half_filled(window, folder)
    window.signals(signal.SIGKILL)
    window.ends()
    other_window.starts(folder)
    other_window.signs_on(CLERK)
    other_window.does("11<enter>", until="有未完成的草稿")
    other_window.does("<f6>", until="草稿已丢弃")
    other_window.until(lambda: "草稿 0" in other_window.status_line, "no draft is counted")


@pytest.mark.parametrize("ending", ["leaves", "locks"])
def test_nothing_personal_is_left_on_the_terminal(city: City, window: Window, ending: str) -> None:
    facts = facts_of("handan")
    half_filled(window, city())
    window.does("<pageup><pageup><pageup><pageup><pageup>", until=facts.resume_id)
    if ending == "leaves":
        window.does("<f12>", until="今日待办（05）")
        window.signs_off()
        window.leaves()
    else:
        window.does("<f12>", until="今日待办（05）")
        window.does("<f12>", until="锁定终端")
        window.confirms("<f12>", until="终端已锁定")
    left = window.text
    for secret in (facts.resume_id, facts.resume_name, facts.employer_name, "5,200.00", "写到一半"):
        assert secret not in left
    if ending == "leaves":
        assert not left.strip()


CRASHING = """
import screens.home
from counter_tui.__main__ import main

def look(self):
    if self._path.value == "999":
        number, name = "110105199001011237", "\\u5f20\\u5efa\\u56fd"
        raise RuntimeError(f"no such person: {number}")

screens.home.Home._look = look
raise SystemExit(main())
"""


def test_a_crash_shows_one_sentence_and_nothing_personal(city: City, window: Window, tmp_path: Path) -> None:
    folder, program = city(), tmp_path / "crashing.py"
    program.write_text(CRASHING)
    window.opens(
        [sys.executable, str(program), "demo", "--data-dir", str(folder)],
        until="证书序号",
        environment={"XDG_CONFIG_HOME": str(folder), "PYTHONPATH": str(ROOT)},
    )
    window.signs_on()
    window.presses_keys("999")
    assert window.ends() == 1
    assert re.search(r"程序意外停止，编号 [2-9A-Z]{6}。已保存的业务不受影响。", window.text)
    assert b"Traceback" not in window.bytes
    assert b"110105199001011237" not in window.bytes
    log = (folder / "counter.log").read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "110105199001011237" not in log
    assert "张建国" not in log


def asked(folder: Path, question: str, *values: str) -> list[tuple[str, ...]]:
    """Look into the counter's file as it lies there."""
    with sqlite3.connect(f"file:{folder / 'counter.sqlite'}?mode=ro", uri=True) as file:
        rows = file.execute(question, values).fetchall()
    file.close()
    return rows


def staffs(folder: Path) -> list[tuple[str, list[str]]]:
    """Employers in good standing and the numbers of their younger people, the largest first."""
    people: dict[str, list[str]] = {}
    for employer, number in asked(
        folder,
        "SELECT coverages.employer, persons.id_number FROM coverages JOIN persons ON persons.number = coverages.person"
        " JOIN employers ON employers.number = coverages.employer WHERE coverages.scheme = '110'"
        " AND coverages.state = '1' AND employers.frozen = '' AND NOT employers.sealed"
        " AND NOT employers.arrears_months AND persons.id_type = '01'"
        " AND substr(persons.id_number, 7, 4) BETWEEN '1985' AND '2000' ORDER BY persons.number",
    ):
        people.setdefault(employer, []).append(number)
    return sorted(people.items(), key=lambda each: -len(each[1]))


def test_programs_killed_while_they_save_keep_every_number_that_was_shown(city: City, seed: int) -> None:
    """A dozen programs die by signal 9, two at a time, each at another moment of a save made on its real screen."""
    folder, facts, chance = city(), facts_of("handan"), random.Random(seed)
    served = dict(zip((CLERK, OTHER_CLERK), staffs(folder), strict=False))
    shown: list[str] = []
    for _ in range(KILLS // 2):
        with Window() as one, Window() as other:
            clerks = {one: CLERK, other: OTHER_CLERK}
            for window in clerks:
                window.starts(folder, until="社保柜台")
            for place, (window, clerk) in enumerate(clerks.items(), 1):
                window.signs_on(clerk, window=str(place))
                employer, numbers = served[clerk]
                if "未接待" in window.text:
                    window.receives(employer, facts.agent_name, facts.agent_id)
                window.does("12<enter>", until="变更原因")
                window.does(f"{numbers.pop()}<enter><f2>", until="已存本机")
                shown += NUMBER.findall(window.said)
                window.does(f"{numbers.pop()}<enter>", until="个人编号")
            for window in clerks:
                window.types("\x1bOQ")
            for window in clerks:
                window.idles(chance.uniform(0, 0.15))
                window.signals(signal.SIGKILL)
                window.ends()
                if "已存本机" in window.said and "个人编号" not in window.text:
                    shown += NUMBER.findall(window.said)
    verified(folder)
    kept = [
        number for (number,) in asked(folder, "SELECT acceptance_number FROM journal WHERE acceptance_number != ''")
    ]
    assert len(kept) == len(set(kept)), "an acceptance number was given twice"
    assert {number.replace("-", "") for number in shown} <= set(kept)
    people = [row for employer, _ in served.values() for row in asked(folder, _DECLARED, employer)]
    assert len(people) == len(set(people)) == len(kept) >= KILLS


def test_two_programs_share_a_folder_and_give_different_numbers(
    city: City, window: Window, other_window: Window
) -> None:
    folder, facts = city(), facts_of("handan")
    window.starts(folder)
    other_window.starts(folder)
    one, other = Walk(window, facts), Walk(other_window, facts)
    one.first_clerk()
    one.resume()
    one.home()
    other_window.signs_on(OTHER_CLERK, window="2")
    other_window.does("02<enter>", until="02 接待单位")
    other_window.does(f"{facts.third_employer_number}<enter>", until="统一社会信用代码")
    other_window.does(f"{facts.agent_name}<enter>{facts.agent_id}<enter>1<enter><f2>", until="已接待")
    other_window.does("12<enter>", until="变更原因")
    other_window.does(f"{facts.elsewhere_id}<enter>", until=facts.elsewhere_name)
    other._saved("<f2>")
    one.suspend()
    assert len({*one.numbers, *other.numbers}) == 3
    verified(folder)


def test_two_first_starts_make_one_city(window: Window, other_window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    window.starts(folder, until="社保柜台")
    other_window.starts(folder)
    window.waits("证书序号", 60)
    window.signs_on(CLERK)
    other_window.signs_on(OTHER_CLERK, window="2")
    verified(folder)


def test_a_full_disk_is_said_and_the_form_keeps_what_was_typed(city: City, window: Window, tmp_path: Path) -> None:
    needs(os.geteuid() == 0 and shutil.which("unshare"), "a small disk is a tmpfs of one's own, which needs root")
    original, small, script = city(), tmp_path / "small", tmp_path / "on-a-small-disk"
    small.mkdir()
    script.write_text(
        f"#!/bin/sh\nmount -t tmpfs -o size=80m none {small} && cp -r {original}/. {small} || exit 77\n"
        f"exec {sys.executable} -m counter_tui demo --data-dir {small}\n"
    )
    script.chmod(0o700)
    probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", small], check=False, capture_output=True)
    needs(probe.returncode == 0, "mount namespaces are not allowed here")
    facts = facts_of("handan")
    window.opens(["unshare", "-m", str(script)], until="证书序号", seconds=30, environment={"XDG_CONFIG_HOME": "/none"})
    Walk(window, facts).first_clerk()
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.resume_id}<enter>{RESUMED_WAGE}<enter>", until="每月合计")
    window.idles(0.5)

    seen_from_here = Path(f"/proc/{window.pid}/root{small}")
    fill(seen_from_here / "film.avi")
    window.does("<f2>", until="磁盘空间已满，本次没有保存")
    assert "5,200.00" in window.text
    assert "受理号" not in window.message

    (seen_from_here / "film.avi").unlink()
    window.does("<enter>")
    window.does("<f2>", until="已存本机")
    assert b"Traceback" not in window.bytes
    shutil.copytree(seen_from_here, tmp_path / "seen")
    verified(tmp_path / "seen")


def fill(file: Path) -> None:
    """Write until nothing goes on to the disk any more."""
    end = time.monotonic() + 30
    with file.open("wb", buffering=0) as film:
        for block in (1 << 20, 4096):
            while time.monotonic() < end:
                try:
                    film.write(b"\0" * block)
                except OSError:
                    break
