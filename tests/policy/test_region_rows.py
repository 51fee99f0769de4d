"""Every row of the tables of the law stands in the loaded regions, with its figure and how sure we are of it."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.domain.money import read_yuan
from counter_tui.policy.charges import Merged, RiskClasses, Shares, YearlyAmount
from counter_tui.policy.dated import Confidence, NotInForce
from counter_tui.policy.loader import read_policy
from counter_tui.policy.regions import REGIONS, Policy, load_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data"
LAST = YearMonth(2026, 12)
PLACES = ("nation", "hebei", "handan", "tianjin", "liaoning", "dalian")
CITY = """extends = "{0}"

[region]
name = "probe"
code = "990000"
profile = "HD"
city = "试验市"
title = "试验市"
bureau = "990000"
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Policy]:
    """The law of each place alone, be it a province or the nation."""
    folder = tmp_path_factory.mktemp("law") / "regions"
    shutil.copytree(REGIONS, folder)
    read = {}
    for place in PLACES:
        (folder / "probe.toml").write_text(CITY.format(place), encoding="utf-8")
        read[place] = read_policy(folder, "probe", training=False)
    return read


@cache
def rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spanned(row: dict[str, str]) -> Iterator[YearMonth]:
    return months(YearMonth.parse(row["first"]), YearMonth.parse(row["last"]) if row["last"] else LAST)


@pytest.mark.parametrize("number", range(len(rows("bases"))))
def test_every_published_base_is_loaded_as_published(places: dict[str, Policy], number: int) -> None:
    row = rows("bases")[number]
    policy = places[row["place"]]
    for scheme in row["schemes"].split():
        if row["place"] == "dalian" and row["first"] > "2020" and scheme not in ("310", "510"):
            continue
        for month in spanned(row):
            for histories, column in ((policy.floors, "lowest"), (policy.ceilings, "highest")):
                if not row[column]:
                    with pytest.raises(NotInForce):
                        histories[scheme].on(month)
                    assert any(gap.since <= month <= (gap.until or LAST) for gap in histories[scheme].gaps)
                    continue
                value = histories[scheme].on(month)
                assert value.value == read_yuan(row[column])
                assert value.confidence == row["surety"]
                assert all(document in value.by for document in row["document"].split(";"))
                assert value.known_from == (date.fromisoformat(row["published"]) if row["published"] else None)


@pytest.mark.parametrize("number", [at for at, row in enumerate(rows("bases")) if row["average"]])
def test_every_published_average_is_loaded(places: dict[str, Policy], number: int) -> None:
    row = rows("bases")[number]
    for month in spanned(row):
        value = places[row["place"]].setting("average_wage_fen", month)
        assert value.value == read_yuan(row["average"])
        assert value.confidence == row["surety"]


@pytest.mark.parametrize("number", range(len(rows("shares"))))
def test_every_rate_is_loaded_with_its_confidence_or_is_a_declared_gap(places: dict[str, Policy], number: int) -> None:
    row = rows("shares")[number]
    history = places[row["place"]].charges[row["scheme"]]
    for month in spanned(row):
        if row["surety"] == "missing":
            assert any(gap.since <= month <= (gap.until or LAST) for gap in history.gaps)
            continue
        value = history.on(month)
        assert isinstance(value.value, Shares)
        assert value.value.employer == Decimal(row["unit"])
        assert value.value.person == Decimal(row["worker"])
        assert value.confidence == row["surety"]


def test_what_persons_pay_to_pensions_goes_to_their_accounts(places: dict[str, Policy]) -> None:
    for row in rows("shares"):
        if row["scheme"] in ("110", "120", "130") and row["unit"]:
            share = places[row["place"]].rates(row["scheme"], YearMonth.parse(row["first"]))
            assert share.account_person == Decimal(row["worker"])
            assert share.account_employer == (share.employer if row["scheme"] == "130" else 0)


@pytest.mark.parametrize("number", range(len(rows("risk_classes"))))
def test_every_class_of_risk_has_its_rate_and_its_levels(places: dict[str, Policy], number: int) -> None:
    row = rows("risk_classes")[number]
    for place, month in ((place, month) for place in PLACES for month in spanned(row)):
        value = places[place].charge("410", month)
        assert isinstance(value.value, RiskClasses)
        assert value.value.rates[int(row["class"])] == Decimal(row["unit"])
        # What a region really took in the years of reductions is not documented: then the base rate is unconfirmed.
        reduced = YearMonth(2018, 5) <= month <= YearMonth(2025, 12)
        after = month > YearMonth(2025, 12)
        assert value.confidence is (Confidence.LOW if reduced else Confidence.MEDIUM if after else Confidence.HIGH)
    if row["levels"]:
        name = "injury_float_first" if row["class"] == "1" else "injury_float_others"
        assert places["nation"].parameter(name) == tuple(map(int, row["levels"].split()))


def test_the_years_of_reductions_carry_a_word_to_the_clerk(places: dict[str, Policy]) -> None:
    (notice,) = [each for each in places["nation"].notices if each.schemes == ("410",)]
    assert (notice.since, notice.until) == (YearMonth(2018, 5), YearMonth(2025, 12))
    assert "×0.8" in notice.text
    assert "×0.5" in notice.text


def test_reliefs_and_the_deferral_of_2022_are_told(places: dict[str, Policy]) -> None:
    spans = {(each.since, each.until, each.schemes) for each in places["nation"].notices}
    three = ("110", "210", "410")
    assert (YearMonth(2020, 2), YearMonth(2020, 12), three) in spans
    assert (YearMonth(2020, 2), YearMonth(2020, 6), ("310",)) in spans
    assert (YearMonth(2022, 4), YearMonth(2022, 12), three) in spans


def test_rural_workers_of_tianjin_are_pointed_out(places: dict[str, Policy]) -> None:
    (notice,) = [each for each in places["tianjin"].notices if "农籍" in each.text]
    assert (notice.since, notice.until) == (YearMonth(2016, 1), YearMonth(2016, 12))
    assert "2472" in notice.text


def test_yearly_amounts_stand_where_they_are_known(places: dict[str, Policy]) -> None:
    tianjin = places["tianjin"].charge("330", YearMonth(2026, 7))
    assert tianjin.value == YearlyAmount(employer=0, person=26000)
    assert tianjin.confidence is Confidence.MEDIUM
    dalian = places["dalian"].charge("330", YearMonth(2016, 6))
    assert dalian.value == YearlyAmount(employer=0, person=2400)
    for place, month in (("dalian", YearMonth(2016, 7)), ("handan", YearMonth(2023, 1))):
        with pytest.raises(NotInForce):
            places[place].charge("330", month)


def test_medical_carries_maternity_from_2020_and_says_how_it_is_made_up(places: dict[str, Policy]) -> None:
    month = YearMonth(2020, 1)
    for place in ("handan", "tianjin", "dalian"):
        assert places[place].charge("510", month).value == Merged(into="310")
    parts = dict(places["tianjin"].rates("310", month).components)
    assert parts["生育"] == Decimal("0.005")
    assert parts["医疗"] + parts["门急诊大额"] == Decimal("0.10")
    assert parts["门急诊大额"] == Decimal("0.01")


def test_flexible_payers_have_their_rates_everywhere(places: dict[str, Policy]) -> None:
    for policy in places.values():
        for name, ppm in (("flexible_ppm", 200_000), ("flexible_account_ppm", 80_000)):
            value = policy.setting(name, YearMonth(2006, 1))
            assert (value.value, value.confidence) == (ppm, Confidence.HIGH)
    medical = places["handan"].setting("flexible_medical_ppm", YearMonth(2026, 7))
    assert (medical.value, medical.confidence) == (90_000, Confidence.LOW)
    with pytest.raises(NotInForce):
        places["dalian"].parameter("flexible_medical_ppm", YearMonth(2026, 7))


def test_dalian_follows_its_province_from_2021(places: dict[str, Policy]) -> None:
    dalian, province = places["dalian"], places["liaoning"]
    for month in months(YearMonth(2021, 1), LAST):
        assert dalian.limits("110", month) == province.limits("110", month)
        assert dalian.setting("average_wage_fen", month) == province.setting("average_wage_fen", month)
    for month in months(YearMonth(2025, 1), LAST):
        for scheme in ("210", "410"):
            assert dalian.limits(scheme, month) == province.limits(scheme, month)


def test_every_figure_of_the_sample_province_is_unconfirmed_until_it_is_loaded(places: dict[str, Policy]) -> None:
    nation = places["nation"]
    for name in ("yuanbo", "generic"):
        policy = load_policy(name, training=False)
        for own, national in (
            (policy.floors, nation.floors),
            (policy.ceilings, nation.ceilings),
            (policy.charges, nation.charges),
            (policy.settings, nation.settings),
        ):
            sampled = [value for key in own for value in own[key].values if own[key] != national.get(key)]
            assert sampled
            for value in sampled:
                assert value.by.startswith("样本省（取自河北：")
                assert value.by.endswith("），须由本地载入")
                assert value.confidence is Confidence.LOW


def test_heating_is_known_to_dalian_alone_and_off() -> None:
    for name in ("handan", "tianjin", "yuanbo", "generic"):
        assert "910" not in load_policy(name, training=False).schemes
    dalian = load_policy("dalian", training=False)
    assert dalian.schemes["910"] == "采暖费"
    assert dalian.parameter("heating_fee") is False
    with pytest.raises(NotInForce):
        dalian.charge("910", YearMonth(2026, 7))
