"""Receptions: open, suspend, resume, close (P85, states.md §7.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.problems import stop, stop_text
from counter_tui.domain.receptions import Reception, ReceptionState
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.outcome import Outcome, applied, rejected
from counter_tui.operations.rights import may_use

if TYPE_CHECKING:
    from counter_tui.domain.problems import Problem

EMPLOYER = "1"
"""CL-OBJECT."""
PERSON = "2"


@decides("reception.open")
def open_reception(case: Case) -> Outcome:
    """Open a reception; whatever was open at the window is suspended.

    A second window that opens for an employer already in reception gets it read-only (L10).
    """
    body, operation = case.operation.body, case.operation
    if refusal := may_use(case, "P85") or _unknown_subject(case):
        return rejected(refusal)
    others = [each for each in case.register.receptions_at(operation.maker.window) if each.state is ReceptionState.OPEN]
    elsewhere = [
        each
        for each in (case.register.receptions_for(body["employer"]) if body["employer"] else ())
        if each.window != operation.maker.window
    ]
    opened = Reception(
        id=operation.op_id,
        window=operation.maker.window,
        state=ReceptionState.OPEN,
        subject=body["subject"],
        employer=body["employer"],
        person=body["person"],
        visitor=body["visitor"],
        visitor_id=body["visitor_id"],
        letter=body["letter"],
        in_person=body["in_person"],
        operator=operation.maker.operator,
        opened_at=operation.made_at,
        read_only=bool(elsewhere),
    )
    return applied(*(replace(each, state=ReceptionState.SUSPENDED) for each in others), opened)


def _unknown_subject(case: Case) -> Problem | None:
    body = case.operation.body
    if body["subject"] == EMPLOYER:
        return None if case.register.employer(body["employer"]) else stop_text("employer", "没有这个单位编号，请核对")
    return None if body["person"] else stop_text("person", "请输入参保人证件号码")


def _moved(case: Case, allowed: set[ReceptionState], state: ReceptionState) -> Outcome:
    reception = case.register.reception(case.operation.body["reception"])
    if reception is None or reception.state not in allowed:
        return rejected(stop_text(None, "接待已结束或不存在，请重新接待"))
    closed_at = case.operation.made_at if state is ReceptionState.CLOSED else None
    return applied(replace(reception, state=state, closed_at=closed_at))


@decides("reception.suspend")
def suspend_reception(case: Case) -> Outcome:
    """进行中 → 挂起."""
    return _moved(case, {ReceptionState.OPEN}, ReceptionState.SUSPENDED)


@decides("reception.resume")
def resume_reception(case: Case) -> Outcome:
    """挂起 → 进行中; whatever is open at the window is suspended, so that one at most is open."""
    outcome = _moved(case, {ReceptionState.SUSPENDED}, ReceptionState.OPEN)
    window = case.operation.maker.window
    busy = [each for each in case.register.receptions_at(window) if each.state is ReceptionState.OPEN]
    suspended = tuple(replace(each, state=ReceptionState.SUSPENDED) for each in busy)
    return replace(outcome, effects=suspended + outcome.effects) if outcome.effects else outcome


@decides("reception.close")
def close_reception(case: Case) -> Outcome:
    """进行中 or 挂起 → 结束. The screen asks first when unsubmitted items remain."""
    return _moved(case, {ReceptionState.OPEN, ReceptionState.SUSPENDED}, ReceptionState.CLOSED)


def in_reception(case: Case, employer: str) -> Problem | None:
    """Refuse business without an open reception of the employer, or in a read-only one."""
    reception = case.register.reception(case.operation.reception_id)
    if reception is None or reception.employer != employer or reception.state is ReceptionState.CLOSED:
        return stop_text(None, "没有该单位的接待，请先按 02 接待单位")
    if reception.read_only:
        return stop_text(None, "该单位正在其他窗口办理，本窗口只能查看")
    known = case.register.employer(employer)
    if known is not None and known.frozen:
        return stop(None, "M52", known.frozen)
    return None
