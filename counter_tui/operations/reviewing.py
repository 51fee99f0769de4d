"""Branch review (P27): open, put back, approve, reject (T7-T10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import Problem, stop, stop_text
from counter_tui.operations.approvals import approve
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import GONE, gathered
from counter_tui.operations.outcome import Outcome, Status, applied, conflict, rejected
from counter_tui.operations.rights import in_groups, is_own_affair, must_hold, not_own_work
from counter_tui.operations.stamps import stamp, step

PASSED: Final = "1"
"""CL-REVIEW."""
NOT_PASSED: Final = "2"
HANDLED: Final = "该申报已由他人处理，请按 F5 刷新"


def _reviewable(case: Case, item: Item) -> Problem | None:
    if refusal := must_hold(case, Right.REVIEW) or in_groups(case, item.function):
        return refusal
    if is_own_affair(case, item):
        return stop_text(item.id, "不能审核本人的业务，请由其他审核人员办理")
    return not_own_work(case, item)


@decides("item.open", at_hub=True)
def open_item(case: Case) -> Outcome:
    """D2 → D3: from now on the clerk can no longer cancel it (T7)."""
    item = case.register.item(case.operation.body["item"])
    if item is None:
        return rejected(stop_text(None, GONE))
    if refusal := _reviewable(case, item):
        return rejected(refusal)
    if item.state is not ItemState.SUBMITTED:
        return conflict(HANDLED)
    opened = replace(item, state=ItemState.IN_REVIEW, opened=stamp(case.operation))
    return applied(opened, step(case, opened, item.state))


@decides("item.put_back", at_hub=True)
def put_back(case: Case) -> Outcome:
    """D3 → D2: the reviewer closes the case undecided (T8)."""
    item = case.register.item(case.operation.body["item"])
    if item is None:
        return rejected(stop_text(None, GONE))
    if refusal := _reviewable(case, item):
        return rejected(refusal)
    if item.state is not ItemState.IN_REVIEW:
        return conflict("该申报不在审核中，请按 F5 刷新")
    back = replace(item, state=ItemState.SUBMITTED, opened=None)
    return applied(back, step(case, back, item.state))


@decides("item.decide", at_hub=True)
def decide_items(case: Case) -> Outcome:
    """D3 (or D2, for a ticked set of clean cases) → D4 or D5, for every item named (T9, T10).

    The body hash of each item is part of what the reviewer's key signed: nothing is approved
    that changed since it was read. Items that cannot be decided stay and say why. The set may
    span employers; each item is judged against its own.
    """
    body = case.operation.body
    if body["result"] not in {PASSED, NOT_PASSED}:
        return rejected(stop_text("result", "请选择审核结果：1 通过，2 不通过"))
    if body["result"] == NOT_PASSED and not body["reason"].strip():
        return rejected(stop("reason", "M60"))
    outcomes: list[tuple[str, Item | None, Outcome]] = []
    passed: set[str] = set()
    for target in body["targets"]:
        item = case.register.item(target["item"])
        if item is None:
            outcome = rejected(stop_text(target["item"], GONE))
        elif item.id_number in passed:
            # Every item of the set is judged against the register as it was before the set.
            outcome = rejected(stop_text(item.id, "同一人员的另一笔申报刚刚审核，请核对后再审核本笔"))
        else:
            outcome = _decided(case, item, target["body_hash"])
        if item is not None and outcome.status is Status.APPLIED and body["result"] == PASSED:
            passed.add(item.id_number)
        outcomes.append((target["item"], item, outcome))
    return gathered(outcomes, "请先用空格勾选要审核的申报")


def _decided(case: Case, item: Item, body_hash: str) -> Outcome:
    if refusal := _reviewable(case, item):
        return rejected(refusal)
    if item.state not in {ItemState.SUBMITTED, ItemState.IN_REVIEW}:
        return conflict(HANDLED)
    if item.body_hash != body_hash:
        return conflict("申报内容在您查看后已被修改，请重新打开核对")
    read = replace(item, state=ItemState.IN_REVIEW, opened=item.opened or stamp(case.operation))
    opening = () if item.state is ItemState.IN_REVIEW else (step(case, read, item.state),)
    outcome = _judged(case, read)
    return replace(outcome, effects=(*opening, *outcome.effects)) if outcome.effects else outcome


def _judged(case: Case, item: Item) -> Outcome:
    decided = stamp(case.operation)
    if case.operation.body["result"] == NOT_PASSED:
        reason = case.operation.body["reason"].strip()
        back = replace(item, state=ItemState.REJECTED, decided=decided, reason=reason)
        return applied(back, step(case, back, item.state, reason))
    return approve(case, replace(item, state=ItemState.APPROVED, decided=decided, reason=""), item.state)
