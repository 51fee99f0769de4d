"""Handing items to the branch centre and taking them back: submit, cancel (T4-T6, T11)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.problems import Rejected, stop_text
from counter_tui.operations.approvals import approve
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import GONE, checked, employer_of, gathered
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected
from counter_tui.operations.receiving import in_reception
from counter_tui.operations.rights import in_groups, may_use
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from collections.abc import Callable


def _each(case: Case, function: str, move: Callable[[Case, Item], Outcome]) -> Outcome:
    """Move every item of the operation that can move; the others stay and say why."""
    employer = employer_of(case)
    if refusal := may_use(case, function) or in_reception(case, employer):
        return rejected(refusal)
    outcomes: list[tuple[str, Item | None, Outcome]] = []
    for wanted in dict.fromkeys(case.operation.body["items"]):
        item = case.register.item(wanted)
        if item is None or item.employer != employer:
            outcomes.append((wanted, None, rejected(stop_text(wanted, GONE))))
        elif refusal := in_groups(case, item.function):
            outcomes.append((wanted, item, rejected(refusal)))
        else:
            outcomes.append((wanted, item, move(case, item)))
    return gathered(outcomes, "请先用空格勾选要办理的记录")


@decides("item.submit")
def submit(case: Case) -> Outcome:
    """D1 → D2, checks run again; kinds and employers that need no review go to D4 at once at the hub (T4, T5)."""
    passed: set[str] = set()

    def move(case: Case, item: Item) -> Outcome:
        outcome = _submitted(case, item, at_once=item.id_number not in passed)
        if any(isinstance(effect, Item) and effect.state is ItemState.APPROVED for effect in outcome.effects):
            passed.add(item.id_number)
        return outcome

    return _each(case, "P25", move)


def _submitted(case: Case, item: Item, *, at_once: bool) -> Outcome:
    """One item handed in; `at_once` is false for a second one of a person whose first took effect just now."""
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
    if not (case.at_hub and _needs_no_review(case, item)):
        return applied(handed, step(case, handed, item.state))
    if not at_once:
        return rejected(stop_text(item.id, "同一人员的另一笔申报刚刚生效，请核对后再提交"))
    return approve(case, replace(handed, state=ItemState.APPROVED), item.state)


def _needs_no_review(case: Case, item: Item) -> bool:
    employer = case.register.employer(item.employer)
    free = case.policy.parameter("auto_review")
    return (isinstance(free, tuple) and item.function in free) or bool(employer and employer.auto_review)


@decides("item.cancel")
def cancel(case: Case) -> Outcome:
    """D2 or D5 → D1, until a reviewer has opened it (T6, T11)."""
    if not case.operation.body["reason"].strip():
        return rejected(stop_text("reason", "取消申报必须填写原因"))
    return _each(case, "P26", _cancelled)


def _cancelled(case: Case, item: Item) -> Outcome:
    if item.state is ItemState.IN_REVIEW:
        return conflict(f"受理号 {item.shown_number} 已由审核人员打开，不能取消申报，请等待审核结果")
    if item.state not in {ItemState.SUBMITTED, ItemState.REJECTED}:
        return rejected(stop_text(item.id, "只有已提交或不通过的申报可以取消"))
    reason = case.operation.body["reason"].strip()
    back = replace(item, state=ItemState.TO_SUBMIT, submitted=None, opened=None, decided=None, batch="", reason=reason)
    return applied(back, step(case, back, item.state, reason))
