"""decide(): one operation, one register, one outcome; the same code at the counter and at the hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from counter_tui.operations.outcome import rejected
from counter_tui.operations.signed_on import decided_too_late

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from counter_tui.operations.envelope import Operation
    from counter_tui.operations.outcome import Outcome
    from counter_tui.operations.register import Register
    from counter_tui.policy.regions import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a rule may look at: the operation, the register, the law and the business date."""

    operation: Operation
    register: Register
    policy: Policy
    today: date
    at_hub: bool
    """The hub decides with authority; the counter looks ahead so that the clerk learns at once."""
    precedes: Callable[[str], bool] | None = None
    """For one that was held and is judged behind its turn: whether it stands before another operation in the chain of
    its device. None for one that is judged in its turn."""
    human_of: Callable[[str], str] = str
    """The person reference under which the registry knows whoever has an identity number."""

    @property
    def late(self) -> bool:
        """Whether others have come in between: what is over now was not when the operation was made."""
        return self.precedes is not None

    def came_before(self, op_id: str) -> bool:
        """Whether it was judged behind an operation that it stands before."""
        return self.precedes is not None and self.precedes(op_id)


Rule: TypeAlias = "Callable[[Case], Outcome]"

_RULES: dict[str, Rule] = {}
NEEDS_HUB: set[str] = set()
"""Kinds that only the hub may settle: the counter waits for its answer."""


def decides(kind: str, *, at_hub: bool = False) -> Callable[[Rule], Rule]:
    """Name the rule of an operation kind; a second one for the same kind is refused at import."""

    def register_rule(rule: Rule) -> Rule:
        if kind in _RULES:
            raise ValueError(kind)
        _RULES[kind] = rule
        if at_hub:
            NEEDS_HUB.add(kind)
        return rule

    return register_rule


DECISIVE = frozenset(
    {
        "item.decide",
        "item.reverse",
        "month.settle",
        "rollback.ask",
        "rollback.confirm",
        "figures.propose",
        "figures.confirm",
        "figures.refuse",
        "grant.request",
        "grant.review",
        "grant.approve",
        "grant.carry_out",
        "grant.refuse",
        "grant.revoke",
        "grant.suspend",
        "held.release",
        "held.refuse",
    }
)
"""Kinds that the operator's own key must have signed, PIN asked again."""


def is_decisive(operation: Operation) -> bool:
    """Tell whether an operation needs the operator's own key: the decisive kinds, and a batch handed in."""
    batch = operation.kind == "item.submit" and len(operation.body["items"]) > 1
    return batch or operation.kind in DECISIVE


STRICT = frozenset({"month.settle", "rollback.ask", "rollback.confirm", "P10.save", "P10.edit"})
"""Kinds that the hub applies only when nobody else changed the unit since the maker saw it."""


def kinds() -> frozenset[str]:
    """Every operation kind this version knows."""
    return frozenset(_RULES)


def decide(case: Case) -> Outcome:
    """Give the outcome of an operation. Pure: reads the register, changes nothing.

    Raises:
        KeyError: a kind that this version does not know (the hub holds it).
    """
    rule = _RULES[case.operation.kind]
    if is_decisive(case.operation) and (problem := decided_too_late(case)):
        return rejected(problem)
    return rule(case)
