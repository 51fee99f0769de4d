"""Whatever is wrong with a file of the law, the administrator is told file, line and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from counter_tui.errors import CounterError
from counter_tui.policy.loader import read_policy
from counter_tui.policy.places import line_of
from counter_tui.policy.regions import REGIONS, UnknownRegion
from counter_tui.policy.sections import DamagedLaw, LawFault, Section, UnreadableLaw
from tests.policy.conftest import FABRICATED, NATION

if TYPE_CHECKING:
    from pathlib import Path

    from counter_tui.policy.places import Trail

SMALL = 'floor = "1", ceiling = "2", by = "虚构", confidence = "high"'
NESTED = """# comment with [brackets] = "and quotes"
title = "a # b"   # not a comment before this

[limits.deep]
"quoted key" = 1
'literal' = [1,
  2, # two
  [3,
   4]]

[[rates]]
schemes = ["110"]
values = [
  { since = "2020-01", classes = { 1 = "0.1", 2 = "0.2" } },
  # nothing here
  { since = "2021-01",
    employer = "0.1" },
]

[[rates]]
[[rates.values]]
since = "2020-01"
[rates.values.components]
"医疗" = "0.1"
[[rates.values]]
note = '''
[[rates]]
''''
long = @@@one \\@@@ two
three@@@"
after = 1
dotted.key . more = 2
""".replace("@@@", '"' * 3)


@pytest.mark.parametrize(
    ("trail", "line"),
    [
        (("title",), 2),
        (("limits",), 4),
        (("limits", "deep"), 4),
        (("limits", "deep", "quoted key"), 5),
        (("limits", "deep", "literal", 1), 7),
        (("limits", "deep", "literal", 2, 1), 9),
        (("rates", 0), 11),
        (("rates", 0, "values", 0, "classes", "2"), 14),
        (("rates", 0, "values", 1), 16),
        (("rates", 0, "values", 1, "employer"), 17),
        (("rates", 1), 20),
        (("rates", 1, "values", 0, "since"), 22),
        (("rates", 1, "values", 0, "components", "医疗"), 24),
        (("rates", 1, "values", 1, "note"), 26),
        (("rates", 1, "values", 1, "long"), 29),
        (("rates", 1, "values", 1, "after"), 31),
        (("rates", 1, "values", 1, "dotted", "key", "more"), 32),
        (("rates", 1, "values", 1, "absent"), 25),
        (("rates", 0, "values", 1, "absent", "deeper"), 16),
        (("absent",), 1),
        ((), 1),
    ],
)
def test_a_key_stands_on_its_line_and_an_absent_one_on_the_line_of_what_should_hold_it(trail: Trail, line: int) -> None:
    assert line_of(NESTED, trail) == line
    assert line_of(NESTED.replace("\n", "\r\n"), trail) == line


@given(text=st.text(alphabet="[]{}=.,'\"\\#\n ab1医", max_size=60))
def test_a_place_is_named_even_in_a_text_that_is_no_toml(text: str) -> None:
    assert 1 <= line_of(text, ("a", 0, "b")) <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "key", "line", "reason"),
    [
        ('floor = "4200.00"', 'flor = "4200.00"', "limits[0].values[0].floor", 14, "缺少此键"),
        ('person = "0.08"', 'person = "0.08"\nx = 1', "rates[0].values[0].x", 23, "不认识的键"),
        ('person = "0.08"', "person = 0.08", "rates[0].values[0].person", 22, "浮点数"),
        ('schemes = ["210"]', 'schemes = ["999"]', "rates[1].schemes", 28, "不认识的险种 999"),
        ('city = "试验市"', "city = 1", "region.city", 8, "文字"),
        (
            'values = [{ since = "2020-01", floor',
            f'values = [\n{{ since = "2020-01", {SMALL} }},\n{{ since = "2020-01", floor',
            "limits[0]",
            12,
            "2020-01 有两条重叠的记录",
        ),
        (
            'values = [{ since = "2020-01", floor',
            f'values = [\n{{ since = "2018-01", until = "2018-12", {SMALL} }},\n{{ since = "2020-01", floor',
            "limits[0]",
            12,
            "2019-01 至 2019-12 没有数值，也没有声明缺口",
        ),
    ],
)
def test_a_fault_of_a_region_names_file_line_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, line: int, reason: str
) -> None:
    with pytest.raises(LawFault) as refusal:
        read_region(tmp_path, FABRICATED.replace(old, new, 1))
    assert (refusal.value.file, refusal.value.key, refusal.value.line) == ("testland.toml", key, line)
    assert f"第 {line} 行" in refusal.value.sentence
    assert reason in refusal.value.sentence


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b'\n\nname = "\xff\xfe"\n', 3, "不是 UTF-8 编码的文字"),
        ("name = '市'".encode("gb18030"), 1, "不是 UTF-8 编码的文字"),
        (b"\xef\xbb\xbfname = 1\n", 1, "不带 BOM"),
        (b"\x7fELF\x02\x01\x01\x00\x00", 1, "第 1 列起不是正确的 TOML 写法"),
        (b'a = 1\nb = "half', 2, "内容不完整"),
        (b"a = 1\nb = [\n  1,\n", 3, "内容不完整"),
        (b"a = 1\nb == 2\n", 2, "第 4 列起不是正确的 TOML 写法"),
        (b"[a]\nx = 1\n[a]\n", 3, "写了两次"),
        (b"a = 1\na = 2\n", 2, "写了两次"),
        (b"a = { b = 1, b = 2 }\n", 1, "写了两次"),
        (b"a = 1\nb = " + b"9" * 5000, 2, "数字过长"),
        (b"a = " + b"[" * 5000, 1, "嵌套过深"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence_with_its_line(
    tmp_path: Path, content: bytes, line: int, reason: str
) -> None:
    damaged = tmp_path / "damaged.toml"
    damaged.write_bytes(content)
    with pytest.raises(DamagedLaw) as refusal:
        Section.of_file(damaged)
    assert refusal.value.line == line
    assert f"damaged.toml 的 格式 有误（第 {line} 行）" in refusal.value.sentence
    assert reason in refusal.value.sentence


def test_a_file_that_is_not_there_or_is_none_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLaw, match=r"gone\.toml 无法读取：文件不存在"):
        Section.of_file(tmp_path / "gone.toml")
    with pytest.raises(UnreadableLaw, match="无法读取"):
        Section.of_file(tmp_path)


def test_a_number_with_a_point_is_no_value_of_any_parameter(tmp_path: Path) -> None:
    for name in ("unit_number", "auto_review", "max_unassessed_months", "declaration_window"):
        for number in ("1.5", "[1.5]", "nan", "1e999999999"):
            added = f'\n[parameters.{name}]\nvalue = {number}\nby = "虚构"\nconfidence = "high"\n'
            with pytest.raises(LawFault, match=f"parameters.{name}.value"):
                read_region(tmp_path, FABRICATED + added)


CITY = (REGIONS / "tianjin.toml").read_text(encoding="utf-8")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(place=0, put="\x00", cut=1)
@example(place=len(CITY) - 1, put="", cut=1)
@given(
    place=st.integers(0, len(CITY) - 1),
    put=st.sampled_from(["", *"\"'[]{}=,.#\n9-x医\\\x00"]),
    cut=st.integers(0, 1),
)
def test_a_slip_of_one_character_is_read_or_refused_with_a_line(tmp_path: Path, place: int, put: str, cut: int) -> None:
    slipped = CITY[:place] + put + CITY[place + cut :]
    (tmp_path / "nation.toml").write_bytes((REGIONS / "nation.toml").read_bytes())
    (tmp_path / "tianjin.toml").write_text(slipped, encoding="utf-8")
    for refusal in refusals(tmp_path):
        assert isinstance(refusal, LawFault)
        assert refusal.file == "tianjin.toml"
        assert 1 <= refusal.line <= slipped.count("\n") + 1


def refusals(folder: Path) -> list[CounterError]:
    """What reading says, if it says anything; a slip in the name of the wider region speaks of that one."""
    try:
        read_policy(folder, "tianjin", training=False)
    except UnknownRegion:
        return []
    except CounterError as refusal:
        return [refusal]
    return []


def read_region(folder: Path, city: str) -> object:
    """Write a region over the fabricated nation and read it."""
    (folder / "nation.toml").write_text(NATION, encoding="utf-8")
    (folder / "testland.toml").write_text(city, encoding="utf-8")
    return read_policy(folder, "testland", training=False)
