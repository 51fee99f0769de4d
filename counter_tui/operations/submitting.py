"""Handing items to the branch centre and taking them back: submit, cancel, reverse (T4-T6, T15)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import Problem, Rejected, stop, stop_text
from counter_tui.operations.approvals import approve, reverse
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import checked, employer_of, item_problem
from counter_tui.operations.outcome import Outcome, Record, Status, applied, conflict, rejected
from counter_tui.operations.receiving import in_reception
from counter_tui.operations.rights import may_use, must_hold, not_the_maker
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from collections.abc import Callable


def _each(case: Case, function: str, move: Callable[[Case, Item], Outcome]) -> Outcome:
    """Move every item of the operation that can move; the others stay and say why (sync: P25 row)."""
    employer = employer_of(case)
    if refusal := may_use(case, function) or in_reception(case, employer):
        return rejected(refusal)
    effects: list[Record] = []
    left: list[Problem] = []
    for wanted in case.operation.body["items"]:
        item = case.register.item(wanted)
        if item is None or item.employer != employer:
            left.append(stop_text(wanted, "申报记录不存在，请按 F5 刷新"))
            continue
        outcome = move(case, item)
        effects.extend(outcome.effects)
        if outcome.status is Status.CONFLICT:
            left.append(stop_text(item.id, outcome.why))
        left.extend(item_problem(item, problem) for problem in outcome.problems)
    if not effects:
        return rejected(*left) if left else rejected(stop_text(None, "请先用空格勾选要办理的记录"))
    return Outcome(status=Status.APPLIED, effects=tuple(effects), problems=tuple(left))


@decides("item.submit")
def submit(case: Case) -> Outcome:
    """D1 → D2, checks run again; kinds and employers that need no review go to D4 at once at the hub (T4, T5)."""
    return _each(case, "P25", _submitted)


def _submitted(case: Case, item: Item) -> Outcome:
    if item.state is not ItemState.TO_SUBMIT:
        return rejected(stop_text(item.id, "不是待提交状态，请按 F5 刷新"))
    body = {"form": item.body, "override": {"reason": item.override} if item.override else None}
    try:
        checked(case, item.function, item.employer, body, item)
    except Rejected as stale:
        return rejected(*stale.problems)
    handed = replace(
        item, state=ItemState.SUBMITTED, submitted=stamp(case.operation), batch=case.operation.acceptance_number
    )
    if case.at_hub and _needs_no_review(case, item):
        outcome = approve(case, replace(handed, state=ItemState.APPROVED))
        return replace(
            outcome, effects=(*outcome.effects, step(case, replace(handed, state=ItemState.APPROVED), item.state))
        )
    return applied(handed, step(case, handed, item.state))


def _needs_no_review(case: Case, item: Item) -> bool:
    employer = case.register.employer(item.employer)
    free = case.policy.parameter("auto_review")
    return (isinstance(free, tuple) and item.function in free) or bool(employer and employer.auto_review)


@decides("item.cancel")
def cancel(case: Case) -> Outcome:
    """D2 or D5 → D1, until a reviewer has opened it (T6, T11)."""
    return _each(case, "P26", _cancelled)


def _cancelled(case: Case, item: Item) -> Outcome:
    if item.state is ItemState.IN_REVIEW:
        return conflict(f"受理号 {item.shown_number} 已由审核人员打开，不能取消申报，请等待审核结果")
    if item.state not in {ItemState.SUBMITTED, ItemState.REJECTED}:
        return rejected(stop_text(item.id, "只有已提交或不通过的申报可以取消"))
    back = replace(
        item, state=ItemState.TO_SUBMIT, submitted=None, opened=None, batch="", reason=case.operation.body["reason"]
    )
    return applied(back, step(case, back, item.state, case.operation.body["reason"]))


@decides("item.reverse", at_hub=True)
def reverse_item(case: Case) -> Outcome:
    """D4 → D9: a supervisor takes back what was approved; the opposite effect is booked (T15)."""
    item = case.register.item(case.operation.body["item"])
    if item is None:
        return rejected(stop_text(None, "申报记录不存在，请按 F5 刷新"))
    if refusal := must_hold(case, Right.REVERSE) or not_the_maker(case, item.made, item.submitted):
        return rejected(refusal)
    if item.state is not ItemState.APPROVED:
        return rejected(stop_text(None, "只有审核通过且未结算的申报可以冲销"))
    if not case.operation.body["reason"]:
        return rejected(stop_text("reason", "冲销必须填写原因"))
    if case.register.unit_month(item.employer, item.month) and _assessed(case, item):
        return rejected(stop(None, "M27", str(item.month)))
    return reverse(case, item)


def _assessed(case: Case, item: Item) -> bool:
    month = case.register.unit_month(item.employer, item.month)
    return month is not None and month.state in {"S5", "S6"}
