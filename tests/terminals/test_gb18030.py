"""A terminal of GB18030: what is typed and what is shown, byte for byte."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.story.cities import facts_of
from tests.story.window import CLERK, Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.serial

NAME = "张䶮𬭚"
"""Two bytes, four bytes of the first plane, four bytes of the third."""
TORN_MS = 3


@pytest.fixture
def gb_window() -> Iterator[Window]:
    with Window("gb18030") as opened:
        yield opened


def types_torn(window: Window, text: str) -> None:
    """Every byte by itself, as a slow line tears them."""
    for byte in text.encode("gb18030"):
        window.types(bytes([byte]))
        window.idles(TORN_MS / 1000)


def test_a_name_of_two_and_four_byte_characters_is_typed_shown_and_kept(received: Path, gb_window: Window) -> None:
    window, facts = gb_window, facts_of("handan")
    window.starts(received, environment={"LANG": "zh_CN.GB18030", "LC_ALL": "zh_CN.GB18030"})
    window.signs_on(CLERK)
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.new_id}<enter>", until="业务类别：参保登记")
    typed_from = len(window.bytes)
    types_torn(window, NAME)
    window.waits(f"姓名：{NAME}")
    row = window.rows[window.cursor[1]]
    assert window.cursor[0] == sum(2 if ord(each) > 127 else 1 for each in row.partition(NAME)[0] + NAME)
    echoed = window.bytes[typed_from:]
    for character in NAME:
        assert character.encode("gb18030") in echoed
    for absent in (NAME[0].encode(), NAME[1].encode(), b"\xef\xbf\xbd"):
        assert absent not in echoed

    window.does("<backspace>")
    window.waits(f"姓名：{NAME[:2]}")
    types_torn(window, NAME[2])
    window.does("<enter><enter><enter>20230701<enter>11<enter>")
    window.does("<pagedown><pagedown>13900139000<enter><pagedown><pagedown>4500<enter>", until="每月合计")
    window.does("<f2>", until="已存本机")
    window.bytes.decode("gb18030")  # every byte of it, strictly
    with sqlite3.connect(f"file:{received / 'counter.sqlite'}?mode=ro", uri=True) as file:
        kept = file.execute("SELECT count(*) FROM journal WHERE instr(envelope, ?)", (NAME.encode(),)).fetchone()
    file.close()
    assert kept == (1,)


def test_half_a_character_before_a_key_is_refused_and_the_key_still_counts(received: Path, gb_window: Window) -> None:
    window, facts = gb_window, facts_of("handan")
    window.starts(received, environment={"COUNTER_TERM_ENCODING": "gb18030"})
    window.signs_on(CLERK)
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.new_id}<enter>", until="业务类别：参保登记")
    window.types("张".encode("gb18030")[:1] + window.keyboard["f1"].encode())
    window.waits("帮助  11")
    window.does("<f12>", until="业务类别：参保登记")
    window.does("李四", until="姓名：李四")
