"""What a form may know while it is filled in, and again when it is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.domain.coverage import Coverage
    from counter_tui.domain.declarations import Item
    from counter_tui.domain.employers import Employer
    from counter_tui.domain.people import Person

NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The register around one declaration, gathered by whoever reads the form: screen, sheet or hub."""

    today: date
    """Business date in Beijing time."""
    month: YearMonth
    """Settlement month (I12) of the employer; the month of `today` without one."""
    employer: Employer | None = None
    person: Person | None = None
    coverages: tuple[Coverage, ...] = ()
    """All coverages of the person, at any employer."""
    open_items: tuple[Item, ...] = ()
    """Items of the person in D1, D2, D3, D5, at any employer."""
    settled: bool = False
    """The settlement month is assessed already (L3)."""
    editing: Item | None = None
    """The item that is being corrected; it never stands in its own way."""
    employer_names: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    """Names of the employers that the coverages mention."""
    holders: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    """个人编号 of whoever holds an identity number that the declaration names besides the person's own."""
    training: bool = False

    @property
    def here(self) -> str:
        """Number of the employer in reception, empty without one."""
        return self.employer.number if self.employer else ""

    @property
    def paying_here(self) -> tuple[Coverage, ...]:
        """Coverages that this employer is paying."""
        return tuple(entry for entry in self.coverages if entry.employer == self.here and entry.state == "1")

    @property
    def paying_elsewhere(self) -> tuple[Coverage, ...]:
        """Coverages that another employer is paying."""
        return tuple(entry for entry in self.coverages if entry.employer != self.here and entry.state == "1")
