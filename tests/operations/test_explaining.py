"""A bill is explained down to the law, every level adding up to the one above."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from counter_tui.domain.bills import Roster
from counter_tui.domain.calendar import YearMonth
from counter_tui.operations.explaining import GROUP, Dues, explain_line, explain_total
from tests.operations.office import HERE, TODAY, id_number, law

if TYPE_CHECKING:
    from typing import Any

    from counter_tui.domain.bills import Bill
    from counter_tui.policy.explanation import Explanation, Line
    from tests.operations.office import Office

STAYS, LEAVES = id_number(17), id_number(19)


def dues(office: Office, bill: Bill, region: str = "handan", **changes: Any) -> Dues:
    employer, roster = office.register.employer(HERE), office.register.roster(bill.number)
    assert employer is not None
    assert isinstance(roster, Roster)
    plain = Dues(
        title=f"核定单 {bill.number}",
        employer=employer,
        month=bill.month,
        due_on=bill.due_on,
        lines=bill.lines,
        rows=roster.rows,
        collected=[entry for entry in office.register.entitlements(HERE) if entry.state == bill.number],
        names={},
        marks=bill.marks,
        worked_out=TODAY,
        late_fee_until=None,
        then=law(region),
        now=law(region),
    )
    return replace(plain, **changes)


def fen(line: Line) -> int:
    return int(Decimal(line.value.replace(",", "")) * 100)


def down(explanation: Explanation, start: str) -> Explanation:
    line = next(line for line in explanation.lines if line.label.startswith(start))
    assert line.below is not None
    return line.below()


def told(explanation: Explanation) -> str:
    return "\n".join(explanation.text())


def test_every_level_of_a_bill_adds_up_to_the_one_above(office: Office) -> None:
    office.insure("130400990017", STAYS, wage=500001)
    office.insure("130400990019", LEAVES, wage=350000)
    office.settle("P29")
    bill = office.bill_of()
    total = explain_total(dues(office, bill))
    *schemes, grand = total.lines
    assert fen(grand) == sum(map(fen, schemes)) == bill.total
    assert [fen(line) for line in schemes] == [line.total for line in bill.lines]
    for line in schemes:
        assert line.below is not None
        persons = [each for each in line.below().lines if each.below is not None]
        assert sum(map(fen, persons)) == fen(line)
        for person in persons:
            assert person.below is not None
            sides = [each for each in person.below().lines if each.label in ("单位应缴", "个人应缴")]
            assert sum(map(fen, sides)) == fen(person)


def test_the_grand_total_leads_down_to_the_document_of_the_floor(office: Office) -> None:
    office.insure("130400990019", LEAVES, wage=350000)
    office.settle("P29")
    total = explain_total(dues(office, office.bill_of()))
    floor = down(down(down(total, "企业职工基本养老保险"), "130400990019"), "缴费下限")
    assert "文件：冀人社字〔2026〕57号" in floor.text()


def test_amounts_that_rest_on_invented_figures_are_marked_on_the_way(office: Office) -> None:
    office.insure("130400990019", LEAVES, wage=350000)
    office.settle("P29")
    marked = {line.label[:4] for line in explain_total(dues(office, office.bill_of())).lines if line.marks}
    assert marked == {"职工基本", "应缴合计"}


def test_many_persons_are_met_by_the_hundred_and_still_add_up(office: Office) -> None:
    for place in range(GROUP + 20):
        office.insure(f"1304009{place:05d}", id_number(100 + place), wage=400000 + place)
    office.settle("P29")
    bill = office.bill_of()
    line = bill.lines[0]
    groups = [each for each in explain_line(dues(office, bill), line).lines if each.below is not None]
    assert [each.label for each in groups] == ["第 1 至 100 人", "第 101 至 120 人"]
    assert sum(map(fen, groups)) == line.total
    for group in groups:
        assert group.below is not None
        assert sum(map(fen, group.below().lines)) == fen(group)


def test_back_months_are_explained_month_by_month(tianjin: Office) -> None:
    tianjin.pass_through("P01", id_number(11), wage="5000", since="20260901")
    tianjin.settle("P30")
    bill = tianjin.bill_of()
    for line in (each for each in bill.lines if each.fee_type == "20"):
        explained = explain_line(dues(tianjin, bill, "tianjin"), line)
        (person,) = [each for each in explained.lines if each.below is not None]
        assert fen(person) == line.total
        assert person.below is not None
        months = person.below().lines
        assert [month.label for month in months] == ["2026-09", "2026-10"]
        assert sum(map(fen, months)) == line.total
    pension = next(each for each in bill.lines if (each.fee_type, each.scheme) == ("20", "110"))
    month = down(down(explain_line(dues(tianjin, bill, "tianjin"), pension), "9"), "2026-09")
    assert "津人社局发〔2026〕5号" in told(down(month, "缴费下限"))


def test_a_late_fee_leads_to_its_article_and_to_the_day_it_runs_from(office: Office) -> None:
    october = YearMonth(2026, 10)
    office.amend_employer(settlement_month=october)
    office.insure("130400990019", LEAVES, wage=600000)
    office.settle("P31", october, late_fee=True, late_fee_until="2026-11-20")
    bill = office.bill_of(october)
    known = dues(office, bill, late_fee_until=TODAY.replace(day=20))
    fee = down(explain_line(known, bill.lines[0]), "滞纳金")
    assert "缴费截止日：2026-10-25" in told(fee)
    assert "条款：第八十六条" in told(down(fee, "每日 0.05%"))
    forgotten = explain_line(dues(office, bill), bill.lines[0])
    assert "计算截止日未随核定单保存" in told(forgotten)


def test_a_late_fee_that_rests_on_an_unconfirmed_due_day_says_so(tianjin: Office) -> None:
    october = YearMonth(2026, 10)
    tianjin.amend_employer(settlement_month=october)
    tianjin.insure("130400990019", LEAVES, wage=600000)
    tianjin.settle("P31", october, late_fee=True, late_fee_until="2026-11-23")
    bill = tianjin.bill_of(october)
    assert "〔未确认〕滞纳金" in bill.marks
    line = next(
        each for each in explain_line(dues(tianjin, bill, "tianjin"), bill.lines[0]).lines if each.label == "滞纳金"
    )
    assert line.marks == ("未确认",)


def test_a_bill_stays_as_it_was_assessed_when_the_law_changes_and_says_so(office: Office) -> None:
    office.insure("130400990019", LEAVES, wage=350000)
    office.settle("P29")
    bill = office.bill_of()
    then = law("handan")
    floors = {
        scheme: replace(history, values=tuple(replace(each, value=each.value + 10000) for each in history.values))
        for scheme, history in then.floors.items()
    }
    changed = dues(office, bill, now=replace(then, floors=floors))
    pension = explain_line(changed, bill.lines[0])
    assert "与现行数值不同，以核定时为准" in told(pension)
    person = down(pension, "130400990019")
    assert "缴费下限：4,076.00" in told(person)
    assert "缴费下限：4,176.00" in told(down(person, "与现行数值不同"))

    unknown = down(explain_line(replace(changed, then=changed.now), bill.lines[0]), "130400990019")
    assert "核定时的单位应缴：652.16" in told(unknown)
    assert "缴费下限：4,176.00" in told(down(unknown, "与现行数值不同"))
    same = explain_line(dues(office, bill), bill.lines[0])
    assert "与现行数值不同" not in told(same)


def test_interest_leads_to_the_rate_of_each_year(office: Office) -> None:
    october = YearMonth(2026, 10)
    office.amend_employer(settlement_month=october)
    office.insure("130400990019", LEAVES, wage=600000)
    office.settle("P31", october)
    bill, policy = office.bill_of(october), law("handan")
    rate = replace(policy.setting("late_fee_due_day"), value=43500, by="虚构〔2026〕1号")
    history = replace(policy.settings["arrears_interest_ppm"], values=(rate,), gaps=())
    known = replace(policy, settings={**policy.settings, "arrears_interest_ppm": history})
    # 1,440.00 of pension, one month overdue at 4.35 % a year.
    line = replace(bill.lines[0], interest=522)
    explained = explain_line(dues(office, bill, then=known, now=known), line)
    interest = down(explained, "利息")
    assert "文件：虚构〔2026〕1号" in told(down(interest, "2026-11"))
    other = explain_line(dues(office, bill, then=known, now=known), replace(line, interest=523))
    assert next(each for each in other.lines if each.label == "利息").below is None
