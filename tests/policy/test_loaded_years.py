"""Figures that come out once a year, loaded by a bureau: read strictly, ruling their year from its publication on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy import inventory
from counter_tui.policy.accounts import account_year, interest_law
from counter_tui.policy.dated import Confidence, FigureDamaged, NotInForce
from counter_tui.policy.explanation import INVENTED, UNCONFIRMED
from counter_tui.policy.figure_changes import changes
from counter_tui.policy.ledgers import RateNotPublished, ledger
from counter_tui.policy.loaded import with_loaded
from counter_tui.policy.pension_index import average_index
from counter_tui.policy.provisional import as_known
from counter_tui.policy.provisional_pension import base_to_use, regional_pension
from counter_tui.policy.regions import Policy, load_policy
from counter_tui.policy.supplements import BadFigures, read_supplement
from tests.policy.test_loaded_figures import confirmed

PUBLICATION = date(2027, 6, 20)
LAW, TIANJIN, DALIAN = (load_policy(name, training=False) for name in ("handan", "tianjin", "dalian"))
YEAR = (1_000,) * 12
NOVEMBER = YearMonth(2026, 11)

RATE = """region = "handan"

[[account_interest]]
year = 2026
rate = "0.0260"
by = "人社部、财政部 2027 年公布"
confidence = "high"
known_from = "2027-06-20"
"""
BASE = """region = "handan"

[[pension_base]]
year = 2026
monthly = "7500.00"
by = "冀人社字〔2026〕88号"
confidence = "high"
known_from = "2026-11-20"
"""
WAGE = BASE.replace("pension_base", "index_wage").replace("7500.00", "6900.00")


def law_of(text: str, day: date = PUBLICATION, *, law: Policy = LAW) -> Policy:
    """The law of a region on a day, some days after two persons loaded a text."""
    file = confirmed(text, law=law, region=law.region.name, in_force=date(2026, 11, 23))
    return with_loaded(law, [file], day)


def refusal(text: str, *, law: Policy = LAW) -> str:
    with pytest.raises(BadFigures) as fault:
        read_supplement(text, name="新数值.toml", policy=law)
    return fault.value.sentence


def test_the_rate_of_a_year_is_used_from_its_publication_on_and_not_a_day_earlier() -> None:
    before = law_of(RATE, date(2027, 6, 19)).yearly.account_interest
    with pytest.raises(NotInForce, match=r"2026 年 的「个人账户记账利率」尚无数据.*路径 99"):
        account_year(before, 2026, 0, YEAR)
    with pytest.raises(RateNotPublished, match=r"2026 年的个人账户记账利率尚未公布或未载入.*路径 99"):
        ledger(before, 0, {2026: YEAR})
    rates = law_of(RATE).yearly.account_interest
    # 100000.00 at 2.60% for the whole year: 2600.00; no credits.
    found = ledger(rates, 10_000_000, {2026: (0,) * 12})
    assert (found.interest, found.closing) == (260_000, 10_260_000)
    assert rates.of(2025) == interest_law().rates.of(2025)
    with pytest.raises(NotInForce):
        rates.of(2027)


def test_a_ledger_names_the_authority_of_a_loaded_rate() -> None:
    found = ledger(law_of(RATE).yearly.account_interest, 0, {2025: YEAR, 2026: YEAR})
    assert [line.by for line in found.explanation.lines[1:3]] == [
        "2026 年公布；南昌、金昌市人社局 2025 年度社保信息披露",
        "人社部、财政部 2027 年公布",
    ]
    assert not found.explanation.marks


def test_an_invented_rate_marks_every_line_that_rests_on_it() -> None:
    rates = law_of(RATE.replace("人社部、财政部 2027 年公布", "演练数据")).yearly.account_interest
    found = ledger(rates, 0, {2025: YEAR, 2026: YEAR})
    assert [INVENTED in line.marks for line in found.explanation.lines] == [False, False, True, True]
    wages = law_of(WAGE.replace("冀人社字〔2026〕88号", "演练数据")).yearly
    index = average_index(wages, {NOVEMBER: 690_000})
    assert all(INVENTED in line.marks for line in index.explanation.lines)


def test_a_pension_is_no_longer_provisional_once_the_base_of_its_year_was_loaded() -> None:
    assert base_to_use(LAW.yearly, 2026).provisional
    place = law_of(BASE, date(2026, 11, 23)).yearly
    used = base_to_use(place, 2026)
    assert (used.value.value, used.provisional, used.value.by) == (750_000, False, "冀人社字〔2026〕88号")
    found = regional_pension(
        place, 2026, index=Decimal(1), months=180, account_balance=8_000_000, payout_months=Decimal(139)
    )
    # 7500.00 * (1 + 1) / 2 * 15 * 1% = 1125.00; 80000.00 / 139 = 575.54.
    assert (found.provisional, found.pension.basic, found.pension.account) == (False, 112_500, 57_554)
    assert "冀人社字〔2026〕88号" in "".join(found.explanation.text())


def test_the_index_divides_by_the_average_that_was_loaded() -> None:
    place = law_of(WAGE.replace("2026-11-20", "2026-11-24"), date(2026, 11, 24)).yearly
    assert average_index(place, {NOVEMBER: 690_000}).value == 1
    assert average_index(LAW.yearly, {NOVEMBER: 679_400}).value == 1


def test_an_average_of_tianjin_rules_the_year_after_its_label() -> None:
    text = WAGE.replace("handan", "tianjin")
    (change,) = changes(TIANJIN, read_supplement(text, name="甲.toml", policy=TIANJIN))
    assert change.months == "2027-01 至 2027-12"
    wages = law_of(text, law=TIANJIN).yearly.index_wage
    assert (wages.of(2027).value, wages.of(2026).value) == (690_000, 863_400)


def test_where_no_average_is_shipped_the_file_says_when_it_is_used() -> None:
    text = WAGE.replace("handan", "dalian")
    assert "第 3 行的 index_wage[0].lag 有误：缺少此键" in refusal(text, law=DALIAN)
    wages = law_of(text.replace("year = 2026", "year = 2026\nlag = 1"), law=DALIAN).yearly.index_wage
    assert (wages.figure, wages.of(2027).value) == ("大连市缴费指数平均工资", 690_000)
    assert "本地区已定为 0" in refusal(WAGE.replace("year = 2026", "year = 2026\nlag = 1"))


def test_a_later_publication_takes_the_place_of_a_figure_and_an_earlier_one_is_refused() -> None:
    law = law_of(BASE, date(2026, 12, 1))
    later = BASE.replace("7500", "7520").replace("2026-11-20", "2026-11-30")
    (change,) = changes(law, read_supplement(later, name="甲.toml", policy=law))
    assert (change.before, change.after) == ("7,500.00 元", "7,520.00 元")
    for day, said in (("2026-11-20", "2026 年 已有同日公布的数值"), ("2026-11-19", "较早公布的不会起作用")):
        with pytest.raises(BadFigures, match=said):
            read_supplement(BASE.replace("7500", "7520").replace("2026-11-20", day), name="甲.toml", policy=law)


@given(st.permutations(range(3)))
def test_whatever_the_order_of_confirmation_the_latest_publication_rules_its_year(order: list[int]) -> None:
    texts = [BASE.replace("7500", f"75{day}0").replace("2026-11-20", f"2026-11-0{day}") for day in range(1, 4)]
    files = [confirmed(texts[place], name=f"{place:04}") for place in order]
    assert with_loaded(LAW, files, PUBLICATION).yearly.pension_base.of(2026).value == 753_000


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (RATE.replace("handan", "tianjin"), 1, "本文件是 tianjin 的"),
        (RATE.replace('"0.0260"', "0.0260"), 5, "浮点数"),
        (RATE.replace('"0.0260"', '"2.60%"'), 5, "0 至 1 之间的比例"),
        (RATE.replace('"0.0260"', '"1.60"'), 5, "不大于 1"),
        (RATE.replace("rate =", "monthly ="), 3, "缺少此键"),
        (RATE.replace("2026\n", "2026.0\n"), 4, "应为 1900 至 2199 的整数"),
        (RATE.replace("2026\n", '"2026"\n'), 4, "整数"),
        (RATE.replace("2026\n", "2200\n"), 4, "整数"),
        (RATE.replace('known_from = "2027-06-20"\n', ""), 3, "缺少此键"),
        (RATE.replace('"2027-06-20"', '"2027-06"'), 8, "应写成 2026-08-31"),
        (RATE.replace('"high"', '"sure"'), 7, "high、medium 或 low"),
        (f'{RATE}since = "2026-01"\n', 9, "不认识的键"),
        (f'{RATE}schemes = ["999"]\n', 9, "不认识的键"),
        (RATE.replace("[[account_interest]]", "[[interest]]"), 3, "不认识的键"),
        (RATE.replace("[[account_interest]]", "[account_interest]"), 3, "应为表的列表"),
        (f"{RATE}\n{RATE.partition(chr(10))[2]}", 12, "2026 年在本文件中有两条重叠的记录"),
        (BASE.replace('"7500.00"', "7500"), 5, "文字"),
        (BASE.replace('"7500.00"', '"0"'), 5, "应大于零"),
        (BASE.replace("monthly", "rate"), 3, "缺少此键"),
        (WAGE.replace("monthly", "code = '130000'\nmonthly"), 5, "不认识的键"),
    ],
)
def test_a_bad_year_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    sentence = refusal(text)
    assert said in sentence, sentence
    assert f"数值文件 新数值.toml 第 {line} 行的" in sentence, sentence
    assert sentence.endswith("请更正后重新载入")


def test_a_text_changed_in_the_store_makes_its_yearly_figure_refuse_and_no_other() -> None:
    kept = confirmed(BASE)
    law = with_loaded(LAW, [replace(kept, text=kept.text.replace("7500", "1"))], PUBLICATION)
    for year in (2025, 2026):
        with pytest.raises(FigureDamaged, match=r"年 的「河北省养老金计发基数」出自文件 0001\.toml，内容与确认时不同"):
            base_to_use(law.yearly, year)
    assert law.yearly.index_wage == LAW.yearly.index_wage
    assert "pension_base" in {entry.code for entry in inventory.missing(law, YearMonth(2025, 3))}

    rates = with_loaded(LAW, [replace(confirmed(RATE), text="")], PUBLICATION).yearly.account_interest
    with pytest.raises(FigureDamaged):
        ledger(rates, 0, {2025: YEAR})


def test_a_damaged_file_that_names_an_unknown_figure_harms_nothing() -> None:
    strange = replace(confirmed(BASE), text="", figures=("yearly:moon", "yearly:", "pension_base"))
    assert with_loaded(LAW, [strange], PUBLICATION).yearly == LAW.yearly


CONFIRM = """region = "handan"

[[confirm]]
figure = "个人账户记账利率"
since = "2015-01"
by = "冀人社函〔2026〕5号"
"""


def test_the_bureau_lifts_the_mark_of_the_rate_of_one_year() -> None:
    marked = ledger(LAW.yearly.account_interest, 0, {2014: YEAR, 2015: YEAR})
    assert [UNCONFIRMED in line.marks for line in marked.explanation.lines[1:3]] == [True, True]
    (lifted,) = changes(LAW, read_supplement(CONFIRM, name="甲.toml", policy=LAW))
    assert (lifted.before, lifted.after) == ("3.5%〔未确认〕", "确认")
    rates = law_of(CONFIRM).yearly.account_interest
    confirmed_rate = rates.of(2015)
    assert (confirmed_rate.value, confirmed_rate.confidence) == (Decimal("0.035"), Confidence.HIGH)
    assert confirmed_rate.by == "冀人社函〔2026〕5号"
    sure = ledger(rates, 0, {2014: YEAR, 2015: YEAR})
    assert [UNCONFIRMED in line.marks for line in sure.explanation.lines[1:3]] == [True, False]
    assert "无须确认" in refusal(CONFIRM.replace("2015", "2016"))
    assert "尚无数据，无从确认" in refusal(CONFIRM.replace("2015", "2026"))


def test_the_comparison_says_which_year_of_which_figure_changes() -> None:
    shown = [each.text for each in changes(LAW, read_supplement(WAGE, name="甲.toml", policy=LAW))]
    assert shown == [
        "河北省缴费指数平均工资 2026-01 至 2026-12：6,794.00 元 → 6,900.00 元（冀人社字〔2026〕88号，2026-11-20 公布）"
    ]


def test_path_99_lists_a_missing_year_until_it_is_loaded_and_then_its_citation() -> None:
    gone = {entry.code: entry for entry in inventory.missing(LAW, NOVEMBER)}
    assert {"account_interest", "pension_base"} <= set(gone)
    law = law_of(RATE)
    ruling = {entry.code: entry for entry in inventory.in_force(law, NOVEMBER)}
    assert "account_interest" not in {entry.code for entry in inventory.missing(law, NOVEMBER)}
    entry = ruling["account_interest"]
    assert (entry.value, entry.by, entry.known_from) == ("2.6%", "人社部、财政部 2027 年公布", PUBLICATION)
    assert entry.below is not None
    told = entry.below().text()
    assert "适用月份：2026-01 至 2026-12" in told
    assert "公布日期：2027-06-20" in told
    assert any("由经办机构载入" in line for line in told)
    shipped = next(entry for entry in inventory.in_force(LAW, YearMonth(2025, 1)) if entry.code == "account_interest")
    assert shipped.below is not None
    assert "参数文件：account_interest.toml" in shipped.below().text()


def test_a_region_without_any_average_has_it_among_what_is_missing() -> None:
    gone = {entry.code: entry for entry in inventory.missing(DALIAN, NOVEMBER)}
    assert gone["index_wage"].label == "大连市缴费指数平均工资"
    assert "没有载入" in gone["index_wage"].by


def test_the_law_as_it_was_known_before_the_publication_has_no_such_year() -> None:
    law = law_of(BASE, date(2026, 12, 1))
    assert as_known(law, date(2026, 11, 20)).yearly.pension_base.of(2026).value == 750_000
    with pytest.raises(NotInForce):
        as_known(law, date(2026, 11, 19)).yearly.pension_base.of(2026)


def test_the_version_of_the_law_changes_with_a_yearly_figure() -> None:
    assert len({LAW.version, law_of(BASE).version, law_of(BASE.replace("7500", "7501")).version}) == 3
