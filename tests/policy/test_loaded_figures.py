"""Figures that a bureau loads: read strictly, held against the law in force, ruling from their day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.declarations import Stamp
from counter_tui.domain.figures import FiguresFile, FiguresState
from counter_tui.policy.dated import Confidence, FigureDamaged, NotInForce
from counter_tui.policy.figure_changes import changes
from counter_tui.policy.loaded import CurrentLaw, text_hash, with_loaded
from counter_tui.policy.regions import Policy, load_policy
from counter_tui.policy.supplements import BadFigures, read_supplement

TODAY = date(2026, 11, 23)
JULY, NEXT_YEAR = YearMonth(2026, 7), YearMonth(2027, 1)
LAW = load_policy("handan", training=False)

LIMITS = """region = "handan"

[[limits]]
schemes = ["310"]
values = [
  { since = "2026-07", until = "2027-06", floor = "3800", ceiling = "19000", by = "邯医保〔2026〕9号", confidence = "high", known_from = "2026-08-20" },
]
"""  # noqa: E501  # one value on a line, as the files have them


def stamp(operator: str) -> Stamp:
    return Stamp(
        operator=operator,
        human=f"human-{operator}",
        certificate=f"certificate-{operator}",
        key_serial=f"key-{operator}",
        signon=f"signon-{operator}",
        window="001",
        at=datetime(2026, 11, 23, 2, tzinfo=UTC),
    )


def confirmed(text: str = LIMITS, *, name: str = "0001", law: Policy = LAW, **changed: Any) -> FiguresFile:
    """A file as two persons have left it."""
    file = FiguresFile(
        id=name,
        region="handan",
        name=f"{name}.toml",
        text=text,
        text_hash=text_hash(text),
        figures=read_supplement(text, name=name, policy=law, checked=False).keys(law),
        state=FiguresState.CONFIRMED,
        proposed=stamp("0031"),
        decided=stamp("0021"),
        in_force=TODAY,
    )
    return replace(file, **changed)


def refusal(text: str) -> str:
    with pytest.raises(BadFigures) as fault:
        read_supplement(text, name="新数值.toml", policy=LAW)
    return fault.value.sentence


def test_a_month_without_a_figure_has_one_after_the_loading_and_only_that_month() -> None:
    with pytest.raises(NotInForce):
        LAW.limits("310", JULY)
    law = with_loaded(LAW, [confirmed()], TODAY)
    limits = law.limits("310", JULY)
    assert (limits.floor, limits.ceiling, limits.by) == (380_000, 1_900_000, "邯医保〔2026〕9号")
    for month in (JULY - 1, YearMonth(2027, 7)):
        with pytest.raises(NotInForce):
            law.limits("310", month)
    assert law.charges == LAW.charges
    assert [(gap.since, gap.until) for gap in law.floors["310"].gaps] == [
        (YearMonth(2015, 1), JULY - 1),
        (YearMonth(2027, 7), None),
    ]


@pytest.mark.parametrize("state", [FiguresState.PROPOSED, FiguresState.REFUSED])
def test_what_no_second_person_has_confirmed_changes_nothing(state: FiguresState) -> None:
    assert with_loaded(LAW, [confirmed(state=state)], TODAY) is LAW


def test_a_figure_rules_from_the_day_of_its_confirmation_and_of_its_publication() -> None:
    early = confirmed(in_force=date(2026, 11, 24))
    assert with_loaded(LAW, [early], TODAY) is LAW
    assert with_loaded(LAW, [early], date(2026, 11, 24)).limits("310", JULY).floor == 380_000
    tomorrow = confirmed(LIMITS.replace("2026-08-20", "2026-11-24"))
    with pytest.raises(NotInForce):
        with_loaded(LAW, [tomorrow], TODAY).limits("310", JULY)
    assert with_loaded(LAW, [tomorrow], date(2026, 11, 24)).limits("310", JULY).floor == 380_000


def test_of_two_loaded_files_the_one_published_later_rules_whatever_the_order_of_confirmation() -> None:
    later = confirmed(LIMITS.replace("3800", "3900").replace("2026-08-20", "2026-09-01"), name="0002")
    for files in ([confirmed(), later], [later, confirmed()]):
        law = with_loaded(LAW, files, TODAY)
        assert law.limits("310", JULY).floor == 390_000
        assert law.floors["310"].on(JULY, known=date(2026, 8, 25)).value == 380_000


def test_two_different_figures_published_on_one_day_refuse_instead_of_guessing() -> None:
    law = with_loaded(LAW, [confirmed(), confirmed(LIMITS.replace("3800", "3900"), name="0002")], TODAY)
    with pytest.raises(FigureDamaged):
        law.limits("310", JULY)


def test_a_text_changed_in_the_store_makes_its_figures_refuse_and_no_others() -> None:
    kept = confirmed()
    law = with_loaded(LAW, [replace(kept, text=kept.text.replace("3800", "1"))], TODAY)
    with pytest.raises(NotInForce) as refused:
        law.limits("310", JULY)
    assert "职工基本医疗保险缴费基数下限" in refused.value.sentence
    assert "0001.toml，内容与确认时不同" in refused.value.sentence
    assert "路径 99" in refused.value.sentence
    assert law.limits("110", JULY) == LAW.limits("110", JULY)


def test_the_same_text_loaded_again_takes_the_place_of_a_damaged_one() -> None:
    damaged = replace(confirmed(), text="")
    again = confirmed(name="0002", in_force=date(2026, 11, 24))
    with pytest.raises(FigureDamaged):
        with_loaded(LAW, [damaged, again], TODAY).limits("310", JULY)
    assert with_loaded(LAW, [damaged, again], date(2026, 11, 24)).limits("310", JULY).floor == 380_000
    other = confirmed(f"{LIMITS}# 另一份\n", name="0003")
    with pytest.raises(FigureDamaged):
        with_loaded(LAW, [damaged, other], TODAY).limits("310", JULY)


def test_a_file_that_one_person_proposed_and_confirmed_makes_its_figures_refuse() -> None:
    law = with_loaded(LAW, [confirmed(decided=stamp("0031"))], TODAY)
    with pytest.raises(FigureDamaged):
        law.limits("310", JULY)


def test_the_version_of_the_law_changes_with_every_file_and_only_then() -> None:
    once, again = (with_loaded(LAW, [confirmed()], TODAY).version for _ in range(2))
    other = with_loaded(LAW, [confirmed(LIMITS.replace("3800", "3900"))], TODAY).version
    assert once == again
    assert len({LAW.version, once, other}) == 3


def test_the_law_is_worked_out_anew_only_when_a_file_or_the_day_changed() -> None:
    law, file = CurrentLaw(LAW), confirmed()
    assert law.on(TODAY, []) is LAW
    first = law.on(TODAY, [file])
    assert law.on(TODAY, [file]) is first
    assert law.on(date(2026, 11, 24), [file]) is not first
    assert law.on(TODAY, [replace(file, state=FiguresState.REFUSED)]) is LAW
    with pytest.raises(FigureDamaged):
        law.on(TODAY, [replace(file, text=f"{file.text}#")]).limits("310", JULY)


RATES = """region = "handan"

[[confirm]]
figure = "职工基本医疗保险缴费比例"
since = "2020-01"
by = "邯医保函〔2026〕1号"
"""


def test_the_bureau_lifts_the_mark_of_a_published_figure_as_it_stands() -> None:
    before = LAW.charge("310", JULY)
    assert before.confidence is Confidence.LOW
    after = with_loaded(LAW, [confirmed(RATES)], TODAY).charge("310", JULY)
    assert (after.confidence, after.by, after.value) == (Confidence.HIGH, "邯医保函〔2026〕1号", before.value)


def test_a_confirmation_does_not_pass_to_another_figure_of_the_same_months() -> None:
    kept = confirmed(RATES)
    history = LAW.charges["310"]
    other = tuple(replace(value, by="另一文件") for value in history.values)
    shipped = replace(LAW, charges={**LAW.charges, "310": replace(history, values=other)})
    assert with_loaded(shipped, [kept], TODAY).charge("310", JULY).confidence is Confidence.LOW


def test_a_setting_asked_without_a_month_is_the_one_of_the_present_month() -> None:
    text = """region = "handan"
[parameters]
late_fee_due_day = { values = [
  { value = 20, since = "2026-01", until = "2026-12", by = "甲", confidence = "high", known_from = "2025-12-01" },
  { value = 15, since = "2027-01", by = "乙", confidence = "high", known_from = "2025-12-01" },
] }
"""
    law = with_loaded(LAW, [confirmed(text)], TODAY)
    assert law.parameter("late_fee_due_day") == 20
    assert law.parameter("late_fee_due_day", NEXT_YEAR) == 15
    assert law.parameter("late_fee_due_day", YearMonth(2025, 12)) == 25


def test_a_notice_is_told_from_its_publication_on() -> None:
    text = """region = "handan"
[[notices]]
since = "2026-07"
until = "2026-12"
schemes = ["110"]
text = "阶段性缓缴，请核对批复"
by = "冀人社发〔2026〕30号"
known_from = "2026-11-24"
"""
    assert with_loaded(LAW, [confirmed(text)], TODAY).notices == LAW.notices
    assert with_loaded(LAW, [confirmed(text)], date(2026, 11, 24)).notices[-1].text == "阶段性缓缴，请核对批复"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (LIMITS.replace("handan", "tianjin"), 1, "本文件是 tianjin 的"),
        (LIMITS.replace(', known_from = "2026-08-20"', ""), 6, "缺少此键"),
        (LIMITS.replace('since = "2026-07", ', ""), 6, "缺少此键"),
        (LIMITS.replace('"3800"', "3800.0"), 6, "浮点数"),
        (LIMITS.replace("3800", "38000"), 6, "下限高于上限"),
        (LIMITS.replace('["310"]', '["999"]'), 4, "不认识的险种"),
        (LIMITS.replace("confidence", "confidense"), 6, "缺少此键"),
        (LIMITS.replace("values = [", "values = "), 0, "TOML"),
        (f"{LIMITS}\n[menu]\n01 = {{}}\n", 9, "不认识的键"),
        (f"{LIMITS}\n{LIMITS.partition(chr(10))[2]}", 0, "出现了两次"),
        ('region = "handan"\n', 1, "没有任何数值"),
        (RATES.replace("2020-01", "2021-01"), 5, "自 2020-01 起执行"),
        (RATES.replace("缴费比例", "比例"), 4, "没有名为"),
        (RATES.replace("职工基本医疗保险", "企业职工基本养老保险").replace("2020-01", "2019-05"), 4, "无须确认"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    sentence = refusal(text)
    assert "新数值.toml" in sentence
    assert said in sentence
    assert f"第 {line} 行" in sentence if line else "行" in sentence
    assert sentence.endswith("请更正后重新载入")


def test_months_that_are_covered_take_only_what_was_published_later() -> None:
    covered = LIMITS.replace('["310"]', '["110"]').replace('"2027-06"', '"2026-12"')
    standing = LAW.floors["110"].on(JULY)
    law = replace(
        LAW,
        floors={
            **LAW.floors,
            "110": replace(LAW.floors["110"], values=(replace(standing, known_from=date(2026, 9, 1)),)),
        },
    )
    read_supplement(covered.replace("2026-08-20", "2026-09-02"), name="甲.toml", policy=law)
    for day, said in (("2026-09-01", "同日公布"), ("2026-08-20", "较早公布的不会起作用")):
        with pytest.raises(BadFigures) as fault:
            read_supplement(covered.replace("2026-08-20", day), name="甲.toml", policy=law)
        assert said in fault.value.sentence


def test_the_comparison_says_old_and_new_with_months_and_authority() -> None:
    shown = [each.text for each in changes(LAW, read_supplement(LIMITS, name="甲.toml", policy=LAW))]
    assert shown == [
        "职工基本医疗保险缴费基数下限 2026-07 至 2027-06：无数据 → 3,800.00 元（邯医保〔2026〕9号，2026-08-20 公布）",
        "职工基本医疗保险缴费基数上限 2026-07 至 2027-06：无数据 → 19,000.00 元（邯医保〔2026〕9号，2026-08-20 公布）",
    ]
    covered = read_supplement(LIMITS.replace('["310"]', '["110"]'), name="甲.toml", policy=LAW)
    parts = [(each.months, each.before) for each in changes(LAW, covered) if "下限" in each.figure]
    assert parts == [
        ("2026-07 至 2026-12", "4,076.00 元"),
        ("2027-01 至 2027-06", "无数据"),
    ]
    (lifted,) = changes(LAW, read_supplement(RATES, name="甲.toml", policy=LAW))
    assert lifted.before == "单位 8%，个人 2%，医疗 7.5%，生育 0.5%〔未确认〕"
    assert lifted.after == "确认"


def test_the_example_of_the_manual_is_a_file_that_can_be_loaded() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "载入数值.md").read_text(encoding="utf-8")
    example = manual.partition("```toml\n")[2].partition("```")[0]
    shown = [each.text for each in changes(LAW, read_supplement(example, name="例.toml", policy=LAW))]
    assert len(shown) == 13
    assert "缴费截止日 2027-01 起：25 → 20（文号，2026-12-20 公布）" in shown
    assert "个人账户记账利率 2026-01 至 2026-12：无数据 → 2.6%（文号，2027-06-20 公布）" in shown


FIRST = YearMonth(2027, 1)
spans = st.tuples(st.integers(0, 11), st.integers(0, 11)).map(sorted)
published = st.integers(1, 22)


@given(st.lists(st.tuples(spans, published), min_size=1, max_size=5, unique_by=lambda entry: entry[1]), st.data())
def test_whatever_was_confirmed_in_whatever_order_the_latest_publication_rules_each_month(
    entries: list[tuple[list[int], int]], data: st.DataObject
) -> None:
    files = [
        confirmed(
            LIMITS.replace('since = "2026-07"', f'since = "{FIRST + first}"')
            .replace('until = "2027-06"', f'until = "{FIRST + last}"')
            .replace("3800", str(3000 + day))
            .replace("2026-08-20", f"2026-11-{day:02}"),
            name=f"{place:04}",
        )
        for place, ((first, last), day) in enumerate(entries)
    ]
    law = with_loaded(LAW, data.draw(st.permutations(files)), TODAY)
    for count in range(12):
        days = [day for (first, last), day in entries if first <= count <= last]
        if days:
            assert law.floors["310"].on(FIRST + count).value == (3000 + max(days)) * 100
        else:
            with pytest.raises(NotInForce):
                law.floors["310"].on(FIRST + count)
