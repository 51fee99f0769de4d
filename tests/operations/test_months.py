"""The month of an employer: U1-U4, settlement with and without changes, roll-back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.bills import BillState, MonthState
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.employers import SchemeState
from counter_tui.operations.assessment import assess
from counter_tui.operations.outcome import Status
from counter_tui.operations.settling import month_state
from tests.operations.office import CLERK, HERE, LI, MONTH, REVIEWER, SUPERVISOR, THERE, TODAY, ZHANG, law

if TYPE_CHECKING:
    from counter_tui.operations.envelope import Maker
    from tests.operations.office import Acted, Office


def state(office: Office, month: YearMonth = MONTH) -> MonthState:
    return month_state(office.register, office.employer(), month, office.today)


def settle(office: Office, function: str, month: YearMonth = MONTH, by: Maker = CLERK) -> Acted:
    return office.act("month.settle", office.order(function, month), by=by)


def test_u1_the_next_month_opens_once_this_one_is_settled_and_the_calendar_reaches_it(office: Office) -> None:
    december = MONTH + 1
    assert (state(office), state(office, december)) == (MonthState.READY, MonthState.NOT_OPEN)
    office.settle("P29")
    assert (state(office), state(office, december)) == (MonthState.ASSESSED, MonthState.NOT_OPEN)
    office.today = date(2026, 12, 1)
    assert state(office, december) is MonthState.READY


def test_the_state_of_an_open_month_follows_from_its_items(office: Office) -> None:
    saved = office.save("P01")
    assert state(office) is MonthState.OPEN
    office.submit(saved)
    assert state(office) is MonthState.WAITING
    office.review(saved, result="2", reason="材料不全")
    assert state(office) is MonthState.RETURNED
    office.cancel(saved)
    office.submit(saved)
    office.review(saved)
    assert state(office) is MonthState.READY


def test_u2_a_month_without_changes_is_settled_at_once(office: Office) -> None:
    office.insure()
    assert office.settle("P31").status is Status.APPLIED
    kept = office.register.unit_month(HERE, MONTH)
    assert kept is not None
    assert (kept.state, kept.function) == (MonthState.ASSESSED, "P31")
    assert office.employer().settlement_month == MONTH + 1
    assert office.bill_of().state is BillState.ASSESSED


def test_u2_a_month_with_a_change_of_any_state_is_not_settled_without_changes(office: Office) -> None:
    office.insure()
    saved = office.save("P05")
    assert settle(office, "P31").messages == ["M25"]
    office.submit(saved)
    assert settle(office, "P31").messages == ["M25"]
    office.review(saved)
    assert settle(office, "P31").messages == ["M25"]


def test_u2_void_items_and_corrections_of_a_file_are_no_changes(office: Office) -> None:
    office.insure()
    saved = office.save("P05")
    office.act("item.delete", {"item": saved.id})
    office.save("P11", new_phone="13911112222")
    assert office.settle("P31").status is Status.APPLIED


def test_u3_a_month_is_settled_with_changes_once_all_are_approved(office: Office) -> None:
    office.insure("130400990002", LI)
    assert settle(office, "P30").messages == ["M26"]
    saved = office.save("P01")
    assert settle(office, "P30").messages == ["M23"]
    office.submit(saved)
    assert settle(office, "P30").messages == ["M24"]
    office.act("item.open", {"item": saved.id}, by=REVIEWER)
    assert settle(office, "P30").messages == ["M24"]
    office.review(saved, result="2", reason="材料不全")
    assert settle(office, "P30").messages == ["M23"]
    office.cancel(saved)
    office.submit(saved)
    office.review(saved)
    assert office.settle("P30").status is Status.APPLIED


@pytest.mark.parametrize("region", ["handan", "tianjin"])
@pytest.mark.parametrize("function", ["P29", "P31"])
def test_the_lines_of_a_bill_are_the_sums_of_its_roster(office: Office, region: str, function: str) -> None:
    office.policy = law(region)
    for place, wage in enumerate((123, 412345, 777777, 2999999, 5000000)):
        office.insure(f"13040099{place:04d}", str(place), wage=wage)
    assert office.settle(function).status is Status.APPLIED
    bill = office.bill_of()
    roster = office.register.roster(bill.number)
    assert roster is not None
    for line in bill.lines:
        rows = [row for row in roster.rows if row.scheme == line.scheme]
        assert line.heads == len(rows) == 5
        assert (line.employer, line.person) == (
            sum(row.employer for row in rows),
            sum(row.person_due for row in rows),
        )
        assert (line.wages, line.employer_base) == (sum(row.wage for row in rows), sum(row.base for row in rows))
    assert bill.total == sum(row.employer + row.person_due for row in roster.rows)
    assert [row.clamp for row in roster.rows[:4]] == ["raised"] * 4


def test_the_amount_that_was_read_is_the_amount_that_is_settled(office: Office) -> None:
    office.insure()
    body = {**office.order("P29"), "total": 1}
    moved = office.act("month.settle", body)
    assert moved.status is Status.CONFLICT
    assert "应缴金额已变化" in moved.sentence
    assert state(office) is MonthState.READY


def test_a_month_is_settled_once_and_in_its_turn(office: Office) -> None:
    office.amend_employer(settlement_month=YearMonth(2026, 10))
    assert settle(office, "P29", MONTH).messages == ["M28"]
    assert settle(office, "P29", MONTH + 1).messages == ["M29"]
    office.settle("P29", YearMonth(2026, 10))
    assert settle(office, "P29", YearMonth(2026, 10)).messages == ["M27"]
    assert office.settle("P29").status is Status.APPLIED
    assert settle(office, "P29", MONTH + 1).messages == ["M29"]


def test_more_than_three_months_behind_is_the_supervisors(office: Office) -> None:
    july = YearMonth(2026, 7)
    office.amend_employer(settlement_month=july)
    assert settle(office, "P29", july).messages == ["M30"]
    office.receive(by=SUPERVISOR, at=THERE)
    office.amend_employer(THERE, settlement_month=july)
    body = office.order("P29", july)
    assert office.act("month.settle", body, by=SUPERVISOR, at=THERE).status is Status.APPLIED


def test_outside_the_window_of_days_the_supervisor_settles(office: Office) -> None:
    history = office.policy.settings["assessment_window"]
    days = replace(history, values=(replace(history.values[0], value=(1, 15)),))
    office.policy = replace(office.policy, settings={**office.policy.settings, "assessment_window": days})
    assert settle(office, "P29").messages == ["M31"]
    office.today = TODAY.replace(day=15)
    assert office.settle("P29").status is Status.APPLIED


def test_wages_out_of_range_stop_a_region_that_rejects_them(office: Office) -> None:
    history = office.policy.settings["base_mode"]
    reject = replace(history, values=(replace(history.values[0], value="reject"),))
    office.policy = replace(office.policy, settings={**office.policy.settings, "base_mode": reject})
    office.insure(wage=100)
    refused = settle(office, "P29")
    assert (refused.messages, refused.outcome.problems[0].facts) == (["M32"], ("4",))


def test_a_new_employers_first_month_is_not_settled_without_staff(office: Office) -> None:
    office.amend_employer(joined=MONTH)
    assert "首月" in settle(office, "P31").sentence


def test_a_frozen_sealed_or_deregistered_employer_is_not_settled(office: Office) -> None:
    office.amend_employer(frozen="稽核")
    assert settle(office, "P31").messages == ["M52"]
    office.amend_employer(frozen="", sealed=True)
    assert "封存" in settle(office, "P31").sentence
    office.amend_employer(sealed=False, state="3")
    assert settle(office, "P31").messages == ["M05"]


def test_back_collection_stays_open_in_handan_and_is_billed_in_tianjin(office: Office, tianjin: Office) -> None:
    for each in (office, tianjin):
        each.pass_through("P01", since="20260901", back_collect="1")
        each.settle("P30")
    assert {line.fee_type for line in office.bill_of().lines} == {"10"}
    assert [row.state for row in office.register.entitlements(HERE)] == ["open"]
    assert {line.fee_type for line in tianjin.bill_of().lines} == {"10", "20"}


def test_nothing_is_collected_for_months_before_the_employer_took_part_in_a_scheme(tianjin: Office) -> None:
    schemes = tuple(
        replace(entry, since=MONTH) if entry.scheme == "310" else entry for entry in tianjin.employer().schemes
    )
    tianjin.amend_employer(schemes=schemes)
    tianjin.pass_through("P01", since="20260901", back_collect="1")
    tianjin.settle("P30")
    back = {line.scheme for line in tianjin.bill_of().lines if line.fee_type == "20"}
    assert back == {"110", "210", "410"}


def test_a_scheme_that_the_employer_does_not_pay_is_never_assessed(office: Office) -> None:
    office.insure()
    found = assess(office.register, office.policy, office.employer(), MONTH, schemes=("110", "120"))
    assert [line.scheme for line in found.lines] == ["110"]


def test_a_notice_handed_out_is_noted_once(office: Office) -> None:
    office.settle("P31")
    number = office.bill_of().number
    assert office.act("bill.notify", {"bill": number}).status is Status.APPLIED
    assert office.bill_of().state is BillState.NOTIFIED
    assert office.act("bill.notify", {"bill": number}).outcome.effects == ()
    assert office.act("bill.notify", {"bill": number}, at=THERE).status is Status.REJECTED


def asked_back(office: Office, reason: str = "基数有误") -> Acted:
    return office.act("rollback.ask", {"bill": office.bill_of().number, "reason": reason})


def answer(office: Office, asked: Acted, by: Maker, *, agree: bool = True) -> Acted:
    body = {"employer": HERE, "month": str(MONTH), "request": asked.id, "agree": agree}
    return office.act("rollback.confirm", body, by=by)


def test_u4_two_persons_roll_a_month_back_and_it_may_be_settled_again(tianjin: Office) -> None:
    tianjin.pass_through("P01", since="20260901", back_collect="1")
    tianjin.settle("P30")
    bill = tianjin.bill_of()
    asked = asked_back(tianjin)
    assert (state(tianjin), tianjin.bill_of().state) == (MonthState.ASSESSED, BillState.ASSESSED)
    assert "待确认" in asked_back(tianjin).sentence
    assert answer(tianjin, asked, REVIEWER).status is Status.APPLIED
    kept = tianjin.register.unit_month(HERE, MONTH)
    assert kept is not None
    assert (kept.state, state(tianjin)) == (MonthState.ROLLED_BACK, MonthState.READY)
    assert tianjin.employer().settlement_month == MONTH
    assert [row.state for row in tianjin.register.entitlements(HERE)] == ["open"]
    assert answer(tianjin, asked, REVIEWER).status is Status.CONFLICT
    assert tianjin.settle("P30").status is Status.APPLIED
    again = tianjin.bill_of()
    assert again.number != bill.number
    assert again.lines == bill.lines
    voided = tianjin.register.bill(bill.number)
    assert voided is not None
    assert voided.state is BillState.VOID


def test_u4_nobody_confirms_his_own_request(office: Office) -> None:
    office.settle("P31")
    asked = asked_back(office)
    assert answer(office, asked, replace(SUPERVISOR, human=CLERK.human)).messages == ["M59"]
    assert "岗位" in answer(office, asked, CLERK).sentence
    assert state(office) is MonthState.ASSESSED


def test_u4_a_refused_request_changes_nothing_and_may_be_made_again(office: Office) -> None:
    office.settle("P31")
    assert answer(office, asked_back(office), REVIEWER, agree=False).status is Status.APPLIED
    assert state(office) is MonthState.ASSESSED
    assert asked_back(office, " ").status is Status.REJECTED
    assert asked_back(office).status is Status.APPLIED


@pytest.mark.parametrize("paid", [BillState.PAID, BillState.PART_PAID])
def test_u4_a_month_whose_money_came_is_not_rolled_back(office: Office, paid: BillState) -> None:
    office.settle("P31")
    early = asked_back(office)
    office.register.put(replace(office.bill_of(), state=paid))
    assert asked_back(office).messages == ["M58"]
    assert answer(office, early, REVIEWER).messages == ["M58"]


def test_u4_the_last_settled_month_is_rolled_back_first(office: Office) -> None:
    october = YearMonth(2026, 10)
    office.amend_employer(settlement_month=october)
    office.settle("P31", october)
    office.settle("P31")
    refused = office.act("rollback.ask", {"bill": office.bill_of(october).number, "reason": "基数有误"})
    assert (refused.status, "M58" in refused.sentence, "2026-11" in refused.sentence) == (
        Status.REJECTED,
        True,
        True,
    )


def test_u4_another_employers_bill_is_not_rolled_back_here(office: Office) -> None:
    office.settle("P31")
    office.receive(at=THERE)
    number = office.bill_of().number
    assert office.act("rollback.ask", {"bill": number, "reason": "误"}, at=THERE).status is Status.REJECTED


def test_an_enrolment_of_a_settled_month_waits_for_the_next(office: Office) -> None:
    office.settle("P31")
    saved = office.save("P01", since="20261101")
    assert office.item(saved).month == MONTH + 1
    assert office.coverages(ZHANG) == {}


def test_what_is_approved_after_a_roll_back_counts_in_the_month_that_is_open_again(office: Office) -> None:
    office.settle("P31")
    saved = office.save("P01", since="20261101")
    assert answer(office, asked_back(office), REVIEWER).status is Status.APPLIED
    office.submit(saved)
    office.review(saved)
    assert office.item(saved).month == MONTH
    office.settle("P30")
    assert office.item(saved).bill == office.bill_of().number


def test_a_month_from_before_this_register_is_settled_already(office: Office) -> None:
    assert settle(office, "P29", MONTH - 1).messages == ["M27"]


def test_a_scheme_in_which_the_employer_rests_is_not_assessed_even_when_ticked(office: Office) -> None:
    office.insure()
    schemes = tuple(
        replace(entry, state=SchemeState.SUSPENDED) if entry.scheme == "210" else entry
        for entry in office.employer().schemes
    )
    office.amend_employer(schemes=schemes)
    found = assess(office.register, office.policy, office.employer(), MONTH, schemes=("110", "210"))
    assert [line.scheme for line in found.lines] == ["110"]


def test_some_schemes_alone_are_tried_but_never_settled(office: Office) -> None:
    office.insure()
    refused = office.settle("P29", schemes=["110"])
    assert "全部在缴险种" in refused.sentence
    assert state(office) is MonthState.READY


def test_a_region_with_the_annual_gate_waits_for_the_annual_declaration(office: Office) -> None:
    history = office.policy.settings["annual_gate"]
    gate = replace(history, values=(replace(history.values[0], value=True),))
    office.policy = replace(office.policy, settings={**office.policy.settings, "annual_gate": gate})
    assert settle(office, "P29").messages == ["M55"]
