"""Region files that are not as they must be stop with file, key and reason."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.loader import read_policy
from counter_tui.policy.regions import REGIONS, Policy, UnknownRegion, load_policy
from counter_tui.policy.sections import LawFault

if TYPE_CHECKING:
    from pathlib import Path

Fabricate: TypeAlias = Callable[..., Policy]

LIMITS = '{ since = "2020-01", floor = "4200.00", ceiling = "21000.00", by = "虚构", confidence = "high" }'


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('floor = "4200.00"', 'flor = "4200.00"', "limits[0].values[0].floor", "缺少此键"),
        ('floor = "4200.00"', 'flor = "1", floor = "4200.00"', "limits[0].values[0].flor", "不认识的键"),
        ('floor = "4200.00"', "floor = 4200.00", "limits[0].values[0].floor", "浮点数"),
        ('floor = "4200.00"', "floor = 4200", "limits[0].values[0].floor", "文字"),
        ('floor = "4200.00"', 'floor = "4200.005"', "limits[0].values[0].floor", "两位小数"),
        ('floor = "4200.00"', 'floor = "42000.00"', "limits[0].values[0].floor", "下限高于上限"),
        ('employer = "0.16"', "employer = 0.16", "rates[0].values[0].employer", "浮点数"),
        ('employer = "0.16"', 'employer = "16%"', "rates[0].values[0].employer", "比例"),
        ('employer = "0.16"', 'employer = "1.6"', "rates[0].values[0].employer", "不大于 1"),
        ('employer = "0.16"', 'employer = "0.1600001"', "rates[0].values[0].employer", "六位小数"),
        ('account_person = "0.08"', 'account_person = "0.09"', "rates[0].values[0].account_person", "高于缴费比例"),
        (
            'employer = "0.16"',
            'employer = "0.16"\ncomponents = { "甲" = "0.1", "乙" = "0.05" }',
            "components",
            "之和不等于",
        ),
        ('schemes = ["210"]', 'schemes = ["999"]', "rates[1].schemes", "不认识的险种 999"),
        ('schemes = ["210"]', 'schemes = ["210", "210"]', "rates[1].schemes", "重复"),
        (
            'confidence = "high" }]\n\n[[rates]]',
            'confidence = "sure" }]\n\n[[rates]]',
            "confidence",
            "high、medium 或 low",
        ),
        ('since = "2020-01", floor', 'since = "2020-1", floor', "limits[0].values[0].since", "202607 或 2026-07"),
        ('since = "2020-01", floor', 'since = "2020-13", floor', "limits[0].values[0].since", "1 至 12"),
        (
            'since = "2020-01", floor',
            'since = "2020-01", until = "2019-12", floor',
            "limits[0].values[0].until",
            "早于",
        ),
        ('since = "2020-01", floor', 'since = "2020-01", known_from = "2020-2-1", floor', "known_from", "2026-08-31"),
        ("classes = { 2 =", "classes = { 9 =", "rates[2].values[0].classes", "1 至 8"),
        ('bureau = "990000"', 'bureau = "999999"', "region.bureau", "演练"),
        ('bureau = "990000"', 'bureau = "9900"', "region.bureau", "六位"),
        ('"half_up_fen"', '"half"', "parameters.base_rounding.value", "取舍方式"),
        ('"clamp"', '"guess"', "parameters.base_mode.value", "clamp 或 reject"),
        ("late_fee_cap = {", "late_fee_kap = {", "parameters.late_fee_kap", "不认识的参数"),
        ("value = false", "value = 0", "parameters.late_fee_cap.value", "true 或 false"),
        ('[groups]\n1 = "人员增减"', "[groupz]", "groupz", "不认识的键"),
    ],
)
def test_a_fault_names_the_key_and_the_reason(fabricate: Fabricate, old: str, new: str, key: str, reason: str) -> None:
    with pytest.raises(LawFault, match=re.escape(reason)) as refusal:
        fabricate(replaced=(old, new))
    assert key in refusal.value.sentence
    assert re.search(r"(nation|testland)\.toml", refusal.value.sentence)


@pytest.mark.parametrize(
    ("name", "held", "refused", "reason"),
    [
        ("flexible_tiers", "[60, 80, 100]", ("[]", "[80, 60]", "[60, 60]", "[0, 60]", '["60"]', "60"), "由小到大"),
        ("flexible_ppm", "200000", ("1000001", "-1", "true", '"20%"'), "百万分之几"),
        ("wage_declaration_months", "[12, 1]", ("[1]", "[0, 3]", "[1, 13]", "3"), "起月"),
        ("arrears_interest_form", '"compound"', ('"daily"', "1"), "simple 或 compound"),
    ],
)
def test_a_parameter_holds_only_what_it_may(
    fabricate: Fabricate, name: str, held: str, refused: tuple[str, ...], reason: str
) -> None:
    line = f'\n[parameters.{name}]\nvalue = {{}}\nby = "虚构"\nconfidence = "high"\n'
    kept = fabricate(added=line.format(held)).parameter(name)
    assert kept == (tuple(json.loads(held)) if isinstance(json.loads(held), list) else json.loads(held))
    for wrong in refused:
        with pytest.raises(LawFault, match=reason) as refusal:
            fabricate(added=line.format(wrong))
        assert f"parameters.{name}.value" in refusal.value.sentence


def test_two_figures_for_the_same_month_are_refused(fabricate: Fabricate) -> None:
    doubled = LIMITS.replace('"2020-01"', '"2021-01"')
    with pytest.raises(LawFault, match="2021-01 有两条重叠的记录"):
        fabricate(replaced=(LIMITS, f"{LIMITS}, {doubled}"))


def test_a_gap_may_not_hide_a_figure(fabricate: Fabricate) -> None:
    with pytest.raises(LawFault, match="重叠"):
        fabricate(
            replaced=(f"values = [{LIMITS}]", f'values = [{LIMITS}]\ngaps = [{{ since = "2026-01", note = "无" }}]')
        )


def test_a_later_publication_may_replace_an_earlier_one(fabricate: Fabricate) -> None:
    later = LIMITS.replace("floor", 'known_from = "2026-08-31", floor').replace("4200.00", "4300.00")
    policy = fabricate(replaced=(LIMITS, f"{LIMITS}, {later}"))
    assert policy.limits("110", YearMonth(2026, 1)).floor == 430000


def test_a_hole_between_two_figures_must_be_declared(fabricate: Fabricate) -> None:
    first = LIMITS.replace("floor", 'until = "2020-12", floor')
    second = LIMITS.replace('"2020-01"', '"2021-03"')
    with pytest.raises(LawFault, match="2021-01 至 2021-02 没有数值，也没有声明缺口"):
        fabricate(replaced=(LIMITS, f"{first}, {second}"))
    with pytest.raises(LawFault, match="2021-01 至 2021-01 没有"):
        fabricate(replaced=(LIMITS, f"{first}, {second.replace('2021-03', '2021-02')}"))
    declared = f'values = [{first}, {second}]\ngaps = [{{ since = "2021-01", until = "2021-02", note = "未取得" }}]'
    assert fabricate(replaced=(f"values = [{LIMITS}]", declared)).limits("110", YearMonth(2021, 3)).floor == 420000


def test_a_history_without_figures_and_gaps_is_refused(fabricate: Fabricate) -> None:
    with pytest.raises(LawFault, match="没有数值，也没有声明缺口"):
        fabricate(replaced=(f"values = [{LIMITS}]", "values = []"))


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ('\n[menu]\n71 = { function = "P60", name = "表" }\n', "首位为已有的分组"),
        ('\n[menu]\n11 = { function = "P01" }\n', "缺少此键"),
        ('\n[menu]\n11 = { function = "P01", name = "参保", hint = "x" }\n', "不认识的键"),
        ("\n[forms.P01]\nname = { requird = true }\n", "不认识的键"),
        ("\n[forms.P01]\nname = { required = 1 }\n", "true 或 false"),
        ("\n[codes.CL-X]\n1 = { hidden = 1 }\n", "true 或 false"),
        ("\ntraining = true\n", "不认识的键"),
        ("\n[[limits]\n", "第 35 行"),
    ],
)
def test_menu_forms_codes_and_dates_are_as_strict(fabricate: Fabricate, added: str, reason: str) -> None:
    with pytest.raises(LawFault, match=reason):
        fabricate(added=added)


def test_late_fee_rates_follow_each_other_day_by_day(fabricate: Fabricate) -> None:
    second = '[[late_fee]]\nsince = "{}"\nper_day = "0.001"\nby = "虚构"\nconfidence = "high"\n'
    first = 'since = "2011-07-01"\nuntil = "2020-12-31"'
    for day, fits in (("2021-01-01", True), ("2021-01-02", False), ("2020-12-31", False)):
        files = {"replaced": ('since = "2011-07-01"', first), "nation": second.format(day)}
        if fits:
            assert len(fabricate(**files).late_fee_periods) == 2
        else:
            with pytest.raises(LawFault, match="首尾相接"):
                fabricate(**files)


def test_an_unknown_region_is_told_the_known_ones() -> None:
    for name in ("shenyang", "hebei", "liaoning", "sample", "../handan", "训练", ""):
        with pytest.raises(UnknownRegion) as refusal:
            load_policy(name, training=False)
        assert refusal.value.sentence == f"没有“{name}”这个地区方案，现有：dalian、generic、handan、tianjin、yuanbo"


def test_regions_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.toml").write_text(f'extends = "{other}"\n', encoding="utf-8")
    with pytest.raises(LawFault, match="互相引用"):
        read_policy(tmp_path, "a", training=False)


TRAINING = """
training = true

[[limits]]
schemes = ["310"]
values = [{ since = "2020-01", floor = "3000", ceiling = "15000", by = "演练数据", confidence = "low" }]
"""


def test_the_training_folder_is_read_in_training_only(tmp_path: Path) -> None:
    folder = tmp_path / "regions"
    shutil.copytree(REGIONS, folder)
    before = read_policy(folder, "handan", training=False)
    (folder / "training" / "handan.toml").write_text("this is no TOML", encoding="utf-8")
    after = read_policy(folder, "handan", training=False)
    assert after == before
    assert not any(value.training for history in after.floors.values() for value in history.values)
    with pytest.raises(LawFault):
        read_policy(folder, "handan", training=True)


def test_every_invented_figure_says_so(fabricate: Fabricate) -> None:
    policy = fabricate(training=TRAINING)
    assert policy.limits("310", YearMonth(2026, 1)).training
    assert not policy.limits("110", YearMonth(2026, 1)).training
    with pytest.raises(LawFault, match="演练数据"):
        fabricate(training=TRAINING.replace('by = "演练数据"', 'by = "冀人社字"'))
    with pytest.raises(LawFault, match="training = true"):
        fabricate(training=TRAINING.replace("training = true", ""))


def test_a_training_file_outside_its_folder_is_refused(tmp_path: Path, fabricate: Fabricate) -> None:
    fabricate()
    city = tmp_path / "testland.toml"
    city.write_text("training = true\n" + city.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(LawFault, match="只能放在 training 目录"):
        read_policy(tmp_path, "testland", training=False)


def test_the_version_changes_with_any_figure_and_with_the_mode(tmp_path: Path) -> None:
    folder = tmp_path / "regions"
    shutil.copytree(REGIONS, folder)
    version = load_policy("handan", training=False).version
    assert re.fullmatch("[0-9a-f]{64}", version)
    assert read_policy(folder, "handan", training=False).version == version
    assert load_policy("handan", training=True).version != version
    assert load_policy("tianjin", training=False).version != version
    hebei = (folder / "hebei.toml").read_text(encoding="utf-8")
    (folder / "hebei.toml").write_text(hebei.replace('"4076"', '"4077"'), encoding="utf-8")
    assert read_policy(folder, "handan", training=False).version != version
