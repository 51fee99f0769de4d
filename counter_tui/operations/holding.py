"""What the hub holds is ended by a supervisor: released on his word, refused with a reason, or judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.held import HeldAct, HeldAnswer
from counter_tui.domain.posts import Right, holds, same_hand
from counter_tui.domain.problems import Problem, stop, stop_text
from counter_tui.operations.decide import Case, decides
from counter_tui.operations.outcome import Outcome, Status, conflict, rejected
from counter_tui.operations.rights import in_groups, is_overrider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.held import Held

MOST: Final = 200
"""Held operations that one decision may answer: a local transaction has no more."""
NOT_SUPERVISOR: Final = "上级暂缓的业务由主管核实，请由主管登录后办理"
NO_REASON: Final = "不同意必须填写原因"
OVER: Final = "该业务已不再暂缓，请按 F5 刷新"
OTHER: Final = "该业务与您看到的不同，请按 F5 刷新后重新核对"
OWN_AFFAIR: Final = "不能放行本人的业务，请由其他主管办理"
NOT_BY_VOUCHING: Final = "不是证书原因的暂缓不能放行，请按 F8 再判；不再办理的按 F6 不同意"
DECISION: Final = "对暂缓业务的裁定不能放行，请按 F6 不同意，再重新裁定"
_FUNCTIONS: Final[Mapping[str, str]] = {"month": "P29", "rollback": "P34", "bill": "P63"}
"""The function of operations whose kind does not begin with it."""
LEANS: Final = "所依据的接待或申报也在暂缓，请一并勾选，或先处理那一笔"


@decides(HeldAct.RELEASE.kind, at_hub=True)
def release(case: Case) -> Outcome:
    """Vouch that the makers made them before their certificates were revoked: the hub judges them at once.

    Everything but the later standing of the certificate counts as always; they may still end in conflict or refusal.
    """
    return _answered(case, HeldAct.RELEASE)


@decides(HeldAct.REFUSE.kind, at_hub=True)
def refuse(case: Case) -> Outcome:
    """Reject them for good, with a reason, and what depends on them in their own transactions."""
    reason = case.operation.body["reason"].strip()
    return _answered(case, HeldAct.REFUSE, reason) if reason else rejected(stop_text("reason", NO_REASON))


@decides(HeldAct.AGAIN.kind, at_hub=True)
def judge_again(case: Case) -> Outcome:
    """Ask the hub to judge them now, as it does by itself when a cause may have gone."""
    return _answered(case, HeldAct.AGAIN)


def _answered(case: Case, act: HeldAct, reason: str = "") -> Outcome:
    """What can be answered is answered, the others stay held and say why. Each was seen, to its last byte."""
    if not holds(case.operation.maker.roles, Right.ANSWER_HELD):
        return rejected(stop_text(None, NOT_SUPERVISOR))
    wanted = {target["operation"]: target["hash"] for target in case.operation.body["targets"]}
    if len(wanted) > MOST:
        return rejected(stop_text(None, f"一次最多处理 {MOST} 笔暂缓业务，请减少勾选"))
    found = {op_id: case.register.held_operation(op_id) for op_id in wanted}
    answers: list[HeldAnswer] = []
    left: list[tuple[str, Outcome]] = [(op_id, conflict(OVER)) for op_id, held in found.items() if held is None]
    for held in sorted((each for each in found.values() if each), key=lambda each: each.pos):
        op_id = held.operation.op_id
        answered = frozenset(each.operation for each in answers)
        if refusal := _refusal(case, act, held, wanted[op_id], answered):
            left.append((op_id, refusal))
        else:
            answers.append(HeldAnswer(operation=op_id, act=act, reason=reason))
    problems = tuple(problem for op_id, outcome in left for problem in _problems(op_id, outcome))
    if answers:
        return Outcome(status=Status.APPLIED, problems=problems, answers=tuple(answers))
    if left and all(outcome.status is Status.CONFLICT for _, outcome in left):
        return left[0][1]
    return rejected(*problems) if problems else rejected(stop_text(None, "请先选择要处理的暂缓业务"))


def _problems(op_id: str, outcome: Outcome) -> tuple[Problem, ...]:
    return outcome.problems or (stop_text(op_id, outcome.why),)


def _refusal(case: Case, act: HeldAct, held: Held, seen: str, answered: frozenset[str]) -> Outcome | None:
    """Why one held operation cannot be answered so; None when it can."""
    if held.op_hash != seen:
        return conflict(OTHER)
    if act is not HeldAct.AGAIN and _is_own_work(case, held.operation):
        return rejected(stop(held.operation.op_id, "M59"))
    if act is not HeldAct.AGAIN and (missing := _outside_groups(case, held.operation)):
        return rejected(missing)
    if act is HeldAct.RELEASE and (sentence := _unreleasable(case, held)):
        return rejected(stop_text(held.operation.op_id, sentence))
    if act is not HeldAct.REFUSE and any(
        case.register.held_operation(each) for each in leans_on(held.operation) - answered
    ):
        return conflict(LEANS)
    return None


def _is_own_work(case: Case, operation: Operation) -> bool:
    """M59: nobody vouches for himself, as the maker or as the supervisor who let a problem pass."""
    override = operation.body.get("override")
    own = same_hand(operation.maker, case.operation.maker) is not None
    return own or bool(override and is_overrider(case, override))


def _outside_groups(case: Case, operation: Operation) -> Problem | None:
    """Why the supervisor's groups of functions do not reach what is held."""
    items = (case.register.item(each) for each in items_of(operation))
    beginning = operation.kind.partition(".")[0]
    functions = {_FUNCTIONS.get(beginning, beginning), operation.body.get("function", "")}
    functions |= {item.function for item in items if item}
    return next((problem for each in sorted(functions) if (problem := in_groups(case, each))), None)


def _unreleasable(case: Case, held: Held) -> str:
    if not held.hold.releasable:
        return NOT_BY_VOUCHING
    if held.operation.kind.startswith("held."):  # else two supervisors could vouch for each other's own work
        return DECISION
    return OWN_AFFAIR if _is_own_affair(case, held.operation) else ""


def _is_own_affair(case: Case, operation: Operation) -> bool:
    """Whether it is about the supervisor himself, or he came to the counter with it as the employer's agent."""
    body, reception = operation.body, case.register.reception(operation.reception_id)
    form = body.get("form") or {}
    numbers = {form.get("id_number", ""), body.get("visitor_id", ""), body.get("person", "")}
    numbers |= {reception.visitor_id if reception else ""}
    for item in map(case.register.item, items_of(operation)):
        numbers |= {item.id_number, item.person} if item else set()
    return case.operation.maker.human in {case.human_of(number) for number in numbers - {""}}


def items_of(operation: Operation) -> set[str]:
    """Declaration items that an operation names."""
    targets = (target.get("item", "") for target in operation.body.get("targets", ()))
    return {operation.body.get("item", ""), *operation.body.get("items", ()), *targets} - {""}


def leans_on(operation: Operation) -> frozenset[str]:
    """Operations without which one cannot be judged: its reception, the saves of its items, what it refers to."""
    if operation.kind.startswith("held."):  # names what it answers
        return frozenset()
    named = {operation.reception_id, operation.body.get("reception", ""), *operation.refs, *items_of(operation)}
    return frozenset(named - {"", operation.op_id})
