"""Signing on leaves a trace that counts: who has not signed on for ninety days is suspended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.grants import LedgerAct, entered
from counter_tui.domain.operators import SILENCE, LastSignOn, OperatorState
from counter_tui.operations.decide import decides
from counter_tui.operations.outcome import applied
from counter_tui.operations.stamps import stamp

if TYPE_CHECKING:
    from counter_tui.operations.decide import Case
    from counter_tui.operations.outcome import Outcome


@decides("signon.open")
def open_sign_on(case: Case) -> Outcome:
    """Note when the operator signed on; the first sign-on after a long silence suspends him instead.

    The counter refuses such a sign-on by itself; it comes as far as here from one whose mirror is old. Nobody is
    suspended in training.
    """
    operation = case.operation
    operator = case.register.operator(operation.maker.operator)
    if operator is None:
        return applied()
    last = case.register.last_sign_on(operator.number)
    if operation.training or not operator.silent(last.at if last else None, operation.made_at):
        return applied(LastSignOn(operator=operator.number, at=operation.made_at))
    suspended = replace(operator, state=OperatorState.SUSPENDED)
    entry = entered(
        LedgerAct.SILENCE,
        suspended,
        by=(stamp(operation),),
        at=operation.made_at,
        operation=operation.op_id,
        reason=f"{SILENCE.days} 天没有登录",
    )
    return applied(entry, operators=(suspended,))
