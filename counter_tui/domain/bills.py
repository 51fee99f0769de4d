"""Unit-months, bills (核定单) and their rosters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum

from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # as above
from counter_tui.domain.declarations import Stamp  # noqa: TC001  # as above


class MonthState(StrEnum):
    """States of a unit-month that are stored; S0-S4 follow from calendar and items."""

    NOT_OPEN = "S0"
    OPEN = "S1"
    WAITING = "S2"
    RETURNED = "S3"
    READY = "S4"
    ASSESSED = "S5"
    PAID = "S6"
    ROLLED_BACK = "S7"


class BillState(StrEnum):
    """Where a bill stands."""

    TRIAL = "B0"
    ASSESSED = "B1"
    NOTIFIED = "B2"
    PART_PAID = "B3"
    PAID = "B4"
    OVERDUE = "B5"
    VOID = "B9"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """What one scheme adds to a bill. All money in fen."""

    scheme: str
    fee_type: str = "10"
    """CL-FEETYPE: 10 the month itself, 20 back-collection of earlier months."""
    since: YearMonth | None = None
    until: YearMonth | None = None
    """Fee months of a back-collection."""
    heads: int
    retired: int = 0
    wages: int
    employer_base: int
    person_base: int
    employer: int
    person: int
    account_employer: int = 0
    """Part of the employer's money that goes to personal accounts."""
    account_person: int = 0
    """Part of the persons' money that goes to personal accounts."""
    interest: int = 0
    late_fee: int = 0

    @property
    def total(self) -> int:
        """Everything due for the scheme, in fen."""
        return self.employer + self.person + self.interest + self.late_fee

    @property
    def pool(self) -> int:
        """What goes to the pooled fund, in fen."""
        return self.employer - self.account_employer + self.person - self.account_person


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An assessment (核定单) of one employer for one month."""

    number: str
    employer: str
    month: YearMonth
    fee_type: str
    """CL-FEETYPE, AAE793 family: 10 normal month, 20 back-collection."""
    state: BillState
    lines: tuple[BillLine, ...]
    assessed_at: datetime
    due_on: date
    operation: str
    maker: str
    function: str
    policy_version: str
    marks: tuple[str, ...] = ()
    """What the figures rest on: `〔演练数据〕职工基本医疗保险`."""
    items: tuple[str, ...] = ()
    """Items that this bill settled."""

    @property
    def total(self) -> int:
        """Grand total in fen: the sum of the rounded lines."""
        return sum(line.total for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One person's part of one scheme of a bill, in fen."""

    person: str
    scheme: str
    wage: int
    base: int
    employer: int
    person_due: int
    clamp: str = ""
    """raised, cut, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who stands behind the lines of a bill."""

    bill: str
    rows: tuple[RosterRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMonth:
    """An employer's settlement month once it was assessed."""

    employer: str
    month: YearMonth
    state: MonthState
    bill: str
    function: str
    """The function that assessed it: P29, P30 or P31."""
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBack:
    """A request to take an assessment back; a second person confirms it (P34)."""

    operation: str
    employer: str
    month: YearMonth
    bill: str
    reason: str
    state: str
    """asked, done or refused."""
    maker: Stamp
