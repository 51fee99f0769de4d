"""The list of figures says what the law says when it is asked, and of every gap that nothing is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.charges import Merged, YearlyAmount
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.figure_entries import Group
from counter_tui.policy.inventory import (
    NoSuchFigure,
    SeveralFigures,
    figures,
    found,
    history,
    in_force,
    missing,
    unconfirmed,
)
from counter_tui.policy.regions import Policy, load_policy

Fabricate: TypeAlias = Callable[..., Policy]

REGIONS = {
    name: load_policy(name.partition(" ")[0], training="演练" in name) for name in ("handan", "handan 演练", "tianjin")
}
NOVEMBER = YearMonth(2026, 11)


def codes(entries: tuple[object, ...]) -> set[str]:
    return {entry.code for entry in entries}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", REGIONS)
def test_every_kind_of_figure_is_listed(name: str) -> None:
    listed = {entry.group for entry in figures(REGIONS[name])}
    assert set(Group) - listed <= {Group.FIXED}
    assert Group.FIXED in {entry.group for entry in figures(REGIONS["tianjin"])}


@pytest.mark.parametrize("name", REGIONS)
@settings(max_examples=30)
@given(month=st.builds(YearMonth, st.integers(2010, 2028), st.integers(1, 12)))
def test_what_is_listed_as_in_force_or_missing_is_what_the_law_answers(name: str, month: YearMonth) -> None:
    policy = REGIONS[name]
    ruling = {entry.code: entry for entry in in_force(policy, month)}
    gone = codes(missing(policy, month))
    assert not gone & set(ruling)
    for word, histories in (("floor", policy.floors), ("ceiling", policy.ceilings), ("charge", policy.charges)):
        for scheme, dated in histories.items():
            code = f"{word}:{scheme}"
            try:
                value = dated.on(month)
            except NotInForce:
                assert code not in ruling
                assert code in gone or not has_a_base(policy, scheme, month)
            else:
                entry = ruling[code]
                assert (entry.by, entry.confidence, entry.training) == (value.by, value.confidence, value.training)
                assert entry.since == (value.since.first_day if value.since.year > 1900 else None)


def has_a_base(policy: Policy, scheme: str, month: YearMonth) -> bool:
    try:
        return not isinstance(policy.charge(scheme, month).value, Merged | YearlyAmount)
    except NotInForce:
        return True


def test_values_are_written_as_a_clerk_reads_them() -> None:
    ruling = {entry.code: entry for entry in in_force(REGIONS["tianjin"], NOVEMBER)}
    assert ruling["floor:110"].value == "5,180.00 元"
    assert ruling["charge:110"].value == "单位 16%，个人 8%，划入账户 8%"
    assert ruling["charge:510"].value == "并入职工基本医疗保险"
    assert ruling["charge:330"].value == "每年单位 0.00 元，个人 260.00 元"
    assert (ruling["late_fee"].value, ruling["late_fee"].stretch) == ("0.05%", "2011-07-01 起")
    assert ruling["setting:arrears_blocks_stop"].value == "是"
    assert ruling["retirement:M60"].value.startswith("60 岁，1965-01 出生起每 4 个月延迟 1 个月")
    assert ruling["minimum_months"].value == "180 个月"
    assert ruling["payout:60"].value == "139 个月"
    assert ruling["CL-REASON:229"].value == "停缴费"
    assert ruling["CL-REASON:229"].by == "天津市的名称"
    assert (ruling["floor:110"].stretch, ruling["floor:110"].sureness) == ("2026-01 至 2026-12", "高")


def test_an_ended_history_is_missing_from_the_month_after_it() -> None:
    gone = {entry.code: entry for entry in missing(REGIONS["tianjin"], YearMonth(2027, 1))}
    assert gone["floor:110"].stretch == "2027-01 起"
    assert gone["floor:110"].by == "尚未公布，或尚未载入"
    early = {entry.code: entry for entry in missing(REGIONS["tianjin"], YearMonth(2014, 12))}
    assert early["floor:110"].stretch == "至 2014-12"


def test_a_declared_gap_says_why() -> None:
    gone = {entry.code: entry for entry in missing(REGIONS["handan"], NOVEMBER)}
    assert gone["floor:310"].by == "本市医疗、生育缴费基数上下限未取得"
    assert "尚未公布" in gone["pension_base"].by
    assert "floor:510" not in gone


def test_what_no_file_speaks_of_is_missing(fabricate: Fabricate) -> None:
    gone = {entry.code: entry for entry in missing(fabricate(), NOVEMBER)}
    assert gone["setting:large_medical_month"].by == gone["charge:310"].by == "没有载入"
    assert gone["charge:310"].label == "医疗缴费比例"


def test_invented_figures_are_marked_and_not_called_unconfirmed() -> None:
    practice = REGIONS["handan 演练"]
    invented = next(entry for entry in in_force(practice, NOVEMBER) if entry.code == "floor:310")
    assert "〔演练数据〕" in invented.shown
    assert "floor:310" not in codes(unconfirmed(practice, NOVEMBER))
    assert "charge:310" in codes(unconfirmed(REGIONS["handan"], NOVEMBER))


def test_national_tables_are_listed_too() -> None:
    ruling = {entry.code: entry for entry in in_force(REGIONS["handan"], NOVEMBER)}
    assert ruling["credit:employee"].value == "8%"
    assert ruling["late_fee:uninsured_injury"].value == "0.05%"
    assert ruling["undeclared"].value == "110%"
    assert ruling["transitional"].value == "1.3%，算至 1995-12"
    gone = {entry.code: entry.by for entry in missing(REGIONS["handan"], NOVEMBER)}
    assert gone["transitional:multiplicand"] == "乘数是指数化工资还是平均数，未见文件"
    of_2005 = {entry.code: entry for entry in in_force(REGIONS["handan"], YearMonth(2005, 12))}
    assert of_2005["credit:employee"].value == "11%"


def test_a_figure_carried_on_says_so(fabricate: Fabricate) -> None:
    policy = fabricate()
    floor = policy.floors["110"]
    carried = replace(floor, values=(replace(floor.values[0], provisional=True),))
    listed = in_force(replace(policy, floors={"110": carried}), NOVEMBER)
    assert next(entry.shown for entry in listed if entry.code == "floor:110") == "4,200.00 元〔暂定〕"


def test_a_day_tells_the_late_fee_of_the_day() -> None:
    policy = REGIONS["handan"]
    rates = [
        next(entry.value for entry in in_force(policy, day) if entry.code == "late_fee")
        for day in (date(2011, 6, 30), date(2011, 7, 1))
    ]
    assert rates == ["0.2%", "0.05%"]


def test_of_two_publications_for_a_month_the_later_one_stands(fabricate: Fabricate) -> None:
    one = 'values = [{ since = "2020-01", floor = "4200.00", ceiling = "21000.00", by = "虚构", confidence = "high" }'
    later = (
        '{ since = "2021-01", known_from = "2021-08-01", floor = "4300.00", ceiling = "21500.00", by = "虚构二号", '
        'confidence = "low" }'
    )
    policy = fabricate(replaced=(one, f"{one}, {later}"))
    ruling = {entry.code: entry for entry in in_force(policy, YearMonth(2021, 1))}
    assert ruling["floor:110"].shown == "4,300.00 元〔未确认〕"
    assert [entry.value for entry in figures(policy) if entry.code == "floor:110"] == ["4,200.00 元", "4,300.00 元"]
    assert "2021-08-01 公布" in "".join(history(policy, "floor:110").text())


def test_a_figure_whose_loaded_file_was_changed_is_missing(fabricate: Fabricate) -> None:
    policy = fabricate()
    damaged = replace(policy, floors={**policy.floors, "110": replace(policy.floors["110"], damaged="七月.toml")})
    gone = {entry.code: entry for entry in missing(damaged, NOVEMBER)}
    assert "七月.toml" in gone["floor:110"].by
    assert "floor:110" not in codes(in_force(damaged, NOVEMBER))


def test_a_history_tells_every_stretch_with_its_authority_and_says_gaps_in_words() -> None:
    told = history(REGIONS["handan"], "floor:310")
    assert told.title == "职工基本医疗保险缴费基数下限"
    assert told.text()[1] == "2015-01 起：没有数值：本市医疗、生育缴费基数上下限未取得"
    pension = history(REGIONS["handan"], "floor:110")
    assert pension.text()[-1] == "2026-01 至 2026-12：4,076.00 元（可信程度高）（冀人社字〔2026〕57号）"
    assert "〔未确认〕" in pension.text()[1]
    assert pension.lines[-1].below is not None
    assert "冀人社字〔2026〕57号" in "".join(pension.lines[-1].below().text())


def test_a_figure_is_found_by_name_code_or_a_unique_part() -> None:
    policy = REGIONS["handan"]
    assert found(policy, "floor:110")[0].label == "企业职工基本养老保险缴费基数下限"
    assert found(policy, "滞纳金日")[0].code == "late_fee"
    assert found(policy, "缴费截止日")[0].code == "setting:late_fee_due_day"
    with pytest.raises(SeveralFigures, match="工伤保险缴费基数下限（floor:410）、"):
        found(policy, "工伤保险")
    for typed in ("没有的数值", "", "  "):
        with pytest.raises(NoSuchFigure):
            found(policy, typed)


def test_every_stretch_leads_to_its_document() -> None:
    for policy in REGIONS.values():
        for entry in figures(policy):
            if entry.below is not None:
                assert entry.below().lines
