"""Taking an assessment back (P34): one asks, a second person agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.bills import Bill, BillState, MonthState, RollBack
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import stop, stop_text
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import employer_of
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected
from counter_tui.operations.receiving import in_reception
from counter_tui.operations.rights import in_groups, may_use, must_hold, not_the_maker
from counter_tui.operations.settling import DONE
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from counter_tui.domain.problems import Problem
    from counter_tui.operations.register import Register


def roll_back_problem(register: Register, bill: Bill | None) -> Problem | None:
    """Say why an assessment cannot be taken back (M58)."""
    if bill is None or bill.state is BillState.VOID:
        return stop_text("month", "该月没有可回退的核定")
    if bill.state in {BillState.PAID, BillState.PART_PAID}:
        return stop("month", "M58")
    later = register.unit_month(bill.employer, bill.month + 1)
    if later is not None and later.state in DONE:
        # The sentence of M58 speaks of money; here the clerk needs the month that comes first.
        return stop_text("month", f"{later.month} 已核定，不能回退，请先回退 {later.month}（M58）")
    return None


@decides("rollback.ask", at_hub=True)
def ask_roll_back(case: Case) -> Outcome:
    """A clerk asks to take an assessment back; nothing changes until a second person agrees (P34)."""
    body, employer = case.operation.body, employer_of(case)
    bill = case.register.bill(body["bill"])
    if refusal := may_use(case, "P34") or in_reception(case, employer) or roll_back_problem(case.register, bill):
        return rejected(refusal)
    if bill is None or bill.employer != employer:
        return rejected(stop_text("month", "核定单不属于接待的单位，请核对"))
    if case.register.roll_back(employer, bill.month):
        return rejected(stop_text("month", "该月已有待确认的回退申请，请等待第二人确认"))
    if not body["reason"].strip():
        return rejected(stop_text("reason", "核定回退必须填写原因"))
    asked = RollBack(
        operation=case.operation.op_id,
        employer=employer,
        month=bill.month,
        bill=bill.number,
        reason=body["reason"].strip(),
        state="asked",
        maker=stamp(case.operation),
    )
    return applied(asked)


@decides("rollback.confirm", at_hub=True)
def confirm_roll_back(case: Case) -> Outcome:
    """A second person agrees (U4, T14): bill void, items approved again, the month open again."""
    body = case.operation.body
    month = YearMonth.parse(body["month"])
    asked = case.register.roll_back(body["employer"], month)
    if asked is None or asked.operation != body["request"] or asked.employer != employer_of(case):
        return conflict("该回退申请已处理，请按 F5 刷新")
    if refusal := must_hold(case, Right.CONFIRM) or in_groups(case, "P34") or not_the_maker(case, asked.maker):
        return rejected(refusal)
    if not body["agree"]:
        return applied(replace(asked, state="refused"))
    bill = case.register.bill(asked.bill)
    if refusal := roll_back_problem(case.register, bill):
        return rejected(refusal)
    employer = case.register.employer(asked.employer)
    kept = case.register.unit_month(asked.employer, month)
    if bill is None or employer is None or kept is None:
        return conflict("该月核定已变化，请按 F5 刷新")
    items = [item for each in bill.items if (item := case.register.item(each)) is not None]
    reopened = [replace(item, state=ItemState.APPROVED, bill="") for item in items if item.state is ItemState.SETTLED]
    owed = [entry for entry in case.register.entitlements(employer.number) if entry.state == bill.number]
    return applied(
        replace(asked, state="done"),
        replace(bill, state=BillState.VOID),
        replace(kept, state=MonthState.ROLLED_BACK),
        replace(employer, settlement_month=month),
        *reopened,
        *(step(case, item, ItemState.SETTLED, asked.reason) for item in reopened),
        *(replace(entry, state="open") for entry in owed),
    )
