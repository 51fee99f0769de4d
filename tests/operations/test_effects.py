"""What an approval writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.people import PersonChange, PersonState
from counter_tui.operations.outcome import Status
from tests.operations.office import HERE, LI, MONTH, THERE, ZHANG, id_number

if TYPE_CHECKING:
    from tests.operations.office import Office


def log(office: Office) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(line.kind, line.reason, line.schemes) for line in office.register.changes(HERE, MONTH)]


def test_p01_a_registration_makes_file_number_coverages_log_and_claim(office: Office) -> None:
    saved = office.pass_through("P01", since="20260901", back_collect="1", schemes="110 210")
    filed = office.register.person_by_id(ZHANG)
    assert filed is not None
    assert (filed.employer, filed.first_enrolled, filed.born) == (HERE, date(2026, 9, 1), date(1990, 1, 1))
    assert office.item(saved).person == filed.number
    paying = office.coverages()
    assert set(paying) == {"110", "210"}
    assert (paying["110"].state, paying["110"].since, paying["110"].first_month, paying["110"].wage) == (
        CoverageState.PAYING,
        date(2026, 9, 1),
        MONTH,
        600000,
    )
    assert log(office) == [("11", "111", ("110", "210"))]
    (owed,) = office.register.entitlements(HERE)
    assert (owed.item, owed.since, owed.until, owed.schemes) == (
        saved.id,
        YearMonth(2026, 9),
        YearMonth(2026, 10),
        ("110", "210"),
    )


def test_p01_without_back_collection_nothing_is_claimed(office: Office) -> None:
    office.pass_through("P01", since="20260901", back_collect="0")
    assert office.register.entitlements(HERE) == []


def test_p01_who_was_stopped_here_resumes(office: Office) -> None:
    filed = office.insure(state=CoverageState.SUSPENDED, first_unpaid=YearMonth(2026, 3))
    saved = office.pass_through("P01")
    assert office.item(saved).verdict == "续保"
    assert log(office)[0][:2] == ("12", "121")
    row = office.coverages()["110"]
    assert (row.person, row.state, row.first_unpaid) == (filed.number, CoverageState.PAYING, None)


def test_p01_who_was_stopped_elsewhere_is_transferred(office: Office) -> None:
    office.insure(state=CoverageState.SUSPENDED, employer=THERE)
    saved = office.pass_through("P01")
    assert office.item(saved).verdict == "单位间转移"
    assert log(office)[0][:2] == ("14", "141")
    filed = office.register.person_by_id(ZHANG)
    assert filed is not None
    assert filed.employer == HERE
    assert {row.employer for row in office.coverages().values()} == {HERE}


def test_p01_a_missing_scheme_is_added_and_the_others_stay(office: Office) -> None:
    office.insure(schemes=("110", "210"))
    before = office.coverages()
    saved = office.pass_through("P01")
    assert office.item(saved).verdict == "险种新增"
    after = office.coverages()
    assert set(after) == {"110", "210", "310", "410"}
    assert {scheme: after[scheme] for scheme in before} == before


def test_p01_work_injury_alone_is_added_beside_another_employer_that_keeps_the_person(office: Office) -> None:
    office.insure(schemes=("110", "210"), employer=THERE)
    office.pass_through("P01", schemes="410")
    filed = office.register.person_by_id(ZHANG)
    assert filed is not None
    assert filed.employer == THERE
    assert {scheme: row.employer for scheme, row in office.coverages().items()} == {
        "110": THERE,
        "210": THERE,
        "410": HERE,
    }


def test_p01_leaves_key_data_of_somebody_on_file_to_p10(office: Office) -> None:
    filed = office.insure(state=CoverageState.SUSPENDED)
    renamed = replace(filed, id_number=LI, name="张叁", former_numbers=(ZHANG,))
    office.register.put(renamed)
    office.pass_through("P01", ZHANG, phone="13911112222")
    now = office.register.person(filed.number)
    assert now is not None
    assert (now.id_number, now.name, now.phone) == (LI, "张叁", "13911112222")


@pytest.mark.parametrize(
    ("reason", "state", "kind", "life"),
    [
        ("221", CoverageState.SUSPENDED, "22", PersonState.WORKING),
        ("251", CoverageState.ENDED, "25", PersonState.RETIRED),
        ("212", CoverageState.ENDED, "21", PersonState.WORKING),
    ],
)
def test_p05_suspends_or_ends_by_its_reason(
    office: Office, reason: str, state: CoverageState, kind: str, life: PersonState
) -> None:
    office.insure()
    office.pass_through("P05", reason=reason, on="20261110", schemes="110 210")
    rows = office.coverages()
    assert {scheme: row.state for scheme, row in rows.items()} == {
        "110": state,
        "210": state,
        "310": CoverageState.PAYING,
        "410": CoverageState.PAYING,
    }
    assert (rows["110"].stopped_on, rows["110"].first_unpaid) == (date(2026, 11, 10), YearMonth(2026, 12))
    assert log(office) == [(kind, reason, ("110", "210"))]
    filed = office.register.person_by_id(ZHANG)
    assert filed is not None
    assert filed.state is life


def test_p05_death_ends_everything_for_good(office: Office) -> None:
    office.insure()
    office.pass_through("P05", reason="211", on="20261110", died_on="20261108")
    assert {row.state for row in office.coverages().values()} == {CoverageState.ENDED}
    filed = office.register.person_by_id(ZHANG)
    assert filed is not None
    assert filed.state is PersonState.ENDED


def test_p05_the_month_of_the_stop_is_unpaid_where_the_region_says_so(office: Office) -> None:
    history = office.policy.settings["stop_month_payable"]
    unpaid = replace(history, values=(replace(history.values[0], value=False),))
    office.policy = replace(office.policy, settings={**office.policy.settings, "stop_month_payable": unpaid})
    office.insure()
    office.pass_through("P05", on="20261110")
    assert office.coverages()["110"].first_unpaid == MONTH
    office.settle("P30")
    assert office.bill_of().lines == ()


def test_p10_a_new_number_keeps_the_old_one_and_open_items_follow(office: Office) -> None:
    filed = office.insure()
    stop = office.save("P05")
    new = id_number(5)
    changed = office.pass_through("P10", new_id_number=new, new_name="张叁", paper_identity="1")
    now = office.register.person(filed.number)
    assert now is not None
    assert (now.id_number, now.name, now.former_numbers) == (new, "张叁", (ZHANG,))
    assert (office.item(stop).id_number, office.item(stop).person_name) == (new, "张叁")
    decided = office.register.transitions(changed.id)[-1].operation
    history = {row.field: (row.before, row.after) for row in office.register.all(PersonChange, operation=decided)}
    assert history == {"id_number": (ZHANG, new), "name": ("张三", "张叁")}
    assert office.submit(stop).status is Status.APPLIED
    assert office.review(stop).status is Status.APPLIED
    assert {row.state for row in office.coverages(new).values()} == {CoverageState.SUSPENDED}


def test_p10_a_number_that_somebody_else_holds_is_refused_even_at_the_review(office: Office) -> None:
    office.insure()
    saved = office.save("P10", new_id_number=LI, paper_identity="1")
    office.submit(saved)
    office.insure("130400990002", LI)
    assert office.review(saved).status is Status.CONFLICT
    refused = office.act("P10.save", office_body(office, saved.id))
    assert refused.status is not Status.APPLIED


def office_body(office: Office, item: str) -> dict[str, object]:
    return {"form": {**office.item(item).body, "reason": "再次"}, "override": None}


def test_p11_takes_effect_when_it_is_saved(office: Office) -> None:
    office.insure()
    saved = office.save("P11", new_phone="13911112222")
    filed = office.register.person_by_id(ZHANG)
    assert filed is not None
    assert filed.phone == "13911112222"
    (change,) = office.register.all(PersonChange, operation=saved.id)
    assert (change.field, change.before, change.after) == ("phone", "13900000000", "13911112222")
    assert log(office) == [("98", "", ())]
