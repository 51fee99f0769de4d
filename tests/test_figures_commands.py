"""Loading figures from the command line: two persons, each with his own key and PIN, on a real terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.wire.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = (sys.executable, "-m", "counter_tui", "policy")
SUPERVISOR, ADMINISTRATOR = "5", "6"
"""Numbers of their keys in the list."""
PIN = "123456"
NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FILE = """region = "handan"

[[limits]]
schemes = ["110"]
values = [
  { since = "2027-01", until = "2027-12", floor = "4200", ceiling = "21000", by = "演练数据", confidence = "low", known_from = "2026-11-20" },
]
"""  # noqa: E501  # one value on a line, as the files have them


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory, in which the first command makes its city."""
    return tmp_path_factory.mktemp("figures")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def told(folder: Path, *words: str) -> tuple[int, str, str]:
    """What a command says where no terminal is."""
    done = subprocess.run(
        [*PROGRAM, *words, "--region", "handan", "--data-dir", str(folder / "data")],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def answered(folder: Path, *words: str, key: str, agrees: str = "Y", pin: str = PIN) -> tuple[int, str]:
    """What a command says to somebody who picks his key, types his PIN and agrees."""
    with Terminal() as terminal:
        argv = [*PROGRAM, *words, "--region", "handan", "--data-dir", str(folder / "data")]
        terminal.opens(argv, columns=200, rows=43, until="证书序号", seconds=60)
        terminal.types(f"{key}\r")
        terminal.waits("PIN：")
        terminal.types(f"{pin}\r")
        if pin == PIN:
            if "--refuse" not in words:
                terminal.waits("输入 Y 办理")
                terminal.types(f"{agrees}\r")
            if agrees == "Y":
                terminal.waits("再次输入 PIN")
                terminal.types(f"{pin}\r")
        status = terminal.ends(30)
        assert PIN.encode() not in terminal.bytes, "a PIN is never shown"
        return status, terminal.text


def proposed(folder: Path, file: Path) -> str:
    status, said = answered(folder, "load", str(file), key=ADMINISTRATOR)
    assert status == 0, said
    found = NUMBER.search(said)
    assert found is not None, said
    return found[0]


def test_a_check_shows_the_changes_and_hands_nothing_in(folder: Path, file: Path) -> None:
    status, said, _ = told(folder, "load", str(file), "--check")
    assert status == 0
    assert "企业职工基本养老保险缴费基数下限 2027-01 至 2027-12：无数据 → 4,200.00 元" in said
    assert told(folder, "confirm")[0] == 2


def test_a_bad_file_is_refused_with_its_line(folder: Path, file: Path) -> None:
    file.write_text(FILE.replace("4200", "42000"), encoding="utf-8")
    status, said, trouble = told(folder, "load", str(file), "--check")
    assert (status, said) == (2, "")
    assert "2027.toml 第 6 行" in trouble


@pytest.mark.parametrize("name", ["nothing.toml", "link.toml", "."])
def test_what_is_no_plain_file_is_refused(folder: Path, file: Path, name: str) -> None:
    (file.parent / "link.toml").symlink_to(file)
    status, _, trouble = told(folder, "load", str(file.parent / name), "--check")
    assert status == 2
    assert "Traceback" not in trouble


def test_without_a_terminal_nobody_signs_on(folder: Path, file: Path) -> None:
    status, _, trouble = told(folder, "load", str(file))
    assert status == 2
    assert "终端" in trouble
    assert told(folder, "confirm")[0] == 2


def test_a_wrong_pin_hands_nothing_in(folder: Path, file: Path) -> None:
    status, said = answered(folder, "load", str(file), key=ADMINISTRATOR, pin="999999")
    assert status == 2
    assert "PIN 错误" in said
    assert told(folder, "confirm")[0] == 2


def test_who_does_not_agree_hands_nothing_in(folder: Path, file: Path) -> None:
    assert answered(folder, "load", str(file), key=ADMINISTRATOR, agrees="")[0] == 1
    assert told(folder, "confirm")[0] == 2


def test_leaving_with_ctrl_c_hands_nothing_in(folder: Path, file: Path) -> None:
    with Terminal() as terminal:
        argv = [*PROGRAM, "load", str(file), "--region", "handan", "--data-dir", str(folder / "data")]
        terminal.opens(argv, columns=200, rows=43, until="证书序号", seconds=60)
        terminal.types(f"{ADMINISTRATOR}\r")
        terminal.waits("PIN：")
        terminal.types("12\x03")
        assert terminal.ends(30) == 130
        assert b"Traceback" not in terminal.bytes
    assert told(folder, "confirm")[0] == 2


def test_two_persons_bring_a_file_into_force(folder: Path, file: Path) -> None:
    number = proposed(folder, file)
    status, said, _ = told(folder, "confirm")
    assert status == 0
    assert number in said

    status, said = answered(folder, "confirm", number, key=ADMINISTRATOR)
    assert status == 2
    assert "不能为同一人" in said
    assert number in told(folder, "confirm")[1]

    status, said = answered(folder, "confirm", number, key=SUPERVISOR)
    assert status == 0, said
    assert "已确认 2027.toml" in said
    status, _, trouble = told(folder, "load", str(file), "--check")
    assert status == 2
    assert "2027-01 已有同日公布的数值" in trouble


def test_a_refusal_says_why_and_changes_nothing(folder: Path, file: Path) -> None:
    file.write_text(FILE.replace("2027-", "2028-").replace('"2028-12"', '"2028-06"'), encoding="utf-8")
    number = proposed(folder, file)
    status, said = answered(folder, "confirm", number, "--refuse", "与公布的文件不符", key=SUPERVISOR)
    assert status == 0, said
    assert "现行数值不变" in said
    assert told(folder, "confirm")[0] == 2
    assert told(folder, "load", str(file), "--check")[0] == 0


YEAR = """region = "handan"

[[pension_base]]
year = 2026
monthly = "7500.00"
by = "冀人社字〔2026〕88号"
confidence = "high"
known_from = "2026-11-20"
"""


def test_the_base_of_a_year_is_missing_until_two_persons_loaded_it_and_then_listed_with_its_citation(
    folder: Path, file: Path
) -> None:
    file.write_text(YEAR, encoding="utf-8")
    asked = ("list", "--on", "2026-11", "--missing")
    assert "河北省养老金计发基数" in told(folder, *asked)[1]
    number = proposed(folder, file)
    assert "河北省养老金计发基数" in told(folder, *asked)[1]
    status, said = answered(folder, "confirm", number, key=SUPERVISOR)
    assert status == 0, said
    assert "河北省养老金计发基数" not in told(folder, *asked)[1]
    status, said, _ = told(folder, "show", "pension_base")
    assert status == 0
    row = next(line for line in said.splitlines() if line.startswith("2026-01"))
    assert row.split() == ["2026-01", "至", "2026-12", "7,500.00", "元", "高", "2026-11-20", "冀人社字〔2026〕88号"]


def test_a_directory_in_which_nobody_trained_is_refused_and_stays_empty(tmp_path: Path) -> None:
    status, _, trouble = told(tmp_path, "list")
    assert status == 2
    assert "没有演练数据" in trouble
    assert not (tmp_path / "data").exists()
