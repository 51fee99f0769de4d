"""Why the hub holds an operation (暂缓), and what a supervisor may say to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hold(StrEnum):
    """What stands against judging an operation now."""

    STANDING = "standing"
    """The maker's certificate was revoked or replaced, or expired, while the operation was on its way."""
    LAW = "law"
    """A figure or rule that the hub does not have."""
    KIND = "kind"
    """A kind of operation that the hub's version does not know."""
    FAULT = "fault"
    """An error of the hub's own."""
    UNKNOWN = ""
    """Held by an earlier version, which kept no cause; judged again before anything else."""

    @property
    def label(self) -> str:
        """The cause in a word, for lists."""
        return _LABELS[self]

    @property
    def releasable(self) -> bool:
        """Whether a supervisor may vouch for the maker; the other causes go away by themselves or not at all."""
        return self is Hold.STANDING


_LABELS = {
    Hold.STANDING: "证书",
    Hold.LAW: "数值",
    Hold.KIND: "版本",
    Hold.FAULT: "出错",
    Hold.UNKNOWN: "待判",
}


class HeldAct(StrEnum):
    """What is said to a held operation."""

    RELEASE = "release"
    """放行: the operator made it before his certificate was revoked; judge it as if it still stood."""
    REFUSE = "refuse"
    """不同意: it is rejected for good."""
    AGAIN = "again"
    """再判: judge it as always, now."""

    @property
    def label(self) -> str:
        """The act as shown."""
        return {"release": "放行", "refuse": "不同意", "again": "再判"}[self.value]

    @property
    def kind(self) -> str:
        """The operation that says it."""
        return f"held.{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAnswer:
    """One held operation and what becomes of it by a supervisor's word."""

    operation: str
    act: HeldAct
    reason: str = ""
