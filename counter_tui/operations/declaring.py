"""Declaration items from the form to the hand-over: save, edit, delete (T1-T3, T11, T12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.problems import Problem, Rejected, stop, stop_text
from counter_tui.forms.spec import form
from counter_tui.operations.approvals import approve
from counter_tui.operations.canonical import read
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.facts import gather
from counter_tui.operations.outcome import Outcome, applied, rejected
from counter_tui.operations.receiving import in_reception
from counter_tui.operations.rights import may_use
from counter_tui.operations.stamps import stamp, step

if TYPE_CHECKING:
    from counter_tui.forms.facts import Facts
    from counter_tui.forms.spec import Declaration

SAVED = ("P01", "P05", "P10", "P11")
"""Functions whose form becomes an item."""
IMMEDIATE = frozenset({"P11"})
"""Kinds that take effect when they are saved (states.md §9)."""


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
        return rejected(stop_text(None, "申报记录不存在，请按 F5 刷新"))
    if item.state not in {ItemState.TO_SUBMIT, ItemState.REJECTED}:
        return rejected(stop(None, "M22"))
    return _kept(case, function, editing=item)


def _kept(case: Case, function: str, editing: Item | None) -> Outcome:
    employer = employer_of(case)
    if refusal := may_use(case, function) or in_reception(case, employer):
        return rejected(refusal)
    try:
        declaration, facts = checked(case, function, employer, case.operation.body, editing)
    except Rejected as stopped:
        return rejected(*stopped.problems)
    item = _item(case, function, declaration, facts, editing)
    if function in IMMEDIATE:
        item = replace(item, state=ItemState.APPROVED)
        outcome = approve(case, item)
        return replace(outcome, effects=(*outcome.effects, step(case, item, None)))
    return applied(item, step(case, item, editing.state if editing else None))


def checked(
    case: Case, function: str, employer: str, body: dict[str, Any], editing: Item | None
) -> tuple[Declaration, Facts]:
    """Read a kept form again through the one gate. Raises Rejected with every problem."""
    asked = form(function).in_region(case.policy)
    declaration = read(asked.declaration, body["form"])
    facts = gather(
        case.register,
        employer=employer,
        id_number=getattr(declaration, "id_number", ""),
        today=case.today,
        editing=editing.id if editing else "",
        training=case.operation.training,
    )
    reading = asked.read_overridden if body.get("override") else asked.read
    again = reading(asked.texts(declaration), facts, case.policy)
    if again != declaration:
        raise Rejected([stop_text(None, "申报内容与表单不符，请重新录入")])
    return declaration, facts


def _item(case: Case, function: str, declaration: Any, facts: Facts, editing: Item | None) -> Item:
    operation = case.operation
    override = (operation.body.get("override") or {}).get("reason", "")
    shared = {
        "id_number": declaration.id_number,
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
    """D1 or D5 → D9; a void item stays for the audit (T3, T12)."""
    item = case.register.item(case.operation.body["item"])
    if item is None or item.employer != employer_of(case):
        return rejected(stop_text(None, "申报记录不存在，请按 F5 刷新"))
    if refusal := may_use(case, item.function) or in_reception(case, item.employer):
        return rejected(refusal)
    if item.state is ItemState.VOID:
        return applied(link=item.id)
    if item.state not in {ItemState.TO_SUBMIT, ItemState.REJECTED}:
        return rejected(stop(None, "M22"))
    gone = replace(item, state=ItemState.VOID)
    return applied(gone, step(case, gone, item.state))


def item_problem(item: Item, problem: Problem) -> Problem:
    """Name the item a problem belongs to, where one operation touches many."""
    return stop_text(item.id, f"受理号 {item.shown_number}：{problem.sentence}")
