"""Invented figures stand behind published ones: training shows months without a figure, and never hides one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_tui.policy.dated import Dated, Gap, Value

T = TypeVar("T")
Span = TypeVar("Span", bound="Gap | Value[Any]")


def filled(published: Dated[T], invented: Dated[T]) -> Dated[T]:
    """Return a history in which invented figures rule the months that have no published one, and only those."""
    added = tuple(part for value in invented.values for part in _outside(value, published.values))
    values: list[Value[T]] = [*published.values, *added]
    values.sort(key=lambda value: value.since)
    gaps = tuple(part for gap in published.gaps for part in _outside(gap, invented.values))
    return replace(published, values=tuple(values), gaps=gaps)


def _outside(span: Span, taken: Sequence[Value[T]]) -> Iterator[Span]:
    """The parts of a span that none of the others takes."""
    since = span.since
    for other in sorted(taken, key=lambda value: value.since):
        if other.until is not None and other.until < since:
            continue
        if other.since > since:
            last = other.since - 1
            if span.until is not None and span.until <= last:
                break
            yield replace(span, since=since, until=last)
        if other.until is None:
            return
        since = max(since, other.until + 1)
    if span.until is None or since <= span.until:
        yield replace(span, since=since)
