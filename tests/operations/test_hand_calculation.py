"""Bills of two small employers, worked out by hand; the working stands beside each figure.

Handan, November 2026: pension, unemployment, injury between 4,076.00 and 20,382.00, medical between 3,780.00 and
18,900.00 (training figures); 16 %/8 %, 0.7 %/0.3 %, 8 %/2 %, injury class 3 0.7 %.
Tianjin, October and November 2026: all between 5,180.00 and 25,902.00; 16 %/8 %, 0.5 %/0.5 %, 10.5 %/2 %, 0.7 %.
Amounts in fen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth
from counter_tui.operations.outcome import Status
from tests.operations.office import HERE, id_number

if TYPE_CHECKING:
    from counter_tui.domain.bills import Bill
    from tests.operations.office import Office

WAGES = {id_number(11): "3500", id_number(13): "8888.88", id_number(15): "30000"}
STAYS, LEAVES = id_number(17), id_number(19)


def shares(bill: Bill, fee_type: str = "10") -> dict[str, tuple[int, int]]:
    return {line.scheme: (line.employer, line.person) for line in bill.lines if line.fee_type == fee_type}


def test_a_handan_employer_with_three_enrolments_and_one_stop_owes_13512_yuan_03(office: Office) -> None:
    office.insure("130400990017", STAYS, wage=500001)
    office.insure("130400990019", LEAVES, wage=600000)
    for id_, wage in WAGES.items():
        office.pass_through("P01", id_, wage=wage)
    office.pass_through("P05", LEAVES, on="20261031")
    assert office.settle("P29").status is Status.APPLIED
    bill = office.bill_of()
    assert shares(bill) == {
        # 652.16 + 1,422.22 + 3,261.12 + 800.00; 326.08 + 711.11 + 1,630.56 + 400.00
        "110": (613550, 306775),
        # 28.53 + 62.22 + 142.67 + 35.00; 12.23 + 26.67 + 61.15 + 15.00
        "210": (26842, 11505),
        # 302.40 + 711.11 + 1,512.00 + 400.00; 75.60 + 177.78 + 378.00 + 100.00
        "310": (292551, 73138),
        # 28.53 + 62.22 + 142.67 + 35.00
        "410": (26842, 0),
    }
    by_scheme = {line.scheme: line for line in bill.lines}
    assert by_scheme["110"].employer_base == 3834689  # 4,076.00 + 8,888.88 + 20,382.00 + 5,000.01
    assert by_scheme["310"].employer_base == 3656889  # 3,780.00 + 8,888.88 + 18,900.00 + 5,000.01
    assert by_scheme["110"].wages == 4738889  # 3,500.00 + 8,888.88 + 30,000.00 + 5,000.01
    assert by_scheme["110"].account_person == 306775
    assert (by_scheme["410"].person_base, by_scheme["110"].heads) == (0, 4)
    assert bill.total == 1351203  # 9,203.25 + 383.47 + 3,656.89 + 268.42


def test_who_stops_on_the_first_still_pays_that_month(office: Office) -> None:
    office.insure("130400990019", LEAVES, wage=600000)
    office.pass_through("P05", LEAVES, on="20261101")
    office.settle("P29")
    # 6,000.00: 960 + 480; 42 + 18; 480 + 120; 42
    assert office.bill_of().total == 214200
    office.today = office.today.replace(month=12)
    office.settle("P29", YearMonth(2026, 12))
    assert office.bill_of(YearMonth(2026, 12)).total == 0


def test_a_late_month_bears_its_late_fee_by_flag_only(office: Office) -> None:
    october = YearMonth(2026, 10)
    office.amend_employer(settlement_month=october)
    office.insure("130400990019", LEAVES, wage=600000)
    assert "年利率" in office.act("month.settle", office.order("P31", october, interest=True)).sentence
    office.settle("P31", october, late_fee=True, late_fee_until="2026-11-23")
    bill = office.bill_of(october)
    # Due on 25 October; 6 days of October and 23 of November at 0.05 %: 1.45 % of 1,440, 60, 600 and 42 yuan.
    assert {line.scheme: line.late_fee for line in bill.lines} == {"110": 2088, "210": 87, "310": 870, "410": 61}
    assert bill.total == 217306
    office.settle("P31")
    assert office.bill_of().total == 214200


def test_a_tianjin_employer_with_one_late_enrolment_owes_6631_yuan_66(tianjin: Office) -> None:
    tianjin.insure("130400990017", STAYS, wage=700037)
    tianjin.pass_through("P01", id_number(11), wage="5000", since="20261001")
    assert tianjin.settle("P30").status is Status.APPLIED
    bill = tianjin.bill_of()
    assert shares(bill) == {
        "110": (194886, 97443),  # 828.80 + 1,120.06; 414.40 + 560.03
        "210": (6090, 6090),  # 25.90 + 35.00, twice
        "310": (127894, 24361),  # 543.90 + 735.04; 103.60 + 140.01
        "410": (8526, 0),  # 36.26 + 49.00
    }
    assert shares(bill, "20") == {
        "110": (82880, 41440),
        "210": (2590, 2590),
        "310": (54390, 10360),
        "410": (3626, 0),
    }
    assert {(line.since, line.until) for line in bill.lines if line.fee_type == "20"} == {
        (YearMonth(2026, 10), YearMonth(2026, 10))
    }
    assert bill.total == 663166  # 4,652.90 for November, 1,978.76 for October
    assert {row.state for row in tianjin.register.entitlements(HERE)} == {bill.number}
