"""Whatever is typed or pasted: it is taken, or refused with a word; it never steers the terminal and never ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.security.escape_corpus import PAYLOADS
from tests.story.cities import facts_of
from tests.story.walk import Walk
from tests.story.window import CLERK, PIN

if TYPE_CHECKING:
    from tests.story.cities import City
    from tests.story.window import Window

pytestmark = pytest.mark.serial

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
HOSTILE = (
    "张\t三",
    "张\x07三",
    "张\u202e三",
    "张\u200b三",
    "[red]张[/]三",
    "张 [/] 三",
    "张\x9b2J三",
    "' OR 1=1 --",
    "%_*",
)


def pastes(window: Window, text: str) -> None:
    """Paste as a terminal does, in brackets; what could close the bracket is left out by every terminal."""
    window.types("\x1b[200~" + text.replace("\x1b", "") + "\x1b[201~")
    window.quiet(0.1, 0.4)


def alive(window: Window) -> None:
    """The program still answers, and nothing but cells and cursor moves came over the line."""
    assert window.status is None
    assert b"Traceback" not in window.bytes
    for forbidden in ("\x1b]", "\x1bP", "\x9b", "\x9d", "\u202e", "\u200b", "\x1b[>"):
        assert forbidden.encode() not in window.bytes


def test_full_width_digits_are_the_same_keys_everywhere(city: City, window: Window) -> None:
    facts = facts_of("handan")
    window.starts(city())
    window.does(f"１<enter>３<enter>{PIN.translate(WIDE)}<enter>", until="今日待办（05）")
    assert window.status_line.startswith("3号窗")
    window.does("０２<enter>", until="02 接待单位")
    window.does(f"{facts.employer_number.translate(WIDE)}<enter>", until="统一社会信用代码")
    window.does(f"{facts.agent_name}<enter>{facts.agent_id.translate(WIDE)}<enter>１<enter><f2>", until="已接待")
    window.does("１１<enter>", until="证件号码")
    window.does(f"{facts.resume_id.translate(WIDE)}<enter>", until="业务类别：续保")
    window.does("８４３２。５０<enter>", until="8,432.50")
    window.does("<f2>", until="已存本机")


def test_gbk_bytes_from_a_wrong_terminal_are_refused_with_the_cure(city: City, window: Window) -> None:
    facts = facts_of("handan")
    window.starts(city())
    Walk(window, facts).first_clerk()
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.new_id}<enter>", until="参保登记")
    window.sends("张三".encode("gbk"))
    window.hears("终端编码与程序不一致")
    window.does("张三", until="张三")
    alive(window)


def test_on_a_terminal_of_gb18030_rare_names_go_both_ways(city: City) -> None:
    from tests.story.window import Window

    with Window("gb18030") as window:
        window.starts(city(), environment={"COUNTER_TERM_ENCODING": "gb18030"})
        window.signs_on(CLERK)
        window.does("查无张䶮𬭚", until="查无张䶮𬭚")
        alive(window)


def test_in_the_c_locale_chinese_is_shown_and_typed(city: City, window: Window) -> None:
    window.starts(city(), environment={"LANG": "C", "LC_ALL": "C"})
    window.signs_on(CLERK)
    window.does("参保<enter>", until="人员参保")
    alive(window)


def test_hostile_text_in_every_kind_of_field_is_harmless(city: City, window: Window) -> None:
    facts = facts_of("handan")
    window.starts(city())
    window.does("1<enter><enter>")
    pastes(window, PIN)
    window.hears("不能粘贴")
    window.does(f"{PIN}<enter>", until="今日待办（05）")
    for text in HOSTILE:  # the prompt
        pastes(window, text)
        window.does("<enter>")
        window.does("<escape>")
        window.does("<f6>")
    window.receives(facts.employer_number, facts.agent_name, facts.agent_id)
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.new_id}<enter>", until="参保登记")
    for text in (*HOSTILE, *PAYLOADS[::24]):  # the name
        pastes(window, text)
        window.presses_keys("<ctrl+u>")
    window.quiet()
    alive(window)
    pastes(window, facts.new_name)
    assert facts.new_name in window.text


def test_ten_thousand_characters_pasted_into_every_field_are_cut_or_refused_with_a_word(
    city: City, window: Window
) -> None:
    facts = facts_of("handan")
    window.starts(city())
    Walk(window, facts).first_clerk()
    pastes(window, "参" * 10_000)
    window.hears("多出的未收")
    window.does("<f6>", until="路径：")
    window.does("11<enter>", until="证件号码")
    window.does(f"{facts.new_id}<enter>", until="参保登记")
    fields = set()
    for _ in range(24):
        place = window.rows[window.cursor[1]].partition("：")[0]
        fields.add(place)
        pastes(window, "9" * 10_000)
        assert window.status is None
        window.presses_keys("<ctrl+u><down>")
        window.quiet(0.05, 0.2)
    assert len(fields) >= 12, fields
    alive(window)


def test_sixty_by_fifteen_and_back_while_typing(city: City, window: Window) -> None:
    facts = facts_of("handan")
    window.starts(city())
    Walk(window, facts).first_clerk()
    window.does("11<enter>", until="证件号码")
    window.types(facts.resume_id[:9])
    window.resizes(60, 15)
    window.types(facts.resume_id[9:])
    window.resizes(80, 24)
    window.does("<enter>", until="业务类别：续保")
    window.types("52")
    window.resizes(60, 15)
    window.types("00")
    window.until(lambda: "申报工资：5200" in window.rows[window.cursor[1]], "the wage is typed under the cursor")
    window.resizes(132, 43)
    window.does("<enter>", until="申报工资：5,200.00")
    window.resizes(60, 15)
    window.until(lambda: "备注：" in window.rows[window.cursor[1]], "the cursor's field stays in view")
    window.does("<f2>", until="已存本机")
    alive(window)
