"""Signing on leaves a trace that counts: a key has one sign-on at a time, and ninety days without one suspend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counter_tui.domain.grants import LedgerAct, entered
from counter_tui.domain.operators import SILENCE, LastSignOn, OperatorState
from counter_tui.operations.decide import decides
from counter_tui.operations.outcome import applied, rejected
from counter_tui.operations.signed_on import closed, opened, used_again
from counter_tui.operations.stamps import stamp

if TYPE_CHECKING:
    from counter_tui.operations.decide import Case
    from counter_tui.operations.outcome import Outcome


@decides("signon.open")
def open_sign_on(case: Case) -> Outcome:
    """Note the sign-on, which ends the last one of its key; the first after a long silence suspends instead.

    The counter refuses such a sign-on by itself; it comes as far as here from one whose mirror is old. Nobody is
    suspended in training.
    """
    operation = case.operation
    if problem := used_again(operation, case.register):
        return rejected(problem)
    operator = case.register.operator(operation.maker.operator)
    if operator is None:
        return applied(*opened(case))
    last = case.register.last_sign_on(operator.number)
    if operation.training or not operator.silent(last.at if last else None, operation.made_at):
        at = max(operation.made_at, last.at) if last and case.late else operation.made_at
        return applied(LastSignOn(operator=operator.number, at=at), *opened(case))
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


@decides("signon.lock")
@decides("signon.close")
def end_sign_on(case: Case) -> Outcome:
    """Note that the sign-on is over."""
    return applied(*closed(case.operation, case.register))
