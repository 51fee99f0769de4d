"""The port to trust: whether the revocation lists of this host still allow new work, and whom they revoke."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_tui.domain.operators import Operator

KEPT_GOING = ("signon.", "access.", "reception.", "grant.revoke", "grant.suspend")
"""Beginnings of the kinds that are recorded all the same while new work is frozen.

Who reads must be on record, and a lost key is revoked above all when no list can say so.
"""


class ReadOnly(CounterError):
    """现在只能查询和打印，不能受理新业务：{why}"""

    why: str


class Standing(Enum):
    """What this host may still do."""

    SOUND = "sound"
    WARNED = "warned"
    """Work goes on, with a sentence for the clerk and the administrator."""
    READ_ONLY = "read-only"
    """New entry is frozen; reading, printing and sending go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustState:
    """Where the host stands, and why."""

    standing: Standing = Standing.SOUND
    sentence: str = ""
    """What is wrong and whom to ask; without a full stop; empty when all is well."""

    @property
    def read_only(self) -> bool:
        """Whether new entry is frozen."""
        return self.standing is Standing.READ_ONLY


class Trust(Protocol):
    """What the counter asks of its revocation lists; answers at once, from memory."""

    def state(self) -> TrustState:
        """Whether the lists are young enough for new work."""

    def revoked(self, operator: Operator) -> str:
        """Why the operator's certificate no longer counts, as a sentence; empty when it does."""


class NoLists:
    """A counter without revocation lists: in training."""

    def lists(self) -> tuple[()]:
        """None."""
        return ()

    def state(self) -> TrustState:
        """All is well."""
        return TrustState()

    def revoked(self, operator: Operator) -> str:
        """Nobody is revoked."""
        del operator
        return ""

    def close(self) -> None:
        """Nothing was opened."""


def refuse_new_work(trust: Trust, kinds: Iterable[str]) -> None:
    """Refuse operations of these kinds while the host is read-only. Raises ReadOnly."""
    if all(kind.startswith(KEPT_GOING) for kind in kinds):
        return
    state = trust.state()
    if state.read_only:
        raise ReadOnly(why=state.sentence)
