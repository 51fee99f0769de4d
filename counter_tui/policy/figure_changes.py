"""What a file of figures changes against the law in force: old and new, months, authority."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from counter_tui.domain.calendar import LATEST_YEAR, YearMonth
from counter_tui.policy.authority import setting_text
from counter_tui.policy.charges import Merged
from counter_tui.policy.dated import Confidence, Dated, NotInForce
from counter_tui.policy.explanation import INVENTED, UNCONFIRMED
from counter_tui.policy.figure_words import shown_limit, shown_value
from counter_tui.policy.supplements import CEILING, FLOOR, SETTING, YEARLY, keyed_histories
from counter_tui.policy.yearly_figures import YEARLY_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from counter_tui.policy.charges import Charge
    from counter_tui.policy.dated import Value
    from counter_tui.policy.regions import Policy
    from counter_tui.policy.supplements import LoadedNotice, Supplement

Words: TypeAlias = "Callable[[Any], str]"
"""Writes the values of one figure."""

NOTHING = "无数据"
"""What stands where the law in force has no figure."""
CONFIRMED = "确认"
_END = YearMonth(LATEST_YEAR, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure and months on end for which it changes in one way."""

    figure: str
    since: YearMonth
    until: YearMonth | None
    before: str
    """As it is now, in words; 无数据 where nothing is in force."""
    after: str
    by: str
    known_from: date | None
    """Day of publication; None for a confirmation of what is published."""

    @property
    def months(self) -> str:
        """The months as they are read."""
        return f"{self.since} 起" if self.until is None else f"{self.since} 至 {self.until}"

    @property
    def text(self) -> str:
        """The whole change on one line."""
        published = f"，{self.known_from} 公布" if self.known_from else ""
        return f"{self.figure} {self.months}：{self.before} → {self.after}（{self.by}{published}）"


def changes(policy: Policy, supplement: Supplement) -> tuple[Change, ...]:
    """Say what a file changes, figure by figure, oldest months first."""
    return tuple(_changes(policy, supplement))


def _changes(policy: Policy, supplement: Supplement) -> Iterator[Change]:
    standing = keyed_histories(policy)
    for key, added in supplement.histories.items():
        words = _words(policy, key)
        before = standing.get(key) or Dated(figure=added.figure, values=())
        for value in sorted(added.values, key=lambda each: each.since):
            yield from _stretches(before, value, words=words)
    named = {history.figure: (key, history) for key, history in standing.items()}
    for each in supplement.confirmations:
        key, history = named[each.figure]
        value = history.on(each.since)
        yield Change(
            figure=each.figure,
            since=value.since,
            until=value.until,
            before=_said(value, words=_words(policy, key)),
            after=CONFIRMED,
            by=each.by,
            known_from=None,
        )
    yield from map(_notice, supplement.notices)


def _words(policy: Policy, key: str) -> Words:
    """How the values of a figure are written."""
    word, _, of = key.partition(":")
    if word in (FLOOR, CEILING):
        return shown_limit
    if word == YEARLY:
        return YEARLY_KINDS[of].words
    if word == SETTING:
        return partial(setting_text, of)

    def charged(charge: Charge) -> str:
        return f"并入{policy.scheme_name(charge.into)}" if isinstance(charge, Merged) else shown_value(charge)

    return charged


def _stretches(before: Dated[Any], value: Value[Any], *, words: Words) -> Iterator[Change]:
    """The months of a new value, parted where the old one changes."""
    last = value.until or _END
    edges = (month for old in before.values for month in (old.since, old.until + 1 if old.until else None))
    starts = sorted({value.since, *(month for month in edges if month is not None and value.since < month <= last)})
    ends: list[YearMonth | None] = [start - 1 for start in starts[1:]]
    bounds = list(zip(starts, [*ends, value.until], strict=True))
    merged: list[tuple[YearMonth, YearMonth | None, str]] = []
    for first, until in bounds:
        said = _standing(before, first, words=words)
        if merged and merged[-1][2] == said:
            merged[-1] = (merged[-1][0], until, said)
        else:
            merged.append((first, until, said))
    for first, until, said in merged:
        yield Change(
            figure=before.figure,
            since=first,
            until=until,
            before=said,
            after=_said(value, words=words),
            by=value.by,
            known_from=value.known_from,
        )


def _standing(before: Dated[Any], month: YearMonth, *, words: Words) -> str:
    try:
        return _said(before.on(month), words=words)
    except NotInForce:
        return NOTHING


def _said(value: Value[Any], *, words: Words) -> str:
    said = words(value.value)
    if value.training:
        return f"{said}〔{INVENTED}〕"
    return f"{said}〔{UNCONFIRMED}〕" if value.confidence is Confidence.LOW else said


def _notice(loaded: LoadedNotice) -> Change:
    notice = loaded.notice
    return Change(
        figure="提示",
        since=notice.since,
        until=notice.until,
        before="无",
        after=notice.text,
        by=notice.by,
        known_from=loaded.known_from,
    )
