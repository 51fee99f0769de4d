"""The catalogue speaks with the right number of facts and names a key."""

from __future__ import annotations

import unicodedata

import pytest

from counter_tui.domain.messages import Message, NoSuchMessage, Severity, WrongFacts, message, message_ids


def test_the_catalogue_holds_every_number_from_1_to_67() -> None:
    assert message_ids() == tuple(f"M{number:02d}" for number in range(1, 68))


def test_a_fact_stands_where_the_text_has_its_place() -> None:
    said = message("M16", "2026-07-01")
    assert said.text == "停保时间不能早于上次变更时间（2026-07-01）"
    assert said.severity is Severity.STOPS
    assert said.sentence == "停保时间不能早于上次变更时间（2026-07-01）。改正后按 F2"


def test_two_facts_keep_their_order() -> None:
    assert message("M31", 1, 15).text == "不在本月受理时间（1日至15日）"


@pytest.mark.parametrize("facts", [(), ("1", "2")])
def test_a_missing_or_surplus_fact_is_refused(facts: tuple[str, ...]) -> None:
    with pytest.raises(WrongFacts) as refusal:
        message("M16", *facts)
    assert (refusal.value.expected, refusal.value.given) == (1, len(facts))


def test_braces_in_a_fact_are_only_text() -> None:
    assert message("M41", "3", "备注 {1} {x}").text == "第3行：备注 {1} {x}"


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(NoSuchMessage):
        message("M99")


def test_every_stop_but_the_one_for_the_hub_names_a_key() -> None:
    silent = []
    for id_ in message_ids():
        for facts in ((), ("a",), ("a", "b")):
            said = _said(id_, facts)
            if said is not None and said.severity is Severity.STOPS and not said.key:
                silent.append(id_)
    assert silent == ["M66"]


def test_every_text_stands_in_whole_cells_on_any_terminal() -> None:
    for id_ in message_ids():
        said = next(said for facts in ((), ("",), ("", "")) if (said := _said(id_, facts)) is not None)
        assert not [mark for mark in said.sentence if unicodedata.east_asian_width(mark) == "A"], id_


def _said(id_: str, facts: tuple[str, ...]) -> Message | None:
    try:
        return message(id_, *facts)
    except WrongFacts:
        return None
