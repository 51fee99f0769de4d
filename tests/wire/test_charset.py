"""Two charsets, stray bytes, pastes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.wire.terminal import TEN_FIELDS, Terminal

if TYPE_CHECKING:
    from pathlib import Path


def saved(path: Path) -> list[list[str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_bytes_of_another_charset_are_refused_in_words_and_the_program_lives(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.sends("张三".encode("gbk"))
    assert "终端编码与程序不一致" in terminal.reads(22)
    terminal.presses("ctrl+u")
    terminal.sends("李四")
    assert "李四" in terminal.reads(2)


def test_a_gb18030_terminal_works_both_ways(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Terminal("gb18030") as terminal:
        terminal.opens(
            TEN_FIELDS,
            until="3号窗",
            environment={"LANG": "zh_CN.GB18030", "PYTHONUTF8": "1", "TEN_FIELDS_OUT": str(out)},
        )
        terminal.sends("张䶮𬭚")
        assert "张䶮𬭚" in terminal.reads(2)
        terminal.presses("f2")
        terminal.waits("已存本机")
    assert saved(out)[0][0] == "张䶮𬭚"


def test_the_program_may_name_the_charset_whatever_the_locale_says() -> None:
    with Terminal("gb18030") as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗", environment={"COUNTER_TERM_ENCODING": "gb18030"})
        assert "人员参保" in terminal.reads(1)


def test_a_paste_gives_its_first_line_to_the_field_and_presses_no_keys(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
    terminal.sends("\x1b[200~王五\t工程师\n第二行\n\x1b[201~")
    assert "王五 工程师" in terminal.reads(2)
    assert terminal.cursor[1] == 1
    assert "只收一行" in terminal.reads(22)
    assert not out.exists()


def test_a_paste_of_ten_thousand_characters_fills_the_field_and_says_so(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.sends("\x1b[200~" + "工" * 10_000 + "\x1b[201~", first=3)
    assert "栏目0：" + "工" * 12 in terminal.reads(2)
    assert "最多 24 格" in terminal.reads(22)


def test_a_paste_above_the_limit_is_refused_whole(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.sends("\x1b[200~" + "9" * 70_000 + "\x1b[201~", first=3)
    assert terminal.reads(2).endswith("栏目0：")
    assert "粘贴内容过长" in terminal.reads(22)


def test_a_pasted_escape_never_reaches_the_field(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.sends("\x1b[200~王\x07五\x1b[201~")
    assert terminal.reads(2).endswith("栏目0：")
    assert "控制字符" in terminal.reads(22)


def test_letters_of_an_input_method_in_a_number_field_are_refused_with_the_reason(terminal: Terminal) -> None:
    terminal.opens(TEN_FIELDS, until="3号窗")
    terminal.sends("\rq")
    assert "请关闭中文输入法" in terminal.reads(22)
    terminal.sends("１２。５")
    assert "12.5" in terminal.reads(3)
