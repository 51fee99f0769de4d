"""Contributions a person was assessed for, kept as runs of equal months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_tui.domain.calendar import YearMonth  # noqa: TC001  # the store reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionMonth:
    """One fee month (费款所属期) of a person in a scheme. Money in fen."""

    person: str
    scheme: str
    employer: str
    month: YearMonth
    wage: int
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionSpan:
    """Fee months on end with one employer, one wage and one base; both ends belong to it. Money in fen."""

    person: str
    scheme: str
    employer: str
    since: YearMonth
    until: YearMonth
    wage: int
    base: int

    def months(self) -> Iterator[ContributionMonth]:
        """The span month by month, oldest first."""
        for offset in range(self.since.months_until(self.until) + 1):
            yield ContributionMonth(
                person=self.person,
                scheme=self.scheme,
                employer=self.employer,
                month=self.since + offset,
                wage=self.wage,
                base=self.base,
            )
