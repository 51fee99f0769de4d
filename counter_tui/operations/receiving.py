"""Receptions: open, suspend, resume, close (P85)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.problems import stop, stop_text
from counter_tui.domain.receptions import Reception, ReceptionState
from counter_tui.forms.catalog.reception import EMPLOYER
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.outcome import Outcome, applied, rejected
from counter_tui.operations.rights import may_use

if TYPE_CHECKING:
    from counter_tui.domain.problems import Problem

OVER = "接待已结束或不存在，请重新接待"


@decides("reception.open")
def open_reception(case: Case) -> Outcome:
    """Open a reception; whatever was open at the window is suspended.

    A second window that opens for an employer already in reception gets it read-only (L10). One that was held sets
    nobody aside who was received at the window since: it comes in suspended.
    """
    body, operation = case.operation.body, case.operation
    if refusal := may_use(case, "P85") or _unknown_subject(case):
        return rejected(refusal)
    opened = Reception(
        id=operation.op_id,
        window=operation.maker.window,
        state=ReceptionState.SUSPENDED if _succeeded(case) else ReceptionState.OPEN,
        subject=body["subject"],
        employer=body["employer"],
        person=body["person"],
        visitor=body["visitor"],
        visitor_id=body["visitor_id"],
        letter=body["letter"],
        in_person=body["in_person"],
        operator=operation.maker.operator,
        opened_at=operation.made_at,
        read_only=_is_served_elsewhere(case, body["employer"]),
    )
    return applied(*_set_aside(case), opened)


def _succeeded(case: Case) -> bool:
    """Whether a reception that was held finds somebody else received at its window by now."""
    here = case.register.receptions_at(case.operation.maker.window)
    return case.late and any(each.state is ReceptionState.OPEN for each in here)


def _unknown_subject(case: Case) -> Problem | None:
    body = case.operation.body
    if body["subject"] == EMPLOYER:
        return None if case.register.employer(body["employer"]) else stop_text("employer", "没有这个单位编号，请核对")
    return None if body["person"] else stop_text("person", "请输入参保人证件号码")


def _set_aside(case: Case) -> tuple[Reception, ...]:
    """Whatever is open at the window, suspended: one reception at most is open there."""
    if _succeeded(case):
        return ()
    here = case.register.receptions_at(case.operation.maker.window)
    return tuple(replace(each, state=ReceptionState.SUSPENDED) for each in here if each.state is ReceptionState.OPEN)


def _is_served_elsewhere(case: Case, employer: str) -> bool:
    if not employer:
        return False
    open_for = case.register.receptions_for(employer)
    return any(each.window != case.operation.maker.window and not each.read_only for each in open_for)


def _movable(case: Case, *states: ReceptionState) -> Reception | Problem:
    """The reception that is to move, in one of these states and at this window."""
    if refusal := may_use(case, "P85"):
        return refusal
    reception = case.register.reception(case.operation.body["reception"])
    if reception is None or reception.state not in states:
        return stop_text(None, OVER)
    if reception.window != case.operation.maker.window:
        return stop_text(None, f"该接待在 {reception.window} 号窗口，请在该窗口办理")
    return reception


@decides("reception.suspend")
def suspend_reception(case: Case) -> Outcome:
    """进行中 → 挂起; one that was held may find it suspended already."""
    found = _movable(case, ReceptionState.OPEN, *((ReceptionState.SUSPENDED,) if case.late else ()))
    if not isinstance(found, Reception):
        return rejected(found)
    return applied(replace(found, state=ReceptionState.SUSPENDED))


@decides("reception.resume")
def resume_reception(case: Case) -> Outcome:
    """挂起 → 进行中; whatever is open at the window is suspended, and another window may hold the employer by now."""
    found = _movable(case, ReceptionState.SUSPENDED)
    if not isinstance(found, Reception):
        return rejected(found)
    if _succeeded(case):
        return applied()
    read_only = _is_served_elsewhere(case, found.employer)
    return applied(*_set_aside(case), replace(found, state=ReceptionState.OPEN, read_only=read_only))


@decides("reception.close")
def close_reception(case: Case) -> Outcome:
    """进行中 or 挂起 → 结束. The screen asks first when unsubmitted items remain."""
    found = _movable(case, ReceptionState.OPEN, ReceptionState.SUSPENDED)
    if not isinstance(found, Reception):
        return rejected(found)
    return applied(replace(found, state=ReceptionState.CLOSED, closed_at=case.operation.made_at))


def in_reception(case: Case, employer: str) -> Problem | None:
    """Refuse business without an open reception of the employer at this window, or in a read-only one.

    Read-only is a courtesy of the counter that knows of the other window, until that one is done: the hub takes
    what a counter did while it could not know (L10). What was held is judged by the reception that it was made in,
    though the window has gone on since.
    """
    reception = case.register.reception(case.operation.reception_id)
    if (
        reception is None
        or reception.employer != employer
        or reception.window != case.operation.maker.window
        or (reception.state is not ReceptionState.OPEN and not case.late)
    ):
        return stop_text(None, "没有该单位的接待，请先按 02 接待单位")
    if reception.read_only and not case.at_hub and _is_served_elsewhere(case, employer):
        return stop_text(None, "该单位正在其他窗口办理，本窗口只能查看")
    known = case.register.employer(employer)
    if known is not None and known.frozen:
        return stop(None, "M52", known.frozen)
    return None
