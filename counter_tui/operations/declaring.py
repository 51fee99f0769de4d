"""Declaration items from the form to the hand-over: save, edit, delete (T1-T3, T11, T12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.posts import Right
from counter_tui.domain.problems import Problem, Rejected, stop, stop_text
from counter_tui.forms.spec import form
from counter_tui.operations.approvals import approve, facts_around
from counter_tui.operations.canonical import read
from counter_tui.operations.clashes import month_settled, overtaken
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.outcome import Outcome, Status, applied, conflict, rejected
from counter_tui.operations.receiving import in_reception
from counter_tui.operations.rights import is_overrider, is_own_affair, may_use, must_hold
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Declaration

SAVED = ("P01", "P05", "P10", "P11")
"""Functions whose form becomes an item."""
IMMEDIATE = frozenset({"P11"})
"""Kinds that take effect when they are saved."""
KEYABLE = frozenset({ItemState.TO_SUBMIT, ItemState.REJECTED})
"""States in which an item may be edited or deleted."""
FROM_FILE = ("number", "name")
"""Fields that only show the person's file: they may have changed there since the form was filled in."""
GONE = "申报记录不存在，请按 F5 刷新"


def employer_of(case: Case) -> str:
    """Number of the employer whose unit of consistency the operation touches."""
    return case.operation.unit_id.removeprefix("E:")


def _save(case: Case) -> Outcome:
    function = case.operation.kind.removesuffix(".save")
    return _kept(case, function, editing=None)


def _edit(case: Case) -> Outcome:
    function = case.operation.kind.removesuffix(".edit")
    item = case.register.item(case.operation.body["item"])
    if item is None or item.function != function or item.employer != employer_of(case):
        return rejected(stop_text(None, GONE))
    if item.state not in KEYABLE:
        return rejected(stop(None, "M22"))
    return _kept(case, function, editing=item)


def _kept(case: Case, function: str, editing: Item | None) -> Outcome:
    employer = employer_of(case)
    if refusal := may_use(case, function) or in_reception(case, employer) or _override_problem(case):
        return rejected(refusal)
    if case.at_hub and (late := month_settled(case, employer)):
        return late
    try:
        declaration, facts = checked(case, function, employer, case.operation.body, editing)
        _as_typed(case, function, declaration, facts)
    except Rejected as stopped:
        return overtaken(case, function, employer, stopped)
    item = _item(case, function, declaration, facts, editing)
    if is_own_affair(case, item) and must_hold(case, Right.OVERRIDE):
        return rejected(stop_text(None, "本人的业务须由主管录入，请交主管办理"))
    if function in IMMEDIATE:
        return approve(case, replace(item, state=ItemState.APPROVED), editing.state if editing else None)
    return applied(item, step(case, item, editing.state if editing else None))


def _override_problem(case: Case) -> Problem | None:
    """An *ask* problem is let pass by a second human, with a reason."""
    override = case.operation.body.get("override")
    if not override:
        return None
    if not override["reason"].strip():
        return stop_text(None, "主管授权必须填写原因")
    return stop(None, "M59") if is_overrider(case, override) else None


def checked(
    case: Case, function: str, employer: str, body: dict[str, Any], editing: Item | None
) -> tuple[Declaration, Facts]:
    """Read a kept form again through the one gate. Raises Rejected with every problem."""
    asked = form(function).in_region(case.policy)
    try:
        declaration = read(asked.declaration, body["form"])
    except msgspec.ValidationError as fault:
        raise Rejected([stop_text(None, "申报内容无法读取，请重新录入")]) from fault
    id_number = editing.id_number if editing else ""
    facts = facts_around(
        case,
        employer,
        declaration,
        getattr(declaration, "id_number", "") or id_number,
        editing.id if editing else "",
    )
    reading = asked.read_overridden if body.get("override") else asked.read
    reading(asked.texts(declaration), facts, case.policy)
    return declaration, facts


def _as_typed(case: Case, function: str, declaration: Declaration, facts: Facts) -> None:
    """Refuse a body that the form would not have made, such as a total beside other parts. Raises Rejected."""
    asked = form(function).in_region(case.policy)
    again = asked.read_overridden(asked.texts(declaration), facts, case.policy)
    shown = {name: getattr(declaration, name) for name in FROM_FILE} if facts.person else {}
    if replace(again, **shown) != declaration:
        raise Rejected([stop_text(None, "申报内容与表单不符，请重新录入")])


def _item(case: Case, function: str, declaration: Any, facts: Facts, editing: Item | None) -> Item:
    operation = case.operation
    override = (operation.body.get("override") or {}).get("reason", "")
    shared = {
        "id_number": facts.person.id_number if facts.person else declaration.id_number,
        "person_name": facts.person.name if facts.person else declaration.name,
        "person": facts.person.number if facts.person else "",
        "verdict": declaration.verdict_word(facts),
        "month": facts.month,
        "body": operation.body["form"],
        "body_hash": operation.body_hash,
        "state": ItemState.TO_SUBMIT,
        "override": override,
    }
    if editing is not None:
        return replace(editing, **shared, reason="", submitted=None, opened=None, decided=None, batch="")
    return Item(
        id=operation.op_id,
        acceptance_number=operation.acceptance_number,
        item_no=operation.item_no,
        function=function,
        employer=facts.here,
        reception=operation.reception_id,
        made=stamp(operation),
        **shared,
    )


for _function in SAVED:
    decides(f"{_function}.save")(_save)
    decides(f"{_function}.edit")(_edit)


@decides("item.delete")
def delete(case: Case) -> Outcome:
    """D1 or D5 → D9; a void item stays for the audit (T3, T12). Deleting twice takes no effect."""
    item = case.register.item(case.operation.body["item"])
    if item is None or item.employer != employer_of(case):
        return rejected(stop_text(None, GONE))
    if refusal := may_use(case, item.function) or in_reception(case, item.employer):
        return rejected(refusal)
    if item.state is ItemState.VOID:
        voided = (each.operation for each in case.register.transitions(item.id) if each.after is ItemState.VOID)
        return applied(link=next(voided, item.id))
    if item.state not in KEYABLE:
        return rejected(stop(None, "M22"))
    gone = replace(item, state=ItemState.VOID)
    return applied(gone, step(case, gone, item.state))


def item_problem(item: Item, problem: Problem) -> Problem:
    """Name the item a problem belongs to, where one operation touches many."""
    return stop_text(item.id, f"受理号 {item.shown_number}：{problem.sentence}")


def gathered(outcomes: list[tuple[str, Item | None, Outcome]], nothing: str) -> Outcome:
    """One outcome of an operation that touches many items: what could move moves, the others stay with their cause.

    Args:
        outcomes: id wanted, item found, and what became of it.
        nothing: the sentence for an operation that names no item at all.
    """
    effects = [effect for _, _, outcome in outcomes for effect in outcome.effects]
    left: list[Problem] = []
    for wanted, item, outcome in outcomes:
        if outcome.status is Status.CONFLICT:
            left.append(stop_text(wanted, outcome.why))
        named = item if len(outcomes) > 1 else None
        left.extend(item_problem(named, problem) if named else problem for problem in outcome.problems)
    if effects:
        return Outcome(status=Status.APPLIED, effects=tuple(effects), problems=tuple(left))
    if left and all(outcome.status is Status.CONFLICT for _, _, outcome in outcomes):
        return conflict(left[0].sentence)
    return rejected(*left) if left else rejected(stop_text(None, nothing))
