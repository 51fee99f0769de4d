"""`counter-tui policy` tells an official what is in force, what is missing and whether a file can be used."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from counter_tui.cli import main
from counter_tui.domain.text import width
from counter_tui.policy.checking import DATA, TABLES
from counter_tui.policy.regions import REGIONS

if TYPE_CHECKING:
    from pathlib import Path


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["policy", *arguments]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_the_list_has_its_columns_in_line(capsys: pytest.CaptureFixture[str]) -> None:
    head, titles, *rows = told(capsys, "list", "--region", "tianjin", "--on", "2026-07").splitlines()
    assert head.startswith("天津市 2026-07 在用的数值")
    assert head.endswith(f"{len(rows)} 项")
    column = width(titles.partition("适用期")[0])
    floor = next(row for row in rows if "企业职工基本养老保险缴费基数下限" in row)
    assert width(floor.partition("2026-01 至")[0]) == column
    long = next(row for row in rows if row.startswith("工伤类别"))
    assert ".." in long
    assert width(long.partition("2026-01 起")[0]) == column
    assert not any("CL-" in row for row in rows)


def test_missing_and_unconfirmed_figures_are_listed_alone(capsys: pytest.CaptureFixture[str]) -> None:
    gone = told(capsys, "list", "--region", "handan", "--on", "2026-07", "--missing")
    assert "本市医疗、生育缴费基数上下限未取得" in gone
    assert "〔未确认〕" not in gone
    doubtful = told(capsys, "list", "--region", "handan", "--on", "2026-07", "--unconfirmed")
    rows = doubtful.splitlines()[2:]
    assert rows
    assert all("〔未确认〕" in row for row in rows)
    both = told(capsys, "list", "--region", "handan", "--on", "2026-07", "--missing", "--unconfirmed")
    assert len(both.splitlines()) == len(gone.splitlines()) + len(rows)


def test_practice_figures_come_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "演练数据" not in told(capsys, "list", "--region", "handan", "--on", "2026-07")
    assert "〔演练数据〕" in told(capsys, "list", "--region", "handan", "--on", "2026-07", "--training")


def test_json_carries_exact_months_and_no_gap_as_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(told(capsys, "list", "--region", "tianjin", "--on", "2026-07", "--json", "--codes"))
    floor = next(entry for entry in listed if entry["code"] == "floor:110")
    assert (floor["value"], floor["since"], floor["until"]) == ("5,180.00 元", "2026-01-01", "2026-12-31")
    assert any(entry["code"] == "CL-REASON:229" and entry["value"] == "停缴费" for entry in listed)
    history = json.loads(told(capsys, "show", "floor:130", "--region", "tianjin", "--json"))
    assert [entry["value"] for entry in history] == [None]


def test_a_history_is_shown_with_its_citations(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "show", "失业保险缴费比例", "--region", "handan").splitlines()
    assert shown[0] == "失业保险缴费比例（charge:210）  缴费比例"
    assert shown[2].startswith("1999-02 至 2015-02  单位 2%，个人 1%")
    assert shown[2].endswith("失业保险条例（国务院令第258号）第六条")
    assert "〔未确认〕" in shown[3]


def test_what_names_several_figures_is_answered_with_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    refused = told(capsys, "show", "失业保险", "--region", "handan", code=2)
    assert "失业保险缴费基数下限（floor:210）、失业保险缴费基数上限（ceiling:210）" in refused
    assert "没有名为「月球」的数值" in told(capsys, "show", "月球", "--region", "handan", code=2)
    assert "没有“moon”这个地区方案" in told(capsys, "list", "--region", "moon", code=2)
    assert "应写成 202607 或 2026-07" in told(capsys, "list", "--on", "2026-7", code=2)


def test_all_shipped_files_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, "check").splitlines()
    assert len(lines) >= 9
    assert all("可用" in line for line in lines)
    handan = next(line for line in lines if line.startswith("handan："))
    assert handan.startswith("handan：邯郸市可用，")
    assert "缺少" in handan
    assert "未确认" in handan


@pytest.mark.parametrize("name", ["handan", "hebei", "nation", "tianjin", "training/handan"])
def test_a_region_file_is_read_in_the_place_of_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    text = (REGIONS / f"{name}.toml").read_text(encoding="utf-8")
    copy = tmp_path / f"{name.rpartition('/')[2]}.toml"
    copy.write_text(text, encoding="utf-8")
    assert "可用" in told(capsys, "check", str(copy))
    line = text.count("\n") + 2
    copy.write_text(f"{text}\n[mistake]\n", encoding="utf-8")
    refused = told(capsys, "check", str(copy), code=1)
    assert f"{copy.name} 的 mistake 有误（第 {line} 行）：不认识的键" in refused


def test_a_file_to_be_loaded_is_held_against_the_law_of_its_region(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    july = tmp_path / "july.toml"
    values = (
        '[[limits]]\nschemes = ["310"]\nvalues = [\n{ since = "2026-01", until = "2026-12", floor = "4000", '
        'ceiling = "20000", known_from = "2026-07-01", by = "虚构文件", confidence = "high" },\n]\n'
    )
    july.write_text(f'region = "handan"\n{values}', encoding="utf-8")
    assert "可用，载入后改变 2 项" in told(capsys, "check", str(july))
    july.write_text(f'region = "handan"\n{values.replace("20000", "2000")}', encoding="utf-8")
    assert "第 5 行" in told(capsys, "check", str(july), code=1)


def test_a_file_to_be_loaded_may_bear_the_name_of_a_national_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    base = tmp_path / "pension_base.toml"
    text = (
        'region = "handan"\n[[pension_base]]\nyear = 2026\nmonthly = "7500.00"\nby = "虚构文件"\n'
        'confidence = "high"\nknown_from = "2026-11-20"\n'
    )
    base.write_text(text, encoding="utf-8")
    assert "可用，载入后改变 1 项" in told(capsys, "check", str(base))
    base.write_text(text.replace('"7500.00"', "7500.00"), encoding="utf-8")
    assert "第 4 行" in told(capsys, "check", str(base), code=1)
    base.write_bytes((DATA / "pension_base.toml").read_bytes())
    assert told(capsys, "check", str(base)).endswith("：可用\n")


def test_every_national_table_is_checked() -> None:
    assert set(TABLES) == {path.name for path in DATA.glob("*.toml")}


def test_a_damaged_file_among_good_ones_is_named_and_the_others_are_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good, table = tmp_path / "tianjin.toml", tmp_path / "payout_months.toml"
    good.write_bytes((REGIONS / "tianjin.toml").read_bytes())
    table.write_bytes(b"[months]\n60 = 1\n\xff\n")
    assert main(["policy", "check", str(table), str(tmp_path / "gone.toml"), str(good)]) == 1
    captured = capsys.readouterr()
    assert "payout_months.toml 的 格式 有误（第 3 行）：不是 UTF-8 编码的文字" in captured.err
    assert "gone.toml 无法读取：文件不存在" in captured.err
    assert "天津市可用" in captured.out


def test_the_command_line_starts_without_reading_the_law() -> None:
    asked = (
        "import sys; import counter_tui.cli; "
        "print([name for name in sys.modules if name.startswith('counter_tui.policy.') or name == 'asyncio'])"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
