"""Every step of an amount leads down to the document that says so, and to nothing that no document says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.authority import ceiling_authority, floor_authority, setting_authority
from counter_tui.policy.citations import Citation, citations
from counter_tui.policy.contributions import contribution
from counter_tui.policy.explanation import Explanation, legend, marks_of, rested_on, signed
from counter_tui.policy.late_fees import due_day_line, late_fee
from counter_tui.policy.regions import load_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_tui.policy.explanation import Line

MONTH = YearMonth(2026, 11)
HANDAN, TIANJIN = load_policy("handan", training=True), load_policy("tianjin", training=False)


def labelled(explanation: Explanation) -> dict[str, str]:
    return {line.label: line.value for line in explanation.lines}


def step(explanation: Explanation, label: str) -> Line:
    return next(line for line in explanation.lines if line.label == label)


def below(explanation: Explanation, *labels: str) -> Explanation:
    """Go down by these steps."""
    for label in labels:
        down = step(explanation, label).below
        assert down is not None, f"nothing below {label}"
        explanation = down()
    return explanation


def leaves(explanation: Explanation, depth: int = 0) -> Iterator[Explanation]:
    """Every explanation below one, predecessors left out."""
    assert depth < 6
    yield explanation
    for line in explanation.lines:
        if line.below is not None and line.label not in ("此前", "此后", "同期另有"):
            yield from leaves(line.below(), depth + 1)


def test_the_floor_leads_to_its_document_its_months_and_its_predecessor() -> None:
    owed = contribution(HANDAN, "110", MONTH, 350000).explanation
    said = labelled(below(owed, "缴费下限"))
    assert said["企业职工基本养老保险缴费基数下限"] == "4,076.00 元"
    assert said["适用月份"] == "2026-01 至 2026-12"
    assert said["文件"] == "冀人社字〔2026〕57号"
    assert said["条款"] == "引文未注明条款，以文件原文为准"
    assert said["可信程度"] == "高"
    assert said["此前"] == "2025-01 至 2025-12，4,007.00 元"
    assert said["此后"] == "2027-01 没有数值，参数尚未载入"
    assert said["参数文件"] == "hebei.toml [[limits]] 110"
    assert labelled(below(owed, "缴费下限", "此前"))["文件"] == "冀人社字〔2025〕105号"


def test_rates_and_roundings_and_the_treatment_of_the_wage_lead_to_who_set_them() -> None:
    owed = contribution(HANDAN, "110", MONTH, 350000).explanation
    assert labelled(below(owed, "单位应缴", "单位费率"))["文件"] == "国办发〔2019〕13号"
    rounding = labelled(below(owed, "个人应缴", "个人应缴取舍方式"))
    assert rounding["来源"] == "系统默认：每人每险种四舍五入到分"
    assert rounding["文件"] == "没有引用文件，待经办机构确认"
    assert labelled(below(owed, "缴费基数", "工资超出上下限的处理"))["参数文件"] == "nation.toml [parameters] base_mode"


def test_an_article_stands_on_a_line_of_its_own() -> None:
    fee = late_fee(HANDAN, 100000, date(2011, 6, 20), date(2011, 7, 10)).explanation
    old, new = (labelled(below(fee, label)) for label in ("每日 0.2%", "每日 0.05%"))
    assert (old["文件"], old["条款"]) == ("社会保险费征缴暂行条例（国务院令第259号）", "第十三条")
    assert (new["文件"], new["条款"]) == ("社会保险法", "第八十六条")


def test_an_invented_figure_names_no_document() -> None:
    medical = contribution(HANDAN, "310", MONTH, 350000).explanation
    said = labelled(below(medical, "缴费下限"))
    assert said["文件"] == "没有文件，是演练用的虚构数值"
    assert said["参数文件"] == "training/handan.toml [[limits]] 310"
    assert "条款" not in said


def test_a_gap_is_said_in_words() -> None:
    assert "上限未取得" in labelled(ceiling_authority(TIANJIN, "110", YearMonth(2020, 1)))["此前"]
    assert labelled(floor_authority(TIANJIN, "110", YearMonth(2015, 1)))["此前"] == "2014-12 没有数值，参数尚未载入"


def test_an_unconfirmed_figure_is_marked_where_it_stands_and_on_every_amount_that_rests_on_it() -> None:
    due = due_day_line(TIANJIN, MONTH)
    assert due.marks == ("未确认",)
    assert "未确认" in setting_authority(TIANJIN, "late_fee_due_day", MONTH).marks
    medical = contribution(HANDAN, "310", MONTH, 350000).explanation
    marked = {line.label for line in medical.lines if line.marks}
    assert marked == {"缴费下限", "缴费上限", "缴费基数", "单位应缴", "其中医疗", "其中生育", "个人应缴"}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("社会保险法第八十六条", [("社会保险法", "第八十六条", "")]),
        ("失业保险条例（国务院令第258号）第六条", [("失业保险条例（国务院令第258号）", "第六条", "")]),
        ("人社部发〔2020〕11号、49号", [("人社部发〔2020〕11号、49号", "", "")]),
        ("国办发〔2019〕13号；数值据一般资料", [("国办发〔2019〕13号", "", ""), ("", "", "数值据一般资料")]),
        (
            "人社部发〔2015〕71号（下调延续文件未见）",
            [("人社部发〔2015〕71号", "", "下调延续文件未见")],
        ),
        (
            "行政强制法第四十五条对社会保险费的适用有争议，默认不封顶",
            [("行政强制法", "第四十五条", "对社会保险费的适用有争议，默认不封顶")],
        ),
        ("工伤保险条例；劳社部发〔2003〕29号", [("工伤保险条例", "", ""), ("劳社部发〔2003〕29号", "", "")]),
        (
            "暂按 2026-01 至 2026-12 的数值，公布后补差；原数值出处：冀人社字〔2026〕57号",
            [("", "", "暂按 2026-01 至 2026-12 的数值，公布后补差"), ("冀人社字〔2026〕57号", "", "原数值出处")],
        ),
        ("系统默认：基数保留到分", [("", "", "系统默认：基数保留到分")]),
    ],
)
def test_a_citation_is_taken_apart_and_nothing_is_added(by: str, expected: list[tuple[str, str, str]]) -> None:
    assert citations(by) == tuple(Citation(document=one, clause=two, note=three) for one, two, three in expected)


@pytest.mark.parametrize("scheme", ["110", "210", "310", "410"])
@pytest.mark.parametrize("month", [YearMonth(2016, 3), YearMonth(2020, 3), MONTH])
def test_every_way_down_ends_at_an_authority(scheme: str, month: YearMonth) -> None:
    for explanation in leaves(contribution(TIANJIN, scheme, month, 350000, injury_class=2).explanation):
        deepest = all(line.below is None or line.label in ("此前", "此后", "同期另有") for line in explanation.lines)
        assert not deepest or {"文件", "来源"} & set(labelled(explanation)), explanation.title


def test_an_explanation_is_json_as_deep_as_it_is_asked_for() -> None:
    owed = contribution(HANDAN, "310", MONTH, 350000).explanation
    flat, deep = owed.plain(), json.loads(json.dumps(owed.plain(1)))
    assert flat["lines"][1] == {
        "label": "缴费下限",
        "formula": "",
        "value": "3,780.00",
        "by": "演练数据",
        "marks": ["演练数据"],
    }
    assert deep["marks"] == ["演练数据", "未确认"]
    assert deep["lines"][1]["below"]["title"] == "职工基本医疗保险缴费基数下限的出处"
    assert "below" not in deep["lines"][1]["below"]["lines"][0]


def test_short_marks_are_explained_where_they_stand() -> None:
    said = rested_on([("养老", ()), ("医疗", ("演练数据", "未确认")), ("滞纳金", ("未确认",))])
    assert said == ("〔演练数据〕医疗", "〔未确认〕医疗、滞纳金")
    assert marks_of("医疗", said) == ("演练数据", "未确认")
    assert marks_of("养老", said) == ()
    assert signed("1,234.50", marks_of("医疗", said)) == "1,234.50*#"
    assert legend(["未确认"]) == "* 未确认"


def test_a_figure_that_was_loaded_says_when_it_was_published_and_where_it_is_looked_after() -> None:
    history = HANDAN.floors["110"]
    loaded = replace(history.on(MONTH), value=410000, known_from=date(2026, 7, 3), by="冀人社字〔2026〕99号")
    policy = replace(HANDAN, floors={**HANDAN.floors, "110": replace(history, values=(*history.values, loaded))})
    said = labelled(floor_authority(policy, "110", MONTH))
    assert (said["文件"], said["公布日期"]) == ("冀人社字〔2026〕99号", "2026-07-03")
    assert said["参数文件"] == "由经办机构载入，见路径 99「参数与代码」"
    assert said["同期另有"] == "2026-01 至 2026-12，4,076.00 元"
