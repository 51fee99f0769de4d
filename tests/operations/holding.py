"""What the hub holds in a test, and a supervisor's answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_tui.domain.held import Hold
from counter_tui.operations.envelope import operation_hash
from counter_tui.operations.held import Held
from tests.operations.office import CLERK, HERE, SUPERVISOR, Acted, Office

if TYPE_CHECKING:
    from counter_tui.domain.held import HeldAct
    from counter_tui.operations.envelope import Maker, Operation


def holding(office: Office, operation: Operation, hold: Hold = Hold.STANDING) -> Held:
    """The hub holds an operation from now on."""
    held = Held(
        operation=operation,
        op_hash=operation_hash(operation),
        hold=hold,
        why="办理之后柜员证书已被吊销",
        pos=len(office.register.held) + 1,
    )
    office.register.held.append(held)
    return held


def saved(office: Office, by: Maker = CLERK, **body: Any) -> Operation:
    """An operation that was made, as it stands in the queue."""
    filled = office.filled("P05") | body
    return office._operation("P05.save", filled, by, f"E:{HERE}", HERE, None, None, None)


def answer(office: Office, act: HeldAct, *held: Held, by: Maker = SUPERVISOR, **body: Any) -> Acted:
    targets = [{"operation": each.operation.op_id, "hash": each.op_hash} for each in held]
    return office.act(act.kind, {"targets": targets, "reason": "未在场办理"} | body, by=by, unit="B")
