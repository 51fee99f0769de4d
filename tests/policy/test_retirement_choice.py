"""Choosing a month of retirement: the window, its terms, the months asked for, and the day of birth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.retirement import (
    BirthOutOfRange,
    Category,
    UnknownCategory,
    category_named,
    retirement,
    retirement_law,
)
from counter_tui.policy.retirement_choice import (
    MonthNotChoosable,
    NothingToChoose,
    Timing,
    WrongMonthCount,
    chosen_month,
    months_check,
)
from counter_tui.policy.sections import LawFault

LAW = Path(__file__).parents[2] / "counter_tui" / "policy" / "data" / "retirement.toml"
CATEGORIES = st.sampled_from(["M60", "F55", "F50"])
BIRTHS = st.builds(YearMonth, st.integers(1962, 2010), st.integers(1, 12))
OLD, NEW = date(2011, 6, 30), date(2011, 7, 1)


def month(text: str) -> YearMonth:
    return YearMonth.parse(text)


@pytest.mark.parametrize(
    ("category", "birth", "chosen", "timing", "age", "least", "payout"),
    [
        # M60 1967-05: 60 y 8 m, 2028-01; window 2027-05 to 2031-01.
        ("M60", "1967-05", "2027-05", Timing.EARLY, (60, 0), 180, "139"),
        ("M60", "1967-05", "2028-01", Timing.ON_TIME, (60, 8), 180, "134.3"),
        ("M60", "1967-05", "2031-01", Timing.LATE, (63, 8), 180, "111.7"),
        # F55 1974-10: 56 y 3 m, 2031-01, 16 years; early in 2030 asks for 15 years 6 months.
        ("F55", "1974-10", "2030-12", Timing.EARLY, (56, 2), 186, "163.0"),
        ("F55", "1974-10", "2031-01", Timing.ON_TIME, (56, 3), 192, "162.5"),
        ("F55", "1974-10", "2033-06", Timing.LATE, (58, 8), 192, "147.3"),
        # F50 1984-12: 55 y, 2039-12, 20 years; three years early is 2036-12 with 18 years 6 months.
        ("F50", "1984-12", "2036-12", Timing.EARLY, (52, 0), 222, "185"),
        ("F50", "1984-12", "2042-12", Timing.LATE, (58, 0), 240, "152"),
    ],
)
def test_a_month_of_the_window_brings_its_own_terms(
    category: str, birth: str, chosen: str, timing: Timing, age: tuple[int, int], least: int, payout: str
) -> None:
    found = chosen_month(category, month(birth), month(chosen))
    assert (found.timing, (found.age_years, found.age_months)) == (timing, age)
    assert (found.min_months, str(found.payout_months)) == (least, payout)


@pytest.mark.parametrize("chosen", ["2027-04", "2031-02", "1900-01", "2199-12"])
def test_a_month_outside_the_window_is_refused_with_the_window(chosen: str) -> None:
    with pytest.raises(MonthNotChoosable) as refusal:
        chosen_month("M60", month("1967-05"), month(chosen))
    assert refusal.value.sentence == (
        f"退休年月 {chosen} 不在可选范围 2027-05 至 2031-01 内（法定退休年月 2028-01），请重新选择"
    )


def test_who_reached_the_old_age_before_2025_retires_in_that_month_or_is_refused() -> None:
    assert chosen_month("M60", month("1964-12"), month("2024-12")).timing is Timing.ON_TIME
    with pytest.raises(NothingToChoose) as refusal:
        chosen_month("M60", month("1964-12"), month("2025-01"))
    assert refusal.value.sentence == ("2025-01 之前已达原法定退休年龄，不适用弹性退休，退休年月只能是 2024-12，请更正")


def test_an_unknown_category_and_an_absurd_birth_are_refused_in_words() -> None:
    with pytest.raises(UnknownCategory, match="退休类别「M55」不存在"):
        chosen_month("M55", month("1967-05"), month("2028-01"))
    for birth in ("2140-01", "2199-12"):
        with pytest.raises(BirthOutOfRange, match=f"出生年月 {birth} 算不出退休年月"):
            retirement("M60", month(birth))


def test_the_explanation_says_how_early_and_what_to_bring() -> None:
    explained = chosen_month("F55", month("1974-10"), month("2030-12")).explanation
    text = explained.text()
    assert "可选范围：2029-10 至 2034-01（人社部发〔2024〕94号）" in text
    assert "退休时年龄：1974-10 至 2030-12 = 56 岁 2 个月" in text
    assert any(line.startswith("条件：最低缴费年限已达到；本人至少在所选时间前 3 个月书面告知") for line in text)
    assert "最低缴费年限：按 2030 年，所选年月与法定年月取早者 = 186 个月" in text[-2]
    statutory = explained.lines[0]
    assert statutory.below is not None
    assert statutory.below().title.endswith("1974-10 出生，法定退休年龄")


@pytest.mark.parametrize(("category", "shown"), [("M60", False), ("F55", True), ("F50", True)])
def test_a_category_by_post_tells_the_clerk_to_file_the_proof(category: str, *, shown: bool) -> None:
    text = "".join(retirement(category, month("1977-03")).explanation.text())
    assert ("按本人达到该年龄时的岗位录入并存档佐证" in text) is shown


@pytest.mark.parametrize("category", ["M60", "F55", "F50"])
def test_the_delay_grows_by_one_at_each_end_of_a_step(category: str) -> None:
    group = category_named(category)
    for number in range(group.cap):
        first = group.first_birth + number * group.step
        assert group.delay(first - 1) == number
        assert group.delay(first) == group.delay(first + group.step - 1) == number + 1
    assert group.delay(group.first_birth + group.cap * group.step) == group.cap


@pytest.mark.parametrize(
    ("born", "sex", "status", "retires"),
    [
        # A man of 1967-10-31 gets 60 y 9 m: October and 9 months is July, which has 31 days.
        (date(1967, 10, 31), "1", "1", date(2028, 7, 31)),
        # 1965-03-31, one month later: April has 30 days.
        (date(1965, 3, 31), "1", "1", date(2025, 4, 30)),
        # 29 February: 1968-02 is the 38th month, delay 10, December 2028.
        (date(1968, 2, 29), "1", "1", date(2028, 12, 29)),
        # Before the change: 60 years after a 29 February that is a leap year again.
        (date(1964, 2, 29), "1", "1", date(2024, 2, 29)),
        # A cadre of 1976-02-29 is 74 months in: delay 19, 56 y 7 m.
        (date(1976, 2, 29), "2", "4", date(2032, 9, 29)),
        # A worker born 1975-08-29: delay 4, December 2025.
        (date(1975, 8, 29), "2", "1", date(2025, 12, 29)),
        # A worker born 1978-05-31: 41st month, delay 21, February 2030 has 28 days.
        (date(1978, 5, 31), "2", "1", date(2030, 2, 28)),
    ],
)
def test_the_day_is_that_of_birth_or_the_last_of_a_shorter_month(
    born: date, sex: str, status: str, retires: date
) -> None:
    assert retirement_law().retires_on(born, sex, status) == retires


@pytest.mark.parametrize(
    ("chosen", "paid", "enrolled", "extended", "short", "at_once", "said"),
    [
        ("2028-01", 180, NEW, 0, 0, False, "累计缴费 180 个月，最低缴费年限 180 个月，已达到"),
        ("2028-01", 179, NEW, 0, 1, False, "还差 1 个月，可以延长缴费；2011-07-01 及以后参保，不能一次性缴足"),
        ("2028-01", 179, OLD, 0, 1, False, "还差 1 个月，可以延长缴费；延长 60 个月仍不足的，可以一次性缴足"),
        ("2028-01", 100, OLD, 59, 80, False, "还差 80 个月，可以延长缴费；延长 60 个月仍不足的"),
        ("2028-01", 100, OLD, 60, 80, True, "还差 80 个月，可以一次性缴足"),
        ("2028-01", 100, NEW, 60, 80, False, "不能一次性缴足"),
        ("2027-05", 179, OLD, 60, 1, False, "还差 1 个月，不能提前退休，请改选退休年月"),
    ],
)
def test_missing_months_are_counted_and_the_way_out_is_said(
    chosen: str, paid: int, enrolled: date, extended: int, short: int, *, at_once: bool, said: str
) -> None:
    check = months_check(chosen_month("M60", month("1967-05"), month(chosen)), paid, enrolled, extended=extended)
    assert (check.short, check.enough, check.may_pay_at_once) == (short, short == 0, at_once)
    assert said in check.sentence
    assert check.sentence in check.explanation.lines[-1].text()


def test_a_negative_count_of_months_is_refused() -> None:
    chosen = chosen_month("M60", month("1967-05"), month("2028-01"))
    with pytest.raises(WrongMonthCount, match="累计缴费 -1 个月不正确"):
        months_check(chosen, -1, NEW)
    with pytest.raises(WrongMonthCount, match="延长缴费 -2 个月不正确"):
        months_check(chosen, 0, NEW, extended=-2)


@given(category=CATEGORIES, birth=BIRTHS)
def test_no_delay_passes_its_cap_and_no_later_birth_retires_sooner(category: str, birth: YearMonth) -> None:
    group = category_named(category)
    assert 0 <= group.delay(birth) <= group.cap
    assert birth + group.age(birth) < birth + 1 + group.age(birth + 1)


@given(category=CATEGORIES, birth=BIRTHS, shift=st.integers(-48, 48))
def test_a_month_is_taken_exactly_when_it_lies_in_the_window(category: str, birth: YearMonth, shift: int) -> None:
    terms = retirement(category, birth)
    wanted = terms.statutory + shift
    allowed = terms.earliest <= wanted <= terms.latest if terms.flexible else not shift
    try:
        found = chosen_month(category, birth, wanted)
    except (MonthNotChoosable, NothingToChoose):
        assert not allowed
    else:
        assert allowed
        assert found.min_months <= terms.min_months
        assert found.age_years * 12 + found.age_months == birth.months_until(wanted)


def test_a_group_reads_like_the_annex() -> None:
    assert category_named("F50") == Category(
        name="原法定退休年龄五十周岁的女职工",
        original=600,
        first_birth=YearMonth(1975, 1),
        step=2,
        cap=60,
        by_post=True,
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("step = 4", "step = 4.0", "categories.M60.step", "整数"),
        ("step = 4", "stride = 4", "categories.M60.step", "缺少此键"),
        ("step = 4", "step = 0", "categories.M60.step", "整数"),
        ('first_birth = "1965-01"', 'first_birth = "1965"', "categories.M60.first_birth", "年月"),
        ("by_post = true", "by_post = 1", "categories.F55.by_post", "true 或 false"),
        ("[by_post]", "[by_the_post]", "by_post.text", "缺少此键"),
        ("cadres = [", "cadre = [", "cadres", "缺少此键"),
        ('since = "2025-01"', 'since = "2025-01"\nnote = "x"', "note", "不认识的键"),
    ],
)
def test_a_law_out_of_order_is_refused_with_place_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    text = LAW.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "retirement.toml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFault) as refusal:
        retirement_law(broken)
    assert f"retirement.toml 的 {key} 有误" in refusal.value.sentence
    assert reason in refusal.value.sentence
