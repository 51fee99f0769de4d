"""Branch review (P27): open, put back, approve, reject (T7-T10)."""

from __future__ import annotations

from dataclasses import replace

from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import Problem, stop, stop_text
from counter_tui.operations.approvals import approve
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.declaring import item_problem
from counter_tui.operations.outcome import Outcome, Record, Status, applied, conflict, rejected
from counter_tui.operations.rights import must_hold, not_the_maker
from counter_tui.operations.stamps import stamp, step

PASSED = "1"
"""CL-REVIEW."""
NOT_PASSED = "2"


def _reviewable(case: Case, item: Item | None) -> Problem | None:
    if item is None:
        return stop_text(None, "申报记录不存在，请按 F5 刷新")
    if refusal := must_hold(case, Right.REVIEW):
        return refusal
    if case.operation.maker.human == item.person:
        return stop_text(item.id, "不能审核本人的业务")
    return not_the_maker(case, item.made, item.submitted)


@decides("item.open", at_hub=True)
def open_item(case: Case) -> Outcome:
    """D2 → D3: from now on the clerk can no longer cancel it (T7)."""
    item = case.register.item(case.operation.body["item"])
    if refusal := _reviewable(case, item):
        return rejected(refusal)
    if item is None or item.state is not ItemState.SUBMITTED:
        return conflict("该申报已由他人处理，请按 F5 刷新")
    opened = replace(item, state=ItemState.IN_REVIEW, opened=stamp(case.operation))
    return applied(opened, step(case, opened, item.state))


@decides("item.put_back", at_hub=True)
def put_back(case: Case) -> Outcome:
    """D3 → D2: the reviewer closes the case undecided (T8)."""
    item = case.register.item(case.operation.body["item"])
    if refusal := _reviewable(case, item):
        return rejected(refusal)
    if item is None or item.state is not ItemState.IN_REVIEW:
        return conflict("该申报不在审核中，请按 F5 刷新")
    back = replace(item, state=ItemState.SUBMITTED, opened=None)
    return applied(back, step(case, back, item.state))


@decides("item.decide", at_hub=True)
def decide_items(case: Case) -> Outcome:
    """D3 (or D2, for a ticked set of clean cases) → D4 or D5, for every item named (T9, T10).

    The body hash of each item is part of what the reviewer's key signed: nothing is approved
    that changed since it was read. Items that cannot be decided stay and say why.
    """
    body = case.operation.body
    if body["result"] == NOT_PASSED and not body["reason"].strip():
        return rejected(stop("reason", "M60"))
    effects: list[Record] = []
    left: list[Problem] = []
    for target in body["targets"]:
        item = case.register.item(target["item"])
        outcome = _decided(case, item, target["body_hash"])
        effects.extend(outcome.effects)
        if outcome.status is Status.CONFLICT:
            left.append(stop_text(target["item"], outcome.why))
        left.extend(item_problem(item, problem) if item else problem for problem in outcome.problems)
    if not effects:
        return rejected(*left) if left else rejected(stop_text(None, "请先用空格勾选要审核的申报"))
    return Outcome(status=Status.APPLIED, effects=tuple(effects), problems=tuple(left))


def _decided(case: Case, item: Item | None, body_hash: str) -> Outcome:
    if refusal := _reviewable(case, item):
        return rejected(refusal)
    if item is None or item.state not in {ItemState.SUBMITTED, ItemState.IN_REVIEW}:
        return conflict("该申报已由他人处理，请按 F5 刷新")
    if item.body_hash != body_hash:
        return conflict("申报内容在您查看后已被修改，请重新打开核对")
    decided = stamp(case.operation)
    opened = item.opened or decided
    if case.operation.body["result"] == NOT_PASSED:
        reason = case.operation.body["reason"].strip()
        back = replace(item, state=ItemState.REJECTED, opened=opened, decided=decided, reason=reason)
        return applied(back, step(case, back, item.state, reason))
    passed = replace(item, state=ItemState.APPROVED, opened=opened, decided=decided, reason="")
    outcome = approve(case, passed)
    if outcome.status is not Status.APPLIED:
        return outcome
    return replace(outcome, effects=(*outcome.effects, step(case, passed, item.state)))
