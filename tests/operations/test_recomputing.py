"""A bill computed again once the year's limits are published, or when nothing has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from counter_tui.domain.bills import BillState
from counter_tui.domain.calendar import YearMonth
from counter_tui.operations.outcome import Status
from counter_tui.operations.recomputing import BillNotHere, VoidBill, recompute
from counter_tui.policy.contributions import contribution
from counter_tui.policy.dated import Confidence, Value
from counter_tui.policy.explanation import CARRIED, borne
from counter_tui.policy.provisional import provisional_policy
from tests.operations.office import HERE, id_number, law

if TYPE_CHECKING:
    from counter_tui.domain.bills import Bill
    from counter_tui.operations.recomputing import Recomputation
    from counter_tui.policy.regions import Policy
    from tests.operations.office import Office

JANUARY, DAY, LATER = YearMonth(2027, 1), date(2027, 1, 20), date(2027, 8, 1)
LOW, MIDDLE, HIGH = ("130400990017", 300000), ("130400990019", 600000), ("130400990021", 3000000)


def published(policy: Policy) -> Policy:
    """The law with limits of 2027 for pension: 4,200.00 and 21,000.00, out on 20 July."""

    def added(fen: int) -> Value[int]:
        return Value(
            value=fen,
            since=JANUARY,
            until=YearMonth(2027, 12),
            known_from=date(2027, 7, 20),
            by="演示文号〔2027〕1号",
            confidence=Confidence.HIGH,
        )

    floors, ceilings = dict(policy.floors), dict(policy.ceilings)
    floors["110"] = replace(floors["110"], values=(*floors["110"].values, added(420000)))
    ceilings["110"] = replace(ceilings["110"], values=(*ceilings["110"].values, added(2100000)))
    return replace(policy, floors=floors, ceilings=ceilings)


def january(office: Office) -> Bill:
    """A January settled before anything of the year was published."""
    office.today = DAY
    office.amend_employer(settlement_month=JANUARY)
    for place, (number, wage) in enumerate((LOW, MIDDLE, HIGH)):
        office.insure(number, id_number(31 + 2 * place), wage=wage)
    outcome = office.settle("P29", JANUARY)
    assert outcome.status is Status.APPLIED, outcome
    return office.bill_of(JANUARY)


def again(office: Office, bill: Bill, now: Policy, day: date = LATER) -> Recomputation:
    then = provisional_policy(law("handan"), DAY)
    return recompute(office.register, then, provisional_policy(now, day), bill, office.register.roster(bill.number))


def test_a_month_without_published_limits_is_settled_provisionally(office: Office) -> None:
    bill = january(office)
    by_scheme = {line.scheme: line for line in bill.lines}
    # 4,076.00 + 6,000.00 + 20,382.00
    assert by_scheme["110"].employer_base == 3045800
    assert {
        mark for name, marks in borne(bill.marks) if name == law("handan").scheme_name("110") for mark in marks
    } == {CARRIED}


def test_the_difference_is_what_was_worked_out_by_hand(office: Office) -> None:
    found = again(office, january(office), published(law("handan")))
    pension = {row.row.person: row for row in found.rows if row.row.scheme == "110"}
    # 4,200.00: 672.00 + 336.00 less 652.16 + 326.08; 21,000.00: 3,360.00 + 1,680.00 less 3,261.12 + 1,630.56
    assert [(row.employer_difference, row.person_difference) for row in pension.values()] == [
        (1984, 992),
        (0, 0),
        (9888, 4944),
    ]
    assert found.difference == sum(row.difference for row in found.rows) == 2976 + 14832
    assert len(found.changed) == 2
    assert "补收 178.08" in found.words
    assert "不加收滞纳金" in found.words


def test_the_reason_names_both_citations_down_to_the_law(office: Office) -> None:
    found = again(office, january(office), published(law("handan")))
    said = found.changed[0].explain()
    change = next(line for line in said.lines if line.label == "缴费下限变化")
    assert "暂按 2026-01 至 2026-12 的数值 4,076.00，公布后补差" in change.value
    assert "→ 4,200.00（演示文号〔2027〕1号）" in change.value
    assert change.below is not None
    sources = [line.below() for line in change.below().lines if line.below is not None]
    assert len(sources) == 2
    assert "演示文号" in "\n".join(sources[1].text())
    assert any("不加收滞纳金" in line.value for line in said.lines)


def test_provisional_and_difference_make_final_for_everybody(office: Office) -> None:
    final = published(law("handan"))
    found = again(office, january(office), final)
    settled = provisional_policy(final, LATER)
    for row in found.rows:
        owed = contribution(settled, row.row.scheme, JANUARY, row.row.wage, injury_class=3)
        assert row.row.employer + row.employer_difference == owed.employer
        assert row.row.person_due + row.person_difference == owed.person


def test_where_nothing_changed_that_is_said(office: Office) -> None:
    found = again(office, january(office), law("handan"))
    assert not found.changed
    assert (found.difference, found.words) == (0, "现行数值与核定时一致，没有差额")


def test_who_no_longer_pays_here_gets_no_difference(office: Office) -> None:
    bill = january(office)
    roster = office.register.roster(bill.number)
    assert roster is not None
    gone = replace(roster, rows=tuple(replace(row, person="130400999999") for row in roster.rows))
    law_now = provisional_policy(published(law("handan")), LATER)
    found = recompute(office.register, law_now, law_now, bill, gone)
    assert {row.why for row in found.rows} == {"已不在本单位缴费，不补差"}
    assert found.difference == 0


def test_a_void_bill_and_a_bill_without_its_persons_are_refused(office: Office) -> None:
    bill = january(office)
    now = provisional_policy(law("handan"), DAY)
    with pytest.raises(VoidBill, match=f"核定单 {bill.number} 已作废，不能复算"):
        recompute(office.register, now, now, replace(bill, state=BillState.VOID), None)
    with pytest.raises(BillNotHere, match="没有核定单"):
        recompute(office.register, now, now, bill, None)
    assert bill.employer == HERE
