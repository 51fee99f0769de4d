"""What counter and hub say to each other, and how outcomes are written in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from counter_tui.domain.held import Hold
from counter_tui.domain.operators import Operator  # noqa: TC001  # msgspec reads the annotations
from counter_tui.domain.problems import Problem
from counter_tui.operations.canonical import builtins, pack, read, unpack
from counter_tui.operations.envelope import Operation  # noqa: TC001  # as above
from counter_tui.operations.outcome import Outcome, Status, effect_builtins, effect_read

UNIT_LIMIT = 200
"""Operations in one request, and in one group."""
BYTES_LIMIT = 1 << 20
"""Bytes of operations in one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """Where the hub's feed ends."""

    bureau_id: str
    epoch: int
    pos: int
    root: str
    at: str = ""
    key_id: str = ""
    sig: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Operations on their way up, in the order of the device's chain."""

    device: str
    from_seq: int
    operations: tuple[Operation, ...]
    head: SignedHead | None = None
    """The last head this device has seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one operation."""

    op_id: str
    outcome: dict[str, Any]
    unit_ver: int
    pos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request as a whole was not taken."""

    code: str
    message_zh: str
    reference: str = ""
    retry: str = "later"
    """now, later or never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """The hub's reply to a push."""

    expected: int
    """`dev_seq` that the hub expects next."""
    results: tuple[Answer, ...] = ()
    head: SignedHead | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One position of the feed: an operation with its outcome, or operators put into the registry without one.

    A change of the registry by an operation stands beside its outcome; one without an operation has its entries of
    the ledger as the effects of an outcome.
    """

    pos: int
    op_id: str = ""
    op_hash: str = ""
    device: str = ""
    dev_seq: int = 0
    unit_id: str = ""
    unit_ver: int = 0
    operation: dict[str, Any] | None = None
    """The envelope; withheld for access records, which come down as hash only."""
    outcome: dict[str, Any] = field(default_factory=dict)
    operators: tuple[Operator, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """A page of the feed, as it was written: the bytes are leaves of the log."""

    rows: tuple[str, ...]
    head: SignedHead
    refusal: Refusal | None = None


def outcome_builtins(outcome: Outcome) -> dict[str, Any]:
    """An outcome as it travels."""
    return {
        "status": outcome.status.value,
        "effects": [effect_builtins(effect) for effect in outcome.effects],
        "problems": builtins(outcome.problems),
        "why": outcome.why,
        "link": outcome.link,
        **({"hold": outcome.hold.value} if outcome.status is Status.HELD else {}),
        **({"word": outcome.word} if outcome.word else {}),
    }


def outcome_read(value: dict[str, Any]) -> Outcome:
    """Read an outcome; fields of a later version are passed over."""
    return Outcome(
        status=Status(value["status"]),
        effects=tuple(effect_read(effect) for effect in value["effects"]),
        problems=read(tuple[Problem, ...], value["problems"]),
        why=value["why"],
        link=value["link"],
        hold=Hold(value.get("hold", "")),
        word=value.get("word", ""),
    )


def outcome_text(outcome: Outcome) -> str:
    """An outcome as a column holds it."""
    return pack(outcome_builtins(outcome)).decode()


def outcome_of(text: str) -> Outcome:
    """Read what `outcome_text` wrote."""
    return outcome_read(unpack(dict[str, Any], text))
