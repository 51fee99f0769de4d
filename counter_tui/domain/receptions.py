"""Receptions (接待): who stands in front of the window, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum


class ReceptionState(StrEnum):
    """Where a reception stands."""

    OPEN = "进行中"
    SUSPENDED = "挂起"
    CLOSED = "结束"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """One visit at one window; every piece of business carries its id."""

    id: str
    window: str
    state: ReceptionState
    subject: str
    """CL-OBJECT: 1 employer, 2 person."""
    employer: str
    person: str
    visitor: str
    """Name of the employer's agent, or of whoever comes for the person."""
    visitor_id: str
    letter: bool
    """委托书: a letter of authority was shown."""
    in_person: bool
    operator: str
    opened_at: datetime
    closed_at: datetime | None = None
    read_only: bool = False
    """Another window was already serving the employer when this one opened (L10)."""
