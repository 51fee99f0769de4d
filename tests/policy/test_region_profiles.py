"""What the regions show and how they differ: all of it data."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest

from counter_tui.domain.calendar import YearMonth, months
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.parameters import PARAMETERS
from counter_tui.policy.regions import FieldOverlay, FormOverlay, load_policy

HANDAN = load_policy("handan", training=False)
TIANJIN = load_policy("tianjin", training=False)
REGIONS = {name: load_policy(name, training=False) for name in ("handan", "tianjin", "dalian", "yuanbo", "generic")}
PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82}
"""First two digits of GB/T 2260."""
JULY = YearMonth(2026, 7)


def test_a_region_says_who_it_is() -> None:
    region = HANDAN.region
    assert (region.name, region.code, region.profile, region.city, region.bureau) == (
        "handan",
        "130400",
        "HD",
        "邯郸市",
        "130400",
    )
    assert load_policy("handan", training=True).region.bureau == "999999"
    assert TIANJIN.region.title == "天津市"


def test_each_region_offers_its_own_functions_under_its_own_names() -> None:
    handan = {entry.path: (entry.function, entry.name) for entry in HANDAN.menu}
    tianjin = {entry.path: (entry.function, entry.name) for entry in TIANJIN.menu}
    assert handan["11"] == ("P01", "人员参保")
    assert tianjin["11"] == ("P01", "单位职工增加")
    assert handan["54"] == ("P29", "当期缴费核定")
    assert {"55", "56"}.isdisjoint(handan)
    assert "54" not in tianjin
    assert (tianjin["55"][0], tianjin["56"][0]) == ("P30", "P31")
    assert set(handan) - {"54"} == set(tianjin) - {"55", "56"}


def test_dalian_yuanbo_and_the_general_one_speak_their_own_words() -> None:
    names = {region: {entry.path: entry.name for entry in policy.menu} for region, policy in REGIONS.items()}
    assert (names["dalian"]["12"], names["dalian"]["43"]) == ("职工转出", "单位月应缴查询")
    assert (names["yuanbo"]["51"], names["yuanbo"]["52"], names["yuanbo"]["53"]) == ("信息提交", "业务删除", "业务状态")
    assert (names["yuanbo"]["98"], names["generic"]["51"]) == ("分中心处理", "提交申报")
    assert {"21", "22", "43", "59", "71"}.isdisjoint(names["generic"])
    assert all("75" not in names[region] for region in ("dalian", "yuanbo", "generic"))


def test_every_region_can_settle_a_month_and_show_what_is_in_force() -> None:
    for name, policy in REGIONS.items():
        entries = {entry.path: entry.function for entry in policy.menu}
        assert entries["99"] == "figures", name
        assert entries.get("54") == "P29" or (entries["55"], entries["56"]) == ("P30", "P31"), name
        assert {"P01", "P05", "P25", "P26", "P27", "P28", "P63"} <= set(entries.values()), name


def test_an_invented_place_cannot_be_taken_for_a_real_one() -> None:
    for name, policy in REGIONS.items():
        real = int(policy.region.code[:2]) in PROVINCES
        assert real == (name not in ("yuanbo", "generic")), name
    for of in ("code", "bureau", "profile", "title"):
        assert len({getattr(policy.region, of) for policy in REGIONS.values()}) == len(REGIONS)


def test_the_digits_of_a_function_never_differ_between_regions() -> None:
    functions: dict[str, str] = {}
    for policy in REGIONS.values():
        assert all(functions.setdefault(entry.path, entry.function) == entry.function for entry in policy.menu)
        assert [entry.path for entry in policy.menu] == sorted(entry.path for entry in policy.menu)
    assert {entry.group for entry in HANDAN.menu if entry.path.startswith("5")} == {"提交结算"}


def test_tianjin_collapses_all_of_an_enrolment_but_number_and_wage() -> None:
    overlay = TIANJIN.form_overlay("P01")
    assert overlay["name"].collapsed is True
    assert overlay["id_number"].collapsed is False
    assert overlay["wage"].collapsed is False
    assert overlay["scope"] == FieldOverlay(required_when="three_schemes", collapsed=True)
    assert overlay["registration"].required is True


def test_the_reason_of_a_stop_has_its_local_default() -> None:
    assert HANDAN.form_overlay("P05")["reason"].default == "221"
    assert TIANJIN.form_overlay("P05")["reason"].default == "229"
    assert TIANJIN.form_overlay("P05")["schemes"].fixed is True
    names = TIANJIN.codes("CL-REASON")
    assert names is not None
    assert names["229"].name == "停缴费"
    assert HANDAN.codes("CL-REASON") is None


def test_a_form_without_overlay_stays_as_declared() -> None:
    assert len(HANDAN.form_overlay("P50")) == 0
    assert HANDAN.form_overlay("P50").get("month") is None
    named = FormOverlay({"reason": FieldOverlay(default="221")})
    assert named.get("on") is None
    assert list(FormOverlay({"*": FieldOverlay(collapsed=True), "wage": FieldOverlay()})) == ["wage"]


def test_the_regions_differ_where_their_rules_do() -> None:
    for name, handan, tianjin in (
        ("arrears_blocks_stop", False, True),
        ("registration_gate", False, True),
        ("late_fee_due_day", 25, 31),
        ("stop_month_payable", True, True),
        ("max_unassessed_months", 3, 3),
        ("annual_gate", False, False),
        ("review_settlement", False, False),
        ("declaration_window", (1, 31), (1, 31)),
    ):
        assert (HANDAN.parameter(name), TIANJIN.parameter(name)) == (handan, tianjin), name
        assert HANDAN.parameter(name, JULY) == handan


def test_every_parameter_is_set_or_its_absence_is_refused_by_name() -> None:
    assert set(PARAMETERS) == set(TIANJIN.settings)
    for name, known in PARAMETERS.items():
        if TIANJIN.settings[name].values:
            assert TIANJIN.parameter(name, JULY) is not None
        else:
            with pytest.raises(NotInForce, match=re.escape(known.label)):
                TIANJIN.parameter(name)
    with pytest.raises(NotInForce, match="no_such_parameter"):
        HANDAN.parameter("no_such_parameter", JULY)


def test_no_region_leaves_a_parameter_unsaid() -> None:
    for name, policy in REGIONS.items():
        assert set(PARAMETERS) == set(policy.settings), name


def test_old_limits_are_carried_only_where_new_ones_are_published_late() -> None:
    assert all(policy.parameter("provisional_carry") is True for policy in REGIONS.values())
    assert REGIONS["dalian"].floors["110"].on(JULY).known_from == date(2026, 8, 31)


def test_a_training_city_has_figures_for_everything_employers_pay() -> None:
    for name in REGIONS:
        policy = load_policy(name, training=True)
        for month in months(YearMonth(2023, 11), YearMonth(2026, 12)):
            for scheme in ("110", "210", "310", "410"):
                assert policy.limits(scheme, month).floor < policy.limits(scheme, month).ceiling, (name, month)
                policy.rates(scheme, month, injury_class=3)
        assert all(
            value.by == "演练数据" for each in policy.charges.values() for value in each.values if value.training
        )


def test_numbers_have_a_format() -> None:
    pattern = str(HANDAN.parameter("unit_number"))
    assert re.fullmatch(pattern, "130400001")
    assert not re.fullmatch(pattern, "12345")
    assert not re.fullmatch(pattern, "13040000A")


def test_a_published_floor_is_kept_and_not_recomputed() -> None:
    assert TIANJIN.limits("110", YearMonth(2021, 6)).floor == 393000
    assert HANDAN.limits("210", YearMonth(2022, 6)).ceiling == 1736625
    assert HANDAN.limits("110", JULY).by == "冀人社字〔2026〕57号"


def test_a_province_replaces_the_nations_history_as_a_whole() -> None:
    assert HANDAN.rates("210", YearMonth(2014, 1)).by == TIANJIN.rates("210", YearMonth(2014, 1)).by
    assert HANDAN.rates("120", JULY) == TIANJIN.rates("120", JULY)
    assert HANDAN.charges["410"] == TIANJIN.charges["410"]


HEAVY = ("msgspec", "textual", "rich", "sqlalchemy", "httpx", "reportlab", "openpyxl", "cryptography")


def test_law_is_read_without_heavy_libraries_and_only_when_asked() -> None:
    script = (
        "import sys; import counter_tui.policy; early = set(sys.modules); "
        "from counter_tui.policy.regions import load_policy; named = set(sys.modules); "
        "load_policy('handan', training=False); "
        f"assert not set({HEAVY!r}) & set(sys.modules), 'heavy'; "
        "assert 'counter_tui.policy.loader' not in early | named, 'read too early'"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
