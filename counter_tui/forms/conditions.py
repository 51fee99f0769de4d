"""Conditions that a region's overlay may name, and settings of the law with the value they have when unset."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from counter_tui.policy.dated import NotInForce

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from counter_tui.domain.calendar import YearMonth
    from counter_tui.forms.facts import Facts
    from counter_tui.policy.regions import Policy

S = TypeVar("S", bool, int, str, tuple[str, ...], tuple[int, ...])


def setting(policy: Policy, name: str, otherwise: S, month: YearMonth | None = None) -> S:
    """A parameter of the region, or what holds where nobody has set it."""
    try:
        value = policy.parameter(name, month)
    except NotInForce:
        return otherwise
    return value if isinstance(value, type(otherwise)) else otherwise


def three_schemes(facts: Facts, policy: Policy) -> bool:
    """三险户: the employer takes part in exactly as many schemes as the region counts for one (decision Q05)."""
    counted = setting(policy, "three_schemes", ("110", "310", "410"))
    return facts.employer is not None and len(facts.employer.paying) == len(counted)


CONDITIONS: Mapping[str, Callable[[Facts, Policy], bool]] = {"three_schemes": three_schemes}
"""What `required_when` of a field overlay may say."""
