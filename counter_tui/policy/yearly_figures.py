"""The figures of a place that come out once a year: rates of its accounts, bases and averages of its pensions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from counter_tui.policy.accounts import interest_law, read_rate
from counter_tui.policy.explanation import percent
from counter_tui.policy.figure_entries import Group
from counter_tui.policy.figure_words import shown_limit
from counter_tui.policy.pension_figures import index_lag, index_wage, pension_base, read_monthly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from counter_tui.policy.sections import Section
    from counter_tui.policy.yearly import Yearly


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyKind:
    """How one kind of yearly figure is read, shown and listed."""

    group: Group
    take: Callable[[Section], Any]
    """Reads the value of a year."""
    words: Callable[[Any], str]


INDEX_WAGE: Final = "index_wage"
YEARLY_KINDS: Final[Mapping[str, YearlyKind]] = {
    "account_interest": YearlyKind(group=Group.INTEREST, take=read_rate, words=percent),
    "pension_base": YearlyKind(group=Group.PENSION_BASE, take=read_monthly, words=shown_limit),
    INDEX_WAGE: YearlyKind(group=Group.INDEX_WAGE, take=read_monthly, words=shown_limit),
}
"""By what the figure is called in files, in the list of figures, and in `YearlyFigures`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyFigures:
    """The yearly figures in force at one place; the tables that the program brings along are read when asked for."""

    code: str
    """GB/T 2260."""
    name: str
    """What the place is called, for figures of which nothing is published."""
    changed: Mapping[str, Yearly[Any]] = field(default_factory=dict)
    """Histories that are not as shipped, by the keys of their kinds."""

    @property
    def account_interest(self) -> Yearly[Decimal]:
        """Rates of the year for personal accounts: the nation's, unless the bureau loaded others."""
        return self.changed.get("account_interest") or interest_law().rates

    @property
    def pension_base(self) -> Yearly[int]:
        """Monthly bases of pensions (计发基数) in fen, by year of retirement."""
        return self.changed.get("pension_base") or pension_base(self.code, self.name)

    @property
    def index_wage(self) -> Yearly[int]:
        """Average monthly wages of the index in fen, by year of contribution."""
        return self.changed.get(INDEX_WAGE) or index_wage(self.code, self.name)

    @property
    def index_lag(self) -> int | None:
        """Years between the label of an average and the year of contribution; None where nobody has told."""
        return index_lag(self.code)

    @property
    def histories(self) -> dict[str, Yearly[Any]]:
        """Every history by the key of its kind."""
        return {key: getattr(self, key) for key in YEARLY_KINDS}

    def holding(self, histories: Mapping[str, Any]) -> YearlyFigures:
        """Return these figures with the histories given in the place of their own, by the keys of their kinds."""
        changed = {key: history for key, history in histories.items() if history != getattr(self, key)}
        return replace(self, changed={**self.changed, **changed}) if changed else self


def shipped_yearly(code: str, name: str = "") -> YearlyFigures:
    """Return the yearly figures that the program brings along for a place: its own, its province's or the nation's.

    Args:
        code: the place, GB/T 2260.
        name: what it is called, for figures of which nothing is published; empty: by its code.

    """
    return YearlyFigures(code=code, name=name or f"行政区划 {code} 的")
