"""Figures of the law: proposed by one person, confirmed or refused by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.figures import FiguresFile, FiguresState
from counter_tui.operations.decide import DECISIVE, NEEDS_HUB
from counter_tui.operations.figures import LARGEST, lines_of
from counter_tui.operations.outcome import Status
from counter_tui.policy.loaded import text_hash
from tests.operations.office import CLERK, REVIEWER, SUPERVISOR, Acted, Office, maker

if TYPE_CHECKING:
    from counter_tui.operations.envelope import Maker

ADMINISTRATOR = maker("0031", "R4", window="008")
COLLEAGUE = maker("0032", "R4", window="009")
FUND = maker("0041", "F", window="010")

FILE = """region = "handan"

[[limits]]
schemes = ["110"]
values = [
  { since = "2027-01", until = "2027-12", floor = "4200", ceiling = "21000", by = "冀人社字〔2027〕1号", confidence = "high", known_from = "2026-11-20" },
]
"""  # noqa: E501  # one value on a line, as the files have them


@pytest.fixture
def office() -> Office:
    return Office()


def propose(office: Office, text: str = FILE, *, by: Maker = ADMINISTRATOR) -> Acted:
    return office.act("figures.propose", {"name": "2027.toml", "lines": lines_of(text)}, by=by, unit="B", reception="")


def answer(office: Office, proposed: Acted, kind: str = "confirm", *, by: Maker = SUPERVISOR, **body: Any) -> Acted:
    asked = {"file": proposed.id, "text_hash": text_hash(FILE)} | ({"reason": "数值有误"} if kind == "refuse" else {})
    return office.act(f"figures.{kind}", asked | body, by=by, unit="B", reception="")


def kept(office: Office) -> FiguresFile:
    (file,) = office.register.figures_files()
    return file


def test_a_proposed_file_waits_and_is_kept_as_it_was_read(office: Office) -> None:
    assert propose(office).status is Status.APPLIED
    file = kept(office)
    assert (file.state, file.text, file.proposed.operator) == (FiguresState.PROPOSED, FILE, "0031")
    assert file.figures == ("floor:110", "ceiling:110")
    assert str(file.known_from) == "2026-11-20"
    assert file.in_force is None


@pytest.mark.parametrize("by", [SUPERVISOR, COLLEAGUE], ids=["supervisor", "second administrator"])
def test_a_second_person_brings_it_into_force_from_that_day(office: Office, by: Maker) -> None:
    assert answer(office, propose(office), by=by).status is Status.APPLIED
    file = kept(office)
    assert (file.state, file.in_force) == (FiguresState.CONFIRMED, office.today)
    assert file.decided is not None
    assert file.decided.operator == by.operator


@pytest.mark.parametrize("kind", ["confirm", "refuse"])
def test_one_person_alone_never_decides_what_he_proposed(office: Office, kind: str) -> None:
    refused = answer(office, propose(office), kind, by=ADMINISTRATOR)
    assert refused.status is Status.REJECTED
    assert refused.messages == ["M59"]
    assert kept(office).state is FiguresState.PROPOSED


@pytest.mark.parametrize("same", ["human", "certificate", "key_serial", "signon"])
def test_a_second_account_of_the_same_hand_is_no_second_person(office: Office, same: str) -> None:
    proposed = propose(office)
    refused = answer(office, proposed, by=replace(COLLEAGUE, **{same: getattr(ADMINISTRATOR, same)}))
    assert refused.messages == ["M59"]
    assert kept(office).state is FiguresState.PROPOSED


@pytest.mark.parametrize("by", [CLERK, REVIEWER, SUPERVISOR, FUND], ids=lambda by: by.roles[0])
def test_only_an_administrator_proposes(office: Office, by: Maker) -> None:
    assert propose(office, by=by).status is Status.REJECTED
    assert not office.register.figures_files()


@pytest.mark.parametrize("by", [CLERK, REVIEWER, FUND], ids=lambda by: by.roles[0])
@pytest.mark.parametrize("kind", ["confirm", "refuse"])
def test_only_administrators_and_supervisors_decide(office: Office, by: Maker, kind: str) -> None:
    refused = answer(office, propose(office), kind, by=by)
    assert refused.status is Status.REJECTED
    assert "岗位" in refused.sentence
    assert kept(office).state is FiguresState.PROPOSED


def test_a_refused_file_needs_a_reason_and_never_rules(office: Office) -> None:
    proposed = propose(office)
    assert answer(office, proposed, "refuse", reason=" ").status is Status.REJECTED
    assert answer(office, proposed, "refuse").status is Status.APPLIED
    assert (kept(office).state, kept(office).reason) == (FiguresState.REFUSED, "数值有误")
    assert answer(office, proposed).status is Status.CONFLICT
    assert kept(office).state is FiguresState.REFUSED


def test_a_file_is_decided_once(office: Office) -> None:
    proposed = propose(office)
    answer(office, proposed)
    for kind in ("confirm", "refuse"):
        assert answer(office, proposed, kind, by=COLLEAGUE).status is Status.CONFLICT
    assert kept(office).state is FiguresState.CONFIRMED


def test_who_saw_another_text_confirms_nothing(office: Office) -> None:
    proposed = propose(office)
    assert answer(office, proposed, text_hash=text_hash("another")).status is Status.CONFLICT
    assert answer(office, proposed, file="op-9999").status is Status.REJECTED


def test_a_text_touched_in_the_store_is_not_confirmed(office: Office) -> None:
    proposed = propose(office)
    office.register.put(replace(kept(office), text=FILE.replace("4200", "1")))
    refused = answer(office, proposed)
    assert refused.status is Status.REJECTED
    assert "与申请时不同" in refused.sentence


def test_a_bad_file_is_refused_with_its_line_and_nothing_is_kept(office: Office) -> None:
    refused = propose(office, FILE.replace("4200", "42000"))
    assert refused.status is Status.REJECTED
    assert "2027.toml 第 6 行" in refused.sentence
    assert not office.register.figures_files()


def test_the_same_text_does_not_wait_twice(office: Office) -> None:
    propose(office)
    assert propose(office, by=COLLEAGUE).status is Status.REJECTED
    assert len(office.register.figures_files()) == 1


def test_a_file_too_large_for_one_operation_is_refused(office: Office) -> None:
    assert "256 KB" in propose(office, FILE + "#" * LARGEST).sentence


def test_what_was_overtaken_by_another_file_is_not_confirmed(office: Office) -> None:
    proposed = propose(office)
    standing = office.policy.floors["110"]
    newer = replace(standing.values[-1], since=YearMonth(2027, 1), until=None, known_from=date(2026, 11, 20))
    floors = {**office.policy.floors, "110": replace(standing, values=(*standing.values, newer))}
    office.policy = replace(office.policy, floors=floors)
    refused = answer(office, proposed)
    assert refused.status is Status.REJECTED
    assert "同日公布" in refused.sentence


def test_every_step_takes_the_own_key_and_the_hub() -> None:
    kinds = {"figures.propose", "figures.confirm", "figures.refuse"}
    assert kinds <= DECISIVE
    assert kinds <= NEEDS_HUB
