"""Code lists: read by code, initials or name; regions rename and hide; nothing is ever lost."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_tui.domain.codes import NoSuchCode, NoSuchList, SeveralCodes, codelist, codelist_ids
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.text import Unclean, clean_text

LISTS = """
CL-SEX CL-IDTYPE CL-NATION CL-HUKOU CL-EDU CL-MARRIAGE CL-STATUS CL-EMPFORM CL-EMPSCOPE CL-POST CL-TITLE CL-SKILL
CL-SPECIALWORK CL-PERSTATE CL-PERCAT CL-UNITTYPE CL-ECON CL-SUBORD CL-INDUSTRY CL-UNITSTATE CL-UNITINS CL-COLLECT
CL-BANK CL-INS CL-PERINS CL-PAYFLAG CL-FEETYPE CL-RATECLASS CL-REASON CL-CHANGE CL-BACKREASON CL-ITEMSTATE CL-REVIEW
CL-YESNO CL-DELIVERY CL-POSTCLASS CL-PURPOSE CL-LOCK CL-PROFILE CL-OBJECT
"""
EVERY_CODE = [(list_id, entry) for list_id in codelist_ids() for entry in codelist(list_id).codes]


@dataclass(frozen=True, kw_only=True)
class Overlay:
    name: str | None = None
    hidden: bool = False


@pytest.mark.parametrize("list_id", LISTS.split())
def test_the_counter_has_the_list(list_id: str) -> None:
    assert codelist(list_id).choices()


def test_codes_are_unique_in_every_list() -> None:
    for list_id in codelist_ids():
        codes = [entry.code for entry in codelist(list_id).codes]
        assert len(set(codes)) == len(codes), list_id


def test_every_choice_can_be_reached_by_its_code_alone() -> None:
    for list_id in codelist_ids():
        for entry in codelist(list_id).choices():
            assert codelist(list_id).read(entry.code) == entry


def test_every_choice_is_found_by_its_name_and_initials() -> None:
    for list_id in codelist_ids():
        for entry in codelist(list_id).choices():
            for typed in (entry.name, entry.initials):
                try:
                    hits: tuple[object, ...] = (codelist(list_id).read(typed),)
                except SeveralCodes as several:
                    hits = several.hits
                assert entry in hits, (list_id, typed)


def test_names_can_be_kept_and_painted_in_whole_cells() -> None:
    for list_id, entry in EVERY_CODE:
        assert clean_text(entry.name + entry.short) == entry.name + entry.short
        ambiguous = [mark for mark in entry.name + entry.short if unicodedata.east_asian_width(mark) == "A"]
        assert not ambiguous, list_id
        assert entry.initials.isascii()
        assert entry.initials.isalnum()


def test_the_56_nations_are_offered_and_two_more_are_read() -> None:
    nations = codelist("CL-NATION")
    assert [entry.code for entry in nations.choices()] == [f"{number:02d}" for number in range(1, 57)]
    assert nations.name("97") == "其他"


def test_education_offers_the_nine_main_groups() -> None:
    assert [entry.code for entry in codelist("CL-EDU").choices()] == [
        "10",
        "20",
        "30",
        "40",
        "50",
        "60",
        "70",
        "80",
        "90",
    ]
    assert codelist("CL-EDU").name("14") == "硕士毕业"


def test_only_two_sexes_are_offered_for_entry() -> None:
    assert [entry.short for entry in codelist("CL-SEX").choices()] == ["男", "女"]


def test_item_states_have_their_words() -> None:
    states = codelist("CL-ITEMSTATE")
    assert {entry.code for entry in states.codes} == {state.value for state in ItemState}


@pytest.mark.parametrize("typed", ["01", "1", "汉", "汉族", "０１"])
def test_one_hit_is_taken(typed: str) -> None:
    assert codelist("CL-NATION").read(typed).name == "汉族"


def test_initials_are_typed_in_either_case() -> None:
    assert codelist("CL-REASON").read("TXLZ").code == "228"


def test_a_part_of_the_initials_finds_what_follows_a_common_beginning() -> None:
    assert codelist("CL-REASON").offered("P05").read("cj").name == "在职人员参军"


def test_several_hits_are_all_told() -> None:
    with pytest.raises(SeveralCodes) as refusal:
        codelist("CL-NATION").read("hz")
    assert {entry.name for entry in refusal.value.hits} == {"汉族", "回族"}


@pytest.mark.parametrize("typed", ["", "99", "火星族", "{x}", "97"])
def test_what_is_not_offered_is_not_read(typed: str) -> None:
    with pytest.raises(NoSuchCode) as refusal:
        codelist("CL-NATION").read(typed)
    assert typed in refusal.value.sentence


@given(st.text())
def test_whatever_is_typed_either_means_a_choice_or_is_refused(typed: str) -> None:
    bank = codelist("CL-BANK")
    try:
        assert bank.read(typed) in bank.choices()
    except (NoSuchCode, SeveralCodes, Unclean) as refusal:
        assert refusal.sentence  # noqa: PT017  either end is right


def test_a_suspension_offers_its_reasons_only() -> None:
    reasons = codelist("CL-REASON").offered("P05")
    assert {entry.group for entry in reasons.choices()} == {"S", "T"}
    assert "261" not in {entry.code for entry in reasons.choices()}
    assert reasons.name("111") == "在职人员新参保"


def test_death_ends_what_a_resignation_only_suspends() -> None:
    reasons = codelist("CL-REASON")
    assert (reasons.group("211"), reasons.group("222"), reasons.group("111")) == ("T", "S", "A")


def test_a_supervisor_has_more_reasons_than_a_clerk() -> None:
    reasons = codelist("CL-REASON")
    clerk = {entry.code for entry in reasons.offered("P05").choices()}
    supervisor = {entry.code for entry in reasons.offered_to_supervisor("P05").choices()}
    assert supervisor - clerk == {"261", "269"}
    assert clerk < supervisor


def test_a_list_without_functions_is_offered_whole() -> None:
    assert codelist("CL-BANK").offered("P05") == codelist("CL-BANK")


def test_a_region_renames_and_hides_without_touching_the_default() -> None:
    reasons = codelist("CL-REASON")
    tianjin = reasons.overridden({"229": Overlay(name="停缴费"), "228": Overlay(hidden=True)})
    assert tianjin.read("停缴费").code == "229"
    assert "228" not in {entry.code for entry in tianjin.choices()}
    assert tianjin.name("228") == "停薪留职"
    assert reasons.name("229") == "其他原因中断缴费"


def test_a_region_cannot_speak_of_a_code_nobody_has() -> None:
    with pytest.raises(NoSuchCode):
        codelist("CL-REASON").overridden({"999": Overlay(hidden=True)})


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(NoSuchList):
        codelist("CL-NOTHING")
