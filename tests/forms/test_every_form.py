"""Conformance: every form in every region."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_tui.domain.codes import NoSuchCode
from counter_tui.domain.problems import Rejected
from counter_tui.forms.catalog_map import functions_map
from counter_tui.forms.codes import CodeOf
from counter_tui.forms.help import page
from counter_tui.forms.spec import Declaration, business, forms
from counter_tui.operations.canonical import builtins, canonical
from counter_tui.operations.canonical import read as from_builtins
from tests.forms.cases import AROUND, FACTS, INSURED, REGIONS, TYPED, in_region, read, texts

CODES = sorted(TYPED)
EVERY = pytest.mark.parametrize("region", sorted(REGIONS))
FORM = pytest.mark.parametrize("code", CODES)


def test_every_declared_function_is_tested_here() -> None:
    assert [each.code for each in forms()] == CODES


def test_a_second_form_under_the_same_code_is_refused() -> None:
    with pytest.raises(ValueError, match="P05"):
        business("P05", "人员停保")(Declaration)


@EVERY
@FORM
def test_the_defaults_that_stand_in_a_form_read_back(code: str, region: str) -> None:
    policy = REGIONS[region]
    around = AROUND.get(code, FACTS)
    asked = in_region(code, policy)
    for name, text in asked.defaults(around, policy).items():
        field = asked.field(name)
        assert field.show(field.read(text, around)) == text


@EVERY
@FORM
def test_a_declaration_typed_again_from_its_own_texts_is_the_same(code: str, region: str) -> None:
    policy = REGIONS[region]
    around = AROUND.get(code, FACTS)
    declaration = read(code, policy)
    asked = in_region(code, policy)
    assert asked.read(asked.texts(declaration), around, policy) == declaration


@EVERY
@FORM
def test_a_declaration_comes_back_from_the_wire(code: str, region: str) -> None:
    declaration = read(code, REGIONS[region])
    body = json.loads(canonical(builtins(declaration)))
    assert from_builtins(type(declaration), body) == declaration


@EVERY
@FORM
def test_every_field_has_a_help_page_that_names_it(code: str, region: str) -> None:
    asked = in_region(code, REGIONS[region])
    for field in asked.fields:
        lines = page(asked, field.name, [("F2", "保存", "保存本笔")])
        assert lines[0].startswith(f"【{field.ask.label}】")
        assert any(asked.name in line for line in lines)
        assert "  F2 保存：保存本笔" in lines
        assert all("\n" not in line for line in lines)


@EVERY
@FORM
def test_every_field_says_how_it_is_typed_and_how_wide_it_is(code: str, region: str) -> None:
    for field in in_region(code, REGIONS[region]).fields:
        assert field.ask.hint_line
        assert 1 <= field.ask.kind.cells <= 60


@EVERY
def test_the_map_lists_every_menu_entry_that_a_form_serves(region: str) -> None:
    policy = REGIONS[region]
    listed = functions_map(policy)
    assert [entry["path"] for entry in listed] == sorted(entry.path for entry in policy.menu if entry.function in TYPED)
    assert json.loads(json.dumps(listed, ensure_ascii=False)) == listed
    for entry in listed:
        assert entry["fields"]
        assert {field["name"] for field in entry["fields"]} == {
            field.name for field in in_region(entry["function"], policy).fields
        }


def test_the_map_tells_papers_printouts_and_review() -> None:
    listed = {entry["function"]: entry for entry in functions_map(REGIONS["handan"])}
    assert "身份证件复印件页数" in listed["P10"]["documents"]["papers"]
    assert listed["P63"]["documents"]["printouts"] == ["D01 单位缴费通知单"]
    assert (listed["P10"]["review"], listed["P11"]["review"]) == (True, False)
    assert listed["P34"]["second_person"]


def test_a_region_gives_a_function_its_local_name() -> None:
    listed = {entry["function"]: entry for entry in functions_map(REGIONS["tianjin"])}
    assert (listed["P05"]["name"], listed["P05"]["canonical_name"]) == ("单位职工减少", "人员停保")
    assert in_region("P05", REGIONS["tianjin"]).title == "单位职工减少"


def test_personal_numbers_and_telephones_are_masked_once_the_form_is_left() -> None:
    asked = in_region("P01")
    assert {field.name: field.ask.mask for field in asked.fields if field.ask.mask} == {
        "id_number": "id",
        "phone": "phone",
        "address": "address",
    }
    assert in_region("P85").field("visitor_id").ask.mask == "id"
    assert in_region("P10").field("new_id_number").ask.mask == "id"


def test_the_usual_fields_repeat_with_one_key_and_numbers_of_persons_never() -> None:
    repeats = {field.name for field in in_region("P01").fields if field.ask.dup}
    assert {"wage", "since", "address", "nation", "employment_form"} <= repeats
    stops = {field.name for field in in_region("P05").fields if field.ask.dup}
    assert {"reason", "on"} <= stops
    for form in forms():
        assert not any(field.ask.dup for field in form.fields if field.ask.mask == "id" or field.ask.lookup)


def test_the_fields_of_an_act_are_not_among_the_criteria_of_its_list() -> None:
    review = in_region("P27")
    assert [field.name for field in review.criteria.fields] == ["employer", "function", "since", "until", "state"]
    assert [field.name for field in review.action.fields] == ["result", "reason", "pages"]
    listed = review.criteria.read({"state": "D2"}, FACTS, REGIONS["handan"])
    assert builtins(listed)["state"] == "D2"


def test_a_changed_field_changes_the_version_of_a_form() -> None:
    versions = [each.version for each in forms()]
    assert len(set(versions)) == len(versions)
    assert in_region("P05").criteria.version == in_region("P05").version
    assert in_region("P27").criteria.version != in_region("P27").version


FIELDS = [(code, field.name) for code in CODES for field in in_region(code).fields]
ANYTHING = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789０１２３４５６７８９+-*./。、， xX年月日٣", max_size=24),
    st.sampled_from(["0", "1", "*", "+9999", "-9999", "00000000", "99999999", "９９", "1 3 9", "\x1b[2J", "\u3164"]),
)


@pytest.mark.parametrize(("code", "name"), FIELDS)
@settings(max_examples=25)
@given(text=ANYTHING)
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(code: str, name: str, text: str) -> None:
    around = AROUND.get(code, FACTS)
    policy = REGIONS["tianjin"] if name.startswith("registration") else REGIONS["handan"]
    asked = in_region(code, policy)
    typed = texts(code, policy) | {name: text}
    for problem in asked.leaving(name, typed, around):
        assert problem.sentence
    asked.filled(typed, around)
    with suppress(Rejected):
        declaration = asked.read(typed, around, policy)
        assert asked.read(asked.texts(declaration), around, policy) == declaration


@EVERY
def test_choices_offered_can_all_be_typed(region: str) -> None:
    policy = REGIONS[region]
    for code in CODES:
        for field in in_region(code, policy).fields:
            if isinstance(field.ask.kind, CodeOf):
                for choice in field.ask.kind.choices(INSURED):
                    assert choice.code in field.ask.kind.read(choice.code, INSURED)


def test_a_code_of_an_old_record_may_stand_but_not_be_typed() -> None:
    education = in_region("P01").field("education")
    kind = education.ask.kind
    assert isinstance(kind, CodeOf)
    old = next(code for code in kind.codes.codes if not code.selectable)
    assert education.read(f"{old.code} {old.name}", FACTS) == old.code
    with pytest.raises(NoSuchCode):
        education.read(old.code, FACTS)


def test_the_day_of_a_stop_counts_from_the_business_date() -> None:
    on = in_region("P05").field("on")
    assert on.read("＋０", FACTS) == date(2026, 7, 26)
