"""Codes of administrative divisions: names, codes that once stood, and a warning for the others."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.policy.divisions import division, divisions
from counter_tui.policy.sections import LawFault

FACTS = Path(__file__).parent / "data" / "divisions.csv"
TABLE = Path(__file__).parents[2] / "counter_tui" / "policy" / "data" / "divisions.toml"


def test_every_code_of_the_subset_has_its_name_and_standing() -> None:
    with FACTS.open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    assert len(facts) == len(divisions()) == 67
    for fact in facts:
        found = division(fact["division"])
        assert (found.name, found.current) == (fact["called"], fact["in_force"] == "yes")
        assert found.known
        assert found.warning is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("130403", "河北省邯郸市丛台区"),
        ("130421", "河北省邯郸市邯郸县"),
        ("132100", "河北省邯郸地区"),
        ("120101", "天津市和平区"),
        ("210281", "辽宁省大连市瓦房店市"),
        ("210219", "辽宁省大连市瓦房店市"),
        ("130000", "河北省"),
        ("130400", "河北省邯郸市"),
    ],
)
def test_a_name_is_said_with_the_divisions_above_it(code: str, name: str) -> None:
    assert division(code).full_name == name


def test_an_abolished_code_says_what_became_of_it() -> None:
    old = division("130429")
    assert (old.known, old.current, old.note) == (True, False, "2016 年改为 130408 永年区")
    assert division("210282").note == "2015 至 2016 年改为 210214 普兰店区"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("139999", "行政区划代码 139999 不在本地代码表内（前几位属于河北省），请核对证件"),
        ("130499", "行政区划代码 130499 不在本地代码表内（前几位属于河北省邯郸市），请核对证件"),
        ("132123", "行政区划代码 132123 不在本地代码表内（前几位属于河北省邯郸地区），请核对证件"),
        ("440305", "行政区划代码 440305 不在本地代码表内，请核对证件"),
        ("1304", "行政区划代码 1304 不在本地代码表内，请核对证件"),
    ],
)
def test_an_unknown_code_is_a_warning_and_no_refusal(code: str, said: str) -> None:
    found = division(code)
    assert (found.known, found.current, found.warning) == (False, False, said)


@given(code=st.text(max_size=8))
def test_any_text_is_answered_and_only_the_table_knows_names(code: str) -> None:
    assert division(code).known is (code in divisions())


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('code = "130403"', 'code = "130402"', "current[3].code", "130402 有两条重叠"),
        ('code = "130403"', 'code = "13040"', "current[3].code", "六位"),
        ('code = "130403", name', 'code = "130403", title', "current[3].name", "缺少此键"),
        ('code = "130421"', 'code = "130402"', "abolished[0].code", "两条重叠"),
        ('confidence = "medium"', 'confidence = "medium"\nnote = "x"', "note", "不认识的键"),
        ('confidence = "medium"', 'confidence = "so so"', "confidence", "应为"),
    ],
)
def test_a_table_out_of_order_is_refused_with_place_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "divisions.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        divisions(broken)
    assert f"divisions.toml 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence
