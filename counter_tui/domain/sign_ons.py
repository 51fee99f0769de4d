"""Sign-ons as the register knows them: one for each key at a time, and one for each operator at a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnRecord:
    """One sign-on, from the operation that opened it to the one that ended it."""

    operation: str
    """The operation that opened it; every operation made under it names this one."""
    session: str
    """Id in the statement that the operator's key signed, which opens one sign-on and no second."""
    key: str
    """Fingerprint of the certificate in use."""
    operator: str
    window: str
    device: str
    at: datetime
    ended_by: str = ""
    """The operation that ended it: a lock, a sign-off, or the next sign-on. Empty while it lasts."""
