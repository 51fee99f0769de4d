"""The law as it was known on a day, and last year's limits carried on until this year's are published (rules 1.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from counter_tui.domain.calendar import LATEST_YEAR, YearMonth
from counter_tui.domain.money import grouped
from counter_tui.policy.dated import Dated, NotInForce, Value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from counter_tui.policy.regions import Policy

T = TypeVar("T")

_DECEMBER = 12
_LAST = YearMonth(LATEST_YEAR, _DECEMBER)


def as_known(policy: Policy, day: date) -> Policy:
    """Return the law as it was known on a day: what was published later is not in it."""
    return replace(
        policy,
        floors=_known(policy.floors, day),
        ceilings=_known(policy.ceilings, day),
        charges=_known(policy.charges, day),
        settings=_known(policy.settings, day),
        yearly=policy.yearly.holding(_known(policy.yearly.histories, day)),
    )


def provisional_policy(policy: Policy, day: date) -> Policy:
    """Return the law as it was known on a day, with last year's limits for the year after where the region carries.

    Limits are carried for one year only and never across months that are declared missing; a figure of the year itself
    always goes before. Where `provisional_carry` is not set, nothing is added and such a month raises NotInForce.
    """
    known = as_known(policy, day)
    floors = {scheme: _carried(known, history) for scheme, history in known.floors.items()}
    ceilings = {scheme: _carried(known, history) for scheme, history in known.ceilings.items()}
    return replace(known, floors=floors, ceilings=ceilings)


def _known(histories: Mapping[str, Dated[T]], day: date) -> dict[str, Dated[T]]:
    return {key: _as_of(history, day) for key, history in histories.items()}


def _as_of(history: Dated[T], day: date) -> Dated[T]:
    known = tuple(value for value in history.values if value.known_from is None or value.known_from <= day)
    return history if len(known) == len(history.values) else replace(history, values=known)


def _carried(policy: Policy, history: Dated[int]) -> Dated[int]:
    """The history with its last published value carried through the year after."""
    if not history.values or history.damaged:
        return history
    end = max(history.values, key=_last_month)
    if end.until is None or end.until == _LAST:
        return history
    since = end.until + 1
    last = history.on(end.until)
    until = YearMonth(since.year, _DECEMBER)
    gap = next((gap for gap in history.gaps if gap.since <= until and (gap.until is None or since <= gap.until)), None)
    if gap is not None or not _carries(policy, since):
        return history
    carried = Value(
        value=last.value,
        since=since,
        until=until,
        known_from=last.known_from,
        by=f"暂按 {last.since} 至 {end.until} 的数值 {grouped(last.value)}，公布后补差；原数值出处：{last.by}",
        confidence=last.confidence,
        training=last.training,
        provisional=True,
    )
    return replace(history, values=(*history.values, carried))


def _last_month(value: Value[int]) -> YearMonth:
    return value.until or _LAST


def _carries(policy: Policy, month: YearMonth) -> bool:
    try:
        return policy.parameter("provisional_carry", month) is True
    except NotInForce:
        return False
