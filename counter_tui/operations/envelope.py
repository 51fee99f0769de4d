"""The operation: an immutable, signed envelope (docs/operations.md tells the wire form)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from typing import Any

from counter_tui.operations.canonical import builtins, canonical
from counter_tui.operations.suites import INTERNATIONAL, Suite, suite_of

DOMAIN = "counter/1"
TRAINING_DOMAIN = "counter/1/training"
FIRST = "0" * 64
"""`prev_hash` of a device's first operation."""

NOT_CONTENT = frozenset(
    {"body", "salt", "dev_seq", "group", "acceptance_number", "item_no", "prev_hash", "key_sig", "sig"}
)
"""Fields that the operator's key does not sign: they are given inside the write transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who made an operation, at which window, with which key."""

    operator: str
    human: str
    """Keyed reference of the human, the same for every account of one person."""
    post: str
    """CL-POSTCLASS."""
    roles: tuple[str, ...]
    window: str
    key_serial: str
    certificate: str
    signon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Place of an operation among those committed in one local transaction."""

    index: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a counter did, for ever. Money in fen, times in UTC, `mono` in ms.

    The fields of the envelope are fixed by `v`. What a later version adds travels in `body`, where keys that this
    version does not know are kept and hashed; an envelope with a field unknown here no longer has its hash, so that
    its signature fails and the hub refuses it aloud instead of dropping the field.
    """

    op_id: str
    bureau_id: str
    device_id: str
    dev_seq: int
    group: Group
    unit_id: str
    """Unit of consistency: `E:`employer, `P:`person, or `B` for the bureau itself."""
    base_ver: int
    """Version of the unit that the maker saw."""
    kind: str
    body: dict[str, Any]
    salt: str
    body_hash: str
    refs: tuple[str, ...]
    maker: Maker
    reception_id: str
    acceptance_number: str
    item_no: int
    made_at: datetime
    mono: int
    policy_ver: str
    form_ver: str
    training: bool
    prev_hash: str
    key_sig: str = ""
    """Signature of the operator's own key over `content`, decisive kinds only; hex."""
    sig: str = ""
    """Signature of the sign-on key over the hash of the group's last operation; hex."""
    v: int = 1
    suite: str = INTERNATIONAL.envelope

    @property
    def domain(self) -> str:
        """What every signature and hash of this operation starts with."""
        return TRAINING_DOMAIN if self.training else DOMAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a use case wants to record, before the chain gives it a place."""

    kind: str
    unit_id: str
    body: dict[str, Any] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    reception_id: str = ""
    form_ver: str = ""
    item_no: int = 0


def body_hash(salt: str, body: Any, suite: Suite = INTERNATIONAL) -> str:
    """H(salt ‖ JCS(body)): the body may be erased after its time, the chain still verifies."""
    return suite.digest(bytes.fromhex(salt), canonical(body))


def is_untouched(operation: Operation) -> bool:
    """Whether the body is the one whose hash was signed; every other hash leaves the body out."""
    try:
        return body_hash(operation.salt, operation.body, suite_of(operation.suite)) == operation.body_hash
    except ValueError:  # a salt that is not hex, a float in the body, an unknown suite
        return False


def content(operation: Operation) -> bytes:
    """The bytes that the operator's own key signs for a decisive act."""
    return canonical({name: value for name, value in builtins(operation).items() if name not in NOT_CONTENT})


def operation_hash(operation: Operation) -> str:
    """H(domain ‖ "operation" ‖ JCS(envelope − body, salt, sig)); `prev_hash` of the next one. Raises UnknownSuite."""
    fields = {name: value for name, value in builtins(operation).items() if name not in {"body", "salt", "sig"}}
    return suite_of(operation.suite).digest(operation.domain, "operation", canonical(fields))


def signed(operation: Operation, signature: bytes) -> Operation:
    """The same operation with the sign-on key's signature."""
    return replace(operation, sig=signature.hex())
