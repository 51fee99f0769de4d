"""Whether the maker of an operation holds the post that it takes, and is nobody's checker of his own work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_tui.domain import posts
from counter_tui.domain.declarations import Item, ItemState
from counter_tui.domain.posts import Right, same_hand
from counter_tui.domain.problems import Problem, stop_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_tui.domain.declarations import Stamp
    from counter_tui.operations.decide import Case

_OUTSIDE = "您没有「{group}」业务组的授权，请由有授权的柜员办理，或由主管在 92 申请"
REFUSED = "您的岗位不能办理此项业务，请由相应岗位办理"
_KEYED = frozenset({ItemState.TO_SUBMIT, ItemState.SUBMITTED})


def may_use(case: Case, function: str) -> Problem | None:
    """Refuse an operation of a function that the maker's roles do not open, or his groups do not reach."""
    if not posts.may_use(case.operation.maker.roles, function):
        return stop_text(None, REFUSED)
    return in_groups(case, function)


def in_groups(case: Case, function: str) -> Problem | None:
    """Refuse whoever was not granted the group of a function, in whatever capacity he acts on it.

    The groups are those of the registry now. A maker it does not know has passed no check of signatures: the hub has
    refused him before.
    """
    operator = case.register.operator(case.operation.maker.operator)
    missing = operator.lacks(function) if operator is not None else None
    return stop_text(None, _OUTSIDE.format(group=missing.named)) if missing is not None else None


def must_hold(case: Case, right: Right) -> Problem | None:
    """Refuse an operation that takes a right the maker's roles do not carry."""
    return None if posts.holds(case.operation.maker.roles, right) else stop_text(None, REFUSED)


def not_the_maker(case: Case, *earlier: Stamp | None) -> Problem | None:
    """M59: nobody checks what he made, submitted, or had made under another account."""
    found = (same_hand(stamp, case.operation.maker) for stamp in earlier if stamp is not None)
    return next((problem for problem in found if problem), None)


def is_overrider(case: Case, override: Mapping[str, Any]) -> bool:
    """Whether the maker is the supervisor who let an *ask* problem pass, under whatever account."""
    maker = case.operation.maker
    mine = {"operator": maker.operator, "human": maker.human, "certificate": maker.certificate}
    return any(override[name] == value for name, value in mine.items())


def not_own_work(case: Case, item: Item) -> Problem | None:
    """M59: nobody decides an item that he saved, edited, submitted or took back to edit."""
    steps = case.register.transitions(item.id)
    keyed = (step.by for step in steps if step.after in _KEYED and step.before is not ItemState.IN_REVIEW)
    return not_the_maker(case, item.made, item.submitted, *keyed)


def is_own_affair(case: Case, item: Item) -> bool:
    """Tell whether the maker is the insured person of an item, or came to the counter as the employer's agent.

    The registry knows humans by a reference made from the identity number, which it does not keep.
    """
    reception = case.register.reception(item.reception)
    numbers = {item.person, item.id_number, reception.visitor_id if reception else ""} - {""}
    return case.operation.maker.human in {case.human_of(number) for number in numbers}
