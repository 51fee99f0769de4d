"""Receptions (P85) and what locks what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.bills import MonthState, UnitMonth
from counter_tui.domain.coverage import CoverageState
from counter_tui.domain.people import DataLock
from counter_tui.domain.problems import Rejected
from counter_tui.domain.receptions import Reception, ReceptionState
from counter_tui.operations.outcome import Status
from tests.operations.office import CLERK, COLLEAGUE, HERE, LI, MONTH, REVIEWER, THERE, Office, id_number

if TYPE_CHECKING:
    from tests.operations.office import Acted


def reception(office: Office, opened: Acted) -> Reception:
    found = office.register.reception(opened.id)
    assert found is not None
    return found


def move(office: Office, how: str, opened: Acted, by: object = CLERK) -> Acted:
    return office.act(f"reception.{how}", {"reception": opened.id}, by=by)  # type: ignore[arg-type]


def test_a_window_has_one_open_reception_at_most() -> None:
    office = Office()
    first, second = office.receive(HERE), office.receive(THERE)
    states = [reception(office, each).state for each in (first, second)]
    assert states == [ReceptionState.SUSPENDED, ReceptionState.OPEN]
    move(office, "resume", first)
    states = [reception(office, each).state for each in (first, second)]
    assert states == [ReceptionState.OPEN, ReceptionState.SUSPENDED]


def test_a_suspended_or_closed_reception_takes_no_business() -> None:
    office = Office()
    first = office.receive(HERE)
    assert move(office, "suspend", first).status is Status.APPLIED
    assert "接待" in office.save("P01").sentence
    move(office, "resume", first)
    assert office.save("P01").status is Status.APPLIED
    move(office, "close", first)
    assert reception(office, first).closed_at is not None
    assert "接待" in office.save("P01", LI).sentence
    for how in ("suspend", "resume", "close"):
        assert move(office, how, first).status is Status.REJECTED


def test_a_reception_belongs_to_its_window() -> None:
    office = Office()
    first = office.receive(HERE)
    assert "003 号窗口" in move(office, "close", first, by=COLLEAGUE).sentence
    borrowed = office.act("P01.save", office.filled("P01"), by=COLLEAGUE, reception=first.id)
    assert borrowed.status is Status.REJECTED


def test_business_for_one_employer_is_not_done_in_the_reception_of_another() -> None:
    office = Office()
    first = office.receive(HERE)
    stray = office.act("P01.save", office.filled("P01", at=THERE), at=THERE, reception=first.id)
    assert "没有该单位的接待" in stray.sentence


def test_nobody_is_received_who_is_not_on_the_register() -> None:
    office = Office()
    assert "没有这个单位" in office.receive("130400009999").sentence
    nobody = office.receive("", subject="2", person="")
    assert nobody.status is Status.REJECTED
    assert office.receive("", subject="2", person=id_number(9)).status is Status.APPLIED


def test_a_reviewer_receives_nobody() -> None:
    assert "岗位" in Office().receive(by=REVIEWER).sentence


@pytest.mark.parametrize("how", ["edit", "delete"])
def test_l1_a_submitted_item_is_neither_edited_nor_deleted(office: Office, how: str) -> None:
    saved = office.save("P01")
    body = {**office.filled_again(saved, wage="9000"), "item": saved.id}
    office.submit(saved)
    kind = "P01.edit" if how == "edit" else "item.delete"
    assert office.act(kind, body).messages == ["M22"]
    office.act("item.open", {"item": saved.id}, by=REVIEWER)
    assert office.act(kind, body).messages == ["M22"]


def test_l1_l2_an_open_item_keeps_another_of_its_kind_away(office: Office) -> None:
    again = office.filled("P01", wage="9000")
    saved = office.save("P01")
    found = [office.act("P01.save", again, at_hub=False).messages]
    office.submit(saved)
    found.append(office.act("P01.save", again, at_hub=False).messages)
    office.review(saved, result="2", reason="材料不全")
    found.append(office.act("P01.save", again, at_hub=False).messages)
    assert found == [["M09"], ["M10"], ["M11"]]
    office.act("item.delete", {"item": saved.id})
    assert office.act("P01.save", again, at_hub=False).status is Status.APPLIED


def test_l3_a_settled_month_takes_no_change(office: Office) -> None:
    body = office.filled("P01")
    office.register.put(
        UnitMonth(
            employer=HERE,
            month=MONTH,
            state=MonthState.ASSESSED,
            bill="1",
            function="P29",
            settled_at=datetime.fromisoformat("2026-11-20T00:00:00+00:00"),
        )
    )
    assert office.act("P01.save", body, at_hub=False).messages == ["M27"]


@pytest.mark.parametrize(
    ("lock", "function", "typed"),
    [
        (DataLock.KEY_DATA, "P10", {"new_name": "张叁"}),
        (DataLock.TRANSFER, "P05", {}),
        (DataLock.ALL, "P05", {}),
        (DataLock.ALL, "P10", {"new_name": "张叁"}),
        (DataLock.ALL, "P11", {"new_phone": "13911112222"}),
    ],
)
def test_l6_locked_data_are_not_changed(office: Office, lock: DataLock, function: str, typed: dict[str, str]) -> None:
    filed = office.insure()
    body = office.filled(function, **typed)
    office.register.put(replace(filed, lock=lock))
    assert office.act(f"{function}.save", body).messages == ["M46"]


def test_l6_a_lock_of_key_data_leaves_general_data_free(office: Office) -> None:
    filed = office.insure()
    office.register.put(replace(filed, lock=DataLock.KEY_DATA))
    assert office.save("P11", new_phone="13911112222").status is Status.APPLIED


def test_l7_a_frozen_employer_does_no_business(office: Office) -> None:
    body, saved = office.filled("P01"), office.save("P01", LI)
    office.amend_employer(frozen="稽核")
    for refused in (
        office.act("P01.save", body),
        office.submit(saved),
        office.act("item.delete", {"item": saved.id}),
        office.act("month.settle", office.order("P31")),
    ):
        assert refused.messages == ["M52"]


def test_l8_a_sealed_employer_enrols_nobody(office: Office) -> None:
    body = office.filled("P01")
    office.amend_employer(sealed=True)
    assert "封存" in office.act("P01.save", body).sentence


def test_l9_an_open_key_change_blocks_resumption(office: Office) -> None:
    office.insure(schemes=("110",))
    changed = office.save("P10", new_name="张叁")
    for row in office.coverages().values():
        office.register.put(replace(row, state=CoverageState.SUSPENDED))
    with pytest.raises(Rejected, match="关键信息修改"):
        office.save("P01")
    office.submit(changed)
    office.review(changed, result="2", reason="材料不全")
    office.act("item.delete", {"item": changed.id})
    assert office.save("P01").status is Status.APPLIED


def test_l10_the_second_window_only_looks_until_the_first_is_done() -> None:
    office = Office()
    first, second = office.receive(by=CLERK), office.receive(by=COLLEAGUE)
    assert [reception(office, each).read_only for each in (first, second)] == [False, True]
    body = office.filled("P01")
    assert "其他窗口" in office.act("P01.save", body, by=COLLEAGUE, at_hub=False).sentence
    assert office.act("P01.save", body, by=CLERK, at_hub=False).status is Status.APPLIED
    move(office, "close", first)
    assert office.act("P01.save", body, by=COLLEAGUE, at_hub=False).status is Status.APPLIED


def test_l10_the_hub_takes_what_a_counter_did_before_it_could_know() -> None:
    office = Office()
    office.receive(by=CLERK)
    office.receive(by=COLLEAGUE)
    assert office.save("P01", by=COLLEAGUE).status is Status.APPLIED


def test_l10_who_resumes_late_finds_the_employer_taken() -> None:
    office = Office()
    first = office.receive(by=CLERK)
    move(office, "suspend", first)
    second = office.receive(by=COLLEAGUE)
    assert not reception(office, second).read_only
    move(office, "resume", first)
    assert reception(office, first).read_only


def test_l11_an_employer_in_arrears_stops_nobody_in_tianjin(office: Office, tianjin: Office) -> None:
    for each in (office, tianjin):
        each.insure()
        each.amend_employer(arrears_months=1)
    assert tianjin.save("P05").messages == ["M33"]
    assert office.save("P05").status is Status.APPLIED


def test_l12_who_is_active_elsewhere_is_not_enrolled_here(office: Office) -> None:
    body = office.filled("P01")
    office.insure(employer=THERE)
    assert office.act("P01.save", body, at_hub=False).messages[0] == "M08"


def test_l1_a_former_number_does_not_open_a_second_item(office: Office) -> None:
    filed = office.insure()
    new = id_number(5)
    office.register.put(replace(filed, id_number=new, former_numbers=(filed.id_number,)))
    again = office.filled("P05", new, reason="222")
    saved = office.save("P05", filed.id_number)
    assert office.item(saved).id_number == new
    assert office.act("P05.save", again, at_hub=False).messages == ["M09"]


def test_l10_the_first_window_goes_on_when_it_resumes_beside_one_that_only_looks() -> None:
    office = Office()
    first = office.receive(by=CLERK)
    office.receive(by=COLLEAGUE)
    move(office, "suspend", first)
    move(office, "resume", first)
    assert not reception(office, first).read_only
