"""Coverages (参保关系): a person in one scheme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  # msgspec reads the annotations
from enum import StrEnum

from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # as above


class CoverageState(StrEnum):
    """CL-PERINS."""

    NOT_INSURED = "0"
    PAYING = "1"
    SUSPENDED = "2"
    ENDED = "3"
    NOT_PAYING = "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What binds a person, an employer and a scheme; one row for each person and scheme."""

    person: str
    scheme: str
    employer: str
    state: CoverageState
    since: date
    """本次参保时间 (E20)."""
    first_month: YearMonth
    """First fee month that the current employer pays."""
    wage: int
    """Declared monthly wage in fen."""
    changed_on: date
    """Date of the last change (M16)."""
    reason: str = ""
    stopped_on: date | None = None
    first_unpaid: YearMonth | None = None
    """First month without contribution after a stop."""
    scope: str = ""
    """用工范围 (E25)."""
    rate_class: str = "1"

    def pays(self, month: YearMonth) -> bool:
        """Tell whether a contribution is due for a fee month."""
        if month < self.first_month:
            return False
        return self.state is CoverageState.PAYING or (self.first_unpaid is not None and month < self.first_unpaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageChange:
    """One line of the change log (人员变更): what happened to a person's schemes."""

    operation: str
    """The operation that took effect, with `person` the key of the line."""
    item: str
    employer: str
    person: str
    id_number: str
    name: str
    kind: str
    """CL-CHANGE code."""
    schemes: tuple[str, ...]
    reason: str
    on: date
    month: YearMonth
    """Settlement month in which the change counts."""
    wage: int
    """Declared monthly wage in fen after the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """Months that an approved enrolment asks to be collected for the past (补收)."""

    item: str
    """The approved item that asks for them."""
    employer: str
    person: str
    schemes: tuple[str, ...]
    since: YearMonth
    until: YearMonth
    wage: int
    state: str = "open"
    """open, reversed, or the number of the bill that took it."""
