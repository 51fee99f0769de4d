"""The month of an employer: assess (P29), settle with or without changes (P30, P31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from counter_tui.domain.bills import Bill, BillState, MonthState, Roster, UnitMonth
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.declarations import ItemState
from counter_tui.domain.money import yuan
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import ask, stop, stop_text
from counter_tui.operations.assessment import NORMAL, Assessment, assess, with_interest, with_late_fee
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import employer_of
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected
from counter_tui.operations.receiving import in_reception
from counter_tui.operations.rights import may_use, must_hold
from counter_tui.operations.stamps import step
from counter_tui.policy.dated import NotInForce
from counter_tui.policy.provisional import provisional_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.problems import Problem
    from counter_tui.operations.register import Register
    from counter_tui.policy.regions import Policy

CHANGES = frozenset({"P01", "P02", "P03", "P04", "P05", "P06", "P20", "P21", "P22", "P41", "P42", "P43", "P47"})
"""Functions whose items count as changes of a month."""
WITH_CHANGES, WITHOUT_CHANGES, ASSESS = "P30", "P31", "P29"
SETTLING = frozenset({WITH_CHANGES, WITHOUT_CHANGES, ASSESS})
DONE = frozenset({MonthState.ASSESSED, MonthState.PAID})


def month_state(register: Register, employer: Employer, month: YearMonth, today: date) -> MonthState:
    """State of a unit-month: S5-S7 are stored, S0-S4 follow from calendar and items."""
    kept = register.unit_month(employer.number, month)
    if kept is not None and kept.state in DONE:
        return kept.state
    if month > YearMonth.of(today) or month > employer.settlement_month:
        return MonthState.NOT_OPEN
    states = {item.state for item in changes_of(register, employer.number, month)}
    if states & {ItemState.SUBMITTED, ItemState.IN_REVIEW}:
        return MonthState.WAITING
    if ItemState.REJECTED in states:
        return MonthState.RETURNED
    if ItemState.TO_SUBMIT in states:
        return MonthState.OPEN
    return MonthState.READY


def changes_of(register: Register, employer: str, month: YearMonth) -> Sequence[Item]:
    """Items that count as changes of the month, void ones left out."""
    return [
        item
        for item in register.items_of_month(employer, month)
        if item.function in CHANGES and item.state is not ItemState.VOID
    ]


def settlement_problems(
    register: Register, policy: Policy, employer: Employer, month: YearMonth, function: str, today: date
) -> Iterator[Problem]:
    """Say what stands between an employer and the settlement of a month (M05, M23-M31, M52)."""
    if employer.frozen:
        yield stop("month", "M52", employer.frozen)
    if employer.state != "1":
        yield stop("month", "M05")
    if employer.sealed:
        yield stop_text("month", "单位未按期年检，已封存，不能结算；请先办理年检，按 F12 返回")
    state = month_state(register, employer, month, today)
    if state in DONE or month < employer.settlement_month:
        yield stop("month", "M27", str(month))
        return
    if month > YearMonth.of(today):
        yield stop("month", "M29", str(month))
        return
    if month != employer.settlement_month:
        yield stop("month", "M28", str(employer.settlement_month))
        return
    yield from _calendar_problems(policy, month, today)
    yield from _item_problems(register, employer, month, function)


def _calendar_problems(policy: Policy, month: YearMonth, today: date) -> Iterator[Problem]:
    allowed = int(str(policy.parameter("max_unassessed_months")))
    if month.months_until(YearMonth.of(today)) > allowed:
        yield ask("month", "M30", str(allowed))
    if policy.parameter("annual_gate", month):
        yield stop("month", "M55")
    window = policy.parameter("assessment_window")
    if isinstance(window, tuple) and not int(window[0]) <= today.day <= int(window[1]):
        yield ask("month", "M31", str(window[0]), str(window[1]))


def _item_problems(register: Register, employer: Employer, month: YearMonth, function: str) -> Iterator[Problem]:
    changes = changes_of(register, employer.number, month)
    if function == WITHOUT_CHANGES:
        if any(item.state is not ItemState.SETTLED for item in changes):
            yield stop("month", "M25")
        return
    unsubmitted = [item for item in changes if item.state in {ItemState.TO_SUBMIT, ItemState.REJECTED}]
    if unsubmitted:
        yield stop("month", "M23", str(len(unsubmitted)))
    unreviewed = [item for item in changes if item.state in {ItemState.SUBMITTED, ItemState.IN_REVIEW}]
    if unreviewed:
        yield stop("month", "M24", str(len(unreviewed)))
    if function == WITH_CHANGES and all(item.state is ItemState.SETTLED for item in changes):
        yield stop("month", "M26")


def computed(
    register: Register, policy: Policy, employer: Employer, body: Mapping[str, Any], today: date
) -> Assessment:
    """The assessment that a settlement's body asks for: schemes, late fee and interest by flag.

    Where the region carries last year's limits until this year's are published, the month is worked out with them and
    marked 暂定; trial and decision go by the law as it was known on `today`.

    Raises:
        NotInForce: a figure is missing; its sentence names it.
    """
    month = YearMonth.parse(body["month"])
    policy = provisional_policy(policy, today)
    result = assess(register, policy, employer, month, schemes=body.get("schemes") or ())
    if body.get("late_fee"):
        until = date.fromisoformat(body["late_fee_until"]) if body.get("late_fee_until") else today
        result = with_late_fee(policy, result, until)
    if body.get("interest"):
        result = with_interest(policy, result, YearMonth.of(today))
    return result


@decides("month.settle", at_hub=True)
def settle(case: Case) -> Outcome:  # noqa: PLR0911  # every refusal is its own return
    """Fix what the employer owes (U2, U3, T13): the bill, its roster, the month, its items; the next month opens."""
    body = case.operation.body
    employer = case.register.employer(employer_of(case))
    if employer is None:
        return rejected(stop_text(None, "没有这个单位编号，请核对"))
    if body["function"] not in SETTLING:
        return rejected(stop_text(None, "不是结算业务，请用当期核定、有变动结算或无变动结算办理"))
    if refusal := may_use(case, body["function"]) or in_reception(case, employer.number):
        return rejected(refusal)
    month = YearMonth.parse(body["month"])
    problems = list(settlement_problems(case.register, case.policy, employer, month, body["function"], case.today))
    blocking = [each for each in problems if each.grade == "stop" or not _may_override(case)]
    if blocking:
        return rejected(*blocking)
    try:
        assessment = computed(case.register, case.policy, employer, body, case.today)
    except NotInForce as gap:
        return rejected(stop_text("month", gap.sentence))
    if refusal := _unfit(case, employer, assessment):
        return rejected(refusal)
    if assessment.total != body["total"]:
        return conflict(f"应缴金额已变化，原为 {yuan(body['total'])} 元，现为 {yuan(assessment.total)} 元")
    return _settled(case, employer, assessment)


def _may_override(case: Case) -> bool:
    return must_hold(case, Right.OVERRIDE) is None


def _unfit(case: Case, employer: Employer, assessment: Assessment) -> Problem | None:
    asked = case.operation.body.get("schemes")
    if asked and set(asked) != set(employer.paying):
        return stop_text("schemes", "核定须包括单位全部在缴险种，只勾部分险种可以试算；请改为全部后再按 F8")
    if case.policy.parameter("base_mode", assessment.month) == "reject" and assessment.out_of_range:
        return stop("month", "M32", str(len(assessment.out_of_range)))
    first = assessment.month == employer.joined
    if first and not assessment.roster:
        return stop_text("month", "新参保单位首月不能没有缴费人员，请先办理 11 人员参保")
    return None


def _settled(case: Case, employer: Employer, assessment: Assessment) -> Outcome:
    operation, month = case.operation, assessment.month
    number = case.register.next_bill_number(month)
    items = [item for item in changes_of(case.register, employer.number, month) if item.state is ItemState.APPROVED]
    settled = [replace(item, state=ItemState.SETTLED, bill=number) for item in items]
    bill = Bill(
        number=number,
        employer=employer.number,
        month=month,
        fee_type=NORMAL,
        state=BillState.ASSESSED,
        lines=assessment.lines,
        assessed_at=operation.made_at,
        due_on=assessment.due_on,
        operation=operation.op_id,
        maker=operation.maker.operator,
        function=operation.body["function"],
        policy_version=case.policy.version,
        marks=assessment.marks,
        items=tuple(item.id for item in items),
    )
    done = UnitMonth(
        employer=employer.number,
        month=month,
        state=MonthState.ASSESSED,
        bill=number,
        function=operation.body["function"],
        settled_at=operation.made_at,
    )
    return applied(
        bill,
        Roster(bill=number, rows=assessment.roster),
        done,
        replace(employer, settlement_month=month + 1),
        *settled,
        *(step(case, item, ItemState.APPROVED) for item in settled),
        *(replace(entry, state=number) for entry in assessment.collected),
    )


@decides("bill.notify")
def notify(case: Case) -> Outcome:
    """B1 → B2: the payment notice was handed out, at the settlement that it comes from or printed by itself."""
    bill = case.register.bill(case.operation.body["bill"])
    if (refusal := may_use(case, "P63")) and may_use(case, ASSESS):
        return rejected(refusal)
    if bill is None or bill.employer != employer_of(case) or bill.state is BillState.VOID:
        return rejected(stop_text(None, "核定单不存在或已作废"))
    return applied(replace(bill, state=BillState.NOTIFIED)) if bill.state is BillState.ASSESSED else applied()
