"""How a proposal becomes an operation with a place in its device's chain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counter_tui.operations.envelope import FIRST, Group, Maker, Operation, Proposal, body_hash, operation_hash
from counter_tui.operations.suites import INTERNATIONAL, Suite

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a device's chain ends: last sequence number and last operation hash."""

    seq: int = 0
    hash: str = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """What every operation written now has in common."""

    bureau: str
    device: str
    maker: Maker
    made_at: datetime
    mono: int
    policy_version: str
    training: bool
    new_id: Callable[[], str]
    """Makes a UUIDv7."""
    new_salt: Callable[[], str]
    """Makes 16 random bytes, hex."""
    suite: Suite = INTERNATIONAL


def drafted(proposal: Proposal, pen: Pen, *, base_version: int) -> Operation:
    """Give a proposal its identity and content; it has no place in the chain yet."""
    salt = pen.new_salt()
    return Operation(
        op_id=pen.new_id(),
        bureau_id=pen.bureau,
        device_id=pen.device,
        dev_seq=0,
        group=Group(index=0, count=1),
        unit_id=proposal.unit_id,
        base_ver=base_version,
        kind=proposal.kind,
        body=proposal.body,
        salt=salt,
        body_hash=body_hash(salt, proposal.body, pen.suite),
        refs=proposal.refs,
        maker=pen.maker,
        reception_id=proposal.reception_id,
        acceptance_number="",
        item_no=proposal.item_no,
        made_at=pen.made_at,
        mono=pen.mono,
        policy_ver=pen.policy_version,
        form_ver=proposal.form_ver,
        training=pen.training,
        prev_hash=FIRST,
        suite=pen.suite.envelope,
    )


def placed(operation: Operation, head: Head, *, group: Group, acceptance_number: str) -> Operation:
    """Put an operation behind the head of its device's chain."""
    return replace(
        operation, dev_seq=head.seq + 1, prev_hash=head.hash, group=group, acceptance_number=acceptance_number
    )


def head_after(operation: Operation) -> Head:
    """The chain's head once an operation is appended."""
    return Head(seq=operation.dev_seq, hash=operation_hash(operation))
