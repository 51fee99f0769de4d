"""Granting posts: 业务申请, 内控审核, 领导核准, 系统赋权, each signed by another human; taking away needs one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counter_tui.domain.grants import (
    APPROVE,
    CARRY_OUT,
    REQUEST,
    REVIEW,
    STEPS,
    Grant,
    GrantAct,
    Granted,
    GrantState,
    GrantStep,
    LedgerAct,
    entered,
    next_step,
)
from counter_tui.domain.operators import OperatorState
from counter_tui.domain.posts import Right, holds, same_facts
from counter_tui.domain.problems import stop_text
from counter_tui.operations.canonical import builtins, canonical, read
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.fitting import carries_out_grants, misfit
from counter_tui.operations.outcome import Outcome, applied, conflict, rejected
from counter_tui.operations.stamps import stamp
from counter_tui.operations.suites import suite_of

if TYPE_CHECKING:
    from counter_tui.domain.problems import Problem

_GONE = "没有这份授权申请，请按 F5 刷新"
_OVER = "该授权申请已办结，请按 F5 刷新"
_OTHER = "申请内容与您看到的不同，请按 F5 刷新后重新核对"
_WITHDRAWERS = frozenset({Right.REQUEST_GRANT, Right.REVIEW_GRANT})
"""Who may take a post away alone, at once."""


def granted_hash(case: Case, act: GrantAct, granted: Granted) -> str:
    """What each of the four signs: the act and the account, to the last field; by the bureau's suite."""
    asked = {"act": act, "granted": written(granted)}
    return suite_of(case.operation.suite).digest("grant", canonical(asked))


def written(granted: Granted) -> dict[str, Any]:
    """An account as it is asked for and signed.

    One without groups is written as before there were any, so that what was signed then keeps its hash.
    """
    fields: dict[str, Any] = builtins(granted)
    return fields if granted.groups else {name: each for name, each in fields.items() if name != "groups"}


@decides(REQUEST.kind, at_hub=True)
def request_grant(case: Case) -> Outcome:
    """A supervisor asks for a post, a certificate, or their return; the registry stays as it is."""
    body = case.operation.body
    if refusal := _not_his_post(case, REQUEST):
        return rejected(stop_text(None, refusal))
    act, granted = GrantAct(body["act"]), read(Granted, body["granted"])
    waiting = [each for each in case.register.grants() if next_step(each.state)]
    if any(each.granted.number == granted.number for each in waiting):
        return rejected(stop_text("number", f"工号 {granted.number} 已有未办完的授权申请，请先办完或不同意该申请"))
    grant = Grant(
        id=case.operation.op_id,
        act=act,
        granted=granted,
        granted_hash=granted_hash(case, act, granted),
        state=REQUEST.after,
        signed=(stamp(case.operation),),
    )
    if problem := _own_affair(case, grant) or misfit(case, act, granted, first=True):
        return rejected(problem)
    return applied(grant)


@decides(REVIEW.kind, at_hub=True)
def review_grant(case: Case) -> Outcome:
    """Post C looks at it."""
    grant = _at_step(case, REVIEW)
    return grant if isinstance(grant, Outcome) else applied(_signed(case, grant, REVIEW))


@decides(APPROVE.kind, at_hub=True)
def approve_grant(case: Case) -> Outcome:
    """The head of the bureau approves."""
    grant = _at_step(case, APPROVE)
    return grant if isinstance(grant, Outcome) else applied(_signed(case, grant, APPROVE))


@decides(CARRY_OUT.kind, at_hub=True)
def carry_out_grant(case: Case) -> Outcome:
    """The administrator carries out what three others have signed: the one step that changes the registry."""
    if not carries_out_grants(case.policy.region):
        return rejected(stop_text(None, "县级经办机构不办理系统赋权，请由上级机构的系统管理岗办理"))
    grant = _at_step(case, CARRY_OUT)
    if isinstance(grant, Outcome):
        return grant
    done = _signed(case, grant, CARRY_OUT)
    operator = grant.granted.operator()
    entry = entered(
        LedgerAct(grant.act.value),
        operator,
        by=done.signed,
        at=case.operation.made_at,
        operation=case.operation.op_id,
    )
    return applied(done, entry, operators=(operator,))


@decides("grant.refuse", at_hub=True)
def refuse_grant(case: Case) -> Outcome:
    """Whoever would sign next says no, or the one who asked takes it back; with a reason."""
    found = _seen(case)
    if isinstance(found, Outcome):
        return found
    step, maker = next_step(found.state), case.operation.maker
    if step is None:
        return conflict(_OVER)
    if not holds(maker.roles, step.right) and maker.human != found.signed[0].human:
        return rejected(stop_text(None, f"该申请等待{step.name}，须由{step.post}岗位或申请人本人撤回"))
    reason = case.operation.body["reason"].strip()
    if not reason:
        return rejected(stop_text("reason", "不同意授权申请必须填写原因"))
    return applied(replace(found, state=GrantState.REFUSED, refused=stamp(case.operation), reason=reason))


@decides("grant.revoke", at_hub=True)
def revoke_certificate(case: Case) -> Outcome:
    """Post C or a supervisor revokes a certificate, lost or not: at once, by one signature."""
    act = LedgerAct.LOSE if case.operation.body["lost"] else LedgerAct.REVOKE
    return _withdrawn(case, OperatorState.REVOKED, act)


@decides("grant.suspend", at_hub=True)
def suspend_operator(case: Case) -> Outcome:
    """Post C or a supervisor suspends an operator: at once, by one signature; resuming takes four."""
    return _withdrawn(case, OperatorState.SUSPENDED, LedgerAct.SUSPEND)


def _withdrawn(case: Case, state: OperatorState, act: LedgerAct) -> Outcome:
    body = case.operation.body
    if not any(holds(case.operation.maker.roles, right) for right in _WITHDRAWERS):
        return rejected(stop_text(None, f"{act.label}须由主管或稽核内控岗位办理"))
    operator = case.register.operator(body["number"])
    if operator is None:
        return rejected(stop_text("number", f"没有登记工号 {body['number']}，请核对后重新输入"))
    if operator.certificate_number != body["certificate_number"]:
        return conflict(f"工号 {operator.number} 的证书已更换，请按 F5 刷新后重新核对")
    if operator.state is state or operator.state is OperatorState.REVOKED:
        return conflict(f"工号 {operator.number} 已{operator.state.label}，请按 F5 刷新")
    reason = body["reason"].strip()
    if not reason:
        return rejected(stop_text("reason", f"{act.label}必须填写原因"))
    changed = replace(operator, state=state)
    entry = entered(
        act,
        changed,
        by=(stamp(case.operation),),
        at=case.operation.made_at,
        operation=case.operation.op_id,
        reason=reason,
    )
    return applied(entry, operators=(changed,))


def _at_step(case: Case, step: GrantStep) -> Grant | Outcome:
    """The grant that waits for this step, for somebody who may do it; else why not."""
    if refusal := _not_his_post(case, step):
        return rejected(stop_text(None, refusal))
    found = _seen(case)
    if isinstance(found, Outcome):
        return found
    if found.state is not step.before:
        return _out_of_turn(found, step)
    problem = (
        _already_signed(case, found, step)
        or _own_affair(case, found)
        or misfit(case, found.act, found.granted, first=False)
    )
    return rejected(problem) if problem else found


def _seen(case: Case) -> Grant | Outcome:
    """The grant that the body names, as its maker has seen it."""
    body = case.operation.body
    found = case.register.grant(body["grant"])
    if found is None:
        return rejected(stop_text(None, _GONE))
    known = (found.granted_hash, granted_hash(case, found.act, found.granted))
    return found if known == (body["granted_hash"],) * 2 else conflict(_OTHER)


def _out_of_turn(grant: Grant, step: GrantStep) -> Outcome:
    waits_for = next_step(grant.state)
    if waits_for is None:
        return conflict(_OVER)
    if STEPS.index(waits_for) > STEPS.index(step):
        return conflict(f"该申请的{step.name}已办理，现在等待{waits_for.name}，请按 F5 刷新")
    return rejected(stop_text(None, f"该申请还没有{waits_for.name}，不能{step.name}；请先由{waits_for.post}办理"))


def _not_his_post(case: Case, step: GrantStep) -> str:
    return "" if holds(case.operation.maker.roles, step.right) else f"{step.name}须由{step.post}岗位办理"


def _already_signed(case: Case, grant: Grant, step: GrantStep) -> Problem | None:
    """Four steps, four humans: nobody signs twice, under whatever account, certificate, key or sign-on."""
    for done, by in zip(STEPS, grant.signed, strict=False):
        if same_facts(by, case.operation.maker):
            return stop_text(None, f"{step.name}与{done.name}不能由同一人办理（工号 {by.operator}），请由另一人办理")
    return None


def _own_affair(case: Case, grant: Grant) -> Problem | None:
    """Nobody signs for himself; only a new certificate for posts he holds already may pass through his own hands."""
    if grant.act is GrantAct.RENEW or grant.granted.human != case.operation.maker.human:
        return None
    return stop_text(None, "不能办理本人的岗位授权，请由另一人办理")


def _signed(case: Case, grant: Grant, step: GrantStep) -> Grant:
    return replace(grant, state=step.after, signed=(*grant.signed, stamp(case.operation)))
