"""The figures of a place that come out once a year: rates of its accounts, bases and averages of its pensions."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """The yearly figures in force at one place."""

    code: str
    """GB/T 2260."""
    account_interest: Yearly[Decimal]
    """Rates of the year for personal accounts; the nation's, unless the bureau loaded what its province published."""
    pension_base: Yearly[int]
    """Monthly bases of pensions (计发基数) in fen, by year of retirement."""
    index_wage: Yearly[int]
    """Average monthly wages of the index in fen, by year of contribution."""
    index_lag: int | None
    """Years between the label of an average and the year of contribution; None where nobody has told."""

    @property
    def histories(self) -> dict[str, Yearly[Any]]:
        """Every history by the key of its kind."""
        return {key: getattr(self, key) for key in YEARLY_KINDS}

    def holding(self, histories: Mapping[str, Any]) -> YearlyFigures:
        """Return these figures with the histories given in the place of their own, by the keys of their kinds."""
        return replace(self, **histories)


def shipped_yearly(code: str, name: str = "") -> YearlyFigures:
    """Return the yearly figures that the program brings along for a place: its own, its province's or the nation's.

    Args:
        code: the place, GB/T 2260.
        name: what it is called, for figures of which nothing is published; empty: by its code.

    """
    named = name or f"行政区划 {code} 的"
    return YearlyFigures(
        code=code,
        account_interest=interest_law().rates,
        pension_base=pension_base(code, named),
        index_wage=index_wage(code, named),
        index_lag=index_lag(code),
    )
