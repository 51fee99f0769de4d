"""What the two regions show and how they differ: all of it data."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.parameters import PARAMETERS
from counter_tui.policy.regions import FieldOverlay, FormOverlay, load_policy

HANDAN = load_policy("handan", training=False)
TIANJIN = load_policy("tianjin", training=False)
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


def test_the_digits_of_a_function_never_differ_between_regions() -> None:
    functions = {entry.path: entry.function for entry in HANDAN.menu}
    assert all(functions.get(entry.path, entry.function) == entry.function for entry in TIANJIN.menu)
    assert {entry.group for entry in HANDAN.menu if entry.path.startswith("5")} == {"提交结算"}
    assert [entry.path for entry in HANDAN.menu] == sorted(entry.path for entry in HANDAN.menu)


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
