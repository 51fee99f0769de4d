"""A month's rule over a whole city: the lines of `MonthlyRule.amounts` drawn through all wages at once.

Only 64-bit integers, never floats. Before anything is multiplied the largest wage proves that every product fits; where
it does not, the roster is computed in Python's integers, which have no end.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from counter_tui.policy.monthly_rules import CUT, RAISED, Columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_tui.policy.monthly_rules import MonthlyRule, Share

    Fen: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]

LARGEST = 2**63 - 1
"""The largest whole number that an element holds."""


def columns(rule: MonthlyRule, wages: Sequence[int]) -> Columns | None:
    """Return what many wages come to under a rule that looks at a base, equal to `rule.amounts` of each.

    The columns are arrays of 64-bit integers; their elements come out as plain `int`. Fastest over an `array("q")` of
    wages, which is read where it lies.

    Returns:
        None where the plain way has to go: no wages, a wage to refuse, numbers too large.

    """
    paid = _whole(wages)
    if not paid:
        return None
    roster = np.frombuffer(paid, dtype=np.int64)
    least, most = int(roster.min()), int(roster.max())
    if rule.refuses(least) or rule.refuses(most) or not _fits(rule, most):
        return None
    rounded, *shares = rule.shares
    base = np.minimum(np.maximum(_of_each(rounded, roster), rule.floor), rule.ceiling)
    # A person's whole share often is what goes to the account: it is computed once.
    due = {each: _kept(_of_each(each, base)) for each in set(shares)}
    employer, person, account_employer, account_person = (due[each] for each in shares)
    return Columns(_kept(base), employer, person, account_employer, account_person, _clamps(rule, roster))


def total(column: Sequence[int]) -> int:
    """Add up a column of amounts, none below zero."""
    fen = _whole(column)
    if not fen:
        return sum(column)
    amounts = np.frombuffer(fen, dtype=np.int64)
    if int(amounts.max()) * len(fen) > LARGEST:
        return sum(column)
    return int(amounts.sum())


def _whole(numbers: Sequence[int]) -> array[int] | None:
    """The numbers as 64-bit integers, or None where one is too large."""
    if isinstance(numbers, array) and numbers.typecode == "q":
        return numbers
    try:
        return array("q", numbers)
    except OverflowError:
        return None


def _fits(rule: MonthlyRule, most: int) -> bool:
    """Tell whether every product and amount up to the largest wage is an element; all of them grow with the wage."""
    rounded, *shares = rule.shares
    base = min(max(rounded.of(most), rule.floor), rule.ceiling)
    reached = [rule.floor, rule.ceiling, *_reached(rounded, most)]
    for each in shares:
        reached += _reached(each, base)
    return min(rule.floor, rule.ceiling, *(each.multiplier for each in rule.shares)) >= 0 and max(reached) <= LARGEST


def _reached(share: Share, fen: int) -> tuple[int, int, int]:
    return share.divisor, fen * share.multiplier + share.addend, share.of(fen)


def _of_each(share: Share, amounts: Fen) -> Fen:
    multiplier, addend, divisor, unit = share
    if (multiplier, addend, divisor, unit) == (1, 0, 1, 1):
        return amounts
    products = amounts * np.int64(multiplier)
    products += np.int64(addend)
    products //= np.int64(divisor)
    if unit != 1:
        products *= np.int64(unit)
    return products


def _kept(amounts: Fen) -> array[int]:
    return array("q", amounts.tobytes())


def _clamps(rule: MonthlyRule, roster: Fen) -> list[str | None]:
    sides: list[str | None] = [None] * len(roster)
    for side, beyond in ((CUT, roster > rule.ceiling), (RAISED, roster < rule.floor)):
        for place in np.flatnonzero(beyond).tolist():
            sides[place] = side
    return sides
