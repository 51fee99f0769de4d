"""Who, where and when: the stamp of an operation, and the steps of an item's life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.domain.declarations import Item, ItemState, Stamp, Transition

if TYPE_CHECKING:
    from counter_tui.operations.decide import Case
    from counter_tui.operations.envelope import Operation


def stamp(operation: Operation) -> Stamp:
    """Who made an operation, with which key, at which window, when."""
    maker = operation.maker
    return Stamp(
        operator=maker.operator,
        human=maker.human,
        certificate=maker.certificate,
        key_serial=maker.key_serial,
        signon=maker.signon,
        window=maker.window,
        at=operation.made_at,
    )


def step(case: Case, item: Item, before: ItemState | None, reason: str = "") -> Transition:
    """The record of an item's step to the state it now has."""
    return Transition(
        operation=case.operation.op_id,
        item=item.id,
        before=before,
        after=item.state,
        by=stamp(case.operation),
        reception=case.operation.reception_id,
        reason=reason,
    )
